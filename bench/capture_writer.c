/* SPDX-License-Identifier: ISC */
#include "capture_writer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	ETHERNET_SIZE = 14,
	IP_SIZE = 20,
	TCP_SIZE = 20,
	TCP_SYN_SIZE = 40, /* with MSS, SACK permitted, timestamps, window scale */
	UDP_SIZE = 8,
};

static void die(const struct capture_writer *w)
{
	perror(w->path);
	exit(1);
}

static void put(struct capture_writer *w, const void *bytes, size_t size)
{
	if (fwrite(bytes, 1, size, w->file) != size)
		die(w);
}

void capture_writer_open(struct capture_writer *w, const char *path)
{
	const uint32_t ethernet = 1;
	const uint32_t words[6] = {0xa1b2c3d4, 4u << 16 | 2u, 0, 0, CAPTURE_WRITER_SNAP, ethernet};
	*w = (struct capture_writer){fopen(path, "wb"), path, 0};
	if (w->file == NULL)
		die(w);
	put(w, words, sizeof words);
}

void capture_writer_close(struct capture_writer *w)
{
	if (fclose(w->file) != 0)
		die(w);
}

static void put16(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static void put32(uint8_t *at, uint32_t v)
{
	put16(at, v >> 16);
	put16(at + 2, v);
}

static uint32_t add_words(uint32_t sum, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i + 1 < size; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	return sum;
}

static uint16_t finish_sum(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void write_ethernet(uint8_t *frame, bool from_home)
{
	static const uint8_t home[6] = {2, 0, 0, 0, 0, 2}, router[6] = {2, 0, 0, 0, 0, 1};
	memcpy(frame, from_home ? router : home, 6);
	memcpy(frame + 6, from_home ? home : router, 6);
	put16(frame + 12, 0x0800);
}

static void write_ip(uint8_t *ip, const struct capture_packet *p, uint32_t length)
{
	memset(ip, 0, IP_SIZE);
	ip[0] = 0x45;
	put16(ip + 2, length);
	put16(ip + 4, (uint32_t)(p->salt >> 16));
	put16(ip + 6, 0x4000);                                             /* do not fragment */
	ip[8] = (uint8_t)((p->salt & 1 ? 64 : 128) - (p->salt >> 8) % 24); /* hops on the way */
	ip[9] = p->proto;
	put32(ip + 12, p->src);
	put32(ip + 16, p->dst);
	put16(ip + 10, finish_sum(add_words(0, ip, IP_SIZE)));
}

static uint32_t pseudo_header_sum(const struct capture_packet *p, uint32_t length)
{
	return (p->src >> 16) + (p->src & 0xffff) + (p->dst >> 16) + (p->dst & 0xffff) + p->proto +
	       length;
}

static uint32_t write_tcp(uint8_t *tcp, const struct capture_packet *p)
{
	static const uint8_t options[20] = {
		2, 4, 5, 180, 4, 2, 8, 10, 0, 1, 2, 3, 0, 0, 0, 0, 1, 3, 3, 7};
	uint32_t size = p->tcp_flags & CAPTURE_SYN ? TCP_SYN_SIZE : TCP_SIZE;
	memset(tcp, 0, TCP_SIZE);
	put16(tcp, p->src_port);
	put16(tcp + 2, p->dst_port);
	put32(tcp + 4, p->seq);
	if (p->tcp_flags & CAPTURE_ACK)
		put32(tcp + 8, p->ack);
	tcp[12] = (uint8_t)(size / 4 << 4);
	tcp[13] = p->tcp_flags;
	put16(tcp + 14, 64240);
	if (size == TCP_SYN_SIZE)
		memcpy(tcp + TCP_SIZE, options, sizeof options);
	put16(tcp + 16, finish_sum(add_words(pseudo_header_sum(p, size), tcp, size)));
	return size;
}

/* The payload is zeros, so that it adds nothing to the sum. */
static uint32_t write_udp(uint8_t *udp, const struct capture_packet *p)
{
	uint32_t length = UDP_SIZE + (uint32_t)p->payload;
	put16(udp, p->src_port);
	put16(udp + 2, p->dst_port);
	put16(udp + 4, length);
	put16(udp + 6, 0);
	put16(udp + 6, finish_sum(add_words(pseudo_header_sum(p, length), udp, UDP_SIZE)));
	return length;
}

void capture_writer_add(struct capture_writer *w, const struct capture_packet *p)
{
	uint8_t frame[CAPTURE_WRITER_SNAP] = {0};
	uint8_t *ip = frame + ETHERNET_SIZE, *transport = ip + IP_SIZE;
	uint32_t behind_ip = p->proto == 17 ? write_udp(transport, p) : write_tcp(transport, p);
	uint32_t length = ETHERNET_SIZE + IP_SIZE + behind_ip;
	uint32_t captured = length < CAPTURE_WRITER_SNAP ? length : CAPTURE_WRITER_SNAP;
	write_ethernet(frame, (p->src & 0xffffff00) == CAPTURE_WRITER_HOME);
	write_ip(ip, p, IP_SIZE + behind_ip);
	const uint32_t header[4] = {(uint32_t)(p->time_us / 1000000),
		(uint32_t)(p->time_us % 1000000), captured, length};
	put(w, header, sizeof header);
	put(w, frame, captured);
	w->packets++;
}
