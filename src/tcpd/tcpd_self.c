/* SPDX-License-Identifier: ISC */
#include "tcpd/tcpd_whole.h"

void tcpd_whole_called_with(char **argv)
{
	(void)argv;
}

void tcpd_whole_guard_request(struct access_request *q, struct access_answers *answers)
{
	(void)q;
	(void)answers;
}

void tcpd_whole_guard_options(const struct access_decision *d)
{
	(void)d;
}
