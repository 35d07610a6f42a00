/* SPDX-License-Identifier: ISC */
#include "daemon/sensor_link.h"

#include "base/diag.h"
#include "base/memory.h"
#include "daemon/message_id.h"
#include "daemon/position_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROLE_NAME "knockwatchd"
#define READY_MS 30000 /* a host with ten thousand sockets, busy, under a sanitizer */
#define END_MS 5000

/* There is no sensor any more: another may come, or that was all. */
static void lose(struct sensor_link *l)
{
	if (l->listener < 0) {
		l->ended = true;
		return;
	}
	close(l->process.channel);
	l->process.channel = -1;
}

/* Each has names of its own. */
static void begin(struct sensor_link *l)
{
	l->numbers[0] = 0; /* no name */
	l->numbers_count = 1;
}

/* --- what it may say --- */

/* Names have the sensor's numbers until here, and ours from here on. */
static bool take_events(const struct sensor_link *l, struct channel_frame *f,
	const struct sensor_link_hearer *hearer)
{
	struct event *events = (void *)f->body;
	size_t count = f->length / sizeof *events;
	if (f->length % sizeof *events != 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct event *e = &events[i];
		if (!event_is_sound(e) || e->iface >= l->numbers_count ||
			e->host >= l->numbers_count || (e->has & EVENT_HAS_ACCESS))
			return false; /* decisions come whole, as frames of their own */
		e->iface = l->numbers[e->iface];
		e->host = l->numbers[e->host];
	}
	if (hearer->events != NULL)
		hearer->events(hearer->context, events, count);
	return true;
}

static bool doors_are_sound(const struct sensor_frame_doors *d)
{
	if (d->offered.narrow_count > DOOR_SET_NARROW || d->own_count > PREFIX_SET_MAX ||
		d->own_cut > 1)
		return false;
	for (unsigned i = 0; i < d->offered.narrow_count; i++) {
		if (d->offered.narrow[i].proto >= PORT_SET_PROTOS)
			return false;
	}
	for (unsigned i = 0; i < DOOR_FAMILIES; i++) {
		if (d->redirects[i] > KERNEL_REDIRECTS_TAKEN)
			return false;
	}
	for (unsigned i = 0; i < d->own_count; i++) {
		if (d->own[i].length_bits > 128)
			return false;
	}
	return true;
}

static bool take_doors(struct sensor_link *l, const struct channel_frame *f,
	const struct sensor_link_hearer *hearer)
{
	const struct sensor_frame_doors *d = (const void *)f->body;
	if (f->length != sizeof *d || !doors_are_sound(d))
		return false;
	l->offered = d->offered;
	l->own = (struct prefix_set){.count = 0};
	for (unsigned i = 0; i < d->own_count; i++)
		(void)prefix_set_add(&l->own, &d->own[i]);
	l->own_cut = d->own_cut;
	memcpy(l->redirects, d->redirects, sizeof l->redirects);
	l->knows_doors = true;
	if (hearer->doors != NULL)
		hearer->doors(hearer->context);
	return true;
}

/* A name that we have no room for stays without one, as in the table itself. */
static bool take_name(struct sensor_link *l, const struct channel_frame *f)
{
	const struct sensor_frame_name *n = (const void *)f->body;
	if (f->length != sizeof *n || memchr(n->text, '\0', sizeof n->text) == NULL ||
		n->number != l->numbers_count || n->number >= NAME_TABLE_MAX ||
		!name_table_is_plain(n->text))
		return false;
	l->numbers[l->numbers_count++] = name_table_adopt(l->names, n->text);
	return true;
}

static bool take_tick(struct sensor_link *l, const struct channel_frame *f,
	const struct sensor_link_hearer *hearer)
{
	const struct sensor_frame_tick *t = (const void *)f->body;
	if (f->length != sizeof *t || t->behind > 1 || !wall_time_is_sane(t->now))
		return false;
	l->lost = t->lost;
	l->broken = t->broken;
	l->execs_lost = t->execs_lost;
	l->decisions_missed = t->decisions_missed;
	l->decisions_held = t->decisions_held;
	l->held_uid = t->held_uid;
	if (hearer->tick != NULL)
		hearer->tick(hearer->context, t->now, t->behind);
	return true;
}

