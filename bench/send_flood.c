/* SPDX-License-Identifier: ISC */
/*
 * send_flood - knocks on closed ports, as fast as the kernel takes them: half of them SYNs, half datagrams.
 *
 *     send_flood INTERFACE MAC SOURCE/24 TARGET COUNT [PER-SECOND]
 *
 * From 250 sources, to the ports 1001 to 30000 of one target, with right checksums. Prints how many thousand a
 * second of its own processor time it was (on a veth pair the receiver's work is part of it, and other work on the
 * machine disturbs that less than wall time); to the standard error, of wall time. Needs CAP_NET_RAW.
 */
#include "seeded_random.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, FRAME = 60, FIRST_PORT = 1001, PORTS = 29000, SOURCES = 250 };

static uint32_t sum_of(const uint8_t *bytes, size_t size, uint32_t sum)
{
	for (size_t i = 0; i + 1 < size; i += 2)
		sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
	return size % 2 ? sum + (uint32_t)(bytes[size - 1] << 8) : sum;
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put_sum(uint8_t *at, uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put16(at, ~sum & 0xffff);
}

/* Fills a packet; returns its length. */
static size_t build(uint8_t *p, uint32_t source, uint32_t target, uint64_t random, unsigned number)
{
	bool udp = number % 2;
	size_t body = udp ? 13 : 20, whole = 20 + body;
	uint8_t *t = p + 20;
	memset(p, 0, FRAME);
	p[0] = 0x45;
	put16(p + 2, (uint32_t)whole);
	put16(p + 4, number & 0xffff);
	p[8] = 64;
	p[9] = udp ? 17 : 6;
	put16(p + 12, source >> 16);
	put16(p + 14, (source & 0xffffff00) | (uint32_t)(1 + (random >> 40) % SOURCES));
	put16(p + 16, target >> 16);
	put16(p + 18, target);
	put_sum(p + 10, sum_of(p, 20, 0));
	put16(t, (uint32_t)(32768 + (random >> 20) % 20000));
	put16(t + 2, (uint32_t)(FIRST_PORT + random % PORTS));
	if (udp) {
		put16(t + 4, (uint32_t)body);
	} else {
		put16(t + 4, (uint32_t)(random >> 48));
		t[12] = 0x50;
		t[13] = 0x02;
		put16(t + 14, 1024);
	}
	put_sum(t + (udp ? 6 : 16), sum_of(p + 12, 8, sum_of(t, body, (uint32_t)(p[9] + body))));
	return whole;
}

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void keep_pace(double start, unsigned sent, double per_second)
{
	while (per_second > 0 && now_s() - start < sent / per_second) {
		struct timespec pause = {.tv_nsec = 100000};
		nanosleep(&pause, NULL);
	}
}

int main(int argc, char **argv)
{
	static uint8_t frames[BATCH][FRAME];
	struct mmsghdr messages[BATCH] = {0};
	struct iovec parts[BATCH];
	struct seeded_random random;
	struct in_addr source, target;
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_halen = 6};
	if (argc < 6 ||
		sscanf(argv[2], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &to.sll_addr[0], &to.sll_addr[1],
			&to.sll_addr[2], &to.sll_addr[3], &to.sll_addr[4], &to.sll_addr[5]) != 6 ||
		inet_aton(argv[3], &source) == 0 || inet_aton(argv[4], &target) == 0) {
		fputs("usage: send_flood INTERFACE MAC SOURCE TARGET COUNT [PER-SECOND]\n", stderr);
		return 2;
	}
	unsigned count = (unsigned)strtoul(argv[5], NULL, 10), sent = 0;
	double per_second = argc > 6 ? strtod(argv[6], NULL) : 0;
	int fd = socket(AF_PACKET, SOCK_DGRAM, 0);
	to.sll_ifindex = (int)if_nametoindex(argv[1]);
	random.state = 1;
	for (int i = 0; i < BATCH; i++)
		messages[i].msg_hdr = (struct msghdr){.msg_name = &to,
			.msg_namelen = sizeof to,
			.msg_iov = &parts[i],
			.msg_iovlen = 1};
	double start = now_s();
	while (sent < count) {
		unsigned n = count - sent < BATCH ? count - sent : BATCH, done = 0;
		for (unsigned i = 0; i < n; i++)
			parts[i] = (struct iovec){frames[i],
				build(frames[i], ntohl(source.s_addr), ntohl(target.s_addr),
					seeded_random_next(&random), sent + i)};
		while (done < n) {
			int got = sendmmsg(fd, messages + done, n - done, 0);
			if (got < 0) {
				perror("send_flood");
				return 1;
			}
			done += (unsigned)got;
		}
		sent += n;
		keep_pace(start, sent, per_second);
	}
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	double cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
		     (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
	printf("%.1f\n", sent / cpu / 1000);
	fprintf(stderr, "%.1f kpps\n", sent / (now_s() - start) / 1000);
	return 0;
}
