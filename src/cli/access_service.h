/* SPDX-License-Identifier: ISC */
/*
 * access_service - what inetd, xinetd and systemd start, and whether hosts.allow is asked before it.
 *
 * tcpd asks for the program behind it, whoever starts tcpd. xinetd asks itself, unless it is told not to (NOLIBWRAP); of units
 * only those count that start tcpd. Services that are switched off are there, too. Plain files are read, below a root;
 * lines end after 4 kB, names are cut.
 *
 * Tests: tests/unit/cli/test_access_host.c
 */
#ifndef KW_CLI_ACCESS_SERVICE_H
#define KW_CLI_ACCESS_SERVICE_H

#include <stdbool.h>

enum { ACCESS_SERVICE_NAME_SIZE = 64 };

struct access_service {
	char name[ACCESS_SERVICE_NAME_SIZE]; /* as rules have it: "in.ftpd" */
	bool asks;                           /* somebody does, before it is started */
};

struct access_services {
	const char *root; /* borrowed */
	struct access_service *items; /* owned; the same name may come more than once */
	unsigned count;
};

/* `root`: the directory below which the host is; "": this one. `inetd_conf`: a file in place of its /etc/inetd.conf, or null. */
void access_services_read(struct access_services *l, const char *root, const char *inetd_conf);
void access_services_clear(struct access_services *l);

#endif
