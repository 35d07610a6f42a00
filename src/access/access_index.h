/* SPDX-License-Identifier: ISC */
/*
 * access_index - finds the first rule of a table that can match, without reading the others.
 *
 * An image (access_image) beside the table ("hosts.deny.idx"), or made in memory of a small table. It holds the rules' lines;
 * the one that is found is compared with the request as if it had been read (of a long list of clients the one that was looked
 * up), and with the plain table itself whenever the kernel is asked whether the table is still the same. That no rule matches,
 * or none before this one, is believed of the index. It is used only while it speaks of this very table (inode, size, mtime,
 * ctime), belongs to root or to the caller, nobody else may write it, and what is read of it fits its sums (access_sum: an
 * accident is found, a lie of its owner is not); else the plain table is read from the top, at the original's cost.
 *
 * What it can answer in constant time: addresses and networks of both families, names and their endings, for
 * daemons named or ALL. Rules of other forms (EXCEPT, globs, user@, /file, netgroups, KNOWN, LOCAL, D@H, ports) are
 * kept in their order beside it and looked at one by one, as far as they stand before the best answer so far; in memory they
 * are taken apart once (access_kept).
 * Names are asked for only when a rule before that answer needs one: as often as the original asks.
 *
 * A program that asks often reads all of the index into memory of its own (access_cache says when, and what it costs): 40 to 60
 * bytes a rule, and a megabyte at most for rules that are tried. It is never mapped: nobody who shortens the file or writes over
 * it can hurt a program that has it. Of such a program no descriptor stays open: programs close what they do not know.
 *
 * Limits: lines without a separator are told by the plain table at each decision, by the index never. On a file system of another
 * host an edit is seen as late as its attributes are.
 *
 * Tests: tests/unit/access/test_access_index.c   Fuzzed: fuzz/access/ (hostile and half-written files)
 */
#ifndef KW_ACCESS_ACCESS_INDEX_H
#define KW_ACCESS_ACCESS_INDEX_H

#include "access/access_asker.h"
#include "access/access_found.h"
#include "access/access_pattern.h"

#include <stdbool.h>

struct access_index; /* one image with the table it speaks of */

/*
 * Opens PATH.idx if it may be used for PATH now: read into memory if it has at most `load_max` bytes, else with a descriptor that
 * is open until it is closed (access_index_close_file), to be read in pieces. Null otherwise, with the reason in `why` ("it
 * belongs to uid 1000"); `unusable` if the file itself has to be made anew: it is damaged, or of another version.
 */
struct access_index *access_index_open(const char *path, uint64_t load_max, bool *unusable, char *why, size_t why_size);
/* False: read in pieces. */
bool access_index_is_loaded(const struct access_index *x);
/* What was found stays valid; the next question finds the index stale, unless it is loaded. */
void access_index_close_file(struct access_index *x);
/* Was it found out that the file is not as it was written? The index is stale then. */
bool access_index_is_damaged(const struct access_index *x);
/* Takes the image of `path` in memory of malloc(), which it owns from now on, also when it gives null. */
struct access_index *access_index_over(const char *path, char *image, size_t size, const char **why);
/* Accepts null. */
void access_index_close(struct access_index *x);
/* Of the table. */
const char *access_index_path(const struct access_index *x);

/*
 * The first match; its text is valid until the next question. Asks the kernel whether the table is still the same, and
 * compares the line with it: always while no more than 16 questions came within one tick of the coarse clock
 * (1 to 10 ms), then not until the next tick, so that a busy daemon does not pay system calls for each decision.
 * An edit is therefore seen at once, or within a tick under load. Not for two threads at a time.
 */
enum access_found_answer access_index_find(
	struct access_index *x, struct access_asker *asker, const struct access_place *at, struct access_found *out);

#endif
