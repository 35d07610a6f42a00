/* SPDX-License-Identifier: ISC */
/*
 * gen_flood - scanners and honest clients hidden in a flood of forged sources.
 *
 * Every forged source sends one SYN to a random port of one host. Between them: fast scanners (20
 * targets, 50 ms apart), slow scanners (6 targets, 10 s apart, closer if the file is too short) and
 * clients that retry one port (after 1, 2, 4 and 8 s). TRUTH gets a line "fast|slow|client ADDRESS"
 * for each of these; whatever else is called a scanner is a false alarm.
 */
#include "capture_writer.h"
#include "flag_list.h"
#include "seeded_random.h"

#include <stdlib.h>

#define FIRST_US INT64_C(1767225600000000) /* 2026-01-01T00:00:00Z */
#define SECOND_US INT64_C(1000000)
#define TARGET_HOST (CAPTURE_WRITER_HOME + 5)

enum visitor_kind {
	FAST,
	SLOW,
	CLIENT,
	VISITOR_KINDS,
};

enum {
	FAST_TARGETS = 20,
	SLOW_TARGETS = 6,
	CLIENT_TRIES = 5,
};

struct planned {
	int64_t us;      /* since the start */
	uint32_t source; /* address */
	uint16_t port;   /* of the target host */
};

struct plan {
	struct planned *packets;
	uint64_t count;
	int64_t length_us;
	struct seeded_random random;
	FILE *truth;
};

/* Visitors live in 198.18.0.0/15, the forged in 10.0.0.0/8. */
static uint32_t visitor_address(enum visitor_kind kind, uint64_t number)
{
	return UINT32_C(0xc6120000) + (uint32_t)(number * VISITOR_KINDS + kind);
}

static uint32_t forged_address(uint64_t number)
{
	return UINT32_C(0x0a000000) | ((uint32_t)(number * UINT32_C(0x9e3779b1)) & 0xffffff);
}

static int64_t random_start(struct plan *p, int64_t span_us)
{
	int64_t room = p->length_us - span_us;
	return room > 0 ? (int64_t)seeded_random_below(&p->random, (uint64_t)room) : 0;
}

static void plan_scanner(struct plan *p, enum visitor_kind kind, uint64_t number)
{
	int targets = kind == FAST ? FAST_TARGETS : SLOW_TARGETS;
	int64_t gap = kind == FAST ? 50000 : 10 * SECOND_US;
	if (gap * targets > p->length_us)
		gap = p->length_us / targets;
	int64_t at = random_start(p, gap * (targets - 1));
	uint16_t first = (uint16_t)(1 + seeded_random_below(&p->random, 60000));
	for (int i = 0; i < targets; i++)
		p->packets[p->count++] = (struct planned){
			at + i * gap, visitor_address(kind, number), (uint16_t)(first + i)};
}

static void plan_client(struct plan *p, uint64_t number)
{
	static const int64_t after_s[CLIENT_TRIES] = {0, 1, 3, 7, 15};
	int64_t at = random_start(p, after_s[CLIENT_TRIES - 1] * SECOND_US);
	uint16_t port = (uint16_t)(1 + seeded_random_below(&p->random, 60000));
	for (int i = 0; i < CLIENT_TRIES; i++)
		p->packets[p->count++] = (struct planned){
			at + after_s[i] * SECOND_US, visitor_address(CLIENT, number), port};
}

static void plan_visitors(struct plan *p, const uint64_t *counts)
{
	static const char *const names[VISITOR_KINDS] = {"fast", "slow", "client"};
	for (int kind = FAST; kind < VISITOR_KINDS; kind++) {
		for (uint64_t i = 0; i < counts[kind]; i++) {
			if (kind == CLIENT)
				plan_client(p, i);
			else
				plan_scanner(p, (enum visitor_kind)kind, i);
			uint32_t a = visitor_address((enum visitor_kind)kind, i);
			fprintf(p->truth, "%s %u.%u.%u.%u\n", names[kind], a >> 24, a >> 16 & 255,
				a >> 8 & 255, a & 255);
		}
	}
}

static int by_time(const void *a, const void *b)
{
	const struct planned *x = a, *y = b;
	if (x->us != y->us)
		return x->us < y->us ? -1 : 1;
	return x->source < y->source ? -1 : x->source > y->source;
}

static void write_syn(struct plan *p, struct capture_writer *w, const struct planned *q)
{
	uint64_t salt = seeded_random_next(&p->random);
	const struct capture_packet c = {.time_us = FIRST_US + q->us,
		.src = q->source,
		.dst = TARGET_HOST,
		.src_port = (uint16_t)(32768 + seeded_random_mix(q->source) % 28232),
		.dst_port = q->port,
		.proto = 6,
		.tcp_flags = CAPTURE_SYN,
		.seq = (uint32_t)(salt >> 32),
		.salt = salt};
	capture_writer_add(w, &c);
}

static void write_all(struct plan *p, struct capture_writer *w, uint64_t forged)
{
	uint64_t next = 0;
	for (uint64_t i = 0; i < forged; i++) {
		int64_t us = (int64_t)((double)p->length_us * (double)i / (double)forged);
		for (; next < p->count && p->packets[next].us <= us; next++)
			write_syn(p, w, &p->packets[next]);
		uint16_t port = (uint16_t)(1 + seeded_random_below(&p->random, 65535));
		write_syn(p, w, &(struct planned){us, forged_address(i), port});
	}
	for (; next < p->count; next++)
		write_syn(p, w, &p->packets[next]);
}

int main(int argc, char **argv)
{
	uint64_t seconds = 60, forged = 10000000, seed = 1;
	uint64_t counts[VISITOR_KINDS] = {1000, 1000, 1000};
	const uint64_t most = 40000; /* three kinds fit into the /15 */
	const struct flag_row rows[] = {
		{"--seconds", &seconds, 1, 86400},
		{"--forged", &forged, 0, UINT64_C(1) << 24},
		{"--fast", &counts[FAST], 0, most},
		{"--slow", &counts[SLOW], 0, most},
		{"--client", &counts[CLIENT], 0, most},
		{"--clients", &counts[CLIENT], 0, most},
		{"--seed", &seed, 0, UINT64_MAX},
		{NULL, NULL, 0, 0},
	};
	int file = flag_list_read(argc, argv, rows, 2,
		"gen_flood [--seconds N] [--forged N] [--fast N] [--slow N] [--clients N] [--seed "
		"N] "
		"OUT.pcap TRUTH.txt");
	uint64_t room = counts[FAST] * FAST_TARGETS + counts[SLOW] * SLOW_TARGETS +
			counts[CLIENT] * CLIENT_TRIES;
	struct plan p = {calloc(room + 1, sizeof(struct planned)), 0, (int64_t)seconds * SECOND_US,
		{seed}, fopen(argv[file + 1], "w")};
	if (p.packets == NULL || p.truth == NULL) {
		perror(argv[file + 1]);
		return 1;
	}
	plan_visitors(&p, counts);
	qsort(p.packets, p.count, sizeof p.packets[0], by_time);
	struct capture_writer w;
	capture_writer_open(&w, argv[file]);
	write_all(&p, &w, forged);
	capture_writer_close(&w);
	free(p.packets);
	return fclose(p.truth) == 0 ? 0 : 1;
}
