/* SPDX-License-Identifier: ISC */
#include "store/journal_chain.h"

#include "base/decimal.h"
#include "base/diag.h"
#include "base/memory.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static const char plain_key[] = ",\"chain\":{\"seq\":"; /* of every other event */
static const char chain_key[] = ",\"seq\":";            /* of one that has the object already */
static const char hash_key[] = ",\"hash\":\"";
static const char record_end[] = "\"}}";

#define LENGTH(text) (sizeof(text) - 1)

struct journal_hasher {
	OSSL_LIB_CTX *library; /* our own, so that no configuration file is read */
	EVP_MD *sha256;
	EVP_MD_CTX *context;
};

struct journal_hasher *journal_hasher_create(void)
{
	struct journal_hasher *h = memory_calloc(1, sizeof *h);
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	h->library = OSSL_LIB_CTX_new();
	h->sha256 = h->library != NULL ? EVP_MD_fetch(h->library, "SHA256", NULL) : NULL;
	h->context = EVP_MD_CTX_new();
	if (h->sha256 == NULL || h->context == NULL ||
		!EVP_DigestInit_ex2(h->context, h->sha256, NULL)) {
		diag_error("libcrypto gives no SHA-256");
		abort();
	}
	return h;
}

void journal_hasher_destroy(struct journal_hasher *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->context);
	EVP_MD_free(h->sha256);
	OSSL_LIB_CTX_free(h->library);
	free(h);
}

void journal_hasher_sum(struct journal_hasher *h, const struct journal_hash *previous,
	const char *text, size_t length, struct journal_hash *out)
{
	bool ok = EVP_DigestInit_ex2(h->context, NULL, NULL);
	if (previous != NULL)
		ok = ok && EVP_DigestUpdate(h->context, previous->bytes, sizeof previous->bytes);
	ok = ok && EVP_DigestUpdate(h->context, text, length) &&
	     EVP_DigestFinal_ex(h->context, out->bytes, NULL);
	assert(ok);
}

void journal_hasher_begin(struct journal_hasher *h)
{
	bool ok = EVP_DigestInit_ex2(h->context, NULL, NULL);
	assert(ok);
}

void journal_hasher_add(struct journal_hasher *h, const void *bytes, size_t length)
{
	bool ok = EVP_DigestUpdate(h->context, bytes, length);
	assert(ok);
}

void journal_hasher_sum_so_far(struct journal_hasher *h, struct journal_hash *out)
{
	EVP_MD_CTX *copy = EVP_MD_CTX_new();
	bool ok = copy != NULL && EVP_MD_CTX_copy_ex(copy, h->context) &&
		  EVP_DigestFinal_ex(copy, out->bytes, NULL);
	EVP_MD_CTX_free(copy);
	assert(ok);
}

static void write_digits(char *at, const struct journal_hash *h)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < JOURNAL_HASH_BYTES; i++) {
		at[2 * i] = digits[h->bytes[i] >> 4];
		at[2 * i + 1] = digits[h->bytes[i] & 15];
	}
}

struct journal_hash_text journal_hash_to_text(const struct journal_hash *h)
{
	struct journal_hash_text out = {{0}};
	write_digits(out.text, h);
	return out;
}

