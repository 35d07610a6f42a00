/* SPDX-License-Identifier: ISC */
/*
 * journal_notice - what a watch tells the system's journal beside its stories: that it runs, and what is serious.
 *
 * Nothing is said where the journal is not open (base/system_journal.h). An incident is one record, when it first
 * reaches NOTICE_LEVEL and when it rises above what was said; the last NOTICES_MAX of them are remembered.
 */
#ifndef KW_CLI_JOURNAL_NOTICE_H
#define KW_CLI_JOURNAL_NOTICE_H

#include "verdict/incident.h"

#define NOTICE_LEVEL 3 /* serious */
#define NOTICES_MAX 64

struct journal_notice {
	struct {
		struct event_id id;
		int level; /* as said last */
	} said[NOTICES_MAX];
	unsigned count; /* of all that were said; the newest took the place of the oldest */
};

/* `listening` for people, not escaped; empty = not known yet. */
void journal_notice_begin(const char *listening);
void journal_notice_take(struct journal_notice *n, const struct incident *in);

#endif
