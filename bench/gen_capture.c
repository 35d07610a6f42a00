/* SPDX-License-Identifier: ISC */
/*
 * gen_capture - a day of knocks at a firewalled /24, in the proportions that real logs show.
 *
 * Half of the packets come from 1 % of the sources: vertical, horizontal and slow scanners. Of the
 * other sources 70 % try one or two targets and retransmit, 10 % are backscatter, 5 % UDP probes, 5
 * % late replies, and 10 % are clients of open ports whose handshakes are answered.
 *
 * First every packet is planned as (time, source, step), then the plan is sorted and written; what
 * a packet holds follows from its plan and the seed alone. Needs 24 bytes of memory a packet.
 */
#include "capture_writer.h"
#include "flag_list.h"
#include "seeded_random.h"

#include <stdbool.h>
#include <stdlib.h>

#define DAY_US INT64_C(86400000000)
#define FIRST_US INT64_C(1767225600000000) /* 2026-01-01T00:00:00Z */
#define SECOND_US INT64_C(1000000)

enum kind {
	VERTICAL,
	HORIZONTAL,
	SLOW,
	FEW_TARGETS,
	BACKSCATTER,
	UDP_PROBE,
	LATE_REPLY,
	CLIENT,
};

struct planned {
	int64_t us;      /* since the start of the day */
	uint32_t source; /* 0 to sources - 1; the first 1 % are the scanners */
	uint32_t step;   /* of the source: which packet of its behaviour this is */
	uint32_t kind;   /* enum kind */
};

struct plan {
	struct planned *packets;
	uint64_t count, limit;
	uint64_t sources, scanners;
	struct seeded_random random;
};

static void add(struct plan *p, int64_t us, uint32_t source, uint32_t step, enum kind kind)
{
	if (p->count < p->limit)
		p->packets[p->count++] = (struct planned){us % DAY_US, source, step, kind};
}

static enum kind kind_of(const struct plan *p, uint64_t source)
{
	if (source < p->scanners)
		return (enum kind)(source % 3);
	uint64_t percent = seeded_random_mix(source) % 100;
	return percent < 70   ? FEW_TARGETS
	       : percent < 80 ? BACKSCATTER
	       : percent < 85 ? UDP_PROBE
	       : percent < 90 ? LATE_REPLY
			      : CLIENT;
}

static void plan_scanner(struct plan *p, uint32_t source, uint64_t packets)
{
	enum kind kind = kind_of(p, source);
	int64_t at = (int64_t)seeded_random_below(&p->random, (uint64_t)DAY_US);
	int64_t gap = (int64_t)(1000 + seeded_random_below(&p->random, 100000)); /* 1 to 101 ms */
	if (kind == SLOW)
		gap = DAY_US / (int64_t)(packets + 1);
	for (uint32_t step = 0; step < packets; step++) {
		int64_t jitter = (int64_t)seeded_random_below(&p->random, (uint64_t)gap);
		add(p, at + (int64_t)step * gap + jitter, source, step, kind);
	}
}

/* One visit of a source that is no scanner: one to eight packets. `step` of a packet holds the
 * number of the visit above bit 8. */
static void plan_visit(struct plan *p, uint32_t source, uint32_t visit)
{
	static const int64_t backoff_s[] = {0, 1, 3, 7, 15}; /* Linux: SYN retransmissions */
	enum kind kind = kind_of(p, source);
	int64_t at = (int64_t)seeded_random_below(&p->random, (uint64_t)DAY_US);
	uint32_t packets = 1 + (uint32_t)seeded_random_below(&p->random, 5);
	if (kind == CLIENT)
		packets = 3;
	for (uint32_t i = 0; i < packets; i++) {
		int64_t wait = kind == CLIENT ? i * INT64_C(20000) : backoff_s[i] * SECOND_US;
		add(p, at + wait, source, visit << 8 | i, kind);
	}
}

static void make_plan(struct plan *p)
{
	uint64_t each = p->limit / 2 / p->scanners;
	for (uint64_t i = 0; i < p->scanners; i++)
		plan_scanner(p, (uint32_t)i, each);
	for (uint32_t visit = 0; p->count < p->limit; visit++) {
		for (uint64_t i = p->scanners; i < p->sources && p->count < p->limit; i++)
			plan_visit(p, (uint32_t)i, visit);
	}
}

