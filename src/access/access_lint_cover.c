/* SPDX-License-Identifier: ISC */
/*
 * Every pair (daemon, client) of a rule is a key. A word is covered by itself, by ALL, an address by each net around it, a name
 * by each of its endings; so a pair is looked up under each combination of what covers its two words. Which lengths of
 * nets are in the table at all is kept in a bit map, so that a usual table costs a handful of look-ups a word.
 * Of a key its hash alone is kept: two of a million pairs share one with a chance of one in ten million.
 */
#include "access/access_lint_cover.h"

#include "access/access_lint_net.h"
#include "access/access_text.h"
#include "base/keyed_hash.h"

#include <stdlib.h>
#include <sys/random.h>

enum {
	FIRST_SLOTS = 1024,
	PAIRS_MAX = 1 << 20, /* of one rule; a larger one covers nothing, and is not looked for */
	PAIRS_ALL = 1 << 22, /* of all rules together that have more than PAIRS_FREE for each of their words */
	PAIRS_FREE = 16,
	TEXT_MAX = 256,      /* longer words are no names */
	V4_BITS = 96,        /* where IPv4 begins in the 128-bit form */
};

struct slot {
	uint64_t key; /* 0: free */
	uint32_t number;
	bool denies;
};

struct access_lint_cover {
	struct slot *slots;
	size_t size, used;
	struct keyed_hash hash;
	bool lengths[129]; /* of nets that are in the table */
	uint64_t spent;    /* of PAIRS_ALL */
	bool failed;
};

struct access_lint_cover *access_lint_cover_create(void)
{
	struct access_lint_cover *c = calloc(1, sizeof *c);
	uint64_t seed = 0;
	if (c == NULL)
		return NULL;
	/* A known key would let a file choose its collisions; without random numbers it may. */
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) < 0)
		seed = 1;
	keyed_hash_init_seeded(&c->hash, seed);
	c->size = FIRST_SLOTS;
	c->slots = calloc(c->size, sizeof *c->slots);
	c->failed = c->slots == NULL;
	return c;
}

void access_lint_cover_destroy(struct access_lint_cover *c)
{
	if (c == NULL)
		return;
	free(c->slots);
	free(c);
}

/* --- keys --- */

static uint64_t hash_bytes(
	const struct access_lint_cover *c, uint64_t state, const void *bytes, size_t length)
{
	const char *at = bytes;
	uint64_t word;
	for (; length >= sizeof word; at += sizeof word, length -= sizeof word) {
		memcpy(&word, at, sizeof word);
		state = keyed_hash_pair(&c->hash, state, word);
	}
	word = 0;
	memcpy(&word, at, length);
	return keyed_hash_pair(&c->hash, state ^ length, word);
}

/* Letters in any case, but for what names files and netgroups. */
static uint64_t hash_word(const struct access_lint_cover *c, uint64_t state, struct text_slice w)
{
	char lower[TEXT_MAX];
	size_t n = w.length < sizeof lower ? w.length : sizeof lower;
	bool exact = n > 0 && (w.start[0] == '/' || w.start[0] == '@');
	for (size_t i = 0; i < n; i++)
		lower[i] = exact ? w.start[i] : access_text_lower(w.start[i]);
	return hash_bytes(c, state + 1, lower, n);
}

static uint64_t hash_net(const struct access_lint_cover *c, uint64_t state, const struct prefix *p)
{
	return hash_bytes(c, state + 2 + p->length_bits, p->base.bytes, sizeof p->base.bytes);
}

/* --- the table --- */

static struct slot *slot_of(struct slot *slots, size_t size, uint64_t key)
{
	size_t at = key & (size - 1);
	while (slots[at].key != 0 && slots[at].key != key)
		at = (at + 1) & (size - 1);
	return &slots[at];
}

static bool grow(struct access_lint_cover *c)
{
	struct slot *bigger = calloc(c->size * 2, sizeof *bigger);
	if (bigger == NULL) {
		c->failed = true;
		return false;
	}
	for (size_t i = 0; i < c->size; i++) {
		if (c->slots[i].key != 0)
			*slot_of(bigger, c->size * 2, c->slots[i].key) = c->slots[i];
	}
	free(c->slots);
	c->slots = bigger;
	c->size *= 2;
	return true;
}

static void insert(struct access_lint_cover *c, uint64_t key, uint32_t number, bool denies)
{
	if (c->used >= c->size / 2 && !grow(c))
		return;
	key += key == 0;
	struct slot *s = slot_of(c->slots, c->size, key);
	if (s->key != 0)
		return;
	*s = (struct slot){key, number, denies};
	c->used++;
}

static const struct slot *find(const struct access_lint_cover *c, uint64_t key)
{
	const struct slot *s = slot_of(c->slots, c->size, key + (key == 0));
	return s->key != 0 ? s : NULL;
}

/* --- what covers a word --- */

struct question {
	const struct access_lint_cover *cover;
	const struct slot *found; /* the earliest */
};

static void ask(struct question *q, uint64_t key)
{
	const struct slot *s = find(q->cover, key);
	if (s != NULL && (q->found == NULL || s->number < q->found->number))
		q->found = s;
}

static void ask_nets(struct question *q, uint64_t state, const struct prefix *p)
{
	unsigned least = addr_is_v4(&p->base) && p->length_bits >= V4_BITS ? V4_BITS : 0;
	for (unsigned bits = least; bits <= p->length_bits; bits++) {
		if (!q->cover->lengths[bits])
			continue;
		struct prefix around = *p;
		around.length_bits = (uint8_t)bits;
		for (unsigned i = bits; i < 128; i += 8 - i % 8)
			around.base.bytes[i / 8] &= (uint8_t)(i % 8 ? 0xff00 >> (i % 8) : 0);
		ask(q, hash_net(q->cover, state, &around));
	}
}

