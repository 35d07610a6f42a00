/* SPDX-License-Identifier: ISC */
/*
 * json_line - writes one JSON object as one line, member after member, without a tree.
 *
 * Order of the calls is the order in the line. What has no value leaves no trace (EVENTS.md): a null
 * or empty text, no address, a number that is not finite, a list without items. A line is printable
 * ASCII throughout, and so is every text that is read from it (the schema's "text"): one that holds anything
 * else is written as text_buffer_add_escaped writes it. Only the items of json_line_put_item keep their
 * characters, as \uXXXX. Floats have the form of "%.9g" with a point or an exponent in it: nine digits say
 * more than any error bound here knows.
 *
 * Keys are our own constants and are not escaped. In a list `key` is null. Nothing is ever cut to fit:
 * the memory grows with the longest line and is used again for the next.
 *
 * Owner: whoever prints.   Tests: tests/unit/event/test_json_line.c   Fuzz: fuzz/event/fuzz_json_line.c
 */
#ifndef KW_EVENT_JSON_LINE_H
#define KW_EVENT_JSON_LINE_H

#include "base/clock.h"
#include "net/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define JSON_LINE_TEXT_MAX 1024 /* bytes of an item that had to be escaped; longer is cut */
#define JSON_LINE_DEPTH 8       /* objects and lists in one another; more is a fault of ours */

/* An object or list that is not closed yet. */
struct json_line_open {
	size_t from; /* length of the text before it, its comma and key included in what follows */
	char close;  /* its last character */
};

struct json_line {
	char *text;     /* NUL-terminated; null before the first line */
	size_t size;    /* bytes of memory behind `text` */
	size_t used;    /* length of the text so far */
	unsigned depth; /* entries of `open` in use */
	struct json_line_open open[JSON_LINE_DEPTH];
};

/* An empty writer; a zeroed struct is one too. */
void json_line_init(struct json_line *j);
/* Frees the text. */
void json_line_clear(struct json_line *j);

/* Forgets the last line and opens the object of the next; json_line_close makes it whole. */
void json_line_start(struct json_line *j);

/* The name of a member; null in a list. */
struct json_key {
	const char *text;
	size_t length;
};

/* Inline, as all below that take a key: the compiler counts the letters of a constant. */
static inline struct json_key json_key_of(const char *key)
{
	return (struct json_key){key, key != NULL ? strlen(key) : 0};
}

void json_line_add_object(struct json_line *j, struct json_key key);
void json_line_add_list(struct json_line *j, struct json_key key);
void json_line_add_text(struct json_line *j, struct json_key key, const char *text);
void json_line_add_plain(struct json_line *j, struct json_key key, const char *text, size_t length);
void json_line_add_count(struct json_line *j, struct json_key key, uint64_t count);
void json_line_add_real(struct json_line *j, struct json_key key, double value);

/* Everything up to the matching json_line_close becomes its members or items. */
static inline void json_line_open_object(struct json_line *j, const char *key)
{
	json_line_add_object(j, json_key_of(key));
}

static inline void json_line_open_list(struct json_line *j, const char *key)
{
	json_line_add_list(j, json_key_of(key));
}

/* Closes what was opened last. A list without items is taken back, key and all. */
void json_line_close(struct json_line *j);

static inline void json_line_put_text(struct json_line *j, const char *key, const char *text)
{
	json_line_add_text(j, json_key_of(key), text);
}

/* As json_line_put_text, for a text of ours that stands for itself: printable ASCII without quote or
 * backslash, which is not looked at again. */
static inline void json_line_put_plain(
	struct json_line *j, const char *key, const char *text, size_t length)
{
	json_line_add_plain(j, json_key_of(key), text, length);
}

/* The same of a word, a name out of a table of ours; not null. */
static inline void json_line_put_word(struct json_line *j, const char *key, const char *word)
{
	json_line_add_plain(j, json_key_of(key), word, strlen(word));
}

static inline void json_line_put_addr(struct json_line *j, const char *key, const struct addr *a)
{
	if (!addr_is_none(a))
		json_line_put_word(j, key, addr_to_text(a).text);
}

/* RFC 3339 in UTC with microseconds. */
static inline void json_line_put_time(struct json_line *j, const char *key, struct wall_time t)
{
	json_line_put_plain(j, key, wall_time_to_rfc3339(t).text, CLOCK_TEXT_LENGTH);
}

/* The date of a day number, "2026-11-20". */
void json_line_put_day(struct json_line *j, const char *key, int64_t days_since_1970);

/* A count above INT64_MAX is written as that: readers have 64 bits and a sign. */
static inline void json_line_put_count(struct json_line *j, const char *key, uint64_t count)
{
	json_line_add_count(j, json_key_of(key), count);
}

/* As json_line_put_text, of a text of several lines: newlines and tabs stay (the schema's "lines"). */
void json_line_put_lines(struct json_line *j, const char *key, const char *text);

/* An item of a list whose places count, an empty one too. What is UTF-8 (RFC 3629) is what is read from it; anything
 * else is escaped, and cut at JSON_LINE_TEXT_MAX. */
void json_line_put_item(struct json_line *j, const char *text);

void json_line_put_bool(struct json_line *j, const char *key, bool value);

static inline void json_line_put_real(struct json_line *j, const char *key, double value)
{
	json_line_add_real(j, json_key_of(key), value);
}

/* Writes the whole line and a newline. */
void json_line_print(const struct json_line *j, FILE *out);

#endif
