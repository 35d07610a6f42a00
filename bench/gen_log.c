/* SPDX-License-Identifier: ISC */
/*
 * gen_log - a kernel log as a firewall writes it: 70 % of its lines are dropped packets.
 *
 * About 200 bytes a line. Of the packets 58 % are SYN, the others FIN, XMAS, NULL, ACK, RST, UDP
 * and ICMP; half come from 1 % of the sources; 8 hosts are hit. Classic syslog stamps with the
 * kernel's seconds behind them, all within one year, one day long.
 */
#include "flag_list.h"
#include "seeded_random.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY_US UINT64_C(86400000000)

struct shape {
	unsigned percent;  /* of the firewall's lines */
	const char *flags; /* null: not TCP */
	unsigned proto;    /* 6, 17, 1 */
};

static const struct shape shapes[] = {
	{58, "SYN ", 6},
	{6, "FIN ", 6},
	{4, "URG PSH FIN ", 6},
	{4, "", 6},
	{6, "ACK ", 6},
	{6, "RST ", 6},
	{10, NULL, 17},
	{6, NULL, 1},
};

static const struct shape *pick_shape(uint64_t hash)
{
	unsigned percent = (unsigned)(hash % 100), sum = 0;
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		sum += shapes[i].percent;
		if (percent < sum)
			return &shapes[i];
	}
	return &shapes[0];
}

static void write_head(FILE *out, uint64_t us)
{
	unsigned second = (unsigned)(us / 1000000);
	fprintf(out, "Jan 15 %02u:%02u:%02u gate ", second / 3600, second / 60 % 60, second % 60);
}

static void write_other(FILE *out, uint64_t us, uint64_t hash)
{
	unsigned number = 1000 + (unsigned)(hash >> 16) % 30000,
		 small = 2 + (unsigned)(hash >> 40) % 250;
	write_head(out, us);
	switch (hash % 4) {
	case 0:
		fprintf(out, "sshd[%u]: Connection closed by 192.0.2.%u port 52314 [preauth]\n",
			number, small);
		break;
	case 1:
		fprintf(out,
			"CRON[%u]: (root) CMD (test -x /usr/sbin/anacron || run-parts "
			"/etc/cron.%u)\n",
			number, small);
		break;
	case 2:
		fprintf(out,
			"systemd[1]: Started session-%u.scope - Session %u of User operator.\n",
			number, number);
		break;
	default:
		fprintf(out, "postfix/smtpd[%u]: connect from mail.example.org[198.51.100.%u]\n",
			number, small);
		break;
	}
}

static void write_transport(FILE *out, const struct shape *s, uint64_t hash)
{
	unsigned from = 32768 + (unsigned)(hash >> 8) % 28232,
		 to = 1 + (unsigned)(hash >> 32) % 10000;
	if (s->proto == 6)
		fprintf(out, "PROTO=TCP SPT=%u DPT=%u WINDOW=1024 RES=0x00 %sURGP=0 ", from, to,
			s->flags);
	else if (s->proto == 17)
		fprintf(out, "PROTO=UDP SPT=%u DPT=%u LEN=40 ", from, to);
	else
		fprintf(out, "PROTO=ICMP TYPE=8 CODE=0 ID=%u SEQ=1 ", from);
}

static void write_drop(FILE *out, uint64_t us, uint64_t sources, struct seeded_random *random)
{
	uint64_t hash = seeded_random_next(random);
	uint64_t few = sources / 100 > 0 ? sources / 100 : 1;
	uint64_t source = seeded_random_below(random, hash & 1 ? few : sources);
	uint32_t a = UINT32_C(0x0a000000) | ((uint32_t)source * UINT32_C(0x9e3779b1) & 0xffffff);
	const struct shape *s = pick_shape(hash >> 4);
	write_head(out, us);
	fprintf(out,
		"kernel: [%5u.%06u] DROP IN=eth0 OUT= "
		"MAC=02:00:00:00:00:02:02:00:00:00:00:01:08:00 "
		"SRC=%u.%u.%u.%u DST=203.0.113.%u LEN=60 TOS=0x00 PREC=0x00 TTL=%u ID=%u ",
		(unsigned)(us / 1000000) + 4000, (unsigned)(us % 1000000), a >> 24, a >> 16 & 255,
		a >> 8 & 255, a & 255, 1 + (unsigned)(hash >> 16) % 8,
		40 + (unsigned)(hash >> 20) % 24, (unsigned)(hash >> 24) & 0xffff);
	write_transport(out, s, seeded_random_next(random));
	fputc('\n', out);
}

int main(int argc, char **argv)
{
	uint64_t lines = 1000000, sources = 10000, seed = 1;
	const struct flag_row rows[] = {
		{"--lines", &lines, 1, UINT64_C(1) << 32},
		{"--sources", &sources, 1, UINT64_C(1) << 24},
		{"--seed", &seed, 0, UINT64_MAX},
		{NULL, NULL, 0, 0},
	};
	int file = flag_list_read(
		argc, argv, rows, 1, "gen_log [--lines N] [--sources N] [--seed N] OUT.log");
	FILE *out = fopen(argv[file], "w");
	if (out == NULL) {
		perror(argv[file]);
		return 1;
	}
	struct seeded_random random = {seed};
	for (uint64_t i = 0; i < lines; i++) {
		uint64_t us = (uint64_t)((double)DAY_US * (double)i / (double)lines);
		if (seeded_random_below(&random, 100) < 70)
			write_drop(out, us, sources, &random);
		else
			write_other(out, us, seeded_random_next(&random));
	}
	if (fclose(out) != 0) {
		perror(argv[file]);
		return 1;
	}
	return 0;
}
