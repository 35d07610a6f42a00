/* SPDX-License-Identifier: ISC */
/*
 * access_word - what a word of a rule is, as far as it can be looked up instead of being tried.
 *
 * access_pattern says what words mean; here only those are told apart of which it is certain, for every request, that
 * a look-up gives the same answer. Everything else is `ACCESS_WORD_OTHER`: its rule is tried one by one.
 *
 * Tests: tests/unit/access/test_access_word.c, and every case of test_access_index.c
 */
#ifndef KW_ACCESS_ACCESS_WORD_H
#define KW_ACCESS_ACCESS_WORD_H

#include "access/access_asker.h"
#include "base/text_slice.h"
#include "net/prefix.h"

#include <stdbool.h>

enum access_word_kind {
	ACCESS_WORD_NEVER,   /* can match nobody: host bits, leading zeros, 10.1.2.3.4 */
	ACCESS_WORD_ALL,
	ACCESS_WORD_NETWORK, /* of one address or more */
	ACCESS_WORD_TEXT,    /* a name, ".suffix", "prefix.": compared as text, letters in any case */
	ACCESS_WORD_OTHER,
};

struct access_word {
	enum access_word_kind kind;
	bool needs_name;       /* it is compared with the client's name, too, where the address did not match */
	struct prefix network;
};

/* A word of the client list. */
struct access_word access_word_of_client(struct text_slice word);
/* The same of a strict table: patterns for addresses need no name. */
struct access_word access_word_of_strict_client(struct text_slice word);
static inline struct access_word access_word_of_client_if(bool strict, struct text_slice word)
{
	return strict ? access_word_of_strict_client(word) : access_word_of_client(word);
}
/* A word of the daemon list: ALL, TEXT or OTHER. */
enum access_word_kind access_word_of_daemon(struct text_slice word);

enum access_address_form {
	ACCESS_ADDRESS_V4,
	ACCESS_ADDRESS_V6,
	ACCESS_ADDRESS_UNKNOWN, /* "unknown" */
	ACCESS_ADDRESS_ODD,     /* a text that only access_pattern can judge: leading zeros, the broadcast address, a zone with a dot */
};

/* What the client's address is, as `told`: its text and its bytes. */
enum access_address_form access_word_of_address(const struct access_asked_host *told, struct addr *out);

/* True where a name could be taken for an address, which only access_pattern can judge. */
bool access_word_is_odd_name(const char *name);

#endif
