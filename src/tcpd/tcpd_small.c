/* SPDX-License-Identifier: ISC */
/*
 * What needs more of a C library than this program is linked with has the same names here and becomes tcpd-whole instead: the
 * linker finds these first. So no call of one can be forgotten, wherever in libwrap it stands.
 *
 * A decision may only be made twice if the first one was not noticed. Tables are read and sockets looked at again; but nobody must
 * be asked twice, no command be run, no banner be sent, no warning be logged twice. So questions and aclexec change the program
 * first, warnings are held until a decision is made, and the options of its rule are looked through before any of them is
 * carried out: those that act on the world outside, or fill in %-letters, which may ask for names, are left to the other one.
 */
#include "tcpd/tcpd_whole.h"

#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_dns.h"
#include "libwrap/wrap_ident.h"
#include "tcpd/first_datagram.h"
#include "tcpd/small_log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

/* Meson says where it is installed; tools that read this file by itself are told the usual place. */
#ifndef TCPD_WHOLE
#define TCPD_WHOLE "/usr/libexec/knockwatch/tcpd-whole"
#endif

static char **arguments;
static char *first[2]; /* one of them is changed */

void tcpd_whole_called_with(char **argv)
{
	arguments = argv;
	first[0] = argv[0];
	first[1] = argv[1];
}

/* Beside this program, whatever name that was called by. */
static bool find_beside_us(char *path, size_t size)
{
	static const char name[] = "tcpd-whole";
	const ssize_t length = readlink("/proc/self/exe", path, size - sizeof name);
	if (length <= 0)
		return false;
	path[length] = '\0';
	char *slash = strrchr(path, '/');
	if (!slash)
		return false;
	memcpy(slash + 1, name, sizeof name);
	return true;
}

/* What cannot be decided is closed, and the datagram is gone, or we would be started for it again at once. */
static void __attribute__((noreturn)) become_whole(void)
{
	char path[4096];
	arguments[0] = first[0];
	arguments[1] = first[1];
	if (find_beside_us(path, sizeof path))
		execv(path, arguments);
	execv(TCPD_WHOLE, arguments); /* without /proc, as in a chroot */
	const int failed = errno;
	small_log_release();
	errno = failed;
	libwrap_diag_log(LOG_ERR, "error: cannot execute %s: %m", TCPD_WHOLE);
	first_datagram_take(STDIN_FILENO);
	exit(0);
}

/* ---- decisions ------------------------------------------------------------------------------------------- */

static bool accepts(void *self, const char *command, bool if_not_run)
{
	(void)if_not_run;
	(void)self;
	(void)command;
	become_whole();
}

void tcpd_whole_guard_request(struct access_request *q, struct access_answers *answers)
{
	*answers = *q->answers;
	answers->accepts = accepts;
	q->answers = answers;
	small_log_hold();
}

static bool stays_inside(enum access_option_kind kind)
{
	switch (kind) {
	case ACCESS_OPTION_ALLOW:
	case ACCESS_OPTION_DENY:
	case ACCESS_OPTION_SEVERITY:
	case ACCESS_OPTION_UMASK:
	case ACCESS_OPTION_NICE:
	case ACCESS_OPTION_KEEPALIVE:
	case ACCESS_OPTION_LINGER:
	case ACCESS_OPTION_EXPIRES:
	case ACCESS_OPTION_NOTE:
	case ACCESS_OPTION_LIMIT:
	case ACCESS_OPTION_AT_MOST:
	case ACCESS_OPTION_TRAP_LIMIT:
	case ACCESS_OPTION_TRAP_AT_MOST:
	case ACCESS_OPTION_TRAP_TIME:
		return true;
	case ACCESS_OPTION_RFC931:
	case ACCESS_OPTION_SPAWN:
	case ACCESS_OPTION_TWIST:
	case ACCESS_OPTION_ACLEXEC:
	case ACCESS_OPTION_BANNERS:
	case ACCESS_OPTION_SETENV:
	case ACCESS_OPTION_USER:
	case ACCESS_OPTION_GROUP:
		break;
	}
	return false;
}

void tcpd_whole_guard_options(const struct access_decision *d)
{
	for (unsigned i = 0; i < d->option_count; i++) {
		if (!stays_inside(d->options[i].kind))
			become_whole();
	}
	small_log_release();
}

/* ---- what the other one can do ----------------------------------------------------------------------------- */

/* Its C library asks with limits of time. */
enum wrap_dns_result wrap_dns_name_of(const struct addr *a, unsigned seconds, char name[WRAP_DNS_NAME_SIZE])
{
	(void)a;
	(void)seconds;
	(void)name;
	become_whole();
}

enum wrap_dns_result wrap_dns_has(const char *name, const struct addr *a, unsigned seconds)
{
	(void)name;
	(void)a;
	(void)seconds;
	become_whole();
}

bool wrap_ident_ask(const struct sockaddr *remote, const struct sockaddr *ours, unsigned seconds, char user[WRAP_IDENT_USER_SIZE])
{
	(void)remote;
	(void)ours;
	(void)seconds;
	(void)user;
	become_whole();
}

/* The two C libraries write the reserved addresses below 1:: in different ways: "::1.2.3.4" and "::102:304". */
static bool is_written_alike(const struct in6_addr *a)
{
	return a->s6_addr[0] != 0 || a->s6_addr[1] != 0 || IN6_IS_ADDR_V4MAPPED(a) ||
	       IN6_IS_ADDR_LOOPBACK(a) || IN6_IS_ADDR_UNSPECIFIED(a);
}

/* Addresses of IPv4, and of IPv6 without a zone, are written here; everybody else's matter is the C library's. */
int getnameinfo(const struct sockaddr *address, socklen_t size, char *host, socklen_t host_size, char *service,
	socklen_t service_size, int flags)
{
	const struct sockaddr_in *v4 = (const void *)address;
	const struct sockaddr_in6 *v6 = (const void *)address;
	const char *text = NULL;
	(void)service;
	(void)service_size;
	if (flags == NI_NUMERICHOST && address->sa_family == AF_INET && size >= sizeof *v4)
		text = inet_ntop(AF_INET, &v4->sin_addr, host, host_size);
	else if (flags == NI_NUMERICHOST && address->sa_family == AF_INET6 && size >= sizeof *v6 && v6->sin6_scope_id == 0 &&
		 is_written_alike(&v6->sin6_addr))
		text = inet_ntop(AF_INET6, &v6->sin6_addr, host, host_size);
	if (!text)
		become_whole();
	return 0;
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **list)
{
	(void)name;
	(void)service;
	(void)hints;
	(void)list;
	become_whole();
}

void freeaddrinfo(struct addrinfo *list)
{
	(void)list;
}

int innetgr(const char *group, const char *host, const char *user, const char *domain)
{
	(void)group;
	(void)host;
	(void)user;
	(void)domain;
	become_whole();
}

int getpwnam_r(const char *name, struct passwd *entry, char *memory, size_t size, struct passwd **found)
{
	(void)name;
	(void)entry;
	(void)memory;
	(void)size;
	(void)found;
	become_whole();
}

int getgrnam_r(const char *name, struct group *entry, char *memory, size_t size, struct group **found)
{
	(void)name;
	(void)entry;
	(void)memory;
	(void)size;
	(void)found;
	become_whole();
}

int initgroups(const char *user, gid_t group)
{
	(void)user;
	(void)group;
	become_whole();
}
