/* SPDX-License-Identifier: ISC */
/*
 * journal_torn - what a crash left of a line at the end of a day's file, set aside.
 *
 * The bytes are copied to DATE.torn-N beside it, and are on disk before they are cut off.
 */
#ifndef KW_STORE_JOURNAL_TORN_H
#define KW_STORE_JOURNAL_TORN_H

#include "store/journal_files.h"

/* Moves the bytes of `fd`, the file of `day`, from `from` to `bytes`; `name` gets where to. False with errno,
 * and the file is as it was. */
bool journal_torn_set_aside(int directory, int fd, uint32_t day, uint64_t from, uint64_t bytes,
	struct journal_file_name *name);

#endif
