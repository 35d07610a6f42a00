/* SPDX-License-Identifier: ISC */
#include "access/access_image.h"

#include "access/access_grammar.h"
#include "access/access_sum.h"
#include "access/access_text.h"

static const char magic[8] = "kwaccid";
enum {
	BYTE_ORDER_MARK = 0x01020304,
	PART_ALIGNMENT = 64,
};

static const struct {
	size_t item; /* bytes of one */
	uint64_t most;
} part_rules[ACCESS_IMAGE_PARTS] = {
	[ACCESS_IMAGE_GROUPS] = {sizeof(struct access_image_group), UINT32_MAX},
	[ACCESS_IMAGE_LINES] = {ACCESS_RANGE_LINE, UINT32_MAX},
	[ACCESS_IMAGE_BUCKETS] = {sizeof(struct access_place_bucket), UINT32_MAX},
	[ACCESS_IMAGE_OVERFLOW] = {sizeof(struct access_place_overflow), UINT32_MAX},
	[ACCESS_IMAGE_OTHERS] = {sizeof(uint32_t), UINT32_MAX},
	[ACCESS_IMAGE_TEXTS] = {1, UINT32_MAX},
};

struct access_image_table access_image_table_of(const struct stat *s)
{
	return (struct access_image_table){
		.inode = s->st_ino,
		.size = (uint64_t)s->st_size,
		.changed_s = s->st_ctim.tv_sec,
		.modified_s = s->st_mtim.tv_sec,
		.changed_ns = (uint32_t)s->st_ctim.tv_nsec,
		.modified_ns = (uint32_t)s->st_mtim.tv_nsec,
	};
}

bool access_image_table_same(const struct access_image_table *a, const struct access_image_table *b)
{
	return a->inode == b->inode && a->size == b->size && a->changed_s == b->changed_s &&
	       a->changed_ns == b->changed_ns && a->modified_s == b->modified_s && a->modified_ns == b->modified_ns;
}

uint64_t access_image_header_check(const struct access_image_header *h)
{
	const unsigned char *bytes = (const unsigned char *)h;
	uint64_t sum = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < offsetof(struct access_image_header, check); i++)
		sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
	return sum;
}

static const char *fault_of_header(const struct access_image_header *h, size_t size)
{
	if (memcmp(h->magic, magic, sizeof magic) != 0)
		return "no index";
	if (h->byte_order != BYTE_ORDER_MARK || h->version != ACCESS_IMAGE_VERSION)
		return "made by another version";
	if (h->check != access_image_header_check(h) || h->size != size || h->summed > size || h->summed % PART_ALIGNMENT != 0)
		return "damaged";
	for (int i = 0; i < ACCESS_IMAGE_PARTS; i++) {
		const uint64_t offset = h->parts[i].offset, bytes = h->parts[i].size;
		if (offset % PART_ALIGNMENT != 0 || offset > h->summed || bytes > h->summed - offset ||
			bytes % part_rules[i].item != 0 || bytes / part_rules[i].item > part_rules[i].most)
			return "damaged";
	}
	return NULL;
}

static uint64_t items_of(const struct access_image_header *h, enum access_image_part part)
{
	return h->parts[part].size / part_rules[part].item;
}

static const char *fault_of(struct access_bytes *bytes, struct access_image *x)
{
	struct access_image_header *h = &x->header;
	if (bytes->size < sizeof *h || !access_bytes_copy(bytes, 0, sizeof *h, h))
		return "no index";
	const char *fault = fault_of_header(h, bytes->size);
	if (fault != NULL)
		return fault;
	if (!access_bytes_expect_sums(bytes, h->summed, h->seed))
		return "damaged";
	x->bytes = bytes;
	x->group_count = items_of(h, ACCESS_IMAGE_GROUPS);
	x->others_count = items_of(h, ACCESS_IMAGE_OTHERS);
	x->lines = (struct access_range_lines){
		bytes, h->parts[ACCESS_IMAGE_LINES].offset, items_of(h, ACCESS_IMAGE_LINES)};
	x->places = (struct access_place_table){
		.bytes = bytes,
		.buckets = h->parts[ACCESS_IMAGE_BUCKETS].offset,
		.bucket_count = items_of(h, ACCESS_IMAGE_BUCKETS),
		.overflow = h->parts[ACCESS_IMAGE_OVERFLOW].offset,
		.overflow_count = items_of(h, ACCESS_IMAGE_OVERFLOW),
	};
	return x->group_count == 0 ? "damaged" : NULL;
}

