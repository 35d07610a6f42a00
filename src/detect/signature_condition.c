/* SPDX-License-Identifier: ISC */
#include "detect/signature_condition.h"

#include "base/text_slice.h"
#include "event/event.h"

#include <stddef.h>
#include <string.h>

struct word {
	const char *name;
	uint8_t value;
};

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/* Takes a decimal or 0x number of at most `most`. */
static bool take_number(const char **at, uint32_t most, uint32_t *out)
{
	const char *p = *at;
	int base = 10;
	uint64_t number = 0;
	if (p[0] == '0' && p[1] == 'x') {
		base = 16;
		p += 2;
	}
	if (digit_of(*p) >= base)
		return false;
	for (; digit_of(*p) < base; p++) {
		number = number * (unsigned)base + (unsigned)digit_of(*p);
		if (number > most)
			return false;
	}
	*out = (uint32_t)number;
	*at = p;
	return true;
}

/* A range that says something: not all values, and not none. */
static bool is_meaningful(const struct signature_number *n, uint32_t most)
{
	return n->first <= n->last && !(n->first == 0 && n->last == most);
}

bool signature_condition_number(const char *text, uint32_t most, struct signature_number *out)
{
	struct signature_number n = {0, most, false};
	if (*text == '!') {
		n.negated = true;
		text++;
	}
	char relation = *text;
	if (relation == '>' || relation == '<') {
		uint32_t bound;
		text++;
		if (!take_number(&text, most, &bound) || bound == (relation == '>' ? most : 0))
			return false;
		n.first = relation == '>' ? bound + 1 : 0;
		n.last = relation == '>' ? most : bound - 1;
	} else {
		if (!take_number(&text, most, &n.first))
			return false;
		n.last = n.first;
		if (*text == '-') {
			text++;
			if (!take_number(&text, most, &n.last))
				return false;
		}
	}
	if (*text || !is_meaningful(&n, most))
		return false;
	*out = n;
	return true;
}

static bool take_flags(const char **at, uint8_t *out)
{
	static const struct word letters[] = {{"F", EVENT_TCP_FIN}, {"S", EVENT_TCP_SYN},
		{"R", EVENT_TCP_RST}, {"P", EVENT_TCP_PSH}, {"A", EVENT_TCP_ACK},
		{"U", EVENT_TCP_URG}, {"E", EVENT_TCP_ECE}, {"C", EVENT_TCP_CWR},
		{"W", EVENT_TCP_CWR}};
	const char *p = *at;
	uint8_t flags = 0;
	for (; *p && *p != '/'; p++) {
		uint8_t bit = 0;
		for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
			bit = letters[i].name[0] == *p ? letters[i].value : bit;
		if (!bit || flags & bit)
			return false;
		flags |= bit;
	}
	if (p == *at)
		return false;
	*out = flags;
	*at = p;
	return true;
}

bool signature_condition_flags(const char *text, struct signature_flags *out)
{
	struct signature_flags f = {EVENT_TCP_SIX, 0};
	if (strncmp(text, "none", 4) == 0 && (text[4] == 0 || text[4] == '/')) {
		text += 4;
	} else {
		if (!take_flags(&text, &f.wanted))
			return false;
		f.mask |= f.wanted;
	}
	if (*text == '/') {
		text++;
		if (!take_flags(&text, &f.mask) || *text)
			return false;
	}
	if (f.wanted & ~f.mask)
		return false;
	*out = f;
	return true;
}

static bool word_value(struct text_slice s, const struct word *words, size_t count, uint8_t *out)
{
	for (size_t i = 0; i < count; i++) {
		if (text_slice_equals(s, words[i].name)) {
			*out = words[i].value;
			return true;
		}
	}
	return false;
}

/* The next of a row of words between commas; false at the end. */
static bool next_word(const char **at, struct text_slice *word)
{
	if (!*at)
		return false;
	const char *comma = strchr(*at, ',');
	*word = comma ? (struct text_slice){*at, (size_t)(comma - *at)} : text_slice_of(*at);
	*at = comma ? comma + 1 : NULL;
	return true;
}

/* A TCP option's number, by name or as a number (IANA "TCP Option Kind Numbers"). */
static bool option_kind(struct text_slice s, uint8_t *kind)
{
	static const struct word names[] = {
		{"eol", 0}, {"nop", 1}, {"mss", 2}, {"ws", 3}, {"sok", 4}, {"sack", 5}, {"ts", 8}};
	char digits[8] = "";
	const char *at = digits;
	uint32_t number;
	if (word_value(s, names, sizeof names / sizeof names[0], kind))
		return true;
	if (s.length >= sizeof digits)
		return false;
	memcpy(digits, s.start, s.length);
	if (!take_number(&at, 255, &number) || *at)
		return false;
	*kind = (uint8_t)number;
	return true;
}

bool signature_condition_tcp_options(const char *text, uint64_t *layout)
{
	const unsigned slots = 16; /* four bits each */
	struct text_slice word;
	uint64_t bits = 0;
	unsigned slot = 0;
	if (strcmp(text, "none") == 0) {
		*layout = 0;
		return true;
	}
	while (next_word(&text, &word)) {
		uint8_t kind;
		if (slot == slots || !option_kind(word, &kind))
			return false;
		bits |= (uint64_t)(kind < 14 ? kind + 1 : 15) << (4 * slot++);
	}
	*layout = bits;
	return true;
}

bool signature_condition_ip_options(const char *text, uint8_t *mask)
{
	static const struct word names[] = {{"rr", EVENT_IP_OPTION_RECORD_ROUTE},
		{"ts", EVENT_IP_OPTION_TIMESTAMP}, {"lsrr", EVENT_IP_OPTION_LOOSE_ROUTE},
		{"ssrr", EVENT_IP_OPTION_STRICT_ROUTE}, {"ra", EVENT_IP_OPTION_ROUTER_ALERT},
		{"sec", EVENT_IP_OPTION_SECURITY}, {"other", EVENT_IP_OPTION_OTHER},
		{"routing", EVENT_IP_OPTION_ROUTING_HEADER}, {"any", 0xff}};
	struct text_slice word;
	uint8_t bits = 0;
	while (next_word(&text, &word)) {
		uint8_t bit;
		if (!word_value(word, names, sizeof names / sizeof names[0], &bit))
			return false;
		bits |= bit;
	}
	*mask = bits;
	return true;
}

static bool add_range(struct signature_ports *ports, uint32_t first, uint32_t last)
{
	if (ports->count == SIGNATURE_CONDITION_RANGES)
		return false;
	ports->ranges[ports->count].first = (uint16_t)first;
	ports->ranges[ports->count].last = (uint16_t)last;
	ports->count++;
	return true;
}

bool signature_condition_add_port(const char *text, struct signature_ports *ports)
{
	struct signature_number n;
	if (!signature_condition_number(text, UINT16_MAX, &n))
		return false;
	if (!n.negated)
		return add_range(ports, n.first, n.last);
	if (ports->count + 2 > SIGNATURE_CONDITION_RANGES)
		return false;
	return (n.first == 0 || add_range(ports, 0, n.first - 1)) &&
	       (n.last == UINT16_MAX || add_range(ports, n.last + 1, UINT16_MAX));
}