static int by_time(const void *a, const void *b)
{
	const struct planned *x = a, *y = b;
	if (x->us != y->us)
		return x->us < y->us ? -1 : 1;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return x->step < y->step ? -1 : x->step > y->step;
}

/* Different numbers get different addresses: multiplying by an odd number permutes 2^24 values. */
static uint32_t address_of(const struct plan *p, uint32_t source)
{
	const uint32_t benchmark_net = UINT32_C(0xc6120000),
		       benchmark_size = 1u << 17; /* 198.18.0.0/15 */
	const uint32_t private_net = UINT32_C(0x0a000000), private_mask = 0xffffff; /* 10.0.0.0/8 */
	if (source < p->scanners && p->scanners <= benchmark_size)
		return benchmark_net + source;
	return private_net | ((source * UINT32_C(0x9e3779b1)) & private_mask);
}

static uint16_t ephemeral_port(uint64_t hash)
{
	return (uint16_t)(32768 + hash % 28232); /* Linux: 32768 to 60999 */
}

static uint16_t pick(const uint16_t *ports, size_t count, uint64_t hash)
{
	return ports[hash % count];
}

static const uint16_t open_ports[] = {22, 80, 443};
static const uint16_t wanted_ports[] = {23, 445, 2323, 3389, 5555, 6379, 8080, 8443, 5900, 1433};
static const uint16_t udp_ports[] = {53, 123, 161, 1900, 5060, 11211};
static const uint16_t reply_ports[] = {80, 443, 22, 25, 53};
#define PICK(table, hash) pick(table, sizeof table / sizeof table[0], hash)

static uint32_t random_host(uint64_t hash)
{
	return CAPTURE_WRITER_HOME + 1 + (uint32_t)(hash >> 8) % 254;
}

static void aim_vertical(struct capture_packet *c, const struct planned *q, uint64_t own)
{
	c->dst = random_host(own);
	c->dst_port = (uint16_t)(1 + q->step % 65535);
}

static void aim_horizontal(struct capture_packet *c, const struct planned *q, uint64_t own)
{
	c->dst = CAPTURE_WRITER_HOME + 1 + q->step % 254;
	c->dst_port = PICK(wanted_ports, own + q->step / 254);
}

static void aim_slow(struct capture_packet *c, const struct planned *q, uint64_t own)
{
	uint64_t hash = seeded_random_mix(own + q->step);
	c->dst = random_host(hash);
	c->dst_port = (uint16_t)(1 + (hash >> 24) % 10000);
}

/* Of visitors `step` holds the visit and the packet within it. */
static uint64_t visit_hash(const struct planned *q, uint64_t own)
{
	return seeded_random_mix(own + (q->step >> 8));
}

static void aim_few_targets(struct capture_packet *c, const struct planned *q, uint64_t own)
{
	uint64_t second = q->step >> 8 & own & 1; /* half of them know a second door */
	uint64_t visit = visit_hash(q, own);
	c->dst = random_host(own);
	c->src_port = ephemeral_port(visit);
	c->dst_port = PICK(wanted_ports, own + second);
	c->seq = (uint32_t)visit; /* a retransmission repeats it */
}

static void aim_udp_probe(struct capture_packet *c, const struct planned *q, uint64_t own)
{
	c->dst = random_host(visit_hash(q, own));
	c->dst_port = PICK(udp_ports, own);
	c->proto = 17;
	c->payload = 30;
}

static void aim_reply(struct capture_packet *c, uint64_t visit, uint8_t flags)
{
	c->dst = random_host(visit);
	c->src_port = PICK(reply_ports, visit >> 20);
	c->dst_port = ephemeral_port(visit >> 32);
	c->tcp_flags = flags;
	c->ack = (uint32_t)(visit >> 16);
}

