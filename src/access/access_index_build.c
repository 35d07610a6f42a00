/* SPDX-License-Identifier: ISC */
#include "access/access_index_build.h"

#include "access/access_group_map.h"
#include "access/access_image_file.h"
#include "access/access_mark.h"
#include "access/access_place_hash.h"
#include "access/access_range_build.h"
#include "access/access_reader.h"
#include "access/access_rule.h"
#include "access/access_sort.h"
#include "access/access_strict.h"
#include "access/access_word.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum {
	RULE_GROUPS_MAX = 64,      /* daemons of a rule that is looked up */
	ENTRIES_SPARE = 4096,      /* small tables may have so many entries more than bytes */
	FINE_TICK_MS = 20,         /* the longest tick of a kernel is 10 ms */
	COARSE_TICK_MS = 2100,     /* file systems that keep no fractions: two seconds */
};

struct build {
	struct access_image_header header;
	struct access_pile parts[ACCESS_IMAGE_PARTS];
	struct access_pile sums;
	struct access_pile ranges;  /* access_range_add */
	struct access_pile places;  /* access_place_table_add */
	struct access_pile others;  /* struct other */
	struct access_group_map groups;
	struct access_mark_head head;
	/* of one rule */
	struct access_pile words;   /* struct placed_word */
	uint32_t of_rule[RULE_GROUPS_MAX];
	unsigned group_count;
	/* Each daemon of a rule has its own entries: not more of them than the table has bytes. */
	uint64_t entries, entries_max;
};

struct placed_word {
	struct access_word is;
	struct text_slice text; /* in the line that was read */
	uint32_t place;
};

struct other {
	unsigned char group[4]; /* big-endian: the key */
	uint32_t place;
};
_Static_assert(sizeof(struct other) == 8, "access_sort");

static void add_other(struct build *b, uint32_t group, uint32_t place)
{
	struct other o = {.place = place};
	uint32_t big = htobe32(group);
	memcpy(o.group, &big, sizeof big);
	access_pile_add_bytes(&b->others, &o, sizeof o);
}

/* Every group of the rule tries it, in its turn. */
static void keep_whole(struct build *b, uint32_t place)
{
	b->header.counts.others++;
	for (unsigned i = 0; i < b->group_count; i++)
		add_other(b, b->of_rule[i], place);
}

static bool add_group(struct build *b, uint32_t group)
{
	for (unsigned i = 0; i < b->group_count; i++) {
		if (b->of_rule[i] == group)
			return true;
	}
	if (b->group_count == RULE_GROUPS_MAX)
		return false;
	b->of_rule[b->group_count++] = group;
	return true;
}

/* The groups of a rule. False where they are not certain: then it is one of all daemons. */
static bool read_daemons(struct build *b, struct text_slice list, const char *line, uint32_t place)
{
	struct text_slice word;
	bool all = false, certain = true;
	b->group_count = 0;
	while (certain && access_rule_next_word(&list, &word)) {
		enum access_word_kind kind = access_word_of_daemon(word);
		if (kind == ACCESS_WORD_ALL)
			all = true;
		else if (kind == ACCESS_WORD_TEXT)
			certain = add_group(b, access_group_map_number(&b->groups, word, place + (uint32_t)(word.start - line)));
		else
			certain = false;
	}
	if (all || !certain) {
		b->of_rule[0] = 0;
		b->group_count = 1;
	}
	return certain;
}

/* The words of a rule. False where one is not certain, or where they are too many. */
static bool read_clients(struct build *b, struct text_slice list, const char *line, uint32_t place)
{
	struct placed_word w;
	b->words.used = 0;
	while (access_rule_next_word(&list, &w.text)) {
		w.is = access_word_of_client_if(b->head.strict, w.text);
		w.place = place + (uint32_t)(w.text.start - line);
		if (w.is.kind == ACCESS_WORD_OTHER)
			return false;
		access_pile_add_bytes(&b->words, &w, sizeof w);
	}
	const uint64_t entries = b->words.used / sizeof w * b->group_count;
	if (b->group_count > 1 && b->entries + entries > b->entries_max)
		return false;
	b->entries += entries;
	return true;
}

