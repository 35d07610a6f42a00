/* SPDX-License-Identifier: ISC */
/*
 * access_list - the words of a list of daemons or of clients, one after the other: "a EXCEPT b EXCEPT user@c".
 *
 * They are cut from the text of a rule as they are asked for, or were all cut before (access_kept), for a rule that is tried
 * often: both give the same words.
 *
 * Tests: tests/unit/access/test_access_kept.c, and by those of access_pattern
 */
#ifndef KW_ACCESS_ACCESS_LIST_H
#define KW_ACCESS_ACCESS_LIST_H

#include "base/text_slice.h"

#include <stdbool.h>

/* What a word is made of. Digits and dots are none of these. */
enum access_list_letters { ACCESS_LIST_SLASH = 1, ACCESS_LIST_GLOB = 2, ACCESS_LIST_OTHER = 4 };

struct access_list_part {
	struct text_slice text;
	unsigned letters; /* enum access_list_letters */
};
struct access_list_part access_list_part_of(struct text_slice text);

struct access_list_word {
	bool is_except; /* and nothing else */
	bool has_host;  /* there is an '@' behind its first letter */
	struct access_list_part part; /* what stands before that, or all of it */
	struct access_list_part host; /* behind it */
};

struct access_list {
	struct text_slice text; /* what was not cut yet */
	const struct access_list_word *next, *end; /* those that were; both null: none. Borrowed */
};

static inline struct access_list access_list_of(struct text_slice text)
{
	return (struct access_list){.text = text};
}
static inline struct access_list access_list_over(const struct access_list_word *words, size_t count)
{
	return (struct access_list){.next = words, .end = words + count};
}

/* False: no word of the list is EXCEPT. In less time than it takes to cut them. */
bool access_list_may_except(struct text_slice list);

/* Cuts the next word off the text; false when there is none. */
bool access_list_cut(struct text_slice *text, struct access_list_word *word);

/* The next word, valid until the one after it (`room` is for one that has to be cut); null when there is none. */
static inline const struct access_list_word *access_list_next(struct access_list *l, struct access_list_word *room)
{
	if (l->next != NULL)
		return l->next < l->end ? l->next++ : NULL;
	return access_list_cut(&l->text, room) ? room : NULL;
}

#endif
