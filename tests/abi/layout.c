/* SPDX-License-Identifier: ISC */
/*
 * layout - what a program sees in <tcpd.h>: sizes, offsets, keys and texts, one a line. Built once with the original's
 * header and once with ours.
 */
#include <setjmp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <tcpd.h>

#define SIZE(what) printf("size %s %zu\n", #what, sizeof(what))
#define FIELD(type, field) \
	printf("%s.%s at %zu, %zu bytes\n", #type, #field, offsetof(struct type, field), \
		sizeof(((struct type *)0)->field))
#define NUMBER(what) printf("%s %d\n", #what, (int)(what))
#define TEXT(what) printf("%s %s\n", #what, what)

static void print_structs(void)
{
	SIZE(struct host_info);
	FIELD(host_info, name);
	FIELD(host_info, addr);
	FIELD(host_info, sin);
	FIELD(host_info, unit);
	FIELD(host_info, request);
	SIZE(struct request_info);
	FIELD(request_info, fd);
	FIELD(request_info, user);
	FIELD(request_info, daemon);
	FIELD(request_info, pid);
	FIELD(request_info, client);
	FIELD(request_info, server);
	FIELD(request_info, sink);
	FIELD(request_info, hostname);
	FIELD(request_info, hostaddr);
	FIELD(request_info, cleanup);
	FIELD(request_info, config);
	SIZE(struct tcpd_context);
	FIELD(tcpd_context, file);
	FIELD(tcpd_context, line);
}

static void print_numbers(void)
{
	NUMBER(STRING_LENGTH);
	NUMBER(RQ_FILE);
	NUMBER(RQ_DAEMON);
	NUMBER(RQ_USER);
	NUMBER(RQ_CLIENT_NAME);
	NUMBER(RQ_CLIENT_ADDR);
	NUMBER(RQ_CLIENT_SIN);
	NUMBER(RQ_SERVER_NAME);
	NUMBER(RQ_SERVER_ADDR);
	NUMBER(RQ_SERVER_SIN);
	NUMBER(AC_PERMIT);
	NUMBER(AC_DENY);
	NUMBER(AC_ERROR);
	TEXT(STRING_UNKNOWN);
	TEXT(STRING_PARANOID);
}

static void print_short_forms(void)
{
	char text[8];
	struct request_info r;
	STRN_CPY(text, "longer than eight", sizeof text);
	TEXT(text);
	NUMBER(STR_EQ("a", "A"));
	NUMBER(STR_NE("a", "A"));
	NUMBER(STRN_EQ("ab", "AC", 1));
	NUMBER(STRN_NE("ab", "AC", 2));
	NUMBER(NOT_INADDR("1.2.3.4/5"));
	NUMBER(NOT_INADDR("1.2.3.x"));
	NUMBER(HOSTNAME_KNOWN("Unknown"));
	NUMBER(HOSTNAME_KNOWN("Paranoid"));
	NUMBER(HOSTNAME_KNOWN("a.example"));
	request_init(&r, RQ_DAEMON, "d", 0);
	sock_methods(&r);
	NUMBER(r.hostname == sock_hostname && r.hostaddr == sock_hostaddr);
	NUMBER(eval_daemon(&r) == r.daemon && eval_pid(&r) == r.pid);
	NUMBER(fromhost == sock_host);
}

int main(void)
{
	print_structs();
	print_numbers();
	print_short_forms();
	return 0;
}
