/* SPDX-License-Identifier: ISC */
#include "firewall/ruleset_iptables.h"

#include <ctype.h>
#include <string.h>

/* A value stands behind each, in both languages. */
static const struct {
	const char *nft, *iptables;
	bool large; /* the value is written large */
} phrases[] = {
	{"meta l4proto ", "-p ", false},
	{"ip protocol ", "-p ", false},
	{"tcp dport ", "-p tcp --dport ", false},
	{"tcp sport ", "-p tcp --sport ", false},
	{"udp dport ", "-p udp --dport ", false},
	{"udp sport ", "-p udp --sport ", false},
	{"ip saddr ", "-s ", false},
	{"ip daddr ", "-d ", false},
	{"ip6 saddr ", "-s ", false},
	{"ip6 daddr ", "-d ", false},
	{"iifname ", "-i ", false},
	{"oifname ", "-o ", false},
	{"ct state ", "-m conntrack --ctstate ", true},
	{"fib daddr type ", "-m addrtype --dst-type ", true},
	{"fib saddr type ", "-m addrtype --src-type ", true},
	{"rt type ", "-m rt --rt-type ", false},
};

static bool take_word(struct text_slice *from, const char *word)
{
	size_t n = strlen(word);
	if (from->length < n || memcmp(from->start, word, n) != 0)
		return false;
	*from = (struct text_slice){from->start + n, from->length - n};
	return true;
}

/* One word that means the same to both: no set, no name of a set, no operator. */
static bool take_value(struct text_slice *from, bool large, struct text_buffer *out)
{
	const char *space = memchr(from->start, ' ', from->length);
	size_t n = space ? (size_t)(space - from->start) : from->length;
	if (n == 0 || strchr("{@<>=!", from->start[0]) != NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = from->start[i];
		if (!isalnum((unsigned char)c) && strchr(",.:/_+*\"-", c) == NULL)
			return false;
		if (large)
			c = (char)toupper((unsigned char)c);
		text_buffer_add_bytes(out, &c, c != '"');
	}
	text_buffer_add(out, " ");
	n += space != NULL;
	*from = (struct text_slice){from->start + n, from->length - n};
	return true;
}

static bool take_phrase(struct text_slice *from, struct text_buffer *out)
{
	for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++) {
		if (!take_word(from, phrases[i].nft))
			continue;
		if (take_word(from, "!= "))
			text_buffer_add(out, "! ");
		text_buffer_add(out, phrases[i].iptables);
		return take_value(from, phrases[i].large, out);
	}
	return false;
}

bool ruleset_iptables_write(struct text_slice matches, struct text_buffer *out)
{
	while (matches.length > 0) {
		if (!take_phrase(&matches, out))
			return false;
	}
	return !out->cut;
}