static bool take_exec(const struct channel_frame *f, const struct sensor_link_hearer *hearer)
{
	struct exec_event e;
	if (!exec_wire_read(f->body, f->length, &e))
		return false;
	if (hearer->exec != NULL)
		hearer->exec(hearer->context, &e);
	return true;
}

static bool take_access(const struct channel_frame *f, const struct sensor_link_hearer *hearer)
{
	const struct access_event *a = (const void *)f->body;
	if (f->length != sizeof *a || !access_event_is_sound(a))
		return false;
	if (hearer->access != NULL)
		hearer->access(hearer->context, a);
	return true;
}

static bool take_handshakes(const struct channel_frame *f, const struct sensor_link_hearer *hearer)
{
	const struct sensor_frame_handshakes *h = (const void *)f->body;
	if (f->length != sizeof *h || !wall_time_is_sane(h->now))
		return false;
	if (hearer->handshakes != NULL)
		hearer->handshakes(hearer->context, h->now, h->count);
	return true;
}

static bool take_ready(struct sensor_link *l, const struct channel_frame *f)
{
	const struct sensor_frame_ready *r = (const void *)f->body;
	if (f->length != sizeof *r || memchr(r->listening, '\0', sizeof r->listening) == NULL)
		return false;
	memcpy(l->listening, r->listening, sizeof l->listening);
	return true;
}

static bool take_senders(struct sensor_link *l, const struct channel_frame *f)
{
	const struct sensor_frame_senders *s = (const void *)f->body;
	if (f->length != sizeof *s || s->count > EAR_SENDERS_MAX)
		return false;
	for (unsigned i = 0; i < s->count; i++) {
		if (memchr(s->list[i].name, '\0', sizeof s->list[i].name) == NULL)
			return false;
	}
	l->senders = *s;
	return true;
}

static bool take_position(struct sensor_link *l, const struct channel_frame *f)
{
	const struct sensor_frame_position *p = (const void *)f->body;
	if (f->length != sizeof *p || memchr(p->text, '\0', sizeof p->text) == NULL ||
		!position_file_may_hold(p->text))
		return false;
	memcpy(l->position, p->text, sizeof l->position);
	return true;
}

static bool take_end(struct sensor_link *l, const struct channel_frame *f)
{
	if (f->length != 0)
		return false;
	lose(l);
	return true;
}

bool sensor_link_take(
	struct sensor_link *l, struct channel_frame *frame, const struct sensor_link_hearer *hearer)
{
	switch (frame->type) {
	case SENSOR_FRAME_READY:
		return take_ready(l, frame);
	case SENSOR_FRAME_DOORS:
		return take_doors(l, frame, hearer);
	case SENSOR_FRAME_NAME:
		return take_name(l, frame);
	case SENSOR_FRAME_EVENTS:
		return take_events(l, frame, hearer);
	case SENSOR_FRAME_EXEC:
		return take_exec(frame, hearer);
	case SENSOR_FRAME_ACCESS:
		return take_access(frame, hearer);
	case SENSOR_FRAME_HANDSHAKES:
		return take_handshakes(frame, hearer);
	case SENSOR_FRAME_TICK:
		return take_tick(l, frame, hearer);
	case SENSOR_FRAME_SENDERS:
		return take_senders(l, frame);
	case SENSOR_FRAME_POSITION:
		return take_position(l, frame);
	case SENSOR_FRAME_END:
		return take_end(l, frame);
	default:
		return false;
	}
}

/* --- its life --- */

static void fail(struct sensor_link *l, const char *what)
{
	diag_error_as(MESSAGE_ID_SENSOR_LOST, "the sensor %s; %s", what,
		l->listener >= 0 ? "waiting for it" : "nothing more is heard");
	l->failed = l->listener < 0;
	lose(l);
}

static bool take_result(
	struct sensor_link *l, enum channel_result result, const struct sensor_link_hearer *hearer)
{
	switch (result) {
	case CHANNEL_DONE:
		if (sensor_link_take(l, l->frame, hearer))
			return true;
		fail(l, "said what no sensor says");
		return false;
	case CHANNEL_WAIT:
		return false;
	case CHANNEL_CLOSED:
		fail(l, "is gone");
		return false;
	case CHANNEL_BROKEN:
		fail(l, "sent a frame that is cut");
		return false;
	}
	return false;
}

