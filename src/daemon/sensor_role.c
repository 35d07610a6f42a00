/* SPDX-License-Identifier: ISC */
#include "daemon/sensor_role.h"

#include "base/clock_now.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "daemon/sensor_frame.h"
#include "daemon/watch_loop.h"
#include "priv/channel.h"
#include "priv/sandbox.h"
#include "priv/service_notify.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	WAIT_MS = 200,       /* a log on a file system without inotify is looked at this often */
	HANDSHAKES_MS = 200, /* below a tick of offer_watch */
	ASKED_MS = 1200,     /* the engine asks again every second while it matters */
	READINGS = 16,       /* in one turn: orders and the clock wait no longer, whatever comes */
};

struct sensor {
	const struct sensor_role_request *request;
	struct watch_ears ears;
	struct exec_hearing execs;
	struct access_hearing wrappers;
	struct name_table *names;
	unsigned names_sent;
	struct event *events;
	struct channel_frame *frame;
	char position[EAR_POSITION_MAX];  /* as the engine was told last */
	struct prefix_set dark;           /* as the engine said last */
	uint8_t redirects[DOOR_FAMILIES]; /* enum kernel_redirects, read while files may be */
	int64_t end_ms, next_second_ms, next_count_ms, asked_until_ms;
	struct service_notify notify;
	bool stop; /* told to end, or it is time */
	bool gone; /* the engine is */
};

static void send_frame(struct sensor *s, enum sensor_frame type, const void *body, size_t length)
{
	if (!s->gone &&
		channel_send_all(s->request->channel, (uint16_t)type, body, length) != CHANNEL_DONE)
		s->gone = true;
}

/* --- what the engine is told --- */

static void send_doors(struct sensor *s)
{
	const struct listening_set *l = &s->ears.listening;
	struct sensor_frame_doors *doors = memory_calloc(1, sizeof *doors);
	doors->offered = l->offered;
	doors->own_count = l->own.hosts.count;
	memcpy(doors->own, l->own.hosts.items, sizeof doors->own);
	doors->own_cut = l->own.cut;
	memcpy(doors->redirects, s->redirects, sizeof doors->redirects);
	send_frame(s, SENSOR_FRAME_DOORS, doors, sizeof *doors);
	free(doors);
}

/* Before the first event that has its number. */
static void send_new_names(struct sensor *s)
{
	unsigned count = name_table_count(s->names);
	for (; s->names_sent < count; s->names_sent++) {
		struct sensor_frame_name name = {.number = (uint16_t)s->names_sent};
		snprintf(name.text, sizeof name.text, "%s", name_table_name(s->names, name.number));
		send_frame(s, SENSOR_FRAME_NAME, &name, sizeof name);
	}
}

static void send_events(struct sensor *s, size_t count)
{
	send_new_names(s);
	for (size_t i = 0; i < count; i += SENSOR_FRAME_EVENTS_MAX) {
		size_t n =
			count - i < SENSOR_FRAME_EVENTS_MAX ? count - i : SENSOR_FRAME_EVENTS_MAX;
		send_frame(s, SENSOR_FRAME_EVENTS, &s->events[i], n * sizeof *s->events);
	}
}

static void send_decision(void *context, const struct access_event *a)
{
	send_frame(context, SENSOR_FRAME_ACCESS, a, sizeof *a);
}

/* What wrappers tell by themselves first, and read last: a wrapper tells it before it logs it, so that of a decision that is
 * heard both ways the engine has the whole of it when the line comes. */
static void send_decisions(struct sensor *s)
{
	const struct access_event *a;
	access_hearing_hear(&s->wrappers, s->stop, send_decision, s);
	while ((a = watch_ears_take_decision(&s->ears)) != NULL)
		send_decision(s, a);
}

/* Behind the events, so that the engine has all that came before it. */
static void send_position(struct sensor *s)
{
	const char *text = watch_ears_position(&s->ears);
	struct sensor_frame_position position = {0};
	if (strcmp(text, s->position) == 0)
		return;
	snprintf(position.text, sizeof position.text, "%s", text);
	memcpy(s->position, position.text, sizeof s->position);
	send_frame(s, SENSOR_FRAME_POSITION, &position, sizeof position);
}

