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

static void aim_scanner(struct capture_packet *c, const struct planned *q, uint64_t own)
{
	c->src_port = ephemeral_port(own);
	switch ((enum kind)q->kind) {
	case VERTICAL:
		c->dst = CAPTURE_WRITER_HOME + 1 + (uint32_t)(own >> 8) % 254;
		c->dst_port = (uint16_t)(1 + q->step % 65535);
		break;
	case HORIZONTAL:
		c->dst = CAPTURE_WRITER_HOME + 1 + q->step % 254;
		c->dst_port = PICK(wanted_ports, own + q->step / 254);
		break;
	default: /* slow: any host, any port */
		c->dst = CAPTURE_WRITER_HOME + 1 + (uint32_t)(c->salt % 254);
		c->dst_port = (uint16_t)(1 + (c->salt >> 24) % 10000);
		break;
	}
}

static void aim_reply(struct capture_packet *c, uint64_t visit_hash, bool late)
{
	c->src_port = PICK(reply_ports, visit_hash >> 20);
	c->dst_port = ephemeral_port(visit_hash >> 32);
	c->tcp_flags = CAPTURE_ACK | CAPTURE_SYN;
	if (c->src_port == 53) {
		c->proto = 17;
		c->payload = 120;
	} else if (late) {
		c->tcp_flags = CAPTURE_ACK | CAPTURE_FIN;
	} else if (visit_hash & 1) {
		c->tcp_flags = CAPTURE_RST | CAPTURE_ACK;
	}
}

static void aim_client(struct capture_packet *c, uint32_t step, uint64_t visit_hash)
{
	static const uint8_t flags[] = {CAPTURE_SYN, CAPTURE_SYN | CAPTURE_ACK, CAPTURE_ACK};
	c->src_port = ephemeral_port(visit_hash >> 32);
	c->dst_port = PICK(open_ports, visit_hash);
	c->tcp_flags = flags[step % 3];
	if (step % 3 == 1) {
		struct capture_packet in = *c;
		c->src = in.dst;
		c->dst = in.src;
		c->src_port = in.dst_port;
		c->dst_port = in.src_port;
	}
}

static void aim_visitor(struct capture_packet *c, const struct planned *q, uint64_t own)
{
	uint32_t visit = q->step >> 8, step = q->step & 0xff;
	uint64_t visit_hash = seeded_random_mix(own + visit);
	c->dst = CAPTURE_WRITER_HOME + 1 + (uint32_t)(visit_hash >> 8) % 254;
	switch ((enum kind)q->kind) {
	case UDP_PROBE:
		c->proto = 17;
		c->payload = 30;
		c->src_port = ephemeral_port(visit_hash);
		c->dst_port = PICK(udp_ports, own);
		break;
	case BACKSCATTER:
	case LATE_REPLY:
		aim_reply(c, visit_hash, q->kind == LATE_REPLY);
		break;
	case CLIENT:
		aim_client(c, step, visit_hash);
		break;
	default: /* one or two targets for life, whatever the visit */
		c->dst = CAPTURE_WRITER_HOME + 1 + (uint32_t)(own >> 8) % 254;
		c->src_port = ephemeral_port(visit_hash);
		c->dst_port = PICK(wanted_ports, own + (visit & own & 1));
		break;
	}
}

static void write_plan(const struct plan *p, struct capture_writer *w, uint64_t seed)
{
	for (uint64_t i = 0; i < p->count; i++) {
		const struct planned *q = &p->packets[i];
		uint64_t own = seeded_random_mix(seed ^ ((uint64_t)q->source << 20));
		struct capture_packet c = {.time_us = FIRST_US + q->us,
			.src = address_of(p, q->source),
			.proto = 6,
			.tcp_flags = CAPTURE_SYN,
			.salt = seeded_random_mix(own + q->step)};
		if (q->kind <= SLOW)
			aim_scanner(&c, q, own);
		else
			aim_visitor(&c, q, own);
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
