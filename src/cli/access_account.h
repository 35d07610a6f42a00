/* SPDX-License-Identifier: ISC */
/*
 * access_account - does a host surely lack a user or a group of this name?
 *
 * This host is asked as the library asks it, through its name service; another one by its files below a root, and nothing is sure
 * there where it has others than files (ldap, sss, nis) or the file cannot be read.
 *
 * Tests: tests/system/85_access_check.sh
 */
#ifndef KW_CLI_ACCESS_ACCOUNT_H
#define KW_CLI_ACCESS_ACCOUNT_H

#include <stdbool.h>

/* `root`: "" is this host. */
bool access_account_lacks(const char *root, const char *name, bool is_group);

#endif
