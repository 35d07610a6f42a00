/* SPDX-License-Identifier: ISC */
/*
 * tcpd.h - the interface of libwrap.so.0: may this client use this service?
 *
 * What a program has to do, once a client is connected to descriptor `fd`:
 *
 *         struct request_info request;
 *         request_init(&request, RQ_DAEMON, "myd", RQ_FILE, fd, 0);
 *         fromhost(&request);
 *         if (!hosts_access(&request))
 *                 refuse(&request);                // or close the connection and go on
 *
 * or, without a descriptor: hosts_ctl("myd", name, address, user). The rules stand in hosts.allow and hosts.deny,
 * see hosts_access(5) and hosts_options(5).
 *
 * Names, numbers, sizes and offsets are those of Debian's libwrap 7.6.q on every architecture, so that programs built
 * with that header run with this library, and the other way round. With INET6 defined a socket address
 * is a struct sockaddr, else a struct sockaddr_in; the layout is the same.
 *
 * From threads: hosts_access, hosts_ctl, eval_*, sock_*, rfc931, request_*, percent_x and split_at may run at the
 * same time, each with its own request_info. What eval_client, eval_server and eval_port return is good until the
 * same thread calls them again. process_options, tcpd_jump and the variables are for programs with one thread.
 */
#ifndef _TCPWRAPPERS_TCPD_H
#define _TCPWRAPPERS_TCPD_H

#include <netinet/in.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- a request ------------------------------------------------------------------------------------------- */

#define STRING_LENGTH 128 /* of every text below, with its NUL */

#ifdef INET6
#define TCPD_SOCKADDR struct sockaddr
#else
#define TCPD_SOCKADDR struct sockaddr_in
#endif

struct request_info;

/* One end of the connection. An empty text has not been looked up yet: ask eval_hostname() or eval_hostaddr(). */
struct host_info {
	char name[STRING_LENGTH];
	char addr[STRING_LENGTH];
	TCPD_SOCKADDR *sin;           /* or null */
	struct t_unitdata *unit;      /* not used here */
	struct request_info *request; /* the request this is a part of */
};

struct request_info {
	int fd;                     /* the client's socket, or -1 */
	char user[STRING_LENGTH];   /* empty: ask eval_user() */
	char daemon[STRING_LENGTH]; /* the service */
	char pid[10];               /* of this process, as text */
	struct host_info client[1];
	struct host_info server[1];
	void (*sink)(int fd);                         /* takes an unread datagram away, or null */
	void (*hostname)(struct host_info *host);     /* fills in `name`, or null */
	void (*hostaddr)(struct host_info *host);     /* fills in `addr`, or null */
	void (*cleanup)(struct request_info *request); /* not used here */
	struct netconfig *config;                     /* not used here */
};

/* What cannot be found out is "unknown"; a name that does not lead back to its address is "paranoid". */
#define STRING_UNKNOWN "unknown"
#define STRING_PARANOID "paranoid"
extern char unknown[];
extern char paranoid[];

/* Fill in a request from pairs of a key and a value, ended by key 0. request_init clears it first. */
#define RQ_FILE 1        /* int: the socket */
#define RQ_DAEMON 2      /* text: the service */
#define RQ_USER 3        /* text */
#define RQ_CLIENT_NAME 4 /* text */
#define RQ_CLIENT_ADDR 5 /* text */
#define RQ_CLIENT_SIN 6  /* socket address, borrowed as long as the request is used */
#define RQ_SERVER_NAME 7
#define RQ_SERVER_ADDR 8
#define RQ_SERVER_SIN 9
extern struct request_info *request_init(struct request_info *request, ...);
extern struct request_info *request_set(struct request_info *request, ...);

/* Finds out the addresses of both ends from `fd`, and sets `hostname`, `hostaddr` and, for datagrams, `sink`. */
extern void sock_host(struct request_info *request);
#define fromhost sock_host
extern void sock_hostname(struct host_info *host);
extern void sock_hostaddr(struct host_info *host);
#define sock_methods(r) \
	{ \
		(r)->hostname = sock_hostname; \
		(r)->hostaddr = sock_hostaddr; \
	}

