/* SPDX-License-Identifier: ISC */
/*
 * A flood at a door that is offered.
 *
 * Many SYNs there are good business. It is a flood only where hardly any of them becomes a connection;
 * and that can be said only after a while, for an honest client's handshake takes as long as the way
 * to it and back. So SYNs are counted by quarters of a second, door by door, and each span of four
 * seconds is judged when its last SYN has had half a second, against all handshakes of the host from
 * the span's beginning until now.
 *
 * Handshakes come from where they can be seen. A capture of both directions shows who acknowledges our
 * SYN-ACK (or, where only one direction was captured, who goes on after its SYN); one conversation in
 * eight is followed, so that 50,000 a second on long ways do not push each other out of the table. A live watch hears no acknowledgements, they are too many; there the
 * kernel's own count stands for them (detector_note_handshakes).
 *
 * Refused: judging by how many sources there are, or how few SYNs each sends. Behind one name stand
 * many mobile phones, and forged sources may repeat.
 */
#include "detect/detector_state.h"
#include "detect/sequential_test.h"

/* 128 a second. Where nobody completes a handshake, that many fill a backlog. */
#define FLOOD_SYNS 512
/* Not even one in so many SYNs becomes a connection. */
#define FLOOD_SHARE 4
#define SPAN_TICKS 16 /* four seconds, as of other floods */
#define GRACE_TICKS 2
#define ARMING_SYNS 32 /* of so many in a span one tick has that many */
#define SAMPLE 8
#define TICKS_A_SECOND (CLOCK_US_PER_S / TICK_RING_TICK_US)

static bool is_sampled(uint64_t conversation)
{
	return (conversation >> 24) % SAMPLE == 0;
}

void offer_watch_note_answer(struct detector *d, uint64_t conversation, uint32_t seq)
{
	if (is_sampled(conversation))
		handshake_note_offer(&d->sampled, conversation, seq);
}

void offer_watch_note_ack(struct detector *d, uint64_t conversation, uint32_t ack)
{
	if (is_sampled(conversation) && handshake_complete(&d->sampled, conversation, ack))
		tick_ring_add(&d->completed, tick_ring_tick(d->now), SAMPLE);
}

void offer_watch_note(struct detector *d, const struct prepared *p)
{
	if (d->late)
		return;
	struct offer_door *door =
		offer_table_note(&d->offers, p->aim, p->event, &p->source, d->now);
	int64_t tick = tick_ring_tick(d->now);
	if (tick_ring_sum(&door->syns, tick, tick) < ARMING_SYNS)
		return;
	if (!offer_watch_is_armed(d))
		d->judged_tick = tick;
	d->armed_until_tick = tick + SPAN_TICKS;
}

bool offer_watch_is_armed(const struct detector *d)
{
	return d->judged_tick < d->armed_until_tick;
}

/* The most in one second, from the ring. */
static uint32_t peak_of(const struct tick_ring *r)
{
	uint64_t peak = 0;
	for (int64_t s = r->newest / TICKS_A_SECOND - TICK_RING_TICKS / TICKS_A_SECOND;
		s <= r->newest / TICKS_A_SECOND; s++) {
		uint64_t count = tick_ring_sum(
			r, s * TICKS_A_SECOND, s * TICKS_A_SECOND + TICKS_A_SECOND - 1);
		peak = count > peak ? count : peak;
	}
	return (uint32_t)peak;
}

static int64_t first_tick_of(const struct tick_ring *r)
{
	int64_t tick = r->newest - TICK_RING_TICKS + 1;
	while (tick < r->newest && tick_ring_sum(r, tick, tick) == 0)
		tick++;
	return tick;
}

/* What came before it was known is taken over from the ring. */
static void open_flood(struct detector *d, struct offer_door *door)
{
	struct dossier *o = aim_watch_open_flood(d, &door->event, door->key);
	if (o == NULL)
		return;
	const struct tick_ring *r = &door->syns;
	int64_t second = wall_time_seconds(door->last);
	uint64_t packets = tick_ring_sum(r, 0, r->newest);
	door->dossier = o->number;
	o->packets = packets;
	o->next_packets = packets * 2;
	o->bytes = packets * door->event.length;
	o->first = (struct wall_time){first_tick_of(r) * TICK_RING_TICK_US};
	o->last = door->last;
	o->rate_peak = peak_of(r);
	o->rate_second = (uint32_t)second;
	o->rate_count = (uint32_t)tick_ring_sum(r, second * TICKS_A_SECOND, r->newest);
	dossier_take_sources(o, door->sources);
	detector_tell(d, FINDING_FLOOD, INCIDENT_KIND_SYN_FLOOD, o, NULL, NULL);
}

static bool is_told(struct detector *d, const struct offer_door *door)
{
	const struct dossier *o = dossier_pool_get(d->dossiers, door->dossier);
	return o != NULL && d->now.us - o->last.us <= AIM_WATCH_FLOOD_PAUSE_US;
}

static void judge_span(struct detector *d, int64_t last_tick, int64_t now_tick)
{
	int64_t first_tick = last_tick - SPAN_TICKS + 1;
	uint64_t completed = tick_ring_sum(&d->completed, first_tick, now_tick);
	unsigned cursor = 0;
	for (struct offer_door *door; (door = offer_table_next(&d->offers, &cursor)) != NULL;) {
		uint64_t syns = tick_ring_sum(&door->syns, first_tick, last_tick);
		if (syns >= FLOOD_SYNS && syns > FLOOD_SHARE * completed && !is_told(d, door))
			open_flood(d, door);
	}
}

void offer_watch_look(struct detector *d)
{
	if (d->knows_listening || !offer_watch_is_armed(d))
		return;
	/* Through a silence tick by tick: each ends another span. */
	int64_t now_tick = tick_ring_tick(d->now);
	while (d->judged_tick < now_tick && offer_watch_is_armed(d)) {
		d->judged_tick++;
		judge_span(d, d->judged_tick - GRACE_TICKS - 1, d->judged_tick);
	}
}

void detector_note_handshakes(struct detector *d, struct wall_time now, uint32_t count)
{
	int64_t tick = tick_ring_tick(now.us > d->now.us ? now : d->now);
	tick_ring_add(&d->completed, tick, count);
	if (!offer_watch_is_armed(d) || tick <= d->judged_tick)
		return;
	d->judged_tick = tick;
	judge_span(d, tick - GRACE_TICKS - 1, tick);
}

bool detector_asks_for_handshakes(const struct detector *d)
{
	return offer_watch_is_armed(d);
}

void detector_finish(struct detector *d)
{
	int64_t tick = tick_ring_tick(d->now);
	if (!d->knows_listening && offer_watch_is_armed(d))
		judge_span(d, tick, tick);
}
