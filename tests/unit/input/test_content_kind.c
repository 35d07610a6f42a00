/* SPDX-License-Identifier: ISC */
#include "input/content_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(text) text, sizeof text - 1

static void kinds_follow_from_the_first_bytes(void **state)
{
	(void)state;
	static const struct {
		const char *name, *bytes;
		size_t size;
		enum content_kind kind;
		const char *advice; /* a part of it, for what is refused */
	} rows[] = {
		{"nothing", BYTES(""), CONTENT_KIND_TEXT, NULL},
		{"pcap, microseconds, big", BYTES("\xa1\xb2\xc3\xd4"), CONTENT_KIND_PCAP, NULL},
		{"pcap, microseconds, little", BYTES("\xd4\xc3\xb2\xa1...."), CONTENT_KIND_PCAP,
			NULL},
		{"pcap, nanoseconds, big", BYTES("\xa1\xb2\x3c\x4d"), CONTENT_KIND_PCAP, NULL},
		{"pcap, nanoseconds, little", BYTES("\x4d\x3c\xb2\xa1"), CONTENT_KIND_PCAP, NULL},
		{"pcap, modified, big", BYTES("\xa1\xb2\xcd\x34"), CONTENT_KIND_PCAP, NULL},
		{"pcap, modified, little", BYTES("\x34\xcd\xb2\xa1"), CONTENT_KIND_PCAP, NULL},
		{"pcapng", BYTES("\x0a\x0d\x0d\x0a"), CONTENT_KIND_PCAPNG, NULL},
		{"a line", BYTES("Feb 25 12:11:24 gate kernel: x\n"), CONTENT_KIND_TEXT, NULL},
		{"empty lines of DOS", BYTES("\r\n\r\n"), CONTENT_KIND_TEXT, NULL},
		{"an empty line before lines", BYTES("\n\r\rFeb"), CONTENT_KIND_TEXT, NULL},
		{"UTF-8",
			BYTES("Gr\xc3\xbc\xc3\x9f Gott "
			      "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xf0\x9f\x98\x80"),
			CONTENT_KIND_TEXT, NULL},
		{"UTF-8, cut", BYTES("Gr\xc3"), CONTENT_KIND_TEXT, NULL},
		{"Latin-1", BYTES("Gr\xfc\xdf Gott, sch\xf6ne Welt, gr\xfc\xdf Gott"),
			CONTENT_KIND_TEXT, NULL},
		{"terminal colours", BYTES("\x1b[31mred\x1b[0m"), CONTENT_KIND_TEXT, NULL},
		{"NULs, then text", BYTES("\0\0\0\0\0\0\0\0\0\0Feb 25 12:11:24"), CONTENT_KIND_TEXT,
			NULL},
		{"only NULs", BYTES("\0\0\0\0\0\0\0\0"), CONTENT_KIND_TEXT, NULL},
		{"a program",
			BYTES("\x7f"
			      "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0>\0\1\0\0\0"),
			CONTENT_KIND_REFUSED, "neither a capture"},
		{"noise", BYTES("\x93\x02\xe1\x88\xfe\x11\x9a\x80\x05\xc0\xb1\xf7"),
			CONTENT_KIND_REFUSED, "neither a capture"},
		{"the beginning of a magic", BYTES("\xd4\xc3\xb2"), CONTENT_KIND_REFUSED,
			"neither"},
		{"bzip2", BYTES("BZh91AY&SY"), CONTENT_KIND_REFUSED, "bzcat"},
		{"zip", BYTES("PK\x03\x04\x14"), CONTENT_KIND_REFUSED, "zip"},
		{"journal", BYTES("LPKSHHRH\0\0"), CONTENT_KIND_REFUSED, "journalctl --file"},
		{"UTF-16",
			BYTES("\xff\xfe"
			      "F\0e\0b\0"),
			CONTENT_KIND_REFUSED, "iconv"},
		{"gzip inside", BYTES("\x1f\x8b\x08\0"), CONTENT_KIND_REFUSED, "twice"},
		{"snoop", BYTES("snoop\0\0\0\0\0\0\2"), CONTENT_KIND_REFUSED, "editcap"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *advice = NULL;
		enum content_kind kind =
			content_kind_of((const uint8_t *)rows[i].bytes, rows[i].size, &advice);
		if (kind != rows[i].kind)
			fail_msg("%s: got kind %d, wanted %d", rows[i].name, kind, rows[i].kind);
		if (rows[i].advice != NULL && strstr(advice, rows[i].advice) == NULL)
			fail_msg("%s: '%s' does not speak of '%s'", rows[i].name, advice,
				rows[i].advice);
	}
}

static void only_the_first_page_is_judged(void **state)
{
	(void)state;
	uint8_t bytes[CONTENT_KIND_SAMPLE * 2];
	const char *advice;
	memset(bytes, 'a', sizeof bytes);
	memset(bytes + CONTENT_KIND_SAMPLE, 1, CONTENT_KIND_SAMPLE);
	assert_int_equal(content_kind_of(bytes, sizeof bytes, &advice), CONTENT_KIND_TEXT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_follow_from_the_first_bytes),
		cmocka_unit_test(only_the_first_page_is_judged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