static void note_length(struct access_image_lengths *l, const struct placed_word *w)
{
	const struct text_slice t = w->text;
	if (t.start[0] == '.')
		access_image_lengths_add(w->is.needs_name ? l->suffix : l->numeric_suffix, t.length);
	else
		access_image_lengths_add(t.start[t.length - 1] == '.' ? l->prefix : l->exact, t.length);
}

static void least(uint32_t *place, uint32_t candidate)
{
	if (candidate < *place)
		*place = candidate;
}

static void look_up_network(struct build *b, struct access_image_group *g, const struct placed_word *w, uint32_t group)
{
	const struct prefix *n = &w->is.network;
	if (n->length_bits < 128) {
		access_range_add(&b->ranges, group, n, w->place);
		return;
	}
	g->looked_up |= addr_is_v4(&n->base) ? ACCESS_IMAGE_V4_ADDRESS : ACCESS_IMAGE_V6_ADDRESS;
	access_place_table_add(&b->places, access_place_hash_of_address(b->header.seed, &n->base, group), w->place);
}

static void look_up(struct build *b, const struct placed_word *w, uint32_t group)
{
	struct access_image_group *g = access_group_map_at(&b->groups, group);
	if (g == NULL)
		return;
	if (w->is.needs_name)
		least(&g->needs_name, w->place);
	switch (w->is.kind) {
	case ACCESS_WORD_ALL:
		least(&g->all, w->place);
		break;
	case ACCESS_WORD_NETWORK:
		look_up_network(b, g, w, group);
		break;
	case ACCESS_WORD_TEXT:
		if (w->is.needs_name)
			least(&g->hangs_on_name, w->place);
		g->looked_up |= ACCESS_IMAGE_TEXT;
		note_length(&b->header.lengths, w);
		access_place_table_add(&b->places, access_place_hash_of_text(b->header.seed, w->text, group), w->place);
		break;
	case ACCESS_WORD_NEVER:
	case ACCESS_WORD_OTHER:
		break;
	}
}

/* Does the rule have an end? (So does, here, one with a note that speaks of it.) */
static bool may_expire(struct text_slice options)
{
	static const char keyword[] = "expires";
	for (size_t i = 0; i + sizeof keyword - 1 <= options.length; i++) {
		if (access_text_same(options.start + i, keyword, sizeof keyword - 1))
			return true;
	}
	return false;
}

/*
 * Can the rule be looked up although it ends? The place table gives one rule after the other, and those that are over can be
 * left out; the trees know the first only. And no word that needs a name may stand behind one that fits.
 */
static bool can_be_left_out(const struct build *b)
{
	const struct placed_word *w = (const void *)b->words.bytes;
	const size_t count = b->words.used / sizeof *w;
	for (size_t i = 0; i < count; i++) {
		if (w[i].is.kind == ACCESS_WORD_ALL || (w[i].is.needs_name && count > 1) ||
			(w[i].is.kind == ACCESS_WORD_NETWORK && w[i].is.network.length_bits < 128))
			return false;
	}
	return true;
}

/* Who it concerns is in `of_rule`, whether or not it can be looked up. */
static bool can_be_looked_up(struct build *b, const struct access_rule *rule, const char *line, uint32_t place, bool expires)
{
	if (b->head.strict && access_strict_daemons_are_broken(rule, NULL)) {
		b->of_rule[0] = 0;
		b->group_count = 1;
		return false;
	}
	return read_daemons(b, rule->daemons, line, place) && !(b->head.strict && access_strict_rest_is_broken(rule, NULL)) &&
	       read_clients(b, rule->clients, line, place) && !(expires && !can_be_left_out(b));
}

static bool read_line(struct build *b, const struct access_line *line)
{
	struct access_rule rule = {.daemons = {"", 0}, .clients = {"", 0}, .options = {"", 0}};
	uint32_t place;
	const enum access_rule_form form = access_strict_split_if(b->head.strict, line->text, &rule);
	if (form != ACCESS_RULE_RULE && !(form == ACCESS_RULE_NO_SEPARATOR && b->head.strict))
		return true;
	b->header.counts.rules++;
	if (!access_image_add_line(&b->parts[ACCESS_IMAGE_TEXTS], line, &place)) {
		errno = b->parts[ACCESS_IMAGE_TEXTS].failed ? ENOMEM : EFBIG;
		return false;
	}
	const bool expires = may_expire(rule.options);
	if (!can_be_looked_up(b, &rule, line->text.start, place, expires)) {
		keep_whole(b, place);
		return true;
	}
	b->header.may_expire |= expires;
	const struct placed_word *w = (const void *)b->words.bytes;
	for (size_t n = b->words.used / sizeof *w; n > 0; n--, w++) {
		b->header.counts.entries++;
		for (unsigned i = 0; i < b->group_count; i++)
			look_up(b, w, b->of_rule[i]);
	}
	return true;
}

