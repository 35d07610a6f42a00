/* SPDX-License-Identifier: ISC */
#include "net/addr.h"

#include "base/decimal.h"

#include <arpa/inet.h>
#include <endian.h>

bool addr_is_loopback(const struct addr *a)
{
	static const struct addr one = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
	return addr_is_v4(a) ? a->bytes[12] == 127 : addr_equal(a, &one);
}

bool addr_is_link_local(const struct addr *a)
{
	if (addr_is_v4(a))
		return a->bytes[12] == 169 && a->bytes[13] == 254;
	return a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

static void write_v4(char *at, const uint8_t four[4])
{
	for (int i = 0; i < 4; i++) {
		at = decimal_write(at, four[i]);
		*at++ = i < 3 ? '.' : '\0';
	}
}

struct addr_text addr_to_text(const struct addr *a)
{
	struct addr_text out;
	if (addr_is_none(a))
		memcpy(out.text, "-", sizeof "-");
	else if (addr_is_v4(a))
		write_v4(out.text, a->bytes + 12);
	else
		inet_ntop(AF_INET6, a->bytes, out.text, sizeof out.text);
	return out;
}

/* One part of a dotted quad, 0 to 255 without leading zeros; null if there is none. */
static const char *read_octet_slowly(const char *p, const char *end, uint32_t *out)
{
	const char *start = p;
	uint32_t value = 0;
	while (p < end && *p >= '0' && *p <= '9' && p - start < 3)
		value = value * 10 + (uint32_t)(*p++ - '0');
	if (p == start || value > 255 || (*start == '0' && p - start > 1))
		return NULL;
	*out = *out << 8 | value;
	return p;
}

/* The same, of four characters at once: whether a part has one digit or three cannot be foretold, and
 * branches that cannot be foretold are what takes time here. */
static inline const char *read_octet(const char *p, const char *end, uint32_t *out)
{
	/* Least value with so many digits, and how much more fits; no value will do where there is none. */
	static const struct {
		uint32_t least, more;
	} bounds[] = {{1, 0}, {0, 9}, {0x0100, 0x0809}, {0x010000, 0x010505}};
	const uint32_t ones = UINT32_C(0x01010101);
	uint32_t n;
	if (end - p < 4)
		return read_octet_slowly(p, end, out);
	memcpy(&n, p, sizeof n);
	n = le32toh(n) ^ ones * '0'; /* a digit becomes 0 to 9 */
	uint32_t others = (((n + ones * (0x80 - 10)) | n) & (ones << 7)) | UINT32_C(0x80000000);
	unsigned count = (unsigned)__builtin_ctz(others) / 8; /* at most three */
	uint32_t digits = (uint32_t)((uint64_t)n << (32 - 8 * count));
	/* one digit a byte, hundreds first: as numbers and as text in the same order */
	uint32_t decimal = __builtin_bswap32(digits);
	if (decimal - bounds[count].least > bounds[count].more)
		return NULL;
	*out = *out << 8 | (digits * (100 << 16 | 10 << 8 | 1)) >> 24;
	return p + count;
}

/* By hand: this runs twice for every firewall log line. */
const char *addr_read_v4(const char *text, const char *end, struct addr *out)
{
	uint32_t value = 0;
	const char *p = read_octet(text, end, &value);
	for (int part = 1; part < 4; part++) {
		if (p == NULL || p == end || *p != '.')
			return NULL;
		p = read_octet(p + 1, end, &value);
	}
	if (p != NULL)
		*out = addr_from_v4(value);
	return p;
}

static int hex_digit(char c)
{
	/* One more than the digit says; 0: none. */
	static const unsigned char more[256] = {['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8,
		['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
		['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16};
	return more[(unsigned char)c] - 1;
}

/* IPv6 as the kernel logs it, eight groups of four digits. */
static bool read_full_v6(const char *text, size_t length, struct addr *out)
{
	const size_t full = 39;
	if (length != full)
		return false;
	for (size_t group = 0; group < 8; group++) {
		const char *p = text + 5 * group;
		unsigned value = 0;
		for (size_t i = 0; i < 4; i++) {
			int digit = hex_digit(p[i]);
			if (digit < 0)
				return false;
			value = value << 4 | (unsigned)digit;
		}
		if (group < 7 && p[4] != ':')
			return false;
		out->bytes[2 * group] = (uint8_t)(value >> 8);
		out->bytes[2 * group + 1] = (uint8_t)value;
	}
	return true;
}

/* Groups of digits and at most one "::", as most are written; false for all else, which the system judges. */
static bool read_groups_v6(const char *text, size_t length, struct addr *out)
{
	enum { GROUPS = 8, NO_GAP = GROUPS + 1 };
	uint8_t bytes[2 * GROUPS];
	const char *at = text, *const end = text + length;
	size_t count = 0, gap = NO_GAP; /* groups; those before "::" */
	if (length >= 2 && at[0] == ':' && at[1] == ':') {
		gap = 0;
		at += 2;
	}
	while (at < end) {
		unsigned value = 0;
		const char *const first = at;
		for (int digit; at < end && (digit = hex_digit(*at)) >= 0; at++)
			value = value << 4 | (unsigned)digit;
		if (at == first || at - first > 4 || count == GROUPS)
			return false;
		bytes[2 * count] = (uint8_t)(value >> 8);
		bytes[2 * count++ + 1] = (uint8_t)value;
		if (at == end)
			break;
		if (*at++ != ':' || at == end || (*at == ':' && gap != NO_GAP))
			return false;
		if (*at == ':') {
			gap = count;
			at++;
		}
	}
	if (gap == NO_GAP ? count != GROUPS : count == GROUPS)
		return false;
	const size_t before = gap == NO_GAP ? GROUPS : gap, behind = count - before;
	memset(out->bytes, 0, sizeof out->bytes);
	memcpy(out->bytes, bytes, 2 * before);
	memcpy(out->bytes + sizeof out->bytes - 2 * behind, bytes + 2 * before, 2 * behind);
	return true;
}

bool addr_parse(const char *text, size_t length, struct addr *out)
{
	char copy[INET6_ADDRSTRLEN];
	struct addr parsed;
	const char *behind = addr_read_v4(text, text + length, &parsed);
	if ((behind != NULL && behind == text + length) || read_full_v6(text, length, &parsed) ||
		read_groups_v6(text, length, &parsed)) {
		*out = parsed;
		return true;
	}
	if (length == 0 || length >= sizeof copy || memchr(text, ':', length) == NULL ||
		memchr(text, '\0', length) != NULL)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (inet_pton(AF_INET6, copy, parsed.bytes) != 1)
		return false;
	*out = parsed;
	return true;
}