/* Words of the command line are the same for both, so both read the same. */
static bool start(struct sensor_link *l, int argc, char **argv)
{
	char **words = memory_calloc((size_t)argc + 2, sizeof *words);
	words[0] = memory_strdup(ROLE_NAME);
	words[1] = memory_strdup("sensor");
	for (int i = 1; i < argc; i++)
		words[i + 1] = argv[i];
	bool started = role_process_start(&l->process, words);
	int kept = errno;
	free(words[0]);
	free(words[1]);
	free(words);
	errno = kept;
	return started;
}

void sensor_link_init(struct sensor_link *l, struct name_table *names)
{
	memset(l, 0, sizeof *l);
	l->process.channel = -1;
	l->listener = -1;
	l->names = names;
	l->frame = memory_calloc(1, sizeof *l->frame);
	begin(l);
}

enum stop_code sensor_link_open(
	struct sensor_link *l, int argc, char **argv, const struct sensor_link_hearer *hearer)
{
	if (!start(l, argc, argv)) {
		diag_error("the sensor cannot be started: %m");
		return STOP_INTERNAL;
	}
	while (l->listening[0] == '\0') {
		enum channel_result result = channel_await(l->process.channel, l->frame, READY_MS);
		if (result == CHANNEL_DONE && sensor_link_take(l, l->frame, hearer))
			continue;
		l->ended = true;
		int code = role_process_end(&l->process, 0);
		if (code > STOP_DONE && code < STOP_INTERNAL)
			return (enum stop_code)code;
		diag_error("the sensor did not start (it ended with %d)", code);
		return STOP_INTERNAL;
	}
	return STOP_DONE;
}

void sensor_link_listen(struct sensor_link *l, int listener)
{
	l->listener = listener;
}

bool sensor_link_is_there(const struct sensor_link *l)
{
	return !l->ended && l->process.channel >= 0;
}

static enum channel_result order(
	struct sensor_link *l, enum sensor_frame what, const void *body, size_t length)
{
	return sensor_link_is_there(l)
		       ? channel_send(l->process.channel, (uint16_t)what, body, length)
		       : CHANNEL_CLOSED;
}

static void tell_position(struct sensor_link *l)
{
	struct sensor_frame_position from = {0};
	memcpy(from.text, l->position, sizeof from.text);
	(void)order(l, SENSOR_FRAME_RESUME, &from, sizeof from);
}

void sensor_link_resume(struct sensor_link *l, const char *position)
{
	snprintf(l->position, sizeof l->position, "%s", position);
	l->resumes = true;
	tell_position(l);
}

/* True if a sensor has come. Who may come is for the socket's owner and mode to say. */
static bool accept_sensor(struct sensor_link *l)
{
	l->process.channel = channel_accept(l->listener);
	if (l->process.channel < 0)
		return false;
	begin(l);
	if (l->resumes)
		tell_position(l);
	diag_note("the sensor is here");
	return true;
}

void sensor_link_stop(struct sensor_link *l)
{
	if (l->listener >= 0)
		close(l->listener);
	l->listener = -1; /* none comes any more: with this one it ends */
	if (order(l, SENSOR_FRAME_STOP, NULL, 0) == CHANNEL_CLOSED)
		l->ended = true;
}

void sensor_link_close(struct sensor_link *l)
{
	int code = role_process_end(&l->process, END_MS);
	if (code >= 128)
		diag_error("the sensor was ended by signal %d", code - 128);
	if (l->listener >= 0)
		close(l->listener);
	l->listener = -1;
	free(l->frame);
	l->frame = NULL;
}

int sensor_link_fd(const struct sensor_link *l)
{
	if (l->ended)
		return -1;
	return l->process.channel >= 0 ? l->process.channel : l->listener;
}

bool sensor_link_hear(
	struct sensor_link *l, unsigned frames, const struct sensor_link_hearer *hearer)
{
	if (!l->ended && l->process.channel < 0 && !accept_sensor(l))
		return false;
	for (unsigned i = 0; i < frames && sensor_link_is_there(l); i++) {
		if (!take_result(l, channel_receive(l->process.channel, l->frame), hearer))
			return false;
	}
	return sensor_link_is_there(l);
}

void sensor_link_set_dark(struct sensor_link *l, const struct prefix_set *dark)
{
	(void)order(l, SENSOR_FRAME_DARK, dark, sizeof *dark);
}

void sensor_link_ask_for_handshakes(struct sensor_link *l)
{
	(void)order(l, SENSOR_FRAME_ASK, NULL, 0);
}
