/* SPDX-License-Identifier: ISC */
/*
 * The variables of the ABI that no other file here owns. Sizes matter: programs copy these objects into their own
 * data at start (copy relocations), and the loader takes the smaller size.
 */
#include "libwrap/libwrap_abi.h"

#include <syslog.h>

char unknown[] = STRING_UNKNOWN;
char paranoid[] = STRING_PARANOID;

/* Weak: programs define their own. */
__attribute__((weak)) int allow_severity = LOG_INFO;
__attribute__((weak)) int deny_severity = LOG_WARNING;

char *hosts_allow_table = (char *)"/etc/hosts.allow";
char *hosts_deny_table = (char *)"/etc/hosts.deny";
int hosts_access_verbose = 0;
int dry_run = 0;

/* -1 and 0: not known; each decision counts it up, and who decides a second time serves more than one client. */
int resident = -1;

/* Seconds for a user's name. The original waited ten; who answers ident today does so at once, and whoever
 * connects must not hold up a server longer than that (docs/access-differences.md). */
int rfc931_timeout = 3;
