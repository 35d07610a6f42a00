/* SPDX-License-Identifier: ISC */
/*
 * access_image - the bytes of an index: a header, six parts and sums, in the byte order of the machine that made them.
 *
 *     groups    one for each daemon that is named, and the first for ALL: where its parts are
 *     lines     trees of networks (access_range_tree)
 *     buckets, overflow    addresses, names and their endings, and the daemons' names (access_place_table)
 *     others    places of rules that are tried one by one, by group, in their order
 *     texts     the rules themselves: "\n", then for each its place in the table, the line, "\n"
 *     sums      one of each 512 bytes before them (access_sum), the header included, which has one of its own, too
 *
 * A **place** is where a word stands in `texts`: places are in the order of the table, and from a place one finds
 * the word, its rule and its line without any list between.
 *
 * The parts are checked to lie inside the file when it is opened, and no byte is used before the sum of its piece fits: an
 * image that is not as it was written gives no answer. What the parts hold is checked at each use all the same: one that
 * was made to lie leads to wrong places, never outside.
 *
 * Tests: tests/unit/access/test_access_image.c, tests/unit/access/test_access_image_lies.c
 * Fuzzed: fuzz/access/fuzz_access_index.c
 */
#ifndef KW_ACCESS_ACCESS_IMAGE_H
#define KW_ACCESS_ACCESS_IMAGE_H

#include "access/access_bytes.h"
#include "access/access_pile.h"
#include "access/access_place_table.h"
#include "access/access_range_tree.h"
#include "access/access_reader.h"

#include <sys/stat.h>
#include <sys/uio.h>

/* Which state of which file. Without the device: its number is another after a restart on many systems, and the time of the
 * last change, which nobody can set, is enough. */
struct access_image_table {
	uint64_t inode, size;
	int64_t changed_s, modified_s; /* ctime, mtime */
	uint32_t changed_ns, modified_ns;
};
struct access_image_table access_image_table_of(const struct stat *s);
bool access_image_table_same(const struct access_image_table *a, const struct access_image_table *b);

/* Which lengths of text there are, one bit each: most look-ups are not worth a try. */
struct access_image_lengths {
	uint64_t exact[2], prefix[2], suffix[2];
	uint64_t numeric_suffix[2]; /* ".7": compared with addresses only; the others with names only */
};
static inline void access_image_lengths_add(uint64_t set[2], size_t length)
{
	set[length / 64 % 2] |= UINT64_C(1) << length % 64;
}
static inline bool access_image_lengths_have(const uint64_t set[2], size_t length)
{
	return set[length / 64 % 2] >> length % 64 & 1;
}

enum access_image_part {
	ACCESS_IMAGE_GROUPS,
	ACCESS_IMAGE_LINES,
	ACCESS_IMAGE_BUCKETS,
	ACCESS_IMAGE_OVERFLOW,
	ACCESS_IMAGE_OTHERS,
	ACCESS_IMAGE_TEXTS,
	ACCESS_IMAGE_PARTS,
};

enum access_image_looked_up {
	ACCESS_IMAGE_TEXT = 1,
	ACCESS_IMAGE_V4_ADDRESS = 2,
	ACCESS_IMAGE_V6_ADDRESS = 4,
};

struct access_image_group {
	uint32_t name;         /* place of the daemon's name; ACCESS_NOWHERE for ALL */
	uint32_t all;          /* first word ALL */
	uint32_t needs_name;   /* first word that is compared with names */
	uint32_t hangs_on_name; /* first one that fits nothing else: not "[2001:db8::1]" */
	uint32_t looked_up;    /* what of this group is in the place table: enum access_image_looked_up */
	uint32_t others_first; /* in `others` */
	uint32_t others_count;
	struct access_range_trees trees;
	uint32_t unused[3]; /* none crosses a piece (access_bytes) */
};

struct access_image_counts {
	uint32_t rules, entries, others;
};

enum { ACCESS_IMAGE_VERSION = 4 };

struct access_image_header {
	char magic[8];
	uint32_t version;
	uint32_t byte_order;
	uint64_t size; /* of all */
	struct access_image_table table;
	struct {
		uint64_t offset, size;
	} parts[ACCESS_IMAGE_PARTS];
	uint64_t seed; /* of the place table, and of the sums */
	struct access_image_lengths lengths;
	struct access_image_counts counts;
	uint32_t may_expire; /* not 0: some rule that can be looked up has an end */
	uint32_t strict;     /* not 0: the table is (access_mark) */
	uint32_t unused;
	uint64_t summed; /* where the sums begin, a multiple of 64 */
	uint64_t check;  /* of the header before it */
};
uint64_t access_image_header_check(const struct access_image_header *h);

/* A look at an image; its bytes are borrowed, the header copied. */
struct access_image {
	struct access_image_header header;
	struct access_bytes *bytes;
	uint64_t group_count;  /* at least 1 */
	uint64_t others_count;
	struct access_range_lines lines;
	struct access_place_table places;
};

/*
 * False, with the reason, if this is no image, one of another kind of machine, or damaged, as far as is read: all of it in memory.
 * Memory has to be aligned to 8. Once for the same bytes: they end before the sums from then on.
 */
bool access_image_look(struct access_bytes *bytes, struct access_image *out, const char **why);

/* Items, in bounds; false, and the bytes have failed, where they cannot be read. */
bool access_image_group_at(const struct access_image *image, uint32_t group, struct access_image_group *out);
bool access_image_other_at(const struct access_image *image, uint32_t i, uint32_t *place);

/* The whole line in which `place` is; valid until another is asked for. False, and the bytes have failed, if there is none. */
bool access_image_line_at(const struct access_image *image, uint32_t place, struct access_line *out);
/* Asks memory for it. */
static inline void access_image_prefetch_line(const struct access_image *image, uint32_t place)
{
	if (image->bytes->memory != NULL && place < image->header.parts[ACCESS_IMAGE_TEXTS].size)
		__builtin_prefetch(image->bytes->memory + image->header.parts[ACCESS_IMAGE_TEXTS].offset + place);
}
/* The client or daemon at `place`, to the next separator; valid as the line. Empty if there is none. */
struct text_slice access_image_word_at(const struct access_image *image, uint32_t place);

/* Making one. Adds the line; `*place` is where its first byte stands. False beyond 4 GiB, or without memory. */
bool access_image_add_line(struct access_pile *texts, const struct access_line *line, uint32_t *place);
/*
 * The bytes of an image, in order: a header, of which magic, sizes and check are filled in here, and the parts, with zeros between,
 * and their sums, which are made here and put on an empty pile. They point to header, parts and sums. Returns how many, 0 where
 * a part has failed, or without memory.
 */
enum { ACCESS_IMAGE_PIECES = 2 * ACCESS_IMAGE_PARTS + 3 };
unsigned access_image_pieces(struct access_image_header *header, struct access_pile parts[ACCESS_IMAGE_PARTS],
	struct access_pile *sums, struct iovec pieces[ACCESS_IMAGE_PIECES]);

#endif
