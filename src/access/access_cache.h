/* SPDX-License-Identifier: ISC */
/*
 * access_cache - the indexes that a program keeps between its decisions.
 *
 * It belongs to who decides: one for each thread, or under a lock. A program that decides once needs none. A table that has no
 * index beside it is read into one in memory if it is small (64 KiB) and the program asks more than once; a
 * large one is read from the top each time.
 *
 * What it costs a program that stays: an index that lies beside its table is opened and read in pieces at each decision, some 25
 * to 100 microseconds, until that has cost about as much as reading all of it: for each question 64 KiB. Then it is read into
 * memory: 42 MiB and some 20 ms for a million addresses, after 650 questions, and the same again each time that
 * table and index were changed. So a program that seldom decides never has that memory; children share what their parent
 * had when it forked. An index of more than 128 MiB (two to three million rules) is always read in pieces.
 *
 * An index that is damaged, or of another version, is told of through the sink of the question: once for each state of the file by
 * a cache that stays, at each decision by one that does not. It is not opened again before it is another.
 *
 * Tests: tests/unit/access/test_access_cache.c
 */
#ifndef KW_ACCESS_ACCESS_CACHE_H
#define KW_ACCESS_ACCESS_CACHE_H

#include "access/access_image.h"
#include "access/access_index.h"

enum {
	ACCESS_CACHE_TABLES = 4,            /* two are usual; some programs change between others */
	ACCESS_CACHE_SMALL = 64 << 10,      /* bytes of a table that is kept in memory: less than 4 MiB of it, usually 200 KiB */
	ACCESS_CACHE_LOADED = 128 << 20,    /* bytes of an index that is kept in memory */
	ACCESS_CACHE_EARNED = 64 << 10,     /* bytes that one question in pieces takes the time of */
};

/* Zeroed: empty. */
struct access_cache {
	struct access_index *tables[ACCESS_CACHE_TABLES]; /* owned */
	unsigned asked[ACCESS_CACHE_TABLES];              /* questions to each since it was last loaded */
	unsigned next;                                    /* which one goes when a fifth comes */
	bool resident;                                    /* the program will ask again */
	uint64_t load_max;                                /* another limit than ACCESS_CACHE_LOADED; 0: none */
	struct access_image_table refused[ACCESS_CACHE_TABLES]; /* states of index files that are not as they should be */
	unsigned next_refused;
};

/*
 * The first match in a table. ACCESS_FOUND_MATCH (its text is valid until the cache is asked again or cleared),
 * ACCESS_FOUND_NONE, or ACCESS_FOUND_ODD: the plain table is to be read.
 */
enum access_found_answer access_cache_find(struct access_cache *c, const char *path, struct access_asker *asker,
	const struct access_place *at, struct access_found *out);

void access_cache_clear(struct access_cache *c);

#endif
