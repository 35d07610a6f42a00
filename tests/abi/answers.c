/* SPDX-License-Identifier: ISC */
/*
 * answers - asks the small functions of the library and prints what they say. Built for the original, run on both.
 *
 * usage: answers
 */
#define INET6
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <tcpd.h>
#include <unistd.h>

extern jmp_buf tcpd_buf;
extern unsigned long cidr_mask_addr(char *);
extern char *percent_m(char *, char *);

static void ask_texts(void)
{
	static const char *const texts[] = {"a:b", "[a:b]:c", "]a:b", "[a:b", "[[x]:y]:z", "::", "", "abc", ":x"};
	static const char *const quads[] = {"192.0.2.1", "1.2.3", "1.2.3.4.5", "255.255.255.255", "0.0.0.0", "1.2.3.256",
		"010.020.030.040", "0x1.0x2.0x3.0x4", "1.2.3.4x", "a.b.c.d", "....", "1..2.3.4", "", "1.2.3.4 "};
	static const char *const masks[] = {
		"0", "1", "8", "24", "31", "32", "33", "-1", "", "x", "24x", " 24", "024", "+24", "4294967297"};
	char text[64];
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		strcpy(text, texts[i]);
		char *right = split_at(text, ':');
		printf("split_at %s: <%s> <%s>\n", texts[i], text, right ? right : "null");
	}
	for (size_t i = 0; i < sizeof quads / sizeof *quads; i++) {
		strcpy(text, quads[i]);
		printf("dot_quad_addr %s: %lx\n", text, dot_quad_addr(text));
	}
	for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
		strcpy(text, masks[i]);
		printf("cidr_mask_addr %s: %lx\n", text, cidr_mask_addr(text));
	}
	errno = EACCES;
	printf("percent_m: %s\n", percent_m(text, "a %m b %x %%m"));
}

static void ask_lines(void)
{
	static const struct {
		const char *text;
		size_t length;
		int size;
	} files[] = {
		{"a\nb\n", 4, 64},
		{"a\\\nb\nc", 6, 64},
		{"a\\\n\\\nb\n\n", 9, 64},
		{"# c \\\nd\n", 8, 64},
		{"a\\\r\nb\n", 6, 64},
		{"ab\0cd\nef\n", 9, 64},
		{"abcdefghij\nkl\n", 14, 8},
		{"abcdefg\\\nhij\n", 13, 64},
		{"\\\n", 2, 64},
		{"", 0, 64},
	};
	char line[64];
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		FILE *f = tmpfile();
		fwrite(files[i].text, 1, files[i].length, f);
		rewind(f);
		tcpd_context.line = 0;
		printf("xgets %zu:", i);
		for (int n = 0; n < 20 && xgets(line, files[i].size, f); n++) {
			printf(" <");
			for (const char *at = line; *at; at++)
				printf(*at < ' ' ? "\\%03o" : "%c", *at);
			printf("> line %d", tcpd_context.line);
		}
		printf("\n");
		fclose(f);
	}
	tcpd_context.line = 0;
}

static void tell(const char *what, struct request_info *r)
{
	printf("%s: client %s info %s server %s user %s name %s addr %s sname %s saddr %s\n", what, eval_client(r),
		eval_hostinfo(r->client), eval_server(r), r->user, r->client->name, r->client->addr, r->server->name,
		r->server->addr);
	printf("%s: after asking: user %s name %s addr %s info %s client %s\n", what, eval_user(r),
		eval_hostname(r->client), eval_hostaddr(r->client), eval_hostinfo(r->client), eval_client(r));
}

