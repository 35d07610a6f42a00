/* SPDX-License-Identifier: ISC */
/*
 * ask_names - what the library says of clients with these addresses: name, verdict for daemon "d", milliseconds.
 *
 * usage: ask_names FOLDER ADDRESS...      (hosts.allow and hosts.deny stand in FOLDER)
 */
#define INET6
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <tcpd.h>
#include <time.h>

static long now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
	static char allow[4096], deny[4096];
	snprintf(allow, sizeof allow, "%s/hosts.allow", argv[1]);
	snprintf(deny, sizeof deny, "%s/hosts.deny", argv[1]);
	hosts_allow_table = allow;
	hosts_deny_table = deny;
	for (int i = 2; i < argc; i++) {
		struct sockaddr_in four = {.sin_family = AF_INET};
		struct sockaddr_in6 six = {.sin6_family = AF_INET6};
		struct request_info r;
		long begin = now_ms();
		struct sockaddr *sin = (void *)&four;
		if (inet_pton(AF_INET, argv[i], &four.sin_addr) != 1) {
			inet_pton(AF_INET6, argv[i], &six.sin6_addr);
			sin = (void *)&six;
		}
		request_init(&r, RQ_DAEMON, "d", RQ_CLIENT_SIN, sin, 0);
		sock_methods(&r);
		int verdict = hosts_access(&r);
		printf("%s %s %s %ld\n", argv[i], eval_hostname(r.client), verdict ? "granted" : "denied", now_ms() - begin);
		fflush(stdout);
	}
	return 0;
}
