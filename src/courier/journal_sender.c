/* SPDX-License-Identifier: ISC */
/*
 * Bytes on the wire are not those of messages: TLS wraps them. So at most every MARK_MS a mark is set: "all records
 * up to this one are within the first so many bytes of this connection". A mark is confirmed when the
 * kernel has so many bytes acknowledged, and settled some time later.
 */
#include "courier/journal_sender.h"

#include "base/memory.h"
#include "courier/syslog_record.h"

#include <poll.h>
#include <stdlib.h>

enum {
	MARK_MS = 100,
	MARKS = 64, /* six seconds at MARK_MS; then sending waits for what is on its way */
	RETRY_FIRST_MS = 1000,
	HANDSHAKE_MOST_MS = 20000,
	RECORDS_MOST = 2000, /* of one step */
	LOOK_MS = 200,       /* for new records, and for what was confirmed */
};

struct mark {
	struct journal_place place;
	uint64_t wire;        /* bytes of the connection by then */
	int64_t confirmed_ms; /* 0 = not yet */
};

struct journal_sender {
	struct tls_client *client;
	struct journal_walk *walk;
	struct journal_place arrived; /* settled */
	struct journal_place given;   /* wholly given to the connection */
	struct mark marks[MARKS];     /* a ring: oldest first */
	unsigned first, count;
	int64_t marked_ms, retry_ms, tried_ms;
	int retry_after_ms;
	bool up, drained; /* drained: the walk had no more */
	uint64_t sent;
	char *message; /* the one being written */
	size_t size, at;
	struct journal_place of_message;
};

/* The next record to be read is the one behind `arrived`. */
static bool go_back(struct journal_sender *s, struct store_error *error)
{
	s->given = s->arrived;
	s->first = s->count = 0;
	s->size = s->at = 0;
	s->drained = false;
	return journal_walk_seek(s->walk, s->arrived.seq + 1, error);
}

struct journal_sender *journal_sender_create(struct tls_client *client, struct journal_walk *walk,
	const struct journal_place *from, bool *anew, struct store_error *error)
{
	struct journal_place found;
	struct journal_sender *s = memory_calloc(1, sizeof *s);
	s->client = client;
	s->walk = walk;
	s->message = memory_calloc(1, JOURNAL_LINE_MAX + SYSLOG_RECORD_HEAD_MAX);
	s->retry_after_ms = RETRY_FIRST_MS;
	*anew = from->seq != 0 && journal_walk_find(walk, from->seq, &found) &&
		!journal_hash_equal(&found.hash, &from->hash);
	if (from->seq != 0 && !*anew)
		s->arrived = *from;
	if (go_back(s, error))
		return s;
	journal_sender_destroy(s);
	return NULL;
}

void journal_sender_destroy(struct journal_sender *s)
{
	if (!s)
		return;
	free(s->message);
	free(s);
}

/* --- what is on its way --- */

static void set_mark(struct journal_sender *s, int64_t now_ms)
{
	bool new_one = s->count == 0 ||
		       s->marks[(s->first + s->count - 1) % MARKS].place.seq != s->given.seq;
	if (!new_one || s->given.seq == s->arrived.seq || s->count == MARKS ||
		(now_ms - s->marked_ms < MARK_MS && s->count > 0 && !s->drained))
		return;
	s->marked_ms = now_ms;
	s->marks[(s->first + s->count++) % MARKS] =
		(struct mark){s->given, tls_client_sent(s->client), 0};
}

static void settle_marks(struct journal_sender *s, int64_t now_ms)
{
	uint64_t acknowledged = s->count > 0 ? tls_client_acknowledged(s->client) : 0;
	for (unsigned i = 0; i < s->count; i++) {
		struct mark *m = &s->marks[(s->first + i) % MARKS];
		if (m->confirmed_ms == 0 && m->wire <= acknowledged)
			m->confirmed_ms = now_ms;
	}
	while (s->count > 0) {
		const struct mark *m = &s->marks[s->first];
		if (m->confirmed_ms == 0 || now_ms - m->confirmed_ms < JOURNAL_SENDER_SETTLE_MS)
			break;
		s->arrived = m->place;
		s->first = (s->first + 1) % MARKS;
		s->count--;
	}
}

/* --- writing --- */

/* False: there is none, yet. */
static bool take_record(struct journal_sender *s)
{
	struct journal_record r;
	if (!journal_walk_next(s->walk, &r))
		return false;
	s->size = syslog_record_write(r.line, r.length, s->message);
	s->at = 0;
	s->of_message = r.place;
	return true;
}

static void write_records(struct journal_sender *s, int64_t now_ms)
{
	for (unsigned i = 0; i < RECORDS_MOST && s->count < MARKS; i++) {
		if (s->at == s->size && !take_record(s)) {
			s->drained = true;
			break;
		}
		s->drained = false;
		s->at += tls_client_write(s->client, s->message + s->at, s->size - s->at);
		if (s->at < s->size)
			break;
		s->given = s->of_message;
		s->sent++;
	}
	set_mark(s, now_ms);
}

/* --- the connection --- */

static void try_to_connect(struct journal_sender *s, int64_t now_ms)
{
	s->tried_ms = now_ms;
	tls_client_connect(s->client);
}

static void take_break(struct journal_sender *s, int64_t now_ms)
{
	struct store_error error;
	/* A journal that cannot be read now is asked again when the connection is there. */
	(void)go_back(s, &error);
	s->up = false;
	s->tried_ms = 0;
	s->retry_ms = now_ms + s->retry_after_ms;
	s->retry_after_ms *= 2;
	if (s->retry_after_ms > JOURNAL_SENDER_RETRY_MOST_MS)
		s->retry_after_ms = JOURNAL_SENDER_RETRY_MOST_MS;
}

static void go_on(struct journal_sender *s, int64_t now_ms)
{
	enum tls_client_state state = tls_client_step(s->client);
	if (state == TLS_CLIENT_UP) {
		if (!s->up)
			s->retry_after_ms = RETRY_FIRST_MS;
		s->up = true;
		settle_marks(s, now_ms);
		write_records(s, now_ms);
		return;
	}
	if (state != TLS_CLIENT_DOWN && now_ms - s->tried_ms > HANDSHAKE_MOST_MS)
		tls_client_close(s->client);
	else if (state != TLS_CLIENT_DOWN)
		return;
	take_break(s, now_ms);
}

int journal_sender_step(struct journal_sender *s, int64_t now_ms)
{
	if (s->tried_ms == 0 && now_ms < s->retry_ms)
		return s->retry_ms - now_ms < LOOK_MS ? (int)(s->retry_ms - now_ms) : LOOK_MS;
	if (s->tried_ms == 0)
		try_to_connect(s, now_ms);
	go_on(s, now_ms);
	return s->up && s->at < s->size ? LOOK_MS
					: (s->up && !s->drained && s->count < MARKS ? 0 : LOOK_MS);
}

int journal_sender_fd(const struct journal_sender *s, short *events)
{
	return tls_client_fd(s->client, s->at < s->size, events);
}

struct journal_place journal_sender_arrived(const struct journal_sender *s)
{
	return s->arrived;
}

bool journal_sender_is_done(const struct journal_sender *s)
{
	return s->up && s->drained && s->count == 0 && s->given.seq == s->arrived.seq;
}

bool journal_sender_is_connected(const struct journal_sender *s)
{
	return s->up;
}

uint64_t journal_sender_count(const struct journal_sender *s)
{
	return s->sent;
}
