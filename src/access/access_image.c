/* SPDX-License-Identifier: ISC */
#include "access/access_image.h"

static const char magic[8] = "kwaccidx";
enum {
	VERSION = 1,
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
	if (h->byte_order != BYTE_ORDER_MARK || h->version != VERSION)
		return "made by another version";
	if (h->check != access_image_header_check(h) || h->size != size)
		return "damaged";
	for (int i = 0; i < ACCESS_IMAGE_PARTS; i++) {
		const uint64_t offset = h->parts[i].offset, bytes = h->parts[i].size;
		if (offset % PART_ALIGNMENT != 0 || offset > size || bytes > size - offset ||
			bytes % part_rules[i].item != 0 || bytes / part_rules[i].item > part_rules[i].most)
			return "damaged";
	}
	return NULL;
}

static uint64_t items_of(const struct access_image_header *h, enum access_image_part part)
{
	return h->parts[part].size / part_rules[part].item;
}

static const char *fault_of(const void *bytes, size_t size, struct access_image *x)
{
	struct access_image_header *h = &x->header;
	if (size < sizeof *h)
		return "no index";
	memcpy(h, bytes, sizeof *h);
	const char *fault = fault_of_header(h, size);
	if (fault != NULL)
		return fault;
	const char *part[ACCESS_IMAGE_PARTS];
	for (int i = 0; i < ACCESS_IMAGE_PARTS; i++)
		part[i] = (const char *)bytes + h->parts[i].offset;
	x->groups = (const void *)part[ACCESS_IMAGE_GROUPS];
	x->group_count = items_of(h, ACCESS_IMAGE_GROUPS);
	x->lines = (struct access_range_lines){
		(const void *)part[ACCESS_IMAGE_LINES], items_of(h, ACCESS_IMAGE_LINES)};
	x->places = (struct access_place_table){
		.buckets = (const void *)part[ACCESS_IMAGE_BUCKETS],
		.bucket_count = items_of(h, ACCESS_IMAGE_BUCKETS),
		.overflow = (const void *)part[ACCESS_IMAGE_OVERFLOW],
		.overflow_count = items_of(h, ACCESS_IMAGE_OVERFLOW),
	};
	x->others = (const void *)part[ACCESS_IMAGE_OTHERS];
	x->others_count = items_of(h, ACCESS_IMAGE_OTHERS);
	x->texts = part[ACCESS_IMAGE_TEXTS];
	x->texts_size = items_of(h, ACCESS_IMAGE_TEXTS);
	if (x->group_count == 0 || x->texts_size == 0 || x->texts[0] != '\n' || x->texts[x->texts_size - 1] != '\n')
		return "damaged";
	return NULL;
}

bool access_image_look(const void *bytes, size_t size, struct access_image *out, const char **why)
{
	*why = fault_of(bytes, size, out);
	return *why == NULL;
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

bool access_image_line_at(const struct access_image *x, uint32_t place, struct access_line *out)
{
	if (place == 0 || place >= x->texts_size || x->texts[place] == '\n')
		return false;
	const char *at = x->texts + place;
	const char *end = memchr(x->texts + place, '\n', x->texts_size - place);
	uint64_t offset, first, more;
	if (end == NULL) /* never, as below: both ends are newlines */
		return false;
	while (at > x->texts && at[-1] != '\n')
		at--;
	if (!read_number(&at, end, &offset) || !read_number(&at, end, &first) || !read_number(&at, end, &more) ||
		at > x->texts + place)
		return false;
	*out = (struct access_line){
		.text = {at, (size_t)(end - at)},
		.offset = offset,
		.first = (unsigned)first,
		.number = (unsigned)(first + more),
		.ended = true,
	};
	return true;
}

struct text_slice access_image_word_at(const struct access_image *x, uint32_t place)
{
	if (place >= x->texts_size)
		return (struct text_slice){"", 0};
	/* the last byte is a separator */
	const char *start = x->texts + place, *end = start;
	for (unsigned depth = 0;; end++) {
		if (*end == '\n' || *end == ' ' || *end == ',' || *end == '\t' || *end == '\r' || (*end == ':' && depth == 0))
			return (struct text_slice){start, (size_t)(end - start)};
		depth = *end == '[' ? 1 : *end == ']' ? 0 : depth;
	}
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

unsigned access_image_pieces(struct access_image_header *h, struct access_pile parts[ACCESS_IMAGE_PARTS],
	struct iovec pieces[ACCESS_IMAGE_PIECES])
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
	memcpy(h->magic, magic, sizeof magic);
	h->version = VERSION;
	h->byte_order = BYTE_ORDER_MARK;
	h->size = size;
	h->check = access_image_header_check(h);
	return count;
}
