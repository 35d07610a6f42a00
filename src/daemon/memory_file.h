/* SPDX-License-Identifier: ISC */
/*
 * memory_file - keeps the memory of sources over a restart: DIR/sources.memory.
 *
 * Replaced as a whole (file_replace); mode 0600, for the hash key is in it.
 * A file that cannot be loaded (damaged, cut, another version's) is said, and kept as
 * sources.memory.bad until there is another such.
 */
#ifndef KW_DAEMON_MEMORY_FILE_H
#define KW_DAEMON_MEMORY_FILE_H

#include "detect/detector.h"

void memory_file_load(struct detector *d, const char *dir);
void memory_file_save(struct detector *d, const char *dir);

/* Writes what is remembered of each source as JSON lines to DIR/sources.json (psad's dump). */
void memory_file_dump(struct detector *d, const char *dir);

#endif
