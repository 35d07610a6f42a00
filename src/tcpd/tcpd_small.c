/* SPDX-License-Identifier: ISC */
/*
 * What needs more of a C library than this program is linked with has the same names here and becomes tcpd-whole instead: the
 * linker finds these first. So no call of one can be forgotten, wherever in libwrap it stands.
 *
 * A decision may only be made twice if the first one was not noticed. Names that were asked and sockets that were looked at
 * are asked again; but commands must not be run twice, nor a banner be sent. So aclexec changes the program
 * first, and the options of the rule that decided are looked through before any of them is carried out: those that
 * act on the world outside, or fill in %-letters, which may ask for names, are left to the other one.
 */
#include "tcpd/tcpd_whole.h"

#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_dns.h"
#include "tcpd/first_datagram.h"

#include <arpa/inet.h>
#include <elf.h>
#include <grp.h>
#include <link.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
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
}

static bool stays_inside(enum access_option_kind kind)
{
	switch (kind) {
	case ACCESS_OPTION_ALLOW:
	case ACCESS_OPTION_DENY:
	case ACCESS_OPTION_SEVERITY:
	case ACCESS_OPTION_RFC931:
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

/* ---- what this C library does not have -------------------------------------------------------------------- */

int close_range(unsigned first_fd, unsigned last_fd, int flags)
{
	return (int)syscall(SYS_close_range, first_fd, last_fd, flags);
}

/* Its syslog(3), the only one who asks, writes UTC into each line; who keeps that stamp takes it for local time. */
struct tm *gmtime_r(const time_t *when, struct tm *out)
{
	return localtime_r(when, out);
}

/* It moves a static program to where it lies, but leaves writable what nobody changes afterwards (RELRO). */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));
static void __attribute__((constructor)) shut_what_was_moved(void)
{
	const uintptr_t begin = (uintptr_t)&__ehdr_start, page = (uintptr_t)getpagesize();
	const ElfW(Phdr) *part = (const void *)(begin + __ehdr_start.e_phoff);
	for (unsigned i = 0; i < __ehdr_start.e_phnum; i++) {
		const uintptr_t from = (begin + part[i].p_vaddr) & -page, to = (begin + part[i].p_vaddr + part[i].p_memsz) & -page;
		if (part[i].p_type == PT_GNU_RELRO)
			(void)mprotect((void *)from, to - from, PROT_READ);
	}
}
