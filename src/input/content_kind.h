/* SPDX-License-Identifier: ISC */
/*
 * content_kind - tells from its first bytes what an input holds.
 *
 * Magic numbers: pcap-savefile(5), draft-ietf-opsawg-pcapng; of what is refused, file(1)'s tables.
 * Text is what has no known magic and few unprintable bytes. NULs alone do not make a file binary:
 * a log that was truncated while its writer kept its place begins with a hole.
 *
 * Owner: event_source.   Tests: tests/unit/input/test_content_kind.c
 */
#ifndef KW_INPUT_CONTENT_KIND_H
#define KW_INPUT_CONTENT_KIND_H

#include <stddef.h>
#include <stdint.h>

#define CONTENT_KIND_SAMPLE 4096 /* bytes that are looked at: the first page */

enum content_kind {
	CONTENT_KIND_PCAP, /* classic capture file, any byte order and precision */
	CONTENT_KIND_PCAPNG,
	CONTENT_KIND_TEXT, /* lines; also what is empty */
	CONTENT_KIND_REFUSED,
};

/* Looks at the first bytes (unpacked). For REFUSED, `advice` gets constant text: what it is and
 * what to do ("is a systemd journal; ..."). */
enum content_kind content_kind_of(const uint8_t *bytes, size_t size, const char **advice);

#endif