static void ask_requests(void)
{
	static const struct {
		const char *user, *name, *address, *server_name, *server_address;
	} rows[] = {
		{"", "", "", "", ""},
		{"unknown", "unknown", "unknown", "unknown", "unknown"},
		{"joe", "host.example", "192.0.2.1", "srv.example", "192.0.2.2"},
		{"joe", "paranoid", "192.0.2.1", "paranoid", "192.0.2.2"},
		{"", "PARANOID", "192.0.2.1", "", "192.0.2.2"},
		{"joe", "", "2001:db8::1", "", ""},
		{"UNKNOWN", "host.example", "", "srv", ""},
	};
	struct request_info r;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char what[32];
		request_init(&r, RQ_DAEMON, "ftpd", RQ_USER, rows[i].user, RQ_CLIENT_NAME, rows[i].name, RQ_CLIENT_ADDR,
			rows[i].address, RQ_SERVER_NAME, rows[i].server_name, RQ_SERVER_ADDR, rows[i].server_address, 0);
		sprintf(what, "request %zu", i);
		tell(what, &r);
	}
	char big[400];
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	request_init(&r, RQ_DAEMON, big, RQ_USER, big, 0);
	printf("cut: %zu %zu\n", strlen(r.daemon), strlen(r.user));
	request_init(&r, RQ_USER, "u", 12345, RQ_DAEMON, "d", 0);
	printf("bad key: %s %s\n", r.user, r.daemon);
	request_init(&r, 0);
	printf("fresh: fd %d daemon %s pid %d sin %p %p sink %p\n", r.fd, r.daemon, atoi(r.pid) == getpid(), r.client->sin,
		r.server->sin, r.sink);
}

static void ask_addresses(void)
{
	static const char *const sixes[] = {"::1", "::", "::ffff:192.0.2.1", "2001:db8::1", "fe80::1"};
	struct request_info r;
	for (size_t i = 0; i < sizeof sixes / sizeof *sixes; i++) {
		struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(99)};
		inet_pton(AF_INET6, sixes[i], &six.sin6_addr);
		request_init(&r, RQ_CLIENT_SIN, &six, 0);
		sock_methods(&r);
		printf("address %s: %s port %s\n", sixes[i], eval_hostaddr(r.client), eval_port(r.client->sin));
	}
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(65535), .sin_addr.s_addr = htonl(0x7f000001)};
	request_init(&r, RQ_SERVER_SIN, &four, 0);
	sock_methods(&r);
	printf("address: %s port %s, none: %s port %s\n", eval_hostaddr(r.server), eval_port(r.server->sin),
		eval_hostaddr(r.client), eval_port(NULL));
	printf("name of 127.0.0.1: %s\n", eval_hostname(r.server));
	four.sin_addr.s_addr = 0;
	request_init(&r, RQ_CLIENT_SIN, &four, 0);
	sock_methods(&r);
	printf("name of 0.0.0.0: %s\n", eval_hostname(r.client));
}

static void ask_expansions(void)
{
	static const char *const texts[] = {"%a %A %c %d %h %H %n %N %s %u %%", "%", "100%", "%r %R", "%q|", "a%%b%", "",
		"plain text; $(rm) `x` | & < >", "%d%d%d%d"};
	struct request_info r;
	char text[256];
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(4711), .sin_addr.s_addr = htonl(0x01020304)};
		request_init(&r, RQ_DAEMON, "in.d", RQ_USER, "joe`id`;$x", RQ_CLIENT_NAME, "host.example", RQ_CLIENT_ADDR,
			"192.0.2.1", RQ_SERVER_NAME, "s(r)v", RQ_SERVER_ADDR, "192.0.2.2", RQ_CLIENT_SIN, &four, 0);
		printf("percent_x %s: <%s>\n", texts[i], percent_x(text, sizeof text, (char *)texts[i], &r));
	}
}

static void ask_variables(void)
{
	printf("variables: %s %s %s %s %d %d %d\n", unknown, paranoid, hosts_allow_table, hosts_deny_table,
		hosts_access_verbose, resident, tcpd_context.file == NULL);
	printf("severities: %d %d\n", allow_severity, deny_severity);
}

static void ask_jump(void)
{
	volatile int verdict = setjmp(tcpd_buf);
	if (verdict == 0)
		tcpd_jump("a test of tcpd_jump: %s", "nothing is wrong");
	printf("tcpd_jump: %d\n", verdict);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	ask_variables();
	ask_texts();
	ask_lines();
	ask_requests();
	ask_addresses();
	ask_expansions();
	ask_jump();
	return 0;
}
