/* SPDX-License-Identifier: ISC */
#include "input/byte_stream.h"

#include "input/input_budget.h"

#include "base/memory.h"
#include "memory_file.h"
#include "packed_bytes.h"

#include <lzma.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define TEXT_SIZE 200000

/* Text that packs, but not to nothing: three sizes of the read buffer stay involved. */
static uint8_t *sample_text(void)
{
	uint8_t *text = memory_calloc(TEXT_SIZE, 1);
	uint32_t x = 1;
	for (size_t i = 0; i < TEXT_SIZE; i++) {
		x = x * 1664525u + 1013904223u;
		text[i] = (uint8_t)("0123456789abcdef\n"[(x >> 24) % 17]);
	}
	return text;
}

struct outcome {
	uint8_t *bytes;
	size_t size;
	const char *fault;
	const char *packing;
	uint64_t taken;
};

static struct outcome read_all(const void *bytes, size_t size, size_t step)
{
	struct outcome o = {.bytes = memory_calloc(4 * TEXT_SIZE, 1)};
	struct byte_stream *s = memory_file_stream(bytes, size);
	size_t got;
	while ((got = byte_stream_read(s, o.bytes + o.size, step)) > 0) {
		assert_true(got <= step);
		o.size += got;
		assert_true(o.size + step <= 4 * TEXT_SIZE);
	}
	assert_int_equal(byte_stream_read(s, o.bytes, 1), 0); /* the end stays the end */
	o.fault = byte_stream_fault(s);
	o.packing = byte_stream_packing(s);
	o.taken = byte_stream_taken(s);
	byte_stream_destroy(s);
	return o;
}

static void every_packing_gives_back_the_bytes(void **state)
{
	(void)state;
	static const size_t steps[] = {1, 7, 4096, TEXT_SIZE};
	uint8_t *text = sample_text();
	for (int form = 0; form < PACKED_BYTES_FORMS; form++) {
		struct packed_bytes p = {0};
		packed_bytes_add(&p, (enum packed_bytes_form)form, text, TEXT_SIZE);
		for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
			struct outcome o = read_all(p.bytes, p.size, steps[i]);
			if (o.size != TEXT_SIZE || memcmp(o.bytes, text, TEXT_SIZE) != 0 || o.fault)
				fail_msg("%s, step %zu: got %zu bytes, fault %s",
					packed_bytes_form_name((enum packed_bytes_form)form),
					steps[i], o.size, o.fault ? o.fault : "none");
			assert_int_equal(o.taken, p.size);
			if (form == PACKED_BYTES_PLAIN)
				assert_null(o.packing);
			else
				assert_string_equal(o.packing,
					packed_bytes_form_name((enum packed_bytes_form)form));
			free(o.bytes);
		}
		packed_bytes_clear(&p);
	}
	free(text);
}

static void members_in_a_row_are_read_as_one(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		const char *behind_first; /* raw bytes between the members */
		size_t behind_size;
		const char *behind_last;
		size_t last_size;
		const char *fault; /* null: none */
	} rows[] = {
		{"nothing between", "", 0, "", 0, NULL},
		{"zeros between", "\0\0\0\0", 4, "", 0, NULL},
		{"zeros at the end", "", 0, "\0\0\0\0\0\0\0\0", 8, NULL},
		{"text at the end", "", 0, "hello", 5, "other bytes follow the packed ones"},
		{"one strange byte at the end", "", 0, "\x1f", 1,
			"other bytes follow the packed ones"},
	};
	for (int form = PACKED_BYTES_GZIP; form < PACKED_BYTES_FORMS; form++) {
		for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
			struct packed_bytes p = {0};
			packed_bytes_add(&p, (enum packed_bytes_form)form, "first\n", 6);
			packed_bytes_add_raw(&p, rows[i].behind_first, rows[i].behind_size);
			packed_bytes_add(&p, (enum packed_bytes_form)form, "", 0);
			packed_bytes_add(&p, (enum packed_bytes_form)form, "second\n", 7);
			packed_bytes_add_raw(&p, rows[i].behind_last, rows[i].last_size);
			struct outcome o = read_all(p.bytes, p.size, 100);
			if (o.size != 13 || memcmp(o.bytes, "first\nsecond\n", 13) != 0)
				fail_msg("%s, %s: got %zu bytes '%s'", rows[i].name,
					packed_bytes_form_name((enum packed_bytes_form)form),
					o.size, o.bytes);
			if (rows[i].fault != NULL)
				assert_string_equal(o.fault, rows[i].fault);
			else
				assert_null(o.fault);
			free(o.bytes);
			packed_bytes_clear(&p);
		}
	}
}

/* Different packings may even follow each other: nothing forbids it, and cat(1) does it. */
static void members_of_different_packings_follow_each_other(void **state)
{
	(void)state;
	struct packed_bytes p = {0};
	packed_bytes_add(&p, PACKED_BYTES_GZIP, "a", 1);
	packed_bytes_add(&p, PACKED_BYTES_ZSTD, "b", 1);
	packed_bytes_add_raw(&p, "\x5a\x2a\x4d\x18\x02\0\0\0hi", 10); /* a skippable zstd frame */
	packed_bytes_add(&p, PACKED_BYTES_XZ, "c", 1);
	struct outcome o = read_all(p.bytes, p.size, 100);
	assert_null(o.fault);
	assert_string_equal((char *)o.bytes, "abc");
	free(o.bytes);
	packed_bytes_clear(&p);
}

