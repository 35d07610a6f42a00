/* SPDX-License-Identifier: ISC */
/*
 * Walking a list costs some 35 instructions an option, and a SYN of Linux has five. But nearly all
 * lists are one of a handful, equal but for their values. So a list is first compared with those of
 * its size, in three words that end where the header ends:
 *
 *     | fixed header, 20 bytes | options, 4 to 24 |
 *                   |  word   |  word   |  word   |
 *
 * What stands before the first option, and the values, are masked out. The fixed header in front is
 * what makes the words safe to read, however short the list.
 */
#include "packet/tcp_options.h"

#include <stdbool.h>
#include <string.h>

#define TCP_HEADER_SIZE 20
#define WORDS 3 /* compared: 24 bytes of options, the longest list that is usual */
#define LISTS_OF_A_SIZE 3

/* Kinds (IANA "TCP Option Kind Numbers"). */
enum tcp_option {
	TCP_OPTION_END = 0,
	TCP_OPTION_NOP = 1,
	TCP_OPTION_MSS = 2,
	TCP_OPTION_SCALE = 3,
	TCP_OPTION_LAYOUT_OTHER = 14, /* this kind and all above share one digit of the layout */
};

#define LAYOUT_BITS 64

/* A list that many send, as the last words of the header. */
struct usual_list {
	uint64_t sent[WORDS];   /* kinds and sizes; 0 where a value stands */
	uint64_t counts[WORDS]; /* the bits that are kinds and sizes */
	uint64_t layout;        /* 0 = no list here */
	uint8_t mss_at;         /* of the value, from the first option on; 0 = it has none */
	uint8_t scale_at;
};

/* By size in words of four bytes; of one size the more frequent ones first. */
static const struct usual_list usual_lists[][LISTS_OF_A_SIZE] = {
	[1] =
		{
			/* maximum segment size alone: nmap, masscan, ZMap, small stacks */
			{{0, 0, 0x0000000002040000}, {0, 0, 0x00000000ffff0000}, 0x3, 2, 0},
		},
	[2] =
		{
			/* old Windows */
			{{0, 0, 0x0204000001010402}, {0, 0, 0xffff0000ffffffff}, 0x5223, 2, 0},
		},
	[3] =
		{
			/* time stamps: inside a connection */
			{{0, 0x000000000101080a, 0}, {0, 0x00000000ffffffff, 0}, 0x922, 0, 0},
			/* Windows */
			{{0, 0x0000000002040000, 0x0103030001010402},
				{0, 0x00000000ffff0000, 0xffffff00ffffffff}, 0x522423, 2, 7},
			/* Linux without time stamps, and what answers Windows */
			{{0, 0x0000000002040000, 0x0101040201030300},
				{0, 0x00000000ffff0000, 0xffffffffffffff00}, 0x425223, 2, 11},
		},
	[5] =
		{
			/* Linux */
			{{0x0000000002040000, 0x0402080a00000000, 0x0000000001030300},
				{0x00000000ffff0000, 0xffffffff00000000, 0x00000000ffffff00},
				0x42953, 2, 19},
			/* FreeBSD */
			{{0x0000000002040000, 0x010303000402080a, 0},
				{0x00000000ffff0000, 0xffffff00ffffffff, 0}, 0x95423, 2, 7},
		},
	[6] =
		{
			/* macOS, iOS */
			{{0x0204000001030300, 0x0101080a00000000, 0x0000000004020000},
				{0xffff0000ffffff00, 0xffffffff00000000, 0x00000000ffffffff},
				0x15922423, 2, 7},
		},
};

#define USUAL_SIZES (sizeof usual_lists / sizeof usual_lists[0])

static uint64_t word_at(const uint8_t *bytes)
{
	uint64_t word;
	memcpy(&word, bytes, sizeof word);
	return __builtin_bswap64(word);
}

static bool is_list(const struct usual_list *l, const uint8_t *end)
{
	uint64_t differs = (word_at(end - 24) & l->counts[0]) ^ l->sent[0];
	differs |= (word_at(end - 16) & l->counts[1]) ^ l->sent[1];
	differs |= (word_at(end - 8) & l->counts[2]) ^ l->sent[2];
	return differs == 0;
}

/* The values of a list that has been recognised. */
static void take_values(const struct usual_list *l, const uint8_t *list, struct event *e)
{
	e->tcp_option_layout = l->layout;
	if (l->mss_at)
		e->tcp_mss = (uint16_t)(list[l->mss_at] << 8 | list[l->mss_at + 1]);
	if (l->scale_at)
		e->tcp_wscale = list[l->scale_at];
}

static void read_value(uint8_t kind, const uint8_t *value, size_t size, struct event *e)
{
	if (kind == TCP_OPTION_MSS && size == 2)
		e->tcp_mss = (uint16_t)(value[0] << 8 | value[1]);
	else if (kind == TCP_OPTION_SCALE && size == 1)
		e->tcp_wscale = value[0];
}

/* By index: kind and size are checked against the end once an option. */
void tcp_options_walk(const uint8_t *header, size_t size, struct event *e)
{
	uint64_t layout = 0;
	unsigned shift = 0;
	for (size_t at = TCP_HEADER_SIZE, step = 1; at < size; at += step) {
		uint8_t kind = header[at];
		if (shift < LAYOUT_BITS) {
			uint64_t digit = kind < TCP_OPTION_LAYOUT_OTHER ? kind + 1u : 15u;
			layout |= digit << shift;
			shift += 4;
		}
		step = 1;
		if (kind == TCP_OPTION_END)
			break;
		if (kind == TCP_OPTION_NOP)
			continue;
		if (size - at < 2 || header[at + 1] < 2 || header[at + 1] > size - at)
			break;
		step = header[at + 1];
		read_value(kind, header + at + 2, step - 2, e);
	}
	e->tcp_option_layout = layout;
}

void tcp_options_read(const uint8_t *header, size_t size, struct event *e)
{
	size_t words = (size - TCP_HEADER_SIZE) / 4;
	if (words == 0)
		return;
	if (words < USUAL_SIZES) {
		const struct usual_list *lists = usual_lists[words];
		for (size_t i = 0; i < LISTS_OF_A_SIZE && lists[i].layout; i++) {
			if (is_list(&lists[i], header + size)) {
				take_values(&lists[i], header + TCP_HEADER_SIZE, e);
				return;
			}
		}
	}
	tcp_options_walk(header, size, e);
}