/* From here on: an ending of addresses, not of names. */
static bool is_numeric(struct text_slice host, size_t from)
{
	while (from < host.length && strchr("0123456789.", host.start[from]) && host.start[from] != '\0')
		from++;
	return from == host.length;
}

static void ask_host(struct question *q, uint64_t state, struct text_slice host)
{
	struct prefix p;
	ask(q, hash_word(q->cover, state, host));
	if (access_lint_net_read(host, &p)) {
		ask_nets(q, state, &p);
		return;
	}
	/* What ends in a dot is the beginning of names, whose endings nobody knows. */
	if (host.length == 0 || host.length >= TEXT_MAX || strchr("/@[", host.start[0]) || host.start[host.length - 1] == '.' ||
		memchr(host.start, '*', host.length) || memchr(host.start, '?', host.length))
		return;
	for (size_t i = 1; i < host.length; i++) {
		if (host.start[i] == '.' && !is_numeric(host, i))
			ask(q, hash_word(q->cover, state,
				       (struct text_slice){host.start + i, host.length - i}));
	}
}

static size_t behind_at(struct text_slice w)
{
	const char *at = w.length > 1 ? memchr(w.start + 1, '@', w.length - 1) : NULL;
	return at ? (size_t)(at - w.start) + 1 : 0;
}

/* The earliest rule that covers the client for the daemon whose key is `state`. */
static void ask_client(struct question *q, uint64_t state, struct text_slice client)
{
	size_t user = behind_at(client);
	ask(q, hash_word(q->cover, state, text_slice_of("ALL")));
	ask_host(q, state, client);
	if (user > 0)
		ask_host(q, state, (struct text_slice){client.start + user, client.length - user});
}

static const struct slot *find_cover(
	const struct access_lint_cover *c, struct text_slice daemon, struct text_slice client)
{
	struct question q = {.cover = c};
	size_t host = behind_at(daemon);
	ask_client(&q, hash_word(c, 0, text_slice_of("ALL")), client);
	ask_client(&q, hash_word(c, 0, daemon), client);
	if (host > 0)
		ask_client(
			&q, hash_word(c, 0, (struct text_slice){daemon.start, host - 1}), client);
	return q.found;
}

/* --- rules --- */

/* Words before EXCEPT: what is excepted from a rule that is covered is covered too. */
static bool next_base(struct text_slice *list, struct text_slice *word)
{
	return access_rule_next_word(list, word) && !access_rule_is_except(*word);
}

static bool has_except(struct text_slice list)
{
	struct text_slice word;
	while (access_rule_next_word(&list, &word)) {
		if (access_rule_is_except(word))
			return true;
	}
	return false;
}

static bool is_covered(const struct access_lint_cover *c, const struct access_rule *rule,
	bool denies, struct access_lint_covered *out)
{
	struct text_slice daemons = rule->daemons, daemon;
	bool any = false;
	while (next_base(&daemons, &daemon)) {
		struct text_slice clients = rule->clients, client;
		while (next_base(&clients, &client)) {
			const struct slot *s = find_cover(c, daemon, client);
			if (s == NULL)
				return false;
			bool against = s->denies != denies;
			if (!any || (against && !out->against) ||
				(against == out->against && s->number < out->by))
				*out = (struct access_lint_covered){s->number, against};
			any = true;
		}
	}
	return any;
}

static unsigned count(struct text_slice list)
{
	struct text_slice word;
	unsigned n = 0;
	while (access_rule_next_word(&list, &word))
		n++;
	return n;
}

/* Two long lists are more pairs than anybody waits for; a table could be full of them. */
static bool may_be_asked(struct access_lint_cover *c, const struct access_rule *rule)
{
	const uint64_t daemons = count(rule->daemons), clients = count(rule->clients);
	const uint64_t pairs = daemons * clients;
	if (pairs <= PAIRS_FREE * (daemons + clients))
		return true;
	if (pairs > PAIRS_MAX || pairs > PAIRS_ALL - c->spent)
		return false;
	c->spent += pairs;
	return true;
}

static void add_client(struct access_lint_cover *c, uint64_t state, struct text_slice client,
	uint32_t number, bool denies)
{
	struct prefix p;
	if (access_lint_net_read(client, &p)) {
		c->lengths[p.length_bits] = true;
		insert(c, hash_net(c, state, &p), number, denies);
	} else if (client.length < TEXT_MAX) {
		insert(c, hash_word(c, state, client), number, denies);
	}
}

static void add_pairs(
	struct access_lint_cover *c, const struct access_rule *rule, uint32_t number, bool denies)
{
	struct text_slice daemons = rule->daemons, daemon;
	while (access_rule_next_word(&daemons, &daemon)) {
		uint64_t state = hash_word(c, 0, daemon);
		struct text_slice clients = rule->clients, client;
		while (!c->failed && daemon.length < TEXT_MAX &&
			access_rule_next_word(&clients, &client))
			add_client(c, state, client, number, denies);
	}
}

bool access_lint_cover_add(struct access_lint_cover *c, const struct access_rule *rule, bool denies,
	bool may_not_match, uint32_t number, struct access_lint_covered *out)
{
	if (c->failed || !may_be_asked(c, rule))
		return false;
	if (is_covered(c, rule, denies, out))
		return true;
	if (may_not_match || has_except(rule->daemons) || has_except(rule->clients))
		return false;
	add_pairs(c, rule, number, denies);
	return false;
}
