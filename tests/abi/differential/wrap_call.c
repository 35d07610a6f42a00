/* SPDX-License-Identifier: ISC */
/*
 * A program that uses the library defines its severities and may define what the library calls; both are found by the
 * dynamic linker in the program first. So this file stands in for syslog(3), sleep(3) and getpid(2), and that is why the
 * program is linked with its symbols exported.
 */
#include "wrap_call.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#define INET6 1
#include <tcpd.h>

/* With fortification clang sees them as macros. */
#undef syslog
#undef vsyslog

int allow_severity = LOG_DAEMON | LOG_INFO;
int deny_severity = LOG_DAEMON | LOG_WARNING;

void __syslog_chk(int priority, int flag, const char *format, ...) __attribute__((format(printf, 3, 4)));
void __vsyslog_chk(int priority, int flag, const char *format, va_list list) __attribute__((format(printf, 3, 0)));

/* The process answers one case, so there is one of each. */
static struct outcome *keeper;
static struct outcome_round *current;

static void append(char *text, const char *line)
{
	size_t used = strlen(text), n = strlen(line);
	if (used + n + 2 > OUTCOME_TEXT_SIZE)
		return;
	snprintf(text + used, n + 2, "%s\n", line);
}

static void keep_match(char table, unsigned line)
{
	if (!current)
		return;
	current->table = table;
	current->line = line;
	if (current->match_count < OUTCOME_MATCHES)
		snprintf(current->matches[current->match_count++], sizeof *current->matches, "%c%u", table, line);
}

/* A rule whose options have a fault has matched, too, whether that was told before or not. */
static void keep_error(char table, unsigned line)
{
	if (current && current->table == 0 && line > 0) {
		current->table = table;
		current->line = line;
	}
}

static void keep_line(int priority, const char *line)
{
	char file[100];
	unsigned number;
	int after = 0;
	if (!keeper)
		return;
	if (sscanf(line, "matched: %99s line %u", file, &number) == 2) {
		keep_match(strstr(file, "hosts.deny") ? 'd' : 'a', number);
	} else if (sscanf(line, "option: %n", &after) == 0 && after > 0) {
		append(keeper->options, line + after);
	} else if (LOG_PRI(priority) <= LOG_WARNING) {
		keeper->warnings++;
		if (sscanf(line, "error: %99[^,], line %u:", file, &number) == 2)
			keep_error(strstr(file, "hosts.deny") ? 'd' : 'a', number);
		append(keeper->logged, line);
	}
}

void __vsyslog_chk(int priority, int flag, const char *format, va_list list)
{
	char line[2000];
	(void)flag;
	vsnprintf(line, sizeof line, format, list);
	keep_line(priority, line);
}

void vsyslog(int priority, const char *format, va_list list)
{
	__vsyslog_chk(priority, 0, format, list);
}

void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	__vsyslog_chk(priority, flag, format, list);
	va_end(list);
}

void syslog(int priority, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	__vsyslog_chk(priority, 0, format, list);
	va_end(list);
}

unsigned sleep(unsigned seconds)
{
	(void)seconds;
	return 0;
}

/* So that %p is the same for all. */
pid_t getpid(void)
{
	return 4711;
}

static bool find(void *library, const char *name, void *to)
{
	void *found = dlsym(library, name);
	if (!found) {
		fprintf(stderr, "wrap_call: no %s in the library\n", name);
		return false;
	}
	memcpy(to, &found, sizeof found);
	return true;
}

bool wrap_call_load(struct wrap_library *l, const char *path)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		fprintf(stderr, "wrap_call: %s\n", dlerror());
		return false;
	}
	return find(library, "request_init", &l->request_init) && find(library, "request_set", &l->request_set) &&
	       find(library, "hosts_access", &l->hosts_access) && find(library, "hosts_ctl", &l->hosts_ctl) &&
	       find(library, "sock_hostname", &l->sock_hostname) && find(library, "sock_hostaddr", &l->sock_hostaddr) &&
	       find(library, "hosts_allow_table", &l->hosts_allow_table) &&
	       find(library, "hosts_deny_table", &l->hosts_deny_table) &&
	       find(library, "hosts_access_verbose", &l->hosts_access_verbose) && find(library, "resident", &l->resident);
}

