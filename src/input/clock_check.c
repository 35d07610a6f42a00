/* SPDX-License-Identifier: ISC */
#include "input/clock_check.h"

/* What the records behind a leap say of it; at most CLOCK_CHECK_AHEAD are asked. */
struct opinion {
	size_t asked, against; /* against: those that come back from it */
	int64_t back_us;       /* how far the farthest goes back, seen from the leap */
};

static struct opinion ask(const struct event *leap, size_t following)
{
	struct opinion o = {following < CLOCK_CHECK_AHEAD ? following : CLOCK_CHECK_AHEAD, 0, 0};
	for (size_t i = 1; i <= o.asked; i++) {
		int64_t back_us = leap->time.us - leap[i].time.us;
		o.against += back_us > CLOCK_CHECK_LEAP_US / 2;
		if (back_us > o.back_us)
			o.back_us = back_us;
	}
	return o;
}

/* Against what went before, one witness is enough; with nothing before, it takes most of them. */
static bool is_misdated(const struct clock_check *c, const struct opinion *o)
{
	return c->started ? o->against > 0 : o->against * 2 > o->asked;
}

/* Goes on from `i` as long as nothing leaps; where it stopped. */
static size_t pass_over(struct clock_check *c, const struct event *events, size_t i, size_t count)
{
	int64_t last_us = c->last_us;
	for (; i < count && events[i].time.us - last_us <= CLOCK_CHECK_LEAP_US; i++)
		last_us = events[i].time.us > last_us ? events[i].time.us : last_us;
	c->last_us = last_us;
	return i;
}

static void mend(struct clock_check *c, struct event *leap, const struct opinion *o)
{
	int64_t us = leap->time.us;
	if (is_misdated(c, o)) {
		c->misdated++;
		us = c->started ? c->last_us : us - o->back_us;
		leap->time.us = us;
	}
	if (!c->started || us > c->last_us)
		c->last_us = us;
	c->started = true;
}

size_t clock_check_mend(struct clock_check *c, struct event *events, size_t count, bool last)
{
	for (size_t i = 0; i < count; i++) {
		if (c->started)
			i = pass_over(c, events, i, count);
		if (i == count)
			break;
		size_t following = count - i - 1;
		struct opinion o = ask(&events[i], following);
		if (following < CLOCK_CHECK_AHEAD && !last)
			return i;
		mend(c, &events[i], &o);
	}
	return count;
}