static bool take_line(struct build *b, const struct access_line *line)
{
	access_mark_take(&b->head, line->text);
	if (!b->head.strict || !access_strict_line_is_odd(line, NULL))
		return read_line(b, line);
	errno = EILSEQ;
	return false;
}

static bool read_rules(struct build *b, int fd)
{
	struct access_reader reader;
	struct access_line line;
	enum access_reader_result got;
	bool good = true;
	access_reader_init(&reader, fd, 0, 0);
	while (good && (got = access_reader_next(&reader, &line)) != ACCESS_READER_END)
		good = got == ACCESS_READER_LINE && take_line(b, &line);
	b->header.strict = b->head.strict;
	const int failed = errno;
	access_reader_clear(&reader);
	errno = failed;
	return good;
}

/* Each group's part of the sorted piles, and its name in the text table. */
static bool divide_among_groups(struct build *b)
{
	size_t range = 0, other = 0;
	const struct other *others = (const void *)b->others.bytes;
	const size_t others_count = b->others.used / sizeof *others;
	for (uint32_t group = 0; group < access_group_map_count(&b->groups); group++) {
		struct access_image_group *g = access_group_map_at(&b->groups, group);
		const uint32_t big = htobe32(group);
		if (!access_range_tree_build(&b->ranges, &range, group, &b->parts[ACCESS_IMAGE_LINES], &g->trees))
			return false;
		g->others_first = (uint32_t)other;
		for (; other < others_count && memcmp(others[other].group, &big, sizeof big) == 0; other++) {
			access_pile_add_bytes(
				&b->parts[ACCESS_IMAGE_OTHERS], &others[other].place, sizeof others[other].place);
		}
		g->others_count = (uint32_t)other - g->others_first;
	}
	access_group_map_add_names(&b->groups, &b->places);
	return true;
}

static bool finish(struct build *b)
{
	if (b->words.failed || b->groups.failed || !access_range_sort(&b->ranges) ||
		!access_sort_records(&b->others, sizeof(struct other), sizeof(uint32_t)) || !divide_among_groups(b) ||
		!access_place_table_build(
			&b->places, &b->parts[ACCESS_IMAGE_BUCKETS], &b->parts[ACCESS_IMAGE_OVERFLOW])) {
		errno = ENOMEM;
		return false;
	}
	b->parts[ACCESS_IMAGE_GROUPS] = b->groups.groups;
	b->groups.groups = (struct access_pile){0};
	return true;
}

static void clear(struct build *b)
{
	for (int i = 0; i < ACCESS_IMAGE_PARTS; i++)
		access_pile_clear(&b->parts[i]);
	access_pile_clear(&b->sums);
	access_pile_clear(&b->ranges);
	access_pile_clear(&b->places);
	access_pile_clear(&b->others);
	access_pile_clear(&b->words);
	access_group_map_clear(&b->groups);
}

/* Unknown to who chose the names in the table; where the kernel has none, at least different each time. */
static uint64_t new_seed(void)
{
	uint64_t seed;
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) == sizeof seed)
		return seed;
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000007) + (uint64_t)now.tv_nsec;
}

/* All parts of what the table holds. False with errno; cleared by the caller, in either case. */
static bool make_parts(struct build *b, int fd, const struct stat *s)
{
	*b = (struct build){.header = {.seed = new_seed()}};
	access_group_map_init(&b->groups, b->header.seed);
	if (s == NULL)
		return finish(b);
	b->header.table = access_image_table_of(s);
	b->entries_max = b->header.table.size + ENTRIES_SPARE;
	return read_rules(b, fd) && finish(b);
}