bool access_image_look(struct access_bytes *bytes, struct access_image *out, const char **why)
{
	*why = fault_of(bytes, out);
	return *why == NULL;
}

static const void *item_at(const struct access_image *x, enum access_image_part part, uint64_t i)
{
	if (i < items_of(&x->header, part))
		return access_bytes_at(x->bytes, x->header.parts[part].offset + i * part_rules[part].item, part_rules[part].item);
	x->bytes->failed = true;
	return NULL;
}

bool access_image_group_at(const struct access_image *x, uint32_t group, struct access_image_group *out)
{
	const struct access_image_group *g = item_at(x, ACCESS_IMAGE_GROUPS, group);
	if (g != NULL)
		*out = *g;
	return g != NULL;
}

bool access_image_other_at(const struct access_image *x, uint32_t i, uint32_t *place)
{
	const uint32_t *other = item_at(x, ACCESS_IMAGE_OTHERS, i);
	if (other != NULL)
		*place = *other;
	return other != NULL;
}

/*
 * A line's place in the table stands before it: three numbers, six bits a byte, of which the uppermost is set, so that no
 * byte of them is a newline; the last byte of each has the next bit set, too.
 */
enum { MORE = 0x80, LAST = 0xc0, BITS = 6 };

static bool read_number(const char **at, const char *end, uint64_t *out)
{
	uint64_t n = 0;
	while (*at < end) {
		unsigned char c = (unsigned char)*(*at)++;
		if (c < MORE)
			return false;
		n = n << BITS | (c & ((1U << BITS) - 1));
		if (c >= LAST) {
			*out = n;
			return true;
		}
	}
	return false;
}

static void add_number(struct access_pile *p, uint64_t n)
{
	unsigned char bytes[11];
	unsigned first = sizeof bytes;
	unsigned char mark = LAST;
	do {
		bytes[--first] = (unsigned char)(mark | (n & ((1U << BITS) - 1)));
		n >>= BITS;
		mark = MORE;
	} while (n > 0);
	access_pile_add_bytes(p, bytes + first, sizeof bytes - first);
}

/* With what stands before the line; `*before`: how much of it is before the place. */
static struct text_slice text_around(const struct access_image *x, uint32_t place, uint64_t *before)
{
	const uint64_t offset = x->header.parts[ACCESS_IMAGE_TEXTS].offset, size = x->header.parts[ACCESS_IMAGE_TEXTS].size;
	return access_bytes_line_around(x->bytes, offset + place, offset, offset + size, before);
}

bool access_image_line_at(const struct access_image *x, uint32_t place, struct access_line *out)
{
	uint64_t offset, first, more, before;
	const struct text_slice all = text_around(x, place, &before);
	if (all.start == NULL)
		return false;
	const char *at = all.start, *end = at + all.length;
	if (!read_number(&at, end, &offset) || !read_number(&at, end, &first) || !read_number(&at, end, &more) ||
		at > all.start + before || before >= all.length) {
		x->bytes->failed = true;
		return false;
	}
	*out = (struct access_line){
		.text = {at, (size_t)(end - at)},
		.offset = offset,
		.first = (unsigned)first,
		.number = (unsigned)(first + more),
		.ended = true,
	};
	return true;
}

/* Its colons separate nothing. */
static size_t bare_v6_at(struct text_slice text)
{
	size_t n = 0;
	while (n < text.length && !access_text_is_space(text.start[n]) && text.start[n] != ',')
		n++;
	return n > 0 ? access_grammar_bare_v6((struct text_slice){text.start, n}) : 0;
}

