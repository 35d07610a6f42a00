/* SPDX-License-Identifier: ISC */
/*
 * access_work - that a large table is being read, for whoever waits at a terminal.
 */
#ifndef KW_CLI_ACCESS_WORK_H
#define KW_CLI_ACCESS_WORK_H

#include <stdbool.h>

/* Says so on standard error, in the place of what was said before; false, and nothing is said, where there is no terminal or
 * little to read. */
bool access_work_tell(const char *path);
/* Wipes what was told. */
void access_work_end(bool told);

#endif
