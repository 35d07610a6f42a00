/* SPDX-License-Identifier: ISC */
/*
 * access_grammar - what may stand in a strict table (access_mark): each word is of one form that is certain, or it is refused.
 *
 * The language is the original's, but what it guesses is not guessed:
 *
 *     clients    192.0.2.7  192.0.2.  192.0.2.0/24  192.0.2.0/255.255.255.0  [2001:db8::7]  [2001:db8::]/32
 *                2001:db8::7  2001:db8::/32  192.0.2.*  .7             compared with the address, never with the name
 *                host.example.com  host  .example.com  mail.  *.example.com    with the name, never with the address
 *                ALL LOCAL KNOWN UNKNOWN PARANOID  @netgroup  /file            as ever; all three forms behind USER@, too
 *     daemons    NAME  PORT  in.*  ALL KNOWN UNKNOWN, each with @HOST          HOST as a client
 *
 * Numbers of addresses are decimal, without zeros in front; behind a mask or a length no bit is set; a mask has its ones in front,
 * or holes, but is not inverted. A name has a letter, its last part is no number, and a word of capitals alone
 * (two or more) is one of those above: names are written in small letters. A pattern with '*' or '?' that has letters of
 * hexadecimal numbers alone and no dot could be either, and is refused.
 *
 * Pure: reads text, asks nobody.
 *
 * Tests: tests/unit/access/test_access_grammar.c   Fuzzed: fuzz/access/fuzz_access_decision.c
 */
#ifndef KW_ACCESS_ACCESS_GRAMMAR_H
#define KW_ACCESS_ACCESS_GRAMMAR_H

#include "base/text_slice.h"
#include "net/prefix.h"

#include <stdbool.h>

enum access_grammar_form {
	ACCESS_GRAMMAR_BROKEN,
	ACCESS_GRAMMAR_WORD,    /* ALL, LOCAL, KNOWN, UNKNOWN, PARANOID, @netgroup, /file */
	ACCESS_GRAMMAR_NETWORK, /* an address or a block of them that is in `network` */
	ACCESS_GRAMMAR_ADDRESS, /* another pattern for addresses: with '*', with holes in its mask, ".7" */
	ACCESS_GRAMMAR_NAME,    /* a pattern for names */
};

struct access_grammar_word {
	enum access_grammar_form form;
	struct prefix network; /* of NETWORK */
	bool bare_v6;          /* NETWORK without brackets, which access_pattern does not read */
};

/* A host: a client without user@, or what stands behind the '@' of a daemon. */
struct access_grammar_word access_grammar_of_host(struct text_slice word);
/* A whole word of the two lists. */
bool access_grammar_takes_client(struct text_slice word);
bool access_grammar_takes_daemon(struct text_slice word);

/* The length of the IPv6 address or prefix without brackets that a text begins with, whatever ':' may stand behind it; 0 if there
 * is none. The text goes on to the next blank, comma or end. */
size_t access_grammar_bare_v6(struct text_slice text);

#endif
