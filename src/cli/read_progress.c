/* SPDX-License-Identifier: ISC */
#include "cli/read_progress.h"

#include "base/clock_now.h"
#include "base/number_text.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

void read_progress_start(struct read_progress *p, bool enabled)
{
	*p = (struct read_progress){.enabled = enabled, .on_terminal = isatty(STDERR_FILENO) != 0};
	p->started_ms = p->last_ms = clock_now_monotonic_ms();
}

void read_progress_show(struct read_progress *p, const struct time_merge *m)
{
	uint64_t done = 0, all = 0, records = 0;
	bool size_known = true;
	int64_t now = clock_now_monotonic_ms();
	if (!p->enabled || now - p->started_ms < 1000 || now - p->last_ms < 200)
		return;
	p->last_ms = now;
	for (unsigned i = 0; i < time_merge_count(m); i++) {
		const struct event_source_report *r = event_source_report(time_merge_source(m, i));
		done += r->bytes;
		all += r->bytes_all;
		records += r->records;
		size_known &= r->bytes_all > 0;
	}
	int64_t elapsed = now - p->started_ms;
	uint64_t rate = records * 1000 / (uint64_t)(elapsed ? elapsed : 1);
	unsigned percent = size_known && all ? (unsigned)(done * 100 / all) : 0;
	if (!p->on_terminal) {
		if (percent / 10 == p->last_tenth)
			return;
		p->last_tenth = percent / 10;
	}
	int64_t left_s = percent ? elapsed * (100 - percent) / percent / 1000 : 0;
	fprintf(stderr, p->on_terminal ? "\r\033[K" : "knockwatch: ");
	if (size_known)
		fprintf(stderr, "read %u %%, ", percent);
	fprintf(stderr, "%s records, %s a second", number_text_of(records).text,
		number_text_of(rate).text);
	if (size_known && percent)
		fprintf(stderr, ", %lld s left", (long long)left_s);
	fprintf(stderr, p->on_terminal ? "" : "\n");
	p->shown = p->on_terminal;
	fflush(stderr);
}

void read_progress_end(struct read_progress *p)
{
	if (p->shown)
		fprintf(stderr, "\r\033[K");
	p->shown = false;
}
