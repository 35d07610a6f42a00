/* SPDX-License-Identifier: ISC */
#include "daemon/access_watch.h"

#include "base/diag.h"
#include "base/number_text.h"
#include "store/journal_health.h"

/* What clocks of honest hosts differ by; see watch_loop. */
static const int64_t AHEAD_MOST_US = 10 * CLOCK_US_PER_S;

static void print(struct access_watch *w, const struct access_event *a)
{
	if (w->out == NULL)
		return;
	access_json_write(&w->line, a, w->host);
	json_line_print(&w->line, w->out);
}

enum hearing {
	FIRST,  /* it is to be told */
	AGAIN,  /* it was */
	BACKED, /* it was, by somebody whom nobody vouches for; this one counts */
};

static enum hearing hear(struct access_watch *w, const struct access_event *a)
{
	if (a->unvouched && access_twins_finds(&w->twins, a))
		return AGAIN;
	if (a->unvouched) {
		access_twins_add(&w->strangers, a);
		return FIRST;
	}
	if (access_twins_knows(&w->twins, a))
		return AGAIN;
	return access_twins_finds(&w->strangers, a) ? BACKED : FIRST;
}

void access_watch_take(struct access_watch *w, const struct access_event *a, struct wall_time now)
{
	struct access_event mended = *a;
	struct event e;
	if (mended.time.us > now.us + AHEAD_MOST_US)
		mended.time = now;
	const enum hearing heard = hear(w, &mended);
	w->twice += heard != FIRST;
	if (heard == FIRST && w->sink->journal != NULL)
		(void)store_sink_take_access(w->sink, &mended);
	if (heard == FIRST)
		print(w, &mended);
	if (heard != AGAIN && access_event_to_event(&mended, w->names, &e))
		pipeline_feed(w->pipeline, &e, 1);
}

static void tell_held(struct access_watch *w, struct wall_time now, uint32_t uid)
{
	char state[64];
	struct text_buffer t = text_buffer_over(state, sizeof state);
	const uint64_t count = w->held - w->told_held;
	text_buffer_printf(&t, "held-back uid %u", uid);
	const struct journal_health h = {.what = "wrappers",
		.now = state,
		.count = count,
		.advice = "programs of this user told more decisions of wrappers than are kept; "
			  "is one of them a service in need of a limit, or somebody who plays?"};
	diag_warn(
		"%s of wrappers held back, the last of uid %u: its programs tell more than they may",
		number_text_with(count, "decision").text, uid);
	journal_health_write(&w->line, &h, now, w->host);
	store_sink_take_line(w->sink, &w->line);
	w->told_held = w->held;
	w->held_told = now;
}

void access_watch_advance(
	struct access_watch *w, struct wall_time now, uint64_t held, uint32_t held_uid)
{
	if (held < w->held) /* another sensor, which begins to count */
		w->told_held = 0;
	w->held = held;
	if (held > w->told_held &&
		(w->held_told.us == 0 || now.us - w->held_told.us >= ACCESS_WATCH_HELD_US))
		tell_held(w, now, held_uid);
}

void access_watch_clear(struct access_watch *w)
{
	json_line_clear(&w->line);
}