/* Answers to somebody who forged our address. */
static void aim_backscatter(struct capture_packet *c, const struct planned *q, uint64_t own)
{
	uint64_t visit = visit_hash(q, own);
	aim_reply(c, visit, visit & 1 ? CAPTURE_RST | CAPTURE_ACK : CAPTURE_SYN | CAPTURE_ACK);
}

/* Answers that come after the firewall forgot the question. */
static void aim_late_reply(struct capture_packet *c, const struct planned *q, uint64_t own)
{
	aim_reply(c, visit_hash(q, own), CAPTURE_FIN | CAPTURE_ACK);
	if (c->src_port == 53) {
		c->proto = 17;
		c->payload = 120;
	}
}

static void turn_round(struct capture_packet *c)
{
	struct capture_packet in = *c;
	c->src = in.dst;
	c->dst = in.src;
	c->src_port = in.dst_port;
	c->dst_port = in.src_port;
}

/* SYN, our SYN-ACK, ACK, with the numbers of one conversation. */
static void aim_client(struct capture_packet *c, const struct planned *q, uint64_t own)
{
	uint64_t visit = visit_hash(q, own);
	uint32_t theirs = (uint32_t)visit, ours = (uint32_t)(visit >> 32);
	c->dst = random_host(visit);
	c->src_port = ephemeral_port(visit >> 32);
	c->dst_port = PICK(open_ports, visit);
	c->seq = theirs;
	if ((q->step & 0xff) == 1) {
		turn_round(c);
		c->tcp_flags = CAPTURE_SYN | CAPTURE_ACK;
		c->seq = ours;
		c->ack = theirs + 1;
	} else if ((q->step & 0xff) == 2) {
		c->tcp_flags = CAPTURE_ACK;
		c->seq = theirs + 1;
		c->ack = ours + 1;
	}
}

static void (*const aims[])(struct capture_packet *, const struct planned *, uint64_t own) = {
	[VERTICAL] = aim_vertical,
	[HORIZONTAL] = aim_horizontal,
	[SLOW] = aim_slow,
	[FEW_TARGETS] = aim_few_targets,
	[BACKSCATTER] = aim_backscatter,
	[UDP_PROBE] = aim_udp_probe,
	[LATE_REPLY] = aim_late_reply,
	[CLIENT] = aim_client,
};

static void write_plan(const struct plan *p, struct capture_writer *w, uint64_t seed)
{
	for (uint64_t i = 0; i < p->count; i++) {
		const struct planned *q = &p->packets[i];
		uint64_t own = seeded_random_mix(seed ^ ((uint64_t)q->source << 20));
		uint64_t salt = seeded_random_mix(own + q->step);
		struct capture_packet c = {.time_us = FIRST_US + q->us,
			.src = address_of(p, q->source),
			.src_port =
				ephemeral_port(own), /* and a SYN, unless the kind says otherwise */
			.proto = 6,
			.tcp_flags = CAPTURE_SYN,
			.seq = (uint32_t)(salt >> 32),
			.salt = salt};
		aims[q->kind](&c, q, own);
		capture_writer_add(w, &c);
	}
}

int main(int argc, char **argv)
{
	uint64_t packets = 10000000, sources = 1000000, seed = 1;
	const struct flag_row rows[] = {
		{"--packets", &packets, 1, UINT64_C(1) << 30},
		{"--sources", &sources, 1, UINT64_C(1) << 24},
		{"--seed", &seed, 0, UINT64_MAX},
		{NULL, NULL, 0, 0},
	};
	int file = flag_list_read(
		argc, argv, rows, 1, "gen_capture [--packets N] [--sources N] [--seed N] OUT.pcap");
	struct plan p = {calloc(packets, sizeof(struct planned)), 0, packets, sources,
		sources / 100 > 0 ? sources / 100 : 1, {seed}};
	if (p.packets == NULL) {
		perror("gen_capture");
		return 1;
	}
	if (p.scanners == p.sources)
		p.sources++;
	make_plan(&p);
	qsort(p.packets, p.count, sizeof p.packets[0], by_time);
	struct capture_writer w;
	capture_writer_open(&w, argv[file]);
	write_plan(&p, &w, seed);
	capture_writer_close(&w);
	free(p.packets);
	return 0;
}
