/* SPDX-License-Identifier: ISC */
#include "input/content_kind.h"

#include <stdbool.h>
#include <string.h>

struct magic {
	const char *bytes;
	size_t length;
	enum content_kind kind;
	const char *advice; /* of what is refused */
};

#define PCAP(bytes)                                                                                \
	{                                                                                          \
		(bytes), 4, CONTENT_KIND_PCAP, NULL                                                \
	}
#define REFUSED(bytes, advice)                                                                     \
	{                                                                                          \
		(bytes), sizeof(bytes) - 1, CONTENT_KIND_REFUSED, (advice)                         \
	}

static const struct magic magics[] = {
	PCAP("\xa1\xb2\xc3\xd4"), /* microseconds */
	PCAP("\xd4\xc3\xb2\xa1"),
	PCAP("\xa1\xb2\x3c\x4d"), /* nanoseconds */
	PCAP("\x4d\x3c\xb2\xa1"),
	PCAP("\xa1\xb2\xcd\x34"), /* "modified" by old Linux kernels: longer record headers */
	PCAP("\x34\xcd\xb2\xa1"),
	{"\x0a\x0d\x0d\x0a", 4, CONTENT_KIND_PCAPNG, NULL},
	REFUSED("BZh",
		"is packed with bzip2, which is not read; try: bzcat FILE | knockwatch read -"),
	REFUSED("\x04\x22\x4d\x18",
		"is packed with lz4, which is not read; try: lz4cat FILE | knockwatch read -"),
	REFUSED("LZIP",
		"is packed with lzip, which is not read; try: lzip -dc FILE | knockwatch read -"),
	REFUSED("\x1f\x9d",
		"is packed with compress, which is not read; try: zcat FILE | knockwatch read -"),
	REFUSED("PK\x03\x04", "is a zip archive; give the files in it"),
	REFUSED("7z\xbc\xaf\x27\x1c", "is a 7z archive; give the files in it"),
	REFUSED("\x1f\x8b", "is packed twice, or in a way gzip does not know; unpack it first"),
	REFUSED("\xfd"
		"7zXZ",
		"is packed twice; unpack it once first"),
	REFUSED("\x28\xb5\x2f\xfd", "is packed twice; unpack it once first"),
	REFUSED("LPKSHHRH",
		"is a systemd journal; give its text: journalctl --file FILE -o short-iso"),
	REFUSED("snoop\0\0\0", "is a snoop capture; convert it: editcap -F pcap FILE NEW"),
	REFUSED("\xff\xfe", "is text in UTF-16; convert it: iconv -f UTF-16 -t UTF-8"),
	REFUSED("\xfe\xff", "is text in UTF-16; convert it: iconv -f UTF-16 -t UTF-8"),
};

/* Length of the well-formed UTF-8 sequence at `bytes`, which begins with 0x80 or above; 0 if it is
 * none. One that is cut by the end of the sample counts as whole. */
static size_t utf8_sequence_length(const uint8_t *bytes, size_t size)
{
	size_t length = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
	if (bytes[0] < 0xc2 || bytes[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < length && i < size; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	}
	return length < size ? length : size;
}

static bool is_text_control(uint8_t byte)
{
	return (byte >= '\b' && byte <= '\r') || byte == 0x1b;
}

/* Random bytes are unprintable at about 60 %; a Latin-1 log stays far below 30 %. */
static bool looks_like_text(const uint8_t *bytes, size_t size)
{
	size_t strange = 0, nul = 0;
	for (size_t i = 0; i < size;) {
		size_t step = 1;
		if (bytes[i] == 0) {
			nul++;
		} else if (bytes[i] >= 0x80) {
			step = utf8_sequence_length(bytes + i, size - i);
			strange += step == 0;
			step += step == 0;
		} else if ((bytes[i] < 0x20 && !is_text_control(bytes[i])) || bytes[i] == 0x7f) {
			strange++;
		}
		i += step;
	}
	if (nul == size)
		return true;
	return (strange + nul) * 10 <= size * 3;
}

/* Behind the hole of a truncated log comes text: only what follows leading NULs is judged. */
static size_t leading_nuls(const uint8_t *bytes, size_t size)
{
	size_t n = 0;
	while (n < size && bytes[n] == 0)
		n++;
	return n;
}

enum content_kind content_kind_of(const uint8_t *bytes, size_t size, const char **advice)
{
	for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
		const struct magic *m = &magics[i];
		if (size >= m->length && memcmp(bytes, m->bytes, m->length) == 0) {
			*advice = m->advice;
			return m->kind;
		}
	}
	size_t sample = size < CONTENT_KIND_SAMPLE ? size : CONTENT_KIND_SAMPLE;
	size_t hole = leading_nuls(bytes, sample);
	if (looks_like_text(bytes + hole, sample - hole))
		return CONTENT_KIND_TEXT;
	*advice = "is neither a capture (pcap, pcapng) nor a log text";
	return CONTENT_KIND_REFUSED;
}
