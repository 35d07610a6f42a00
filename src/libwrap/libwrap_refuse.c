/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_abi.h"
#include "libwrap/libwrap_diag.h"

void refuse(struct request_info *request)
{
	libwrap_diag_log(deny_severity, "refused connect from %s (%s)", eval_client(request),
		eval_hostaddr(request->client));
	clean_exit(request); /* a program's own, where it has one */
}
