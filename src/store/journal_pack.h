/* SPDX-License-Identifier: ISC */
/*
 * journal_pack - packs the file of a day that is over, a slice at a time.
 *
 * With zstd, level 2 and a window of 256 KiB: 1.3 MiB of memory while it packs and 1 MiB while it
 * compares, given back at the end. What was packed is unpacked again and compared line by line
 * before the plain file is removed; the two change places by one rename, and a crash in between leaves both,
 * of which the plain one counts.
 *
 * Tests: tests/unit/store/test_journal_upkeep.c
 */
#ifndef KW_STORE_JOURNAL_PACK_H
#define KW_STORE_JOURNAL_PACK_H

#include <stddef.h>
#include <stdint.h>

#define JOURNAL_PACK_SLICE (256u << 10) /* plain bytes of one step: one or two milliseconds */

struct journal_pack;

enum journal_pack_result {
	JOURNAL_PACK_WORKING,
	JOURNAL_PACK_DONE,
	JOURNAL_PACK_FAILED /* with errno; EBADMSG where the two differ. The plain file stays */
};

/* Begins with the plain file of a day; `directory` is borrowed. Null with errno. */
struct journal_pack *journal_pack_start(int directory, uint32_t day);
/* Does one slice. After DONE and FAILED only journal_pack_end may follow. */
enum journal_pack_result journal_pack_step(struct journal_pack *p);
/* Leaves nothing half-done behind; accepts null. */
void journal_pack_end(struct journal_pack *p);

#endif
