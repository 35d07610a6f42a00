/* SPDX-License-Identifier: ISC */
/*
 * Walking a list costs some 35 instructions an option, and a SYN of Linux has five. But nearly all
 * lists are one of a handful, equal but for their values. So a list is first compared with the usual ones
 * of its size, in three words that end where the header ends:
 *
 *     | fixed header, 20 bytes | options, 4 to 24 |
 *                   |  word   |  word   |  word   |
 *
 * What stands before the first option, and the values, are masked out. The fixed header in front is
 * what makes the words safe to read, however short the list.
 */
#include "packet/tcp_options.h"

#include "base/byte_cursor.h"

#include <stdbool.h>
#include <string.h>

#define FIXED_SIZE 20
#define WORDS 3 /* compared: 24 bytes of options, the longest list that is usual */

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
	uint8_t mss_at;         /* of the value, in the header; 0 = it has none */
	uint8_t scale_at;
};

/* Three words as they stand in the header, in memory. */
#define BYTES(a, b, c)                                                                             \
	{                                                                                          \
		__builtin_bswap64(a), __builtin_bswap64(b), __builtin_bswap64(c)                   \
	}

/* The most frequent list of each size: by the size of the header in words of four bytes. */
static const struct usual_list first_lists[16] = {
	/* maximum segment size alone: nmap, masscan, ZMap, small stacks */
	[6] = {BYTES(0, 0, 0x0000000002040000), BYTES(0, 0, 0x00000000ffff0000), 0x3, 22, 0},
	/* old Windows */
	[7] = {BYTES(0, 0, 0x0204000001010402), BYTES(0, 0, 0xffff0000ffffffff), 0x5223, 22, 0},
	/* time stamps: inside a connection */
	[8] = {BYTES(0, 0x000000000101080a, 0), BYTES(0, 0x00000000ffffffff, 0), 0x922, 0, 0},
	/* Linux */
	[10] = {BYTES(0x0000000002040000, 0x0402080a00000000, 0x0000000001030300),
		BYTES(0x00000000ffff0000, 0xffffffff00000000, 0x00000000ffffff00), 0x42953, 22, 39},
	/* macOS, iOS */
	[11] = {BYTES(0x0204000001030300, 0x0101080a00000000, 0x0000000004020000),
		BYTES(0xffff0000ffffff00, 0xffffffff00000000, 0x00000000ffffffff), 0x15922423, 22,
		27},
};

/* Those that are less frequent than another one of their size. */
static const struct {
	size_t words;
	struct usual_list list;
} other_lists[] = {
	/* Windows */
	{8, {BYTES(0, 0x0000000002040000, 0x0103030001010402),
		    BYTES(0, 0x00000000ffff0000, 0xffffff00ffffffff), 0x522423, 22, 27}},
	/* Linux without time stamps, and what answers Windows */
	{8, {BYTES(0, 0x0000000002040000, 0x0101040201030300),
		    BYTES(0, 0x00000000ffff0000, 0xffffffffffffff00), 0x425223, 22, 31}},
	/* FreeBSD */
	{10, {BYTES(0x0000000002040000, 0x010303000402080a, 0),
		     BYTES(0x00000000ffff0000, 0xffffff00ffffffff, 0), 0x95423, 22, 27}},
};

static inline uint64_t difference(const struct usual_list *l, const uint8_t *end, size_t word)
{
	uint64_t there;
	memcpy(&there, end - sizeof l->sent + word * sizeof there, sizeof there);
	return (there & l->counts[word]) ^ l->sent[word];
}

/* True if the header that ends at `end` has this list. */
static inline bool is_list(const struct usual_list *l, const uint8_t *end)
{
	return (difference(l, end, 0) | difference(l, end, 1) | difference(l, end, 2)) == 0 &&
	       l->layout != 0;
}

/* The values of a list that has been recognised. */
static inline void take_values(const struct usual_list *l, const uint8_t *header, struct event *e)
{
	e->tcp_option_layout = l->layout;
	if (l->mss_at) {
		struct byte_cursor c = byte_cursor_over(header + l->mss_at, 2);
		e->tcp_mss = byte_cursor_u16(&c);
	}
	if (l->scale_at)
		e->tcp_wscale = header[l->scale_at];
}

static void read_value(uint8_t kind, const uint8_t *value, size_t size, struct event *e)
{
	if (kind == TCP_OPTION_MSS && size == 2)
		e->tcp_mss = (uint16_t)(value[0] << 8 | value[1]);
	else if (kind == TCP_OPTION_SCALE && size == 1)
		e->tcp_wscale = value[0];
}

/* By index: kind and size are checked against the end once an option. */
void tcp_options_walk(const uint8_t *header, size_t words, struct event *e)
{
	const size_t size = words * 4;
	uint64_t layout = 0;
	unsigned shift = 0;
	for (size_t at = FIXED_SIZE, step = 1; at < size; at += step) {
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

/* Not inlined: the usual list would pay for its registers. */
__attribute__((noinline)) static void read_other(
	const uint8_t *header, size_t words, struct event *e)
{
	for (size_t i = 0; i < sizeof other_lists / sizeof other_lists[0]; i++) {
		if (other_lists[i].words == words &&
			is_list(&other_lists[i].list, header + words * 4)) {
			take_values(&other_lists[i].list, header, e);
			return;
		}
	}
	tcp_options_walk(header, words, e);
}

void tcp_options_read(const uint8_t *header, size_t words, struct event *e)
{
	if (words == FIXED_SIZE / 4)
		return;
	const struct usual_list *l = &first_lists[words];
	if (is_list(l, header + words * 4))
		take_values(l, header, e);
	else
		read_other(header, words, e);
}