static void send_senders(struct sensor *s)
{
	struct sensor_frame_senders senders = {.count = 0};
	senders.count = watch_ears_senders(&s->ears, senders.list, EAR_SENDERS_MAX);
	if (senders.count > 0)
		send_frame(s, SENSOR_FRAME_SENDERS, &senders, sizeof senders);
}

static void send_tick(struct sensor *s)
{
	const struct access_socket_counts told = access_hearing_counts(&s->wrappers);
	struct sensor_frame_tick tick = {.now = clock_now(),
		.behind = watch_ears_is_behind(&s->ears),
		.lost = s->ears.lost,
		.broken = watch_ears_broken_lines(&s->ears) + told.broken,
		.execs_lost = exec_hearing_lost(&s->execs),
		.decisions_missed = told.missed,
		.decisions_held = told.held,
		.held_uid = told.held_uid};
	send_frame(s, SENSOR_FRAME_TICK, &tick, sizeof tick);
}

static void send_ready(struct sensor *s)
{
	struct sensor_frame_ready ready = {0};
	struct text_buffer t = text_buffer_over(ready.listening, sizeof ready.listening);
	for (unsigned i = 0; i < s->ears.count; i++) {
		if (s->ears.list[i].self == s->ears.hook)
			continue; /* it hears the interfaces that the captures name */
		text_buffer_printf(&t, "%s%s", t.used ? ", " : "", ear_name(&s->ears.list[i]));
	}
	if (s->ears.captures_count > 0)
		send_doors(s);
	send_frame(s, SENSOR_FRAME_READY, &ready, sizeof ready);
}

/* --- what people are told --- */

static void say_what_is_watched(const struct watch_ears *e)
{
	for (unsigned i = e->captures_count; i < e->count; i++) {
		if (e->list[i].self != e->hook)
			diag_note("following %s", ear_name(&e->list[i]));
	}
	if (e->captures_count == 0)
		return;
	char ports[256], where[256];
	struct text_buffer p = text_buffer_over(ports, sizeof ports),
			   i = text_buffer_over(where, sizeof where);
	struct port_range r;
	struct port_set in_use;
	uint32_t cursor = 0;
	door_set_write_ports(&e->listening.offered, &in_use);
	for (unsigned n = 0; port_set_next_range(&in_use, &cursor, &r); n++)
		text_buffer_printf(&p, "%s%s", n ? ", " : "", port_range_to_text(&r).text);
	for (unsigned n = 0; n < e->captures_count; n++)
		text_buffer_printf(&i, "%s%s", n ? ", " : "", ear_name(&e->list[n]));
	diag_note("heard by %s", e->path_words);
	diag_note("watching %s: %s unused TCP and %s unused UDP ports; in use: %s%s", where,
		number_text_of(65536 - port_set_count(&in_use, PORT_SET_TCP)).text,
		number_text_of(65536 - port_set_count(&in_use, PORT_SET_UDP)).text,
		ports[0] ? ports : "none", p.cut ? " ..." : "");
}

/* A gap in our hearing is said once. */
static void say_what_is_not_heard(const struct watch_ears *e)
{
	static const char *const families[DOOR_FAMILIES] = {"IPv4", "IPv6"};
	const struct listening_set *l = &e->listening;
	for (unsigned f = 0; e->captures_count > 0 && f < DOOR_FAMILIES; f++) {
		if (!e->clients_known[f] && e->hook == NULL)
			diag_note("not heard over %s: knocks on the UDP ports %u to %u, for %s",
				families[f], l->ephemeral_first, l->ephemeral_last,
				l->forwards[f] ? "this host forwards, and answers for others come "
						 "to them"
					       : "the kernel does not tell which of them our "
						 "programs used");
	}
}

/* --- rights --- */