#define EACH_DIGIT                                                                                 \
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8,    \
	['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15,         \
	['f'] = 16

bool journal_hash_parse(const char *digits, size_t length, struct journal_hash *out)
{
	/* The value and one; 0 is no digit, and less one it sets the upper bits. */
	static const uint8_t values[256] = {EACH_DIGIT};
	unsigned wrong = 0;
	if (length < JOURNAL_HASH_DIGITS)
		return false;
	for (size_t i = 0; i < JOURNAL_HASH_BYTES; i++) {
		unsigned high = values[(unsigned char)digits[2 * i]] - 1u,
			 low = values[(unsigned char)digits[2 * i + 1]] - 1u;
		wrong |= high | low;
		out->bytes[i] = (uint8_t)(high << 4 | (low & 15));
	}
	return wrong < 16;
}

bool journal_hash_equal(const struct journal_hash *a, const struct journal_hash *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* True if the text that ends at `end` ends with `word`. */
static bool ends_with(const char *start, const char *end, const char *word, size_t length)
{
	return (size_t)(end - start) >= length && memcmp(end - length, word, length) == 0;
}

/* Reads the digits that end at `end` backwards; null if there is no number from 1 to INT64_MAX. */
static const char *read_seq(const char *start, const char *end, uint64_t *out)
{
	uint64_t value = 0, weight = 1;
	const char *at = end;
	enum { DIGITS = 18 }; /* enough for a record each nanosecond of thirty years */
	while (at > start && at[-1] >= '0' && at[-1] <= '9' && end - at <= DIGITS) {
		value += (uint64_t)(*--at - '0') * weight;
		weight *= 10;
	}
	if (at == end || end - at > DIGITS || *at == '0')
		return NULL;
	*out = value;
	return at;
}

/* Reads the place backwards from the end of the line; returns the beginning of the digits of seq, and `digits` the
 * beginning of those of the hash, or null. */
static const char *read_place(
	const char *start, const char *end, struct journal_place *out, const char **digits)
{
	if (!ends_with(start, end, record_end, LENGTH(record_end)))
		return NULL;
	end -= LENGTH(record_end);
	if (end - start < JOURNAL_HASH_DIGITS)
		return NULL;
	end -= JOURNAL_HASH_DIGITS;
	*digits = end;
	if (!journal_hash_parse(end, JOURNAL_HASH_DIGITS, &out->hash) ||
		!ends_with(start, end, hash_key, LENGTH(hash_key)))
		return NULL;
	return read_seq(start, end - LENGTH(hash_key), &out->seq);
}

bool journal_place_read(const char *end_of_line, size_t length, struct journal_place *out)
{
	const char *digits;
	return read_place(end_of_line, end_of_line + length, out, &digits) != NULL;
}

bool journal_record_read(const char *line, size_t length, struct journal_record *out)
{
	static const char start[] = "{\"v\":1,";
	const char *digits;
	if (length >= JOURNAL_LINE_MAX || length < LENGTH(start) ||
		memcmp(line, start, LENGTH(start)) != 0)
		return false;
	const char *end = read_place(line, line + length, &out->place, &digits);
	if (end == NULL)
		return false;
	out->line = line;
	out->length = length;
	out->hashed_length = (size_t)(digits - line);
	out->is_chain_event = !ends_with(line, end, plain_key, LENGTH(plain_key));
	size_t key = out->is_chain_event ? LENGTH(chain_key) : LENGTH(plain_key);
	out->plain_length = (size_t)(end - line) - key;
	return !out->is_chain_event || ends_with(line, end, chain_key, key);
}

bool journal_record_follows(const struct journal_record *r, const struct journal_hash *previous,
	struct journal_hasher *h)
{
	struct journal_hash sum;
	journal_hasher_sum(h, previous, r->line, r->hashed_length, &sum);
	return journal_hash_equal(&sum, &r->place.hash);
}

static char *put(char *at, const char *text, size_t length)
{
	memcpy(at, text, length);
	return at + length;
}

size_t journal_record_seal(struct journal_hasher *h, struct journal_place *place, const char *event,
	size_t length, bool is_chain_event, char *out)
{
	size_t kept = length - (is_chain_event ? 2 : 1); /* without its closing braces */
	assert(length > 2 && memcmp(event + kept, "}}", length - kept) == 0);
	char *at = put(out, event, kept);
	at = is_chain_event ? put(at, chain_key, LENGTH(chain_key))
			    : put(at, plain_key, LENGTH(plain_key));
	at = decimal_write(at, ++place->seq);
	at = put(at, hash_key, LENGTH(hash_key));
	journal_hasher_sum(h, &place->hash, out, (size_t)(at - out), &place->hash);
	write_digits(at, &place->hash);
	at = put(at + JOURNAL_HASH_DIGITS, record_end, LENGTH(record_end));
	*at++ = '\n';
	return (size_t)(at - out);
}
