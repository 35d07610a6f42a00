/* SPDX-License-Identifier: ISC */
#include "daemon/access_watch.h"

/* What clocks of honest hosts differ by; see watch_loop. */
static const int64_t AHEAD_MOST_US = 10 * CLOCK_US_PER_S;

static void print(struct access_watch *w, const struct access_event *a)
{
	if (w->out == NULL)
		return;
	access_json_write(&w->line, a, w->host);
	json_line_print(&w->line, w->out);
}

void access_watch_take(
	struct access_watch *w, const struct access_event *a, struct wall_time now)
{
	struct access_event mended = *a;
	struct event e;
	if (mended.time.us > now.us + AHEAD_MOST_US)
		mended.time = now;
	if (access_twins_knows(&w->twins, &mended)) {
		w->twice++;
		return;
	}
	if (w->sink->journal != NULL)
		(void)store_sink_take_access(w->sink, &mended);
	print(w, &mended);
	if (access_event_to_event(&mended, w->names, &e))
		pipeline_feed(w->pipeline, &e, 1);
}

void access_watch_clear(struct access_watch *w)
{
	json_line_clear(&w->line);
}
