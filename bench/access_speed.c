/* SPDX-License-Identifier: ISC */
/*
 * Times decisions: nanoseconds of CPU time each, the median of some batches.
 *
 *     access_speed write KIND RULES TABLE           writes a table
 *     access_speed build TABLE                      makes its index: "WALL_MS CPU_MS BYTES"
 *     access_speed ask ENGINE KIND RULES ALLOW DENY WHO     "NANOSECONDS GRANTED_OF_1000"
 *
 * ENGINE: ours (with whatever index there is, kept open), once (ours, opened anew each time, as tcpd does), plain (ours,
 * without one), or the path of a libwrap.so.0. WHO: none (strangers), last (the client of the last rule), any (clients of
 * random rules). Name, address and user are known, so that nothing is asked.
 */
#include "access_rules.h"
#include "seeded_random.h"

#include "access/access_cache.h"
#include "access/access_decision.h"
#include "access/access_index_build.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	CLIENTS = 65536,           /* different ones: 8 MiB, so that nobody lives on what the last one left in the caches */
	BATCHES = 7,
	BATCH_NS = 40 * 1000000,
	REQUEST_SIZE = 4096,       /* struct request_info is 872 bytes */
	KEY_DAEMON = 2, KEY_USER = 3, KEY_NAME = 4, KEY_ADDRESS = 5, /* of request_init() */
};

static struct access_rules_client clients[CLIENTS];

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static _Noreturn void stop(const char *what)
{
	fprintf(stderr, "access_speed: %s\n", what);
	exit(2);
}

/* One way to decide. */
struct engine {
	bool (*grants)(const struct engine *e, const struct access_rules_client *c);
	struct access_tables tables;
	int (*hosts_access)(void *request);
	void *(*request_init)(void *request, int key, ...);
};

static bool ours_grants(const struct engine *e, const struct access_rules_client *c)
{
	static struct access_known known = {.port = {-1, -1}, .user = "joe"};
	struct access_decision decision;
	memcpy(known.address[ACCESS_CLIENT], c->address, sizeof c->address);
	memcpy(known.name[ACCESS_CLIENT], c->name, sizeof c->name);
	const struct access_request q = access_request_known("sshd", &known);
	access_decision_make(&e->tables, &q, (struct access_warning_sink){0}, &decision);
	const bool granted = decision.verdict == ACCESS_GRANT;
	access_decision_clear(&decision);
	return granted;
}

static bool libwrap_grants(const struct engine *e, const struct access_rules_client *c)
{
	static _Alignas(16) char request[REQUEST_SIZE];
	e->request_init(request, KEY_DAEMON, "sshd", KEY_ADDRESS, c->address, KEY_NAME, c->name, KEY_USER, "joe", 0);
	return e->hosts_access(request) != 0;
}

static struct engine load_libwrap(const char *path, char *allow, char *deny)
{
	struct engine e = {.grants = libwrap_grants};
	void *library = dlopen(path, RTLD_NOW);
	if (library == NULL)
		stop(dlerror());
	char **allow_table = dlsym(library, "hosts_allow_table"), **deny_table = dlsym(library, "hosts_deny_table");
	*(void **)&e.hosts_access = dlsym(library, "hosts_access");
	*(void **)&e.request_init = dlsym(library, "request_init");
	if (!allow_table || !deny_table || !e.hosts_access || !e.request_init)
		stop("no libwrap");
	*allow_table = allow;
	*deny_table = deny;
	return e;
}

static struct engine engine_of(const char *word, char *allow, char *deny)
{
	static struct access_cache kept = {.resident = true};
	if (strchr(word, '/') != NULL)
		return load_libwrap(word, allow, deny);
	return (struct engine){
		.grants = ours_grants,
		.tables = {.allow = allow, .deny = deny, .cache = strcmp(word, "ours") == 0 ? &kept : NULL},
	};
}

static void choose_clients(enum access_rules_kind kind, uint64_t rules, const char *who)
{
	struct seeded_random random = {1};
	for (uint64_t i = 0; i < CLIENTS; i++) {
		if (strcmp(who, "none") == 0)
			clients[i] = access_rules_stranger(kind, i);
		else if (strcmp(who, "last") == 0)
			clients[i] = access_rules_matching(kind, rules - 1, i);
		else
			clients[i] = access_rules_matching(kind, seeded_random_below(&random, rules), i);
	}
}

static int compare(const void *a, const void *b)
{
	const double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

/* Every client once, or for two seconds: a program that stays has touched its pages. */
static void warm_up(const struct engine *e)
{
	const uint64_t begin = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	for (uint64_t i = 0; i < CLIENTS && clock_ns(CLOCK_PROCESS_CPUTIME_ID) - begin < 2000000000; i++)
		e->grants(e, &clients[i]);
}

static void ask(const struct engine *e)
{
	double batches[BATCHES];
	uint64_t granted = 0, asked = 0;
	warm_up(e);
	for (int batch = 0; batch < BATCHES; batch++) {
		const uint64_t begin = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
		uint64_t spent, count = 0, step = 1;
		do {
			for (uint64_t i = 0; i < step; i++)
				granted += e->grants(e, &clients[asked++ % CLIENTS]);
			count += step;
			spent = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - begin;
			step = spent < BATCH_NS / 64 ? step * 2 : step;
		} while (spent < BATCH_NS);
		batches[batch] = (double)spent / (double)count;
	}
	qsort(batches, BATCHES, sizeof batches[0], compare);
	printf("%.0f %llu\n", batches[BATCHES / 2], (unsigned long long)(granted * 1000 / asked));
}

static int build(const char *table)
{
	struct access_index_counts counts;
	const uint64_t wall = clock_ns(CLOCK_MONOTONIC), cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	if (access_index_build(table, &counts) != 0)
		stop("cannot build the index");
	printf("%.1f %.1f %llu\n", (double)(clock_ns(CLOCK_MONOTONIC) - wall) / 1e6,
		(double)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu) / 1e6, (unsigned long long)counts.bytes);
	return 0;
}

static int write_table(enum access_rules_kind kind, uint64_t rules, const char *table)
{
	FILE *out = fopen(table, "we");
	if (out == NULL)
		stop("cannot write the table");
	access_rules_write(out, kind, rules);
	return fclose(out) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	enum access_rules_kind kind;
	if (argc == 5 && strcmp(argv[1], "write") == 0 && access_rules_kind_of(argv[2], &kind))
		return write_table(kind, strtoull(argv[3], NULL, 10), argv[4]);
	if (argc == 3 && strcmp(argv[1], "build") == 0)
		return build(argv[2]);
	if (argc == 8 && strcmp(argv[1], "ask") == 0 && access_rules_kind_of(argv[3], &kind)) {
		const struct engine e = engine_of(argv[2], argv[5], argv[6]);
		choose_clients(kind, strtoull(argv[4], NULL, 10), argv[7]);
		ask(&e);
		return 0;
	}
	stop("usage: write KIND RULES TABLE | build TABLE | ask ENGINE KIND RULES ALLOW DENY none|last|any");
}
