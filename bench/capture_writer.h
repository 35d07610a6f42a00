/* SPDX-License-Identifier: ISC */
/*
 * capture_writer - writes classic pcap files of made-up IPv4 packets, with right checksums.
 *
 * Ethernet, microseconds, snap length 96, the byte order of this machine. A write error ends the
 * program: a benchmark on half a file would lie.
 */
#ifndef KW_BENCH_CAPTURE_WRITER_H
#define KW_BENCH_CAPTURE_WRITER_H

#include <stdint.h>
#include <stdio.h>

#define CAPTURE_WRITER_SNAP 96

/* The home side of every generated capture: 203.0.113.0/24. */
#define CAPTURE_WRITER_HOME UINT32_C(0xcb007100)

enum capture_tcp_flag {
	CAPTURE_FIN = 0x01,
	CAPTURE_SYN = 0x02,
	CAPTURE_RST = 0x04,
	CAPTURE_PSH = 0x08,
	CAPTURE_ACK = 0x10,
};

/* What a packet says; TTL and IP id follow from `salt`. */
struct capture_packet {
	int64_t time_us;   /* since 1970 */
	uint32_t src, dst; /* IPv4, host order */
	uint16_t src_port, dst_port;
	uint8_t proto; /* 6 or 17 */
	uint8_t tcp_flags;
	uint16_t payload;  /* bytes behind the UDP header; of TCP there are none */
	uint32_t seq, ack; /* of TCP; `ack` goes out with the ACK flag only */
	uint64_t salt;
};

struct capture_writer {
	FILE *file;
	const char *path;
	uint64_t packets; /* written so far */
};

void capture_writer_open(struct capture_writer *w, const char *path);
void capture_writer_add(struct capture_writer *w, const struct capture_packet *p);
void capture_writer_close(struct capture_writer *w);

#endif
