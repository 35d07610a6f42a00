/* SPDX-License-Identifier: ISC */
/*
 * watch_ears - everything a watch listens to: interfaces, logs and log groups, as one stream of events.
 *
 * Opened with rights, used without. What all of them heard since the last call is put in order of
 * time, so that a scan seen on two of them stays one.
 */
#ifndef KW_DAEMON_WATCH_EARS_H
#define KW_DAEMON_WATCH_EARS_H

#include "base/stop_code.h"
#include "event/access_queue.h"
#include "event/event_order.h"
#include "sensor/ear.h"
#include "sensor/handshake_count.h"
#include "sensor/kernel_hook.h"
#include "sensor/journal_reader.h"
#include "sensor/live_capture.h"
#include "sensor/path_settings.h"
#include "sensor/syslog_receiver.h"

#include <poll.h>

#define WATCH_EARS_MAX 64 /* of each: as many names as the configuration holds */
#define WATCH_EARS_NFLOGS 8
#define WATCH_EARS_TOTAL 160   /* of all kinds together */
#define WATCH_EARS_EVENTS 4096 /* most of one reading */

struct watch_ears_request {
	const char *interfaces[WATCH_EARS_MAX];
	unsigned interfaces_count;
	const char *logs[WATCH_EARS_MAX];
	unsigned logs_count;
	uint16_t nflogs[WATCH_EARS_NFLOGS]; /* groups of the firewall's log */
	unsigned nflogs_count;
	bool journal_wanted;
	struct journal_reader_options journal; /* its names are ours */
	struct syslog_receiver_options syslog; /* its names are ours; none = no address */
	struct syslog_address syslog_addresses[SYSLOG_LISTENERS_MAX]; /* of these */
	size_t ring_bytes;         /* of each capture; 0 = as live_capture has it */
	struct path_settings path; /* how interfaces are heard; auto: the best that works */
	size_t hook_ring_bytes;    /* of the kernel hook; 0 = as it has it */
	bool loopback;
	bool from_start; /* logs: read what is there already */
	const struct prefix_set *home, *dark;
	struct name_table *names;
};

struct watch_ears {
	struct ear list[WATCH_EARS_TOTAL]; /* those that need the doors first */
	unsigned count;
	struct live_capture
		*captures[WATCH_EARS_MAX]; /* of these: their filter follows the doors */
	unsigned captures_count;
	struct kernel_hook *hook; /* in the list, too; null = packets alone */
	char path_words[512];     /* by which path interfaces are heard, and why */
	struct listening_reader *reader;
	struct listening_set listening;
	int64_t read_ms, read_again_ms;     /* when `listening` was read, and may be again */
	struct door_set offered_before;     /* what `listening` said before it was read last */
	bool door_changed;                  /* the hook says so; not read anew yet */
	bool listening_changed;             /* since watch_ears_take_change */
	struct client_ports *clients;       /* null = the kernel has no such thing */
	struct handshake_count *handshakes; /* null = the kernel does not tell */
	struct capture_filter *filter;
	bool clients_known[DOOR_FAMILIES]; /* as the filter was built */
	bool hook_knows_clients;           /* likewise */
	const struct prefix_set *home, *dark;
	struct access_queue *decisions; /* of wrappers, heard and not passed on yet */
	struct event_order_key *order; /* scratch, for WATCH_EARS_EVENTS */
	struct event *held; /* knocks on doors that may have opened after `read_ms`, oldest first */
	size_t held_count;
	int64_t held_ms; /* since when */
	bool behind;     /* the last read left something: read again at once */
	uint64_t lost;   /* packets and lines that could not be taken, as of the last look */
};

/* What cannot be opened is said: STOP_USAGE where the name is wrong (no such interface, a directory
 * for a log), else STOP_NOT_PERMITTED. watch_ears_close must follow all the same. */
enum stop_code watch_ears_open(struct watch_ears *e, const struct watch_ears_request *request);
void watch_ears_close(struct watch_ears *e);

/* Fills `fds` for poll; returns how many. */
unsigned watch_ears_fds(const struct watch_ears *e, struct pollfd *fds, unsigned max);

/*
 * Reads a piece of what there is, in order of time, `max` events (WATCH_EARS_EVENTS) at most; `behind`
 * tells whether there was more. Where somebody knocks on a door that may have opened a moment ago,
 * asks first what is offered now: the set that judges packets is newer than they are. If it was asked
 * too lately, all that came waits for the next time (watch_ears_wait_ms): 400 ms at most, and not while
 * so much comes that it would pile up. With `last` nothing waits.
 */
size_t watch_ears_read(struct watch_ears *e, struct event *out, size_t max, bool last);

/* The oldest decision of a wrapper that was heard, until the next reading; null if there is none. An ear that
 * finds no place for one waits: they are to be taken after each reading. */
const struct access_event *watch_ears_take_decision(struct watch_ears *e);

/* How long poll may sleep, `most` at most. */
int watch_ears_wait_ms(const struct watch_ears *e, int most);

/* True where something was heard and is not told yet: time must not pass it. */
static inline bool watch_ears_is_behind(const struct watch_ears *e)
{
	return e->behind || e->held_count > 0;
}

/* Once a second: what is offered now? Also looks after lost interfaces. */
void watch_ears_look_around(struct watch_ears *e);

/* From now on these blocks are dark, and heard as such. Borrowed until the next call. */
void watch_ears_set_dark(struct watch_ears *e, const struct prefix_set *dark);

/* True, once, if `listening` has changed. */
bool watch_ears_take_change(struct watch_ears *e);

/* How many handshakes our doors completed since the last call; false where the kernel does not tell. */
bool watch_ears_handshakes(struct watch_ears *e, uint32_t *out);

/* The groups that must be kept to reopen the logs; returns how many. */
size_t watch_ears_groups(const struct watch_ears *e, gid_t *groups, size_t max);

/* The directories and files that must stay readable; returns how many. Borrowed. */
unsigned watch_ears_read_paths(const struct watch_ears *e, const char **out, unsigned max);

/* Goes on where a watch before this one stood, as watch_ears_position told; "" = nowhere. An ear that keeps a
 * position reads nothing before. */
void watch_ears_resume(struct watch_ears *e, const char *position);
/* Where the one ear that keeps a position stands, behind all that was read; "" = there is none. */
const char *watch_ears_position(const struct watch_ears *e);

/* Who brought the lines; returns how many. */
unsigned watch_ears_senders(const struct watch_ears *e, struct ear_sender *out, unsigned max);

/* Lines and messages meant for us that could not be read. */
uint64_t watch_ears_broken_lines(const struct watch_ears *e);

#endif