/* What is known, found out at the first question. */
extern char *eval_user(struct request_info *request);
extern char *eval_hostname(struct host_info *host);
extern char *eval_hostaddr(struct host_info *host);
extern char *eval_hostinfo(struct host_info *host);      /* the name if it was looked up, else the address */
extern char *eval_client(struct request_info *request);  /* user@host as far as known */
extern char *eval_server(struct request_info *request);  /* daemon@host as far as known */
extern char *eval_port(TCPD_SOCKADDR *address);          /* "22", or "0" */
#define eval_daemon(r) ((r)->daemon)
#define eval_pid(r) ((r)->pid)

/* ---- the decision ---------------------------------------------------------------------------------------- */

/* 1: let it in, 0: do not. */
extern int hosts_access(struct request_info *request);
extern int hosts_ctl(char *daemon, char *client_name, char *client_addr, char *client_user);

/* Logs the refusal and ends the process; ends the process. A datagram that was not read is taken away first. */
extern void refuse(struct request_info *request);
extern void clean_exit(struct request_info *request);
/* Takes IP options away from the socket; ends the connection where they tell a route. */
extern void fix_options(struct request_info *request);

extern char *hosts_allow_table; /* paths of the tables */
extern char *hosts_deny_table;
extern int hosts_access_verbose; /* above 1: log which rule matched, above 0: its options */
extern int resident;             /* above 0: this process serves more than one client */
extern int rfc931_timeout;       /* seconds for eval_user() */

/* With which severity the program should log; a rule may change it for the request it decided. */
#ifdef HAVE_WEAKSYMS
extern int allow_severity __attribute__((weak));
extern int deny_severity __attribute__((weak));
#else
extern int allow_severity;
extern int deny_severity;
#endif

/* ---- for the programs that check tables ------------------------------------------------------------------ */

/* Carries out a rule's options; comes back by longjmp(tcpd_buf, AC_...) where they decide or are wrong. The caller has
 * done setjmp(tcpd_buf); `extern jmp_buf tcpd_buf` is not declared here, for it needs <setjmp.h>. */
extern void process_options(char *options, struct request_info *request);
extern int dry_run; /* not 0: say what options would do, do nothing. Set to 0 by one that would not come back */
#define AC_PERMIT 1
#define AC_DENY (-1)
#define AC_ERROR AC_DENY

extern void shell_cmd(char *command);
extern char *percent_x(char *result, int result_size, char *text, struct request_info *request);
extern void rfc931(TCPD_SOCKADDR *remote, TCPD_SOCKADDR *ours, char *user);
extern char *xgets(char *line, int line_size, FILE *file);
extern char *split_at(char *text, int delimiter);
extern unsigned long dot_quad_addr(char *text);

/* Log "warning: FILE, line N: ..." or "error: ..."; the second one jumps. */
extern void tcpd_warn(char *format, ...);
extern void tcpd_jump(char *format, ...);
struct tcpd_context {
	char *file; /* or null */
	int line;
};
extern struct tcpd_context tcpd_context;

/* ---- short forms that programs use ----------------------------------------------------------------------- */

#define STRN_CPY(to, from, size) \
	{ \
		strncpy((to), (from), (size)); \
		(to)[(size)-1] = 0; \
	}
#define STRN_EQ(a, b, size) (strncasecmp((a), (b), (size)) == 0)
#define STRN_NE(a, b, size) (strncasecmp((a), (b), (size)) != 0)
#define STR_EQ(a, b) (strcasecmp((a), (b)) == 0)
#define STR_NE(a, b) (strcasecmp((a), (b)) != 0)
#define HOSTNAME_KNOWN(s) (STR_NE((s), unknown) && STR_NE((s), paranoid))
#define NOT_INADDR(s) ((s)[strspn((s), "01234567890./")] != 0)

#ifdef __cplusplus
}
#endif

#endif
