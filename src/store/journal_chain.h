/* SPDX-License-Identifier: ISC */
/*
 * journal_chain - how one record of the journal is bound to the one before it.
 *
 * A record is one line: an event of EVENTS.md whose last member is its place in the chain,
 *
 *     {"v":1,...,"event_type":"incident",...,"chain":{"seq":17,"hash":"9f86..."}}
 *
 * An event of type `chain` has that object already; there, seq and hash are its last members. The hash is
 * SHA-256 over the 32 bytes of the hash before and the text of the line up to the first of the 64 digits,
 * so that every byte of a line is covered but the hash itself. The first record of all follows on
 * 32 zero bytes and has seq 1.
 *
 * To check a record its line and the stored hash of its predecessor are enough; so records may be checked
 * in any order and at once, and a changed one is named, not just the place where a sum stops to fit.
 * There is no key: whoever may write the files can make a new chain from any place on. What proves the
 * old one is its newest hash on another machine.
 *
 * Tests: tests/unit/store/test_journal_chain.c   Fuzz: fuzz/store/fuzz_journal_record.c
 */
#ifndef KW_STORE_JOURNAL_CHAIN_H
#define KW_STORE_JOURNAL_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOURNAL_HASH_BYTES 32
#define JOURNAL_HASH_DIGITS (2 * JOURNAL_HASH_BYTES)
#define JOURNAL_LINE_MAX (1u << 20) /* bytes with the newline; a longer line is no record */
#define JOURNAL_TAIL_MAX 128        /* what sealing adds to a line, at most */

struct journal_hash {
	uint8_t bytes[JOURNAL_HASH_BYTES];
};

struct journal_hash_text {
	char text[JOURNAL_HASH_DIGITS + 1]; /* lower case, and a NUL */
};

struct journal_hash_text journal_hash_to_text(const struct journal_hash *h);
/* False unless `digits` begins with 64 digits of lower case. */
bool journal_hash_parse(const char *digits, size_t length, struct journal_hash *out);
bool journal_hash_equal(const struct journal_hash *a, const struct journal_hash *b);

/* A record's place: of none before the first, seq is 0 and the hash is zero. */
struct journal_place {
	uint64_t seq;
	struct journal_hash hash;
};

/* The digest with its context, made once and used again; not for several threads. Reads no file. */
struct journal_hasher;
struct journal_hasher *journal_hasher_create(
	void); /* never null: without SHA-256 the program ends */
void journal_hasher_destroy(struct journal_hasher *h); /* accepts null */

/* SHA-256 over `previous` (null = nothing) and `text`. */
void journal_hasher_sum(struct journal_hasher *h, const struct journal_hash *previous,
	const char *text, size_t length, struct journal_hash *out);

/* The sum of bytes that come in pieces: begin, add, and ask as often as one likes. */
void journal_hasher_begin(struct journal_hasher *h);
void journal_hasher_add(struct journal_hasher *h, const void *bytes, size_t length);
void journal_hasher_sum_so_far(struct journal_hasher *h, struct journal_hash *out);

/* A line taken apart. It is borrowed. */
struct journal_record {
	const char *line;
	size_t length;       /* without the newline */
	size_t plain_length; /* of the event before its place: add "}" (or "}}") and it is as it was */
	size_t hashed_length;
	bool is_chain_event; /* of type `chain`: head of a day, or days that were deleted */
	struct journal_place place;
};

/* False if the line does not have the form of a record. Nothing is checked against a sum. */
bool journal_record_read(const char *line, size_t length, struct journal_record *out);

/* The place that the text at the end of a record's line tells; the beginning of the line is not needed. */
bool journal_place_read(const char *end_of_line, size_t length, struct journal_place *out);

/* True if the record's hash is the one that follows on `previous`. */
bool journal_record_follows(const struct journal_record *r, const struct journal_hash *previous,
	struct journal_hasher *h);

/* Writes `event`, one whole JSON object in one line, to `out` as the record that follows on `place`, with
 * its newline; `out` has room for length + JOURNAL_TAIL_MAX. Returns the bytes written; `place` is then
 * the record's own. `is_chain_event`: its last member is the object `chain`, and not empty. */
size_t journal_record_seal(struct journal_hasher *h, struct journal_place *place, const char *event,
	size_t length, bool is_chain_event, char *out);

#endif