struct text_slice access_image_word_at(const struct access_image *x, uint32_t place)
{
	uint64_t before;
	const struct text_slice all = text_around(x, place, &before);
	if (all.start == NULL)
		return (struct text_slice){"", 0};
	const char *start = all.start + before, *end = start;
	unsigned depth = 0;
	if (x->header.strict)
		end += bare_v6_at((struct text_slice){start, all.length - (size_t)before});
	while (end < all.start + all.length && !access_text_is_space(*end) && *end != ',' && (*end != ':' || depth > 0)) {
		depth = *end == '[' ? 1 : *end == ']' ? 0 : depth;
		end++;
	}
	return (struct text_slice){start, (size_t)(end - start)};
}

bool access_image_add_line(struct access_pile *texts, const struct access_line *line, uint32_t *place)
{
	if (texts->used == 0)
		access_pile_add_bytes(texts, "\n", 1);
	add_number(texts, line->offset);
	add_number(texts, line->first);
	add_number(texts, line->number - line->first);
	const size_t start = texts->used;
	access_pile_add_bytes(texts, line->text.start, line->text.length);
	access_pile_add_bytes(texts, "\n", 1);
	*place = (uint32_t)start;
	return !texts->failed && texts->used < UINT32_MAX;
}

static size_t aligned(size_t n)
{
	return (n + PART_ALIGNMENT - 1) / PART_ALIGNMENT * PART_ALIGNMENT;
}

static void add_sum(struct access_pile *sums, uint64_t seed, const char *piece, size_t length)
{
	const uint64_t sum = access_sum_of(piece, length, seed, sums->used / sizeof sum);
	access_pile_add_bytes(sums, &sum, sizeof sum);
}

/* Of all bytes, as they will stand in the file. */
static void add_sums(struct access_pile *sums, uint64_t seed, const struct iovec *pieces, unsigned count)
{
	char piece[ACCESS_BYTES_PIECE];
	size_t used = 0;
	for (unsigned i = 0; i < count; i++) {
		const char *from = pieces[i].iov_base;
		for (size_t left = pieces[i].iov_len; left > 0;) {
			const size_t here = left < sizeof piece - used ? left : sizeof piece - used;
			memcpy(piece + used, from, here);
			used += here;
			from += here;
			left -= here;
			if (used == sizeof piece) {
				add_sum(sums, seed, piece, used);
				used = 0;
			}
		}
	}
	if (used > 0)
		add_sum(sums, seed, piece, used);
}

unsigned access_image_pieces(struct access_image_header *h, struct access_pile parts[ACCESS_IMAGE_PARTS],
	struct access_pile *sums, struct iovec pieces[ACCESS_IMAGE_PIECES])
{
	static const char zeros[PART_ALIGNMENT];
	size_t size = sizeof *h;
	unsigned count = 0;
	pieces[count++] = (struct iovec){h, size};
	if (parts[ACCESS_IMAGE_TEXTS].used == 0)
		access_pile_add_bytes(&parts[ACCESS_IMAGE_TEXTS], "\n", 1);
	for (int i = 0; i < ACCESS_IMAGE_PARTS; i++) {
		if (parts[i].failed)
			return 0;
		pieces[count++] = (struct iovec){(void *)zeros, aligned(size) - size};
		pieces[count++] = (struct iovec){parts[i].bytes, parts[i].used};
		h->parts[i].offset = aligned(size);
		h->parts[i].size = parts[i].used;
		size = aligned(size) + parts[i].used;
	}
	h->summed = aligned(size);
	pieces[count++] = (struct iovec){(void *)zeros, h->summed - size};
	memcpy(h->magic, magic, sizeof magic);
	h->version = ACCESS_IMAGE_VERSION;
	h->byte_order = BYTE_ORDER_MARK;
	h->size = h->summed + access_bytes_sums(h->summed) * sizeof(uint64_t);
	h->check = access_image_header_check(h);
	add_sums(sums, h->seed, pieces, count);
	pieces[count++] = (struct iovec){sums->bytes, sums->used};
	return sums->failed ? 0 : count;
}
