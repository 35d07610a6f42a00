/* SPDX-License-Identifier: ISC */
/*
 * journal_reader - follows the systemd journal of this host by its own library, and tells its knocks.
 *
 * Heard is what the kernel wrote, which the journal knows for sure (_TRANSPORT=kernel; only root can
 * write there otherwise), and what the units and identifiers that are named wrote. A unit is proven by
 * the journal; an identifier any program of this host may claim.
 *
 * Every entry is read once, neither lost nor doubled, over rotation and vacuum, over a restart of
 * journald, and over our own where it is told the position that it gave (journal_reader_resume). Where
 * that is not known, it reads from now on. What was vacuumed before we came to it is gone.
 *
 * Privileges: opened with rights, read with the group that journal_reader_group tells, inside a sandbox
 * that lets journal_reader_paths be read. Reading never waits.
 *
 * BUGS: The library looks for journals in both places of the system when it is opened; a place that comes
 * into being later, as /var/log/journal for a host that had none, is found at the next start. Entries
 * written while the clock was set far back may be passed over, as by journalctl.
 *
 * Tests: tests/system/47_journald.sh, with a journald of its own
 */
#ifndef KW_SENSOR_JOURNAL_READER_H
#define KW_SENSOR_JOURNAL_READER_H

#include "event/access_queue.h"
#include "event/event.h"
#include "event/name_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define JOURNAL_READER_NAMES_MAX 64 /* units, and identifiers */

struct journal_reader_options {
	const char *const *units; /* "ulogd2.service"; at most JOURNAL_READER_NAMES_MAX. Borrowed */
	unsigned units_count;
	const char *const *identifiers; /* "ulogd"; as many. Borrowed */
	unsigned identifiers_count;
	bool from_start; /* read what is there already, where no position is known */
	struct name_table *names; /* numbers interfaces and hosts; borrowed */
	struct access_queue *decisions; /* where those of wrappers go; borrowed; null = nowhere */
};

/* Since opening. entries = events + other + broken. */
struct journal_reader_counts {
	uint64_t entries;
	uint64_t events; /* handed out, decisions of wrappers among them */
	uint64_t other;  /* not of a firewall */
	uint64_t broken; /* of a firewall, but unreadable; or not to be read from the journal */
	const char *last_fault; /* constant text; null before the first */
};

struct journal_reader;

/* True if this host has a journal that could be read. */
bool journal_reader_is_here(void);

/* Null with a message in `error`, and errno: ENOENT where there is no journal. */
struct journal_reader *journal_reader_open(
	const struct journal_reader_options *options, char *error, size_t error_size);
/* Accepts null. */
void journal_reader_close(struct journal_reader *r);

/* Writes up to `max` events, fewer where the queue of decisions is full; sets `more` where something is left. To be called every 200 ms at least. */
size_t journal_reader_read(struct journal_reader *r, struct event *out, size_t max, bool *more);
/* Once a second: looks for entries even if nothing woke us. */
void journal_reader_look_around(struct journal_reader *r);

/* Goes on behind this position, which journal_reader_position gave; "" = there is none. Nothing is read
 * before; called again it does nothing. */
void journal_reader_resume(struct journal_reader *r, const char *position);
/* Behind the last entry that was read, for a reader to come; "" = not known yet. */
const char *journal_reader_position(const struct journal_reader *r);

/* For poll. */
int journal_reader_fd(const struct journal_reader *r);
/* "the systemd journal (kernel, ulogd2.service)" */
const char *journal_reader_name(const struct journal_reader *r);

struct journal_reader_counts journal_reader_report(const struct journal_reader *r);

/* The group that may read the journal where others may not; false if none is needed. */
bool journal_reader_group(const struct journal_reader *r, gid_t *out);
/* Where journals lie; returns how many. Constant. */
unsigned journal_reader_paths(const char **out, unsigned max);

#endif
