/* SPDX-License-Identifier: ISC */
/*
 * interpose - a program that puts its own functions and variables in the place of the library's, as tcpdmatch and many
 * daemons do: the library must use them.
 *
 * usage: interpose FOLDER
 */
#define INET6
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <tcpd.h>

int allow_severity = 100;
int deny_severity = 200;
int rfc931_timeout = 7;

void shell_cmd(char *command)
{
	printf("shell_cmd %s\n", command);
}

void rfc931(struct sockaddr *remote, struct sockaddr *ours, char *user)
{
	printf("rfc931 %d %d\n", remote->sa_family, ours->sa_family);
	strcpy(user, "mine");
}

void clean_exit(struct request_info *request)
{
	printf("clean_exit %s\n", request->daemon);
	exit(3);
}

static void my_name(struct host_info *host)
{
	printf("hostname\n");
	strcpy(host->name, "my.example");
}

static void my_address(struct host_info *host)
{
	printf("hostaddr\n");
	strcpy(host->addr, "203.0.113.9");
}

static int ask(const char *daemon)
{
	struct request_info r;
	struct sockaddr_in four = {.sin_family = AF_INET};
	request_init(&r, RQ_DAEMON, daemon, RQ_CLIENT_SIN, &four, RQ_SERVER_SIN, &four, 0);
	r.hostname = my_name;
	r.hostaddr = my_address;
	int verdict = hosts_access(&r);
	printf("%s: %d, %s, severity %d %d\n", daemon, verdict, eval_client(&r), allow_severity, deny_severity);
	return verdict;
}

int main(int argc, char **argv)
{
	static char allow[4096], deny[4096];
	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(allow, sizeof allow, "%s/hosts.allow", argv[1]);
	snprintf(deny, sizeof deny, "%s/hosts.deny", argv[1]);
	hosts_allow_table = allow;
	hosts_deny_table = deny;
	ask("named");
	ask("addressed");
	ask("usered");
	ask("spawned");
	ask("severe");
	ask("other");
	printf("resident %d, timeout %d\n", resident, rfc931_timeout);
	printf("%d\n", hosts_ctl("ctl", "host.example", "192.0.2.1", ""));
	unknown[0] = 'u';
	struct request_info r;
	request_init(&r, RQ_DAEMON, "gone", 0);
	refuse(&r);
	return 0;
}
