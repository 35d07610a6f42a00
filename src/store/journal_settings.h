/* SPDX-License-Identifier: ISC */
/*
 * journal_settings - the keys of knockwatch.yaml that say how long and how large a journal is kept.
 */
#ifndef KW_STORE_JOURNAL_SETTINGS_H
#define KW_STORE_JOURNAL_SETTINGS_H

#include "config/config_part.h"

#define JOURNAL_SETTINGS_SIZE_LEAST (UINT64_C(1) << 20)
#define JOURNAL_SETTINGS_SIZE_MOST (UINT64_C(1) << 46)

struct journal_settings {
	int64_t keep_us;     /* a file is deleted when its day is older than this */
	uint64_t size_bytes; /* ... and, the oldest first, when all together are larger */
};

/* The defaults: two years, and 2 GiB (a quiet host writes some MiB a month, packed). */
void journal_settings_init(struct journal_settings *s);

extern const struct config_part journal_settings_part;

#endif
