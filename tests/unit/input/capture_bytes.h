/* SPDX-License-Identifier: ISC */
/*
 * capture_bytes - small captures in memory: pcap and pcapng files of SYN packets, in any byte
 * order.
 *
 * Packet number n goes from 192.0.2.1 to 203.0.113.5, from port 40000 + n to port n; so an event
 * tells which packet it was.
 */
#ifndef KW_TEST_CAPTURE_BYTES_H
#define KW_TEST_CAPTURE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPTURE_BYTES_FRAME 54 /* Ethernet, IPv4, TCP without options */
#define CAPTURE_BYTES_MAX 65536

struct capture_bytes {
	uint8_t bytes[CAPTURE_BYTES_MAX];
	size_t size;
	bool big; /* big-endian numbers */
};

void capture_bytes_add_u16(struct capture_bytes *c, uint16_t v);
void capture_bytes_add_u32(struct capture_bytes *c, uint32_t v);
void capture_bytes_add(struct capture_bytes *c, const void *bytes, size_t size);

/* The frame of packet `number`. */
void capture_bytes_frame(uint8_t out[CAPTURE_BYTES_FRAME], uint16_t number);

/* pcap: file header of version 2.4, record header, record. */
void capture_bytes_pcap_head(struct capture_bytes *c, uint32_t magic, uint32_t linktype);
void capture_bytes_pcap_record(
	struct capture_bytes *c, uint32_t seconds, uint32_t fraction, uint16_t number);

/* pcapng: section header, interface (resolution 10^-digits), enhanced packet. */
void capture_bytes_ng_head(struct capture_bytes *c);
void capture_bytes_ng_interface(struct capture_bytes *c, uint16_t linktype, uint8_t digits);
void capture_bytes_ng_packet(
	struct capture_bytes *c, uint32_t interface, uint64_t stamp, uint16_t number);

#endif