static bool give_up_rights(struct sensor *s)
{
	char error[512], dropped[512], fenced[512];
	struct text_buffer d = text_buffer_over(dropped, sizeof dropped);
	struct text_buffer f = text_buffer_over(fenced, sizeof fenced);
	gid_t groups[DROP_PRIVILEGES_GROUPS_MAX];
	size_t groups_count = watch_ears_groups(&s->ears, groups, DROP_PRIVILEGES_GROUPS_MAX);
	const char *paths[SANDBOX_READ_PATHS_MAX];
	unsigned paths_count = watch_ears_read_paths(&s->ears, paths, SANDBOX_READ_PATHS_MAX);
	paths_count += exec_hearing_read_paths(
		&s->execs, paths + paths_count, SANDBOX_READ_PATHS_MAX - paths_count);
	struct sandbox_options o = {
		.role = SYSCALL_ROLE_SENSOR, .read_paths = paths, .read_path_count = paths_count};
	if (!drop_privileges_now(
		    &s->request->identity, groups, groups_count, &d, error, sizeof error) ||
		!sandbox_enter(&o, &f, error, sizeof error)) {
		diag_error("%s", error);
		return false;
	}
	diag_note("the sensor %s", fenced); /* its user is the engine's, which says so */
	return true;
}

/* --- the loop --- */

static volatile sig_atomic_t asked_to_end;

static void ask_to_end(int number)
{
	(void)number;
	asked_to_end = 1;
}

static void take_dark(struct sensor *s)
{
	const struct prefix_set *fresh = (const void *)s->frame->body;
	if (s->frame->length != sizeof *fresh || fresh->count > PREFIX_SET_MAX)
		return;
	s->dark = *fresh;
	watch_ears_set_dark(&s->ears, &s->dark);
}

static void take_resume(struct sensor *s)
{
	const struct sensor_frame_position *from = (const void *)s->frame->body;
	if (s->frame->length == sizeof *from && memchr(from->text, '\0', sizeof from->text) != NULL)
		watch_ears_resume(&s->ears, from->text);
}

static void take_orders(struct sensor *s, int64_t now_ms)
{
	enum channel_result result;
	while ((result = channel_receive(s->request->channel, s->frame)) == CHANNEL_DONE) {
		if (s->frame->type == SENSOR_FRAME_STOP)
			s->stop = true;
		else if (s->frame->type == SENSOR_FRAME_DARK)
			take_dark(s);
		else if (s->frame->type == SENSOR_FRAME_RESUME)
			take_resume(s);
		else if (s->frame->type == SENSOR_FRAME_ASK)
			s->asked_until_ms = now_ms + ASKED_MS;
	}
	s->gone |= result != CHANNEL_WAIT;
}

/* The doors first, then the packets: what judges them is then newer than they are. */
static void hear(struct sensor *s)
{
	unsigned readings = 0;
	do {
		size_t n = watch_ears_read(&s->ears, s->events, WATCH_EARS_EVENTS, s->stop);
		if (watch_ears_take_change(&s->ears))
			send_doors(s);
		send_events(s, n);
		send_decisions(s);
		send_position(s);
	} while (!s->gone && s->ears.behind && ++readings < READINGS);
}

static void send_exec(void *context, const struct exec_event *e)
{
	struct sensor *s = context;
	send_frame(s, SENSOR_FRAME_EXEC, e, exec_wire_size(e));
}

/* Often only while it matters: a reading sums counters of every processor. */
static void count_handshakes(struct sensor *s, int64_t now_ms, bool second)
{
	struct sensor_frame_handshakes h;
	bool asked = now_ms < s->asked_until_ms && now_ms >= s->next_count_ms;
	if (!second && !asked)
		return;
	s->next_count_ms = now_ms + HANDSHAKES_MS;
	if (!watch_ears_handshakes(&s->ears, &h.count))
		return;
	h.now = clock_now();
	send_frame(s, SENSOR_FRAME_HANDSHAKES, &h, sizeof h);
}