static struct sockaddr *socket_address(const char *text, int port, struct sockaddr_storage *memory)
{
	struct sockaddr_in *four = (struct sockaddr_in *)memory;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)memory;
	char plain[CASE_WORD_SIZE];
	memset(memory, 0, sizeof *memory);
	snprintf(plain, sizeof plain, "%.*s", (int)strcspn(text, "%"), text);
	if (inet_pton(AF_INET, plain, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)port);
	} else if (inet_pton(AF_INET6, plain, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons((uint16_t)port);
		six->sin6_scope_id = strlen(plain) < strlen(text) ? 1 : 0;
	} else {
		return NULL;
	}
	return (struct sockaddr *)memory;
}

static void set_string(const struct wrap_library *l, struct request_info *r, int key, const char *text)
{
	if (text[0])
		l->request_set(r, key, text, 0);
}

static void fill_request(const struct wrap_library *l, const struct case_caller *a, int client, struct request_info *r,
	struct sockaddr_storage memory[2])
{
	if (a->form == CALLER_STRINGS) {
		l->request_init(r, RQ_FILE, client, RQ_DAEMON, a->daemon, 0);
		set_string(l, r, RQ_CLIENT_ADDR, a->address);
		set_string(l, r, RQ_SERVER_ADDR, a->server_address);
	} else {
		struct sockaddr *from = socket_address(a->address, a->port, &memory[0]);
		struct sockaddr *to = socket_address(a->server_address, a->server_port, &memory[1]);
		l->request_init(r, RQ_FILE, client, RQ_DAEMON, a->daemon, RQ_CLIENT_SIN, from, RQ_SERVER_SIN, to, 0);
		r->hostname = l->sock_hostname;
		r->hostaddr = l->sock_hostaddr;
	}
	if (a->form != CALLER_LOOKUP) {
		set_string(l, r, RQ_CLIENT_NAME, a->name);
		set_string(l, r, RQ_SERVER_NAME, a->server_name);
	}
	set_string(l, r, RQ_USER, a->user);
}

/* The original makes what a shell could misread harmless in the request itself, ours in a copy; here it is always done. */
static void keep_word(char *to, size_t size, const char *title, const char *word)
{
	const size_t used = strlen(to);
	snprintf(to + used, size - used, "%s \"%s\" ", title, word);
	for (char *p = to + used + strlen(title) + 2; p[0] && p[1] && p[2]; p++) {
		if (!isalnum((unsigned char)*p) && !strchr("!@%-_=+:,./", *p))
			*p = '_';
	}
}

static void keep_request(const struct request_info *r, struct outcome_round *out)
{
	out->asked[0] = '\0';
	keep_word(out->asked, sizeof out->asked, "name", r->client->name);
	keep_word(out->asked, sizeof out->asked, "user", r->user);
	keep_word(out->asked, sizeof out->asked, "server", r->server->name);
}

static void keep_process(struct outcome *out)
{
	out->mask = (int)umask(0);
	out->nice = getpriority(PRIO_PROCESS, 0);
	out->uid = geteuid();
	out->gid = getegid();
	out->allow_severity = allow_severity;
	out->deny_severity = deny_severity;
	for (char **e = environ; e && *e; e++) {
		if (strncmp(*e, "KW_", 3) == 0 && strncmp(*e, "KW_OUT=", 7) != 0)
			append(out->environment, *e);
	}
}

void wrap_call_case(const struct wrap_library *l, const struct access_case *c, int client, struct outcome *out)
{
	char allow[64], deny[64];
	snprintf(allow, sizeof allow, "%s", access_case_path(c, TABLE_ALLOW));
	snprintf(deny, sizeof deny, "%s", access_case_path(c, TABLE_DENY));
	*l->hosts_allow_table = allow;
	*l->hosts_deny_table = deny;
	*l->hosts_access_verbose = 2;
	*l->resident = -1; /* a new process */
	keeper = out;
	umask(022);
	for (unsigned i = 0; i < c->rounds; i++) {
		struct request_info r;
		struct sockaddr_storage memory[2];
		struct case_caller a = c->caller[i];
		current = &out->round[i];
		if (a.form == CALLER_CTL) {
			current->verdict = l->hosts_ctl(a.daemon, a.name, a.address, a.user);
			continue;
		}
		fill_request(l, &a, client, &r, memory);
		keep_request(&r, current);
		current->verdict = l->hosts_access(&r);
		keep_request(&r, current);
	}
	keep_process(out);
	out->end = END_RETURNED;
}
