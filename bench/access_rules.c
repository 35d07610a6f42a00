/* SPDX-License-Identifier: ISC */
#include "access_rules.h"

#include "seeded_random.h"

#include <string.h>

enum form { FORM_V4, FORM_V4_NET, FORM_V6, FORM_V6_NET, FORM_NAME, FORM_SUFFIX };

static const struct {
	const char *word;
	enum form forms[6];
	unsigned count;
} kinds[] = {
	[ACCESS_RULES_IPV4] = {"ipv4", {FORM_V4, FORM_V4_NET}, 2},
	[ACCESS_RULES_IPV6] = {"ipv6", {FORM_V6, FORM_V6_NET}, 2},
	[ACCESS_RULES_NAMES] = {"names", {FORM_NAME, FORM_SUFFIX}, 2},
	[ACCESS_RULES_MIXED] = {"mixed", {FORM_V4, FORM_V4_NET, FORM_V6, FORM_V6_NET, FORM_NAME, FORM_SUFFIX}, 6},
};

bool access_rules_kind_of(const char *word, enum access_rules_kind *out)
{
	for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strcmp(word, kinds[i].word) == 0) {
			*out = (enum access_rules_kind)i;
			return true;
		}
	}
	return false;
}

/* The four fields of an address of 16.0.0.0/4 (rules), or of 198.18.0.0/15 (strangers). */
static void write_v4(char *out, size_t size, uint64_t random, bool stranger)
{
	unsigned a = 16 + (unsigned)(random & 15), b = random >> 8 & 255;
	snprintf(out, size, "%u.%u.%u.%u", stranger ? 198 : a, stranger ? 18 + b % 2 : b, (unsigned)(random >> 16 & 255),
		(unsigned)(random >> 24 & 255));
}

static void write_rule(FILE *out, enum access_rules_kind kind, uint64_t i)
{
	const uint64_t random = seeded_random_mix(i);
	const unsigned a = 16 + (unsigned)(random & 15), b = random >> 8 & 255, c = random >> 16 & 255, d = random >> 24 & 255;
	fputs(kind == ACCESS_RULES_MIXED && i % 4 == 0 ? "sshd: " : "ALL: ", out);
	switch (kinds[kind].forms[i % kinds[kind].count]) {
	case FORM_V4:
		fprintf(out, "%u.%u.%u.%u\n", a, b, c, d);
		break;
	case FORM_V4_NET:
		fprintf(out, "%u.%u.%u.0/24\n", a, b, c);
		break;
	case FORM_V6:
		fprintf(out, "[2001:%x:%x::%x]\n", (unsigned)(random >> 48), (unsigned)(random >> 32 & 0xffff),
			(unsigned)(random & 0x7fff) + 1);
		break;
	case FORM_V6_NET:
		fprintf(out, "[2001:%x:%x::]/48\n", (unsigned)(random >> 48), (unsigned)(random >> 32 & 0xffff));
		break;
	case FORM_NAME:
		fprintf(out, "host-%llx.dyn.example\n", (unsigned long long)(random >> 24));
		break;
	case FORM_SUFFIX:
		fprintf(out, ".net-%llx.example\n", (unsigned long long)(random >> 24));
		break;
	}
}

void access_rules_write(FILE *out, enum access_rules_kind kind, uint64_t count)
{
	const bool with_others = kind == ACCESS_RULES_MIXED && count > 2;
	for (uint64_t i = 0; i < count; i++) {
		if (with_others && i == count / 2)
			fputs("ALL EXCEPT sshd: *.bad.example\n", out);
		else if (with_others && i == count / 2 + 1)
			fputs("ALL: 10. EXCEPT 10.1.\n", out);
		else
			write_rule(out, kind, i);
	}
}

struct access_rules_client access_rules_matching(enum access_rules_kind kind, uint64_t i, uint64_t variant)
{
	struct access_rules_client c = access_rules_stranger(kind, variant);
	const uint64_t random = seeded_random_mix(i), host = seeded_random_mix(variant);
	const enum form form = kinds[kind].forms[i % kinds[kind].count];
	switch (form) {
	case FORM_V4:
	case FORM_V4_NET:
		write_v4(c.address, sizeof c.address,
			form == FORM_V4 ? random : (random & 0xffffff) | (host & 255) << 24, false);
		break;
	case FORM_V6:
	case FORM_V6_NET:
		snprintf(c.address, sizeof c.address, "2001:%x:%x::%x", (unsigned)(random >> 48),
			(unsigned)(random >> 32 & 0xffff),
			(unsigned)((form == FORM_V6 ? random : host) & 0x7fff) + 1);
		break;
	case FORM_NAME:
		snprintf(c.name, sizeof c.name, "host-%llx.dyn.example", (unsigned long long)(random >> 24));
		break;
	case FORM_SUFFIX:
		snprintf(c.name, sizeof c.name, "h%u.net-%llx.example", (unsigned)(host & 0xffff),
			(unsigned long long)(random >> 24));
		break;
	}
	return c;
}

struct access_rules_client access_rules_stranger(enum access_rules_kind kind, uint64_t variant)
{
	struct access_rules_client c;
	const uint64_t random = seeded_random_mix(variant ^ UINT64_C(0x5ca1ab1e));
	if (kind == ACCESS_RULES_IPV6 || (kind == ACCESS_RULES_MIXED && variant % 2 == 1))
		snprintf(c.address, sizeof c.address, "3fff:%x:%x::%x", (unsigned)(random & 0xfff),
			(unsigned)(random >> 16 & 0xffff), (unsigned)(random >> 32 & 0x7fff) + 1);
	else
		write_v4(c.address, sizeof c.address, random, true);
	snprintf(c.name, sizeof c.name, "host-%x.none.example", (unsigned)(random >> 40));
	return c;
}