static bool join(struct build *b, struct access_pile *image)
{
	struct iovec pieces[ACCESS_IMAGE_PIECES];
	const unsigned count = access_image_pieces(&b->header, b->parts, &b->sums, pieces);
	for (unsigned i = 0; i < count; i++)
		access_pile_add_bytes(image, pieces[i].iov_base, pieces[i].iov_len);
	if (count > 0 && !image->failed)
		return true;
	errno = ENOMEM;
	return false;
}

int access_index_build_from(int fd, const struct stat *s, struct access_pile *image)
{
	struct build b;
	const bool good = make_parts(&b, fd, s) && join(&b, image);
	const int failed = errno;
	clear(&b);
	errno = failed;
	return good ? 0 : -1;
}

/* Milliseconds until another change would have another time than this one. A time that is yet to come is no reason to
 * wait: the next change will not have it. */
static int64_t ms_to_settle(const struct stat *s)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	const int64_t age = (now.tv_sec - s->st_ctim.tv_sec) * 1000 + (now.tv_nsec - s->st_ctim.tv_nsec) / 1000000;
	const int64_t tick = s->st_ctim.tv_nsec == 0 && s->st_mtim.tv_nsec == 0 ? COARSE_TICK_MS : FINE_TICK_MS;
	return age < -tick || age >= tick ? 0 : tick - age;
}

/* One reading of an open table. 0; -1 with errno; EAGAIN: it was changed meanwhile, or a moment ago, try in `wait_ms`. */
static int read_table(struct build *b, int fd, uint64_t most, int64_t *wait_ms)
{
	struct stat before, after;
	*wait_ms = FINE_TICK_MS;
	if (fstat(fd, &before) != 0)
		return -1;
	if ((uint64_t)before.st_size > most) {
		errno = EFBIG;
		return -1;
	}
	int64_t settle = ms_to_settle(&before);
	if (settle > 0) {
		*wait_ms = settle;
		errno = EAGAIN;
		return -1;
	}
	if (!make_parts(b, fd, &before) || fstat(fd, &after) != 0)
		return -1;
	const struct access_image_table first = access_image_table_of(&before), last = access_image_table_of(&after);
	if (access_image_table_same(&first, &last))
		return 0;
	errno = EAGAIN;
	return -1;
}

/* `patience`: how many times to wait. What is built is to be cleared, in any case. */
static int build(struct build *b, const char *path, uint64_t most, unsigned patience)
{
	for (;; patience--) {
		int64_t wait_ms;
		struct stat s;
		*b = (struct build){0};
		if (stat(path, &s) != 0)
			return -1;
		if (!S_ISREG(s.st_mode)) { /* a pipe is not even opened: it may be read once only */
			errno = EINVAL;
			return -1;
		}
		int fd = access_reader_open(path);
		if (fd < 0)
			return -1;
		const int got = read_table(b, fd, most, &wait_ms);
		const int failed = errno;
		close(fd);
		errno = failed;
		if (got == 0 || failed != EAGAIN || patience == 0)
			return got;
		clear(b);
		nanosleep(&(struct timespec){wait_ms / 1000, wait_ms % 1000 * 1000000}, NULL);
	}
}

int access_index_build_image(const char *path, uint64_t most, struct access_pile *image)
{
	struct build b;
	int got = build(&b, path, most, 0);
	if (got == 0 && !join(&b, image))
		got = -1;
	const int failed = errno;
	clear(&b);
	errno = failed;
	return got != 0 && failed == ENOENT ? access_index_build_from(-1, NULL, image) : got;
}

int access_index_build(const char *path, struct access_index_counts *out)
{
	enum { PATIENCE = 100 }; /* a table that is edited all the time */
	struct build b;
	struct iovec pieces[ACCESS_IMAGE_PIECES];
	int got = build(&b, path, UINT64_MAX, PATIENCE);
	if (got == 0) {
		const unsigned count = access_image_pieces(&b.header, b.parts, &b.sums, pieces);
		errno = ENOMEM;
		got = count > 0 ? access_image_file_write(path, pieces, count) : -1;
	}
	const int failed = errno;
	const struct access_image_counts *c = &b.header.counts;
	if (got == 0 && out != NULL)
		*out = (struct access_index_counts){c->rules, c->entries, c->others, b.header.size, b.head.strict};
	clear(&b);
	errno = failed;
	return got;
}