static void turn(struct sensor *s)
{
	struct pollfd fds[WATCH_EARS_TOTAL + 2 + ACCESS_HEARING_SOCKETS];
	unsigned n = watch_ears_fds(&s->ears, fds, WATCH_EARS_TOTAL);
	fds[n] = (struct pollfd){.fd = s->request->channel, .events = POLLIN};
	fds[n + 1] = (struct pollfd){.fd = exec_hearing_fd(&s->execs), .events = POLLIN};
	for (unsigned i = 0; i < ACCESS_HEARING_SOCKETS; i++)
		fds[n + 2 + i] =
			(struct pollfd){.fd = access_hearing_fd(&s->wrappers, i), .events = POLLIN};
	poll(fds, n + 2 + ACCESS_HEARING_SOCKETS, watch_ears_wait_ms(&s->ears, WAIT_MS));
	int64_t now_ms = clock_now_monotonic_ms();
	take_orders(s, now_ms);
	s->stop |= asked_to_end || (s->end_ms != 0 && now_ms >= s->end_ms);
	bool second = now_ms >= s->next_second_ms;
	if (second)
		watch_ears_look_around(&s->ears);
	hear(s);
	exec_hearing_hear(&s->execs, s->stop, send_exec, s);
	count_handshakes(s, now_ms, second);
	if (second) {
		s->next_second_ms = now_ms + 1000;
		send_senders(s);
		send_tick(s);
		service_notify_alive(&s->notify, now_ms);
	}
}

static void run(struct sensor *s)
{
	if (s->request->seconds > 0)
		s->end_ms = clock_now_monotonic_ms() + s->request->seconds * 1000;
	while (!s->stop && !s->gone)
		turn(s);
	watch_ears_look_around(&s->ears); /* the last counts */
	send_senders(s);
	send_tick(s);
	send_frame(s, SENSOR_FRAME_END, NULL, 0);
}

/* A key at the terminal goes to the engine, too, which knows what to do. */
static void set_signals(void)
{
	static const int ignored[] = {SIGINT, SIGHUP, SIGUSR1, SIGPIPE};
	struct sigaction end = {.sa_handler = ask_to_end};
	for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
		signal(ignored[i], SIG_IGN);
	sigaction(SIGTERM, &end, NULL);
}

enum stop_code sensor_role_run(const struct sensor_role_request *request)
{
	struct sensor s = {.request = request,
		.names = name_table_create(),
		.names_sent = 1, /* number 0 is no name */
		.events = memory_calloc(WATCH_EARS_EVENTS, sizeof *s.events),
		.frame = memory_calloc(1, sizeof *s.frame)};
	struct watch_ears_request ears = request->ears;
	ears.names = s.names;
	set_signals();
	service_notify_open(&s.notify);
	for (unsigned f = 0; f < DOOR_FAMILIES; f++)
		s.redirects[f] = (uint8_t)kernel_settings_redirects(
			KERNEL_SETTINGS_ROOT, (enum door_family)f);
	tzset(); /* the zone is read while files may be */
	enum stop_code code = watch_ears_open(&s.ears, &ears);
	if (code == STOP_DONE && !exec_hearing_open(&s.execs, &request->execs))
		code = STOP_NOT_PERMITTED;
	if (code == STOP_DONE && !access_hearing_open(&s.wrappers, &request->wrappers))
		code = STOP_NOT_PERMITTED;
	if (code == STOP_DONE && !give_up_rights(&s))
		code = STOP_INTERNAL;
	if (code == STOP_DONE) {
		say_what_is_watched(&s.ears);
		say_what_is_not_heard(&s.ears);
		exec_hearing_say(&s.execs);
		access_hearing_say(&s.wrappers);
		send_ready(&s);
		service_notify_ready(&s.notify, "listening");
		run(&s);
	}
	service_notify_close(&s.notify);
	watch_ears_close(&s.ears);
	exec_hearing_close(&s.execs);
	access_hearing_close(&s.wrappers);
	name_table_destroy(s.names);
	free(s.events);
	free(s.frame);
	return code;
}