static void a_cut_file_gives_a_beginning_and_a_fault(void **state)
{
	(void)state;
	const size_t size = 3000;
	uint8_t *text = sample_text();
	for (int form = PACKED_BYTES_GZIP; form < PACKED_BYTES_FORMS; form++) {
		struct packed_bytes p = {0};
		packed_bytes_add(&p, (enum packed_bytes_form)form, text, size);
		for (size_t cut = 6; cut < p.size; cut++) {
			struct outcome o = read_all(p.bytes, cut, 512);
			if (o.fault == NULL || o.size > size || memcmp(o.bytes, text, o.size) != 0)
				fail_msg("%s cut at %zu: got %zu bytes, fault %s",
					packed_bytes_form_name((enum packed_bytes_form)form), cut,
					o.size, o.fault ? o.fault : "none");
			free(o.bytes);
		}
		packed_bytes_clear(&p);
	}
	free(text);
}

static void a_changed_byte_is_found(void **state)
{
	(void)state;
	uint8_t *text = sample_text();
	for (int form = PACKED_BYTES_GZIP; form < PACKED_BYTES_FORMS; form++) {
		struct packed_bytes p = {0};
		packed_bytes_add(&p, (enum packed_bytes_form)form, text, TEXT_SIZE);
		p.bytes[p.size / 2] ^= 0x55;
		struct outcome o = read_all(p.bytes, p.size, 4096);
		if (o.fault == NULL)
			fail_msg("%s: no fault",
				packed_bytes_form_name((enum packed_bytes_form)form));
		free(o.bytes);
		packed_bytes_clear(&p);
	}
	free(text);
}

/* The .xz file format, 3.1 and 5.3.1: the block's header stands at byte 12, its length in words of
 * four bytes less one in its first byte, its check at its end; in it, filter 0x21 with one byte. */
static void ask_xz_for_128_mib(struct packed_bytes *xz)
{
	uint8_t *header = xz->bytes + 12;
	size_t size = ((size_t)header[0] + 1) * 4 - 4, at = 2;
	while (header[at] != 0x21 || header[at + 1] != 1)
		at++;
	assert_true(at + 2 < size);
	header[at + 2] = 30; /* 2^27 */
	uint32_t check = lzma_crc32(header, size, 0);
	for (size_t i = 0; i < 4; i++)
		header[size + i] = (uint8_t)(check >> (8 * i));
}

static void a_member_that_asks_for_too_much_memory_is_refused(void **state)
{
	(void)state;
	/* zstd: no content size, window 2^27, one raw block of one byte. */
	static const uint8_t zstd[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 0x09, 0, 0, 'x'};
	struct outcome o = read_all(zstd, sizeof zstd, 10);
	assert_non_null(strstr(o.fault, "64 MiB"));
	free(o.bytes);

	struct packed_bytes xz = {0};
	packed_bytes_add(&xz, PACKED_BYTES_XZ, "x", 1);
	ask_xz_for_128_mib(&xz);
	o = read_all(xz.bytes, xz.size, 10);
	assert_non_null(strstr(o.fault, "64 MiB"));
	free(o.bytes);
	packed_bytes_clear(&xz);
}

/* Two packed files at once share what there is; what one gives back the other may take. */
static void files_that_are_unpacked_share_a_budget(void **state)
{
	(void)state;
	struct packed_bytes xz = {0};
	uint8_t *text = sample_text(), byte;
	packed_bytes_add(&xz, PACKED_BYTES_XZ, text, TEXT_SIZE);
	struct input_budget b = {.most = UINT64_MAX};
	struct byte_stream *one = memory_file_stream(xz.bytes, xz.size);
	byte_stream_share(one, &b);
	assert_int_equal(byte_stream_read(one, &byte, 1), 1);
	uint64_t each = b.used;
	assert_true(each > 1 << 16 && b.unpacks);
	b.most = each + each / 2;
	struct byte_stream *two = memory_file_stream(xz.bytes, xz.size);
	byte_stream_share(two, &b);
	assert_int_equal(byte_stream_read(two, &byte, 1), 0);
	assert_non_null(strstr(byte_stream_fault(two), "--memory"));
	assert_int_equal(b.used, each);
	byte_stream_destroy(two);
	byte_stream_destroy(one);
	assert_int_equal(b.used, 0);
	two = memory_file_stream(xz.bytes, xz.size);
	byte_stream_share(two, &b);
	assert_int_equal(byte_stream_read(two, &byte, 1), 1);
	byte_stream_destroy(two);
	packed_bytes_clear(&xz);
	free(text);
}

static void an_empty_file_is_an_empty_stream(void **state)
{
	(void)state;
	struct outcome o = read_all("", 0, 10);
	assert_int_equal(o.size, 0);
	assert_null(o.fault);
	free(o.bytes);
}

static void what_cannot_be_read_is_a_fault(void **state)
{
	(void)state;
	int ends[2];
	char byte;
	assert_int_equal(pipe(ends), 0);
	struct byte_stream *s = byte_stream_create(ends[1]); /* the end for writing */
	assert_int_equal(byte_stream_read(s, &byte, 1), 0);
	assert_non_null(byte_stream_fault(s));
	byte_stream_destroy(s);
	close(ends[0]);
	byte_stream_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_packing_gives_back_the_bytes),
		cmocka_unit_test(members_in_a_row_are_read_as_one),
		cmocka_unit_test(members_of_different_packings_follow_each_other),
		cmocka_unit_test(a_cut_file_gives_a_beginning_and_a_fault),
		cmocka_unit_test(a_changed_byte_is_found),
		cmocka_unit_test(a_member_that_asks_for_too_much_memory_is_refused),
		cmocka_unit_test(files_that_are_unpacked_share_a_budget),
		cmocka_unit_test(an_empty_file_is_an_empty_stream),
		cmocka_unit_test(what_cannot_be_read_is_a_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
