/* SPDX-License-Identifier: ISC */
/*
 * threads - decisions from many threads at once, each with its own request; for the thread sanitizer.
 *
 * usage: threads FOLDER      (with hosts.allow and hosts.deny)
 * Ends with 0 if every verdict was right.
 */
#define INET6
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <tcpd.h>
#include <unistd.h>

enum { THREADS = 8, ROUNDS = 60 };

struct row {
	const char *daemon, *name, *address, *user;
	int verdict;
};

static const struct row rows[] = {
	{"sshd", "a.example", "192.0.2.1", "unknown", 1},
	{"sshd", "a.bad.example", "192.0.2.2", "unknown", 0},
	{"ftpd", "unknown", "198.51.100.1", "joe", 1},
	{"ftpd", "unknown", "198.51.100.1", "root", 0},
	{"spawnd", "unknown", "198.51.100.1", "", 1},
	{"aclok", "unknown", "198.51.100.1", "", 1},
	{"aclbad", "unknown", "198.51.100.1", "", 0},
	{"envd", "unknown", "198.51.100.1", "", 1},
	{"sevd", "unknown", "198.51.100.1", "", 1},
	{"warnd", "unknown", "198.51.100.1", "", 0},
};

static unsigned faults_of(const struct row *r)
{
	struct request_info request;
	char text[300];
	unsigned faults = 0;
	request_init(&request, RQ_DAEMON, r->daemon, RQ_CLIENT_NAME, r->name, RQ_CLIENT_ADDR, r->address, RQ_USER, r->user, 0);
	faults += hosts_access(&request) != r->verdict;
	faults += hosts_ctl((char *)r->daemon, (char *)r->name, (char *)r->address, (char *)r->user) != r->verdict;
	faults += strstr(eval_client(&request), strcmp(r->name, "unknown") ? r->name : r->address) == NULL;
	percent_x(text, sizeof text, (char *)"%d %h", &request);
	faults += strncmp(text, r->daemon, strlen(r->daemon)) != 0;
	return faults;
}

/* A real socket: addresses and ports of this thread's connection, not of another's. */
static unsigned socket_faults(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof a;
	struct request_info request;
	char port[8];
	unsigned faults = 0;
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), server = -1;
	if (bind(listener, (void *)&a, sizeof a) == 0 && listen(listener, 1) == 0 &&
		getsockname(listener, (void *)&a, &size) == 0 && connect(client, (void *)&a, size) == 0)
		server = accept(listener, NULL, NULL);
	if (server >= 0) {
		snprintf(port, sizeof port, "%u", ntohs(a.sin_port));
		request_init(&request, RQ_DAEMON, "portd", RQ_FILE, server, 0);
		fromhost(&request);
		faults += hosts_access(&request) != 1;
		faults += strcmp(eval_port(request.server->sin), port) != 0;
		faults += strcmp(eval_hostaddr(request.client), "127.0.0.1") != 0;
		close(server);
	}
	close(client);
	close(listener);
	return faults;
}

static void *work(void *self)
{
	uintptr_t faults = 0;
	for (int i = 0; i < ROUNDS; i++) {
		/* Commands are dear; each thread runs each of them a few times. */
		size_t count = i % 20 == 0 ? sizeof rows / sizeof *rows : 4;
		for (size_t k = 0; k < count; k++)
			faults += faults_of(&rows[(k + (uintptr_t)self) % count]);
		faults += socket_faults();
	}
	return (void *)faults;
}

int main(int argc, char **argv)
{
	static char allow[4096], deny[4096];
	pthread_t threads[THREADS];
	uintptr_t all = 0;
	if (argc != 2)
		return 2;
	snprintf(allow, sizeof allow, "%s/hosts.allow", argv[1]);
	snprintf(deny, sizeof deny, "%s/hosts.deny", argv[1]);
	hosts_allow_table = allow;
	hosts_deny_table = deny;
	for (uintptr_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < THREADS; i++) {
		void *faults;
		pthread_join(threads[i], &faults);
		all += (uintptr_t)faults;
	}
	printf("%lu wrong answers\n", (unsigned long)all);
	return all != 0;
}
