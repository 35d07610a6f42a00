/* SPDX-License-Identifier: ISC */
/*
 * journal_sender - sends the journal, record by record, to another machine, and knows how far it is there.
 *
 * Syslog has no answer. A record counts as arrived when the other machine's kernel has confirmed its bytes and the
 * connection lived on for JOURNAL_SENDER_SETTLE_MS: so long its program had to read them. After a break all that had not
 * arrived is sent again; so nothing is lost, and of the last seconds before a break some may come twice (the records
 * are numbered, and alike).
 *
 * A state machine, driven by time that its caller gives: never waits (but see tls_client on addresses). It tries again after
 * 1, 2, 4, ... 60 s. It only reads the journal. Where the record that was sent last is no longer what it was, the journal was written
 * anew: it says so, and sends all that there is.
 *
 * Memory: one message (JOURNAL_LINE_MAX), and what journal_walk needs.
 */
#ifndef KW_COURIER_JOURNAL_SENDER_H
#define KW_COURIER_JOURNAL_SENDER_H

#include "courier/tls_client.h"
#include "store/journal_walk.h"

#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_SENDER_SETTLE_MS 2000
#define JOURNAL_SENDER_RETRY_MOST_MS 60000

struct journal_sender;

/* Begins behind `from` (seq 0 = with the oldest). Both are borrowed. `anew` tells whether the journal does not hold `from`
 * as it was sent. Null with the reason. */
struct journal_sender *journal_sender_create(struct tls_client *client, struct journal_walk *walk,
	const struct journal_place *from, bool *anew, struct store_error *error);
/* Accepts null. */
void journal_sender_destroy(struct journal_sender *s);

/* Does what can be done now. Returns when to come again, in ms from `now_ms` (monotonic), at the latest. */
int journal_sender_step(struct journal_sender *s, int64_t now_ms);

/* For poll, as tls_client_fd. */
int journal_sender_fd(const struct journal_sender *s, short *events);

/* The newest record that has arrived. */
struct journal_place journal_sender_arrived(const struct journal_sender *s);
/* True if all that the journal held at the last step has arrived. */
bool journal_sender_is_done(const struct journal_sender *s);
bool journal_sender_is_connected(const struct journal_sender *s);
/* Records given to the connection since the beginning, those sent again included. */
uint64_t journal_sender_count(const struct journal_sender *s);

#endif
