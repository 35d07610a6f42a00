/* SPDX-License-Identifier: ISC */
#include "daemon/watch_ears.h"

#include "base/clock_now.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/text_buffer.h"
#include "daemon/watch_loop.h"
#include "sensor/capture_ear.h"
#include "sensor/hook_ear.h"
#include "sensor/journal_ear.h"
#include "sensor/log_ear.h"
#include "sensor/nflog_ear.h"
#include "sensor/syslog_ear.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DOORS_AGE_MS 200 /* what is offered is asked for at most so often, beside once a second */
#define MOST_COST_MS 10  /* of processor; if it takes longer: at most a twentieth of the time */
#define DOORS_TOLD_AGE_MS 20 /* ... and this where the kernel says that they changed */
#define HELD_MOST 512 /* events; more at once are a flood, or a scan that no open door explains */
#define HELD_MS 400   /* what is told comes within a second of its packet */

/* Who forwards gets answers for others, of which no socket here tells. True if it changed. */
static bool learn_whether_clients_are_known(struct watch_ears *e)
{
	bool changed = false;
	bool can_tell = e->clients && client_ports_can_tell(e->clients, clock_now_monotonic_ms());
	for (unsigned f = 0; f < DOOR_FAMILIES; f++) {
		bool known = can_tell && !e->listening.forwards[f];
		changed |= known != e->clients_known[f];
		e->clients_known[f] = known;
	}
	changed |= can_tell != e->hook_knows_clients;
	e->hook_knows_clients = can_tell;
	return changed;
}

static void build_filter(struct watch_ears *e)
{
	struct capture_filter_options o = {.scope = CAPTURE_SCOPE_HOST,
		.also_home = e->home,
		.dark = e->dark,
		.beside_hook = e->hook != NULL,
		.hook_knows_clients = e->hook_knows_clients};
	memcpy(o.clients_known, e->clients_known, sizeof o.clients_known);
	capture_filter_build(e->filter, &e->listening, &o);
}

static enum stop_code fail_to_open(int error_number, const char *message)
{
	diag_error("%s", message);
	bool wrong_name = error_number == ENODEV || error_number == EINVAL;
	return wrong_name ? STOP_USAGE : STOP_NOT_PERMITTED;
}

/* Those that need the doors stand before the others. */
static void add_ear(struct watch_ears *e, struct ear ear)
{
	e->list[e->count++] = ear;
}

/* The first way that works, unless one was asked for. */
static enum stop_code open_hook(struct watch_ears *e, const struct watch_ears_request *r)
{
	char error[256] = "";
	struct text_buffer words = text_buffer_over(e->path_words, sizeof e->path_words);
	struct path_report report;
	const bool any = r->interfaces_count == 1 && strcmp(r->interfaces[0], "any") == 0;
	struct kernel_hook_options o = {.ifaces = r->interfaces,
		.ifaces_count = any ? 0 : r->interfaces_count,
		.loopback = r->loopback,
		.firewall = r->path.firewall_drops,
		.every_netns = r->path.containers,
		.ring_bytes = r->hook_ring_bytes,
		.names = r->names,
		.clients = e->clients};
	bool asked = r->path.has_path && r->path.path == PATH_HOOK;
	if (asked || !r->path.has_path)
		e->hook = kernel_hook_open(&o, e->filter, error, sizeof error);
	if (asked && e->hook == NULL) {
		diag_error("path hook: %s", error);
		return STOP_NOT_PERMITTED;
	}
	path_probe_report(e->hook ? PATH_HOOK : PATH_PACKET,
		&(struct path_facts){.may_hook = true, .may_capture = true}, &report);
	text_buffer_printf(&words, "%s: %s", report.words,
		e->hook || error[0] == '\0' ? report.reason : error);
	return STOP_DONE;
}

static enum stop_code open_captures(struct watch_ears *e, const struct watch_ears_request *r)
{
	char error[512];
	e->reader = listening_reader_open(r->loopback, error, sizeof error);
	if (e->reader == NULL || !listening_set_read(e->reader, &e->listening)) {
		diag_error("%s",
			e->reader ? "the kernel does not tell which ports are in use" : error);
		return STOP_NOT_PERMITTED;
	}
	e->clients = client_ports_open(r->loopback);
	e->handshakes = handshake_count_open();
	(void)learn_whether_clients_are_known(e);
	build_filter(e);
	enum stop_code code = open_hook(e, r);
	if (code != STOP_DONE)
		return code;
	if (e->hook)
		build_filter(e);
	for (unsigned i = 0; i < r->interfaces_count; i++) {
		struct live_capture_options o = {.iface = r->interfaces[i],
			.ring_bytes = r->ring_bytes,
			.loopback = r->loopback,
			.names = r->names,
			.clients = e->clients};
		struct live_capture *capture =
			live_capture_open(&o, e->filter, error, sizeof error);
		if (capture == NULL) {
			int kept = errno;
			kernel_hook_close(e->hook);
			return fail_to_open(kept, error);
		}
		e->captures[e->captures_count++] = capture;
		add_ear(e, capture_ear_of(capture));
	}
	if (e->hook) {
		kernel_hook_set_filter(e->hook, e->filter);
		add_ear(e, hook_ear_of(e->hook));
	}
	return STOP_DONE;
}

static enum stop_code open_log(
	struct watch_ears *e, const struct watch_ears_request *r, const char *path)
{
	char error[512];
	gid_t group;
	struct log_tail_options o = {.path = path, .from_start = r->from_start, .names = r->names,
		.decisions = e->decisions};
	struct log_tail *log = log_tail_open(&o, error, sizeof error);
	if (log == NULL)
		return fail_to_open(errno, error);
	add_ear(e, log_ear_of(log));
	if (access(path, F_OK) != 0 && errno == ENOENT && journal_reader_is_here())
		diag_note("the systemd journal is here: to follow that say --journal");
	if (geteuid() != 0 || !log_tail_group(log, &group) || group != 0)
		return STOP_DONE;
	diag_error("%s: only root may read it, and nothing is followed as root; "
		   "try 'chgrp adm %s'",
		path, path);
	return STOP_NOT_PERMITTED;
}

static enum stop_code open_nflog(
	struct watch_ears *e, const struct watch_ears_request *r, uint16_t group)
{
	char error[512];
	struct nflog_reader_options o = {.group = group, .names = r->names};
	struct nflog_reader *reader = nflog_reader_open(&o, error, sizeof error);
	if (reader == NULL)
		return fail_to_open(errno, error);
	add_ear(e, nflog_ear_of(reader));
	return STOP_DONE;
}

/* Says from whom, for that is what one forgets. */
static void say_senders(const struct watch_ears_request *r)
{
	char senders[512];
	struct text_buffer t = text_buffer_over(senders, sizeof senders);
	for (unsigned i = 0; i < r->syslog.from.count; i++)
		text_buffer_printf(
			&t, "%s%s", i ? ", " : "", prefix_to_text(&r->syslog.from.items[i]).text);
	diag_note("syslog is taken from %s",
		senders[0] ? senders : "this host alone; of others say --syslog-from PREFIX");
}

static enum stop_code open_syslog(struct watch_ears *e, const struct watch_ears_request *r)
{
	char error[512];
	struct syslog_receiver_options o = r->syslog;
	o.addresses = r->syslog_addresses;
	o.names = r->names;
	o.decisions = e->decisions;
	struct syslog_receiver *receiver = syslog_receiver_open(&o, error, sizeof error);
	if (receiver == NULL)
		return fail_to_open(errno, error);
	add_ear(e, syslog_ear_of(receiver));
	say_senders(r);
	return STOP_DONE;
}

static enum stop_code open_journal(struct watch_ears *e, const struct watch_ears_request *r)
{
	char error[512];
	gid_t group;
	struct journal_reader_options o = r->journal;
	o.from_start = r->from_start;
	o.names = r->names;
	o.decisions = e->decisions;
	struct journal_reader *reader = journal_reader_open(&o, error, sizeof error);
	if (reader == NULL)
		return fail_to_open(errno, error);
	add_ear(e, journal_ear_of(reader));
	if (geteuid() != 0 || !journal_reader_group(reader, &group) || group != 0)
		return STOP_DONE;
	diag_error("the systemd journal: only root may read it, and nothing is followed as root; "
		   "'systemd-tmpfiles --create' gives it to the group systemd-journal");
	return STOP_NOT_PERMITTED;
}

enum stop_code watch_ears_open(struct watch_ears *e, const struct watch_ears_request *r)
{
	enum stop_code code = STOP_DONE;
	memset(e, 0, sizeof *e);
	e->home = r->home;
	e->dark = r->dark;
	e->filter = memory_calloc(1, sizeof *e->filter);
	e->order = memory_calloc(2 * (size_t)WATCH_EARS_EVENTS, sizeof *e->order);
	e->held = memory_calloc(HELD_MOST, sizeof *e->held);
	e->decisions = memory_calloc(1, sizeof *e->decisions);
	if (r->interfaces_count > 0)
		code = open_captures(e, r);
	for (unsigned i = 0; i < r->logs_count && code == STOP_DONE; i++)
		code = open_log(e, r, r->logs[i]);
	for (unsigned i = 0; i < r->nflogs_count && code == STOP_DONE; i++)
		code = open_nflog(e, r, r->nflogs[i]);
	if (r->journal_wanted && code == STOP_DONE)
		code = open_journal(e, r);
	if (r->syslog.count > 0 && code == STOP_DONE)
		code = open_syslog(e, r);
	return code;
}

void watch_ears_close(struct watch_ears *e)
{
	for (unsigned i = 0; i < e->count; i++)
		ear_close(&e->list[i]);
	listening_reader_close(e->reader);
	client_ports_close(e->clients);
	handshake_count_close(e->handshakes);
	free(e->filter);
	free(e->order);
	free(e->held);
	free(e->decisions);
	memset(e, 0, sizeof *e);
}

unsigned watch_ears_fds(const struct watch_ears *e, struct pollfd *fds, unsigned max)
{
	unsigned n = 0;
	for (unsigned i = 0; i < e->count && n < max; i++) {
		int fd = ear_fd(&e->list[i]);
		if (fd >= 0)
			fds[n++] = (struct pollfd){.fd = fd, .events = POLLIN};
	}
	return n;
}

static void set_filters(struct watch_ears *e)
{
	char error[512];
	build_filter(e);
	for (unsigned i = 0; i < e->captures_count; i++) {
		if (!live_capture_set_filter(e->captures[i], e->filter, error, sizeof error))
			diag_warn("%s; the filter before it stays", error);
	}
	if (e->hook)
		kernel_hook_set_filter(e->hook, e->filter);
}

void watch_ears_set_dark(struct watch_ears *e, const struct prefix_set *dark)
{
	e->dark = dark;
	set_filters(e);
}

/* What this thread has used of a processor: on a busy host a reading lasts long and costs little. */
static int64_t used_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void read_doors(struct watch_ears *e)
{
	struct listening_set fresh;
	bool changed = false;
	int64_t used = used_ms();
	e->door_changed = false;
	e->read_ms = clock_now_monotonic_ms();
	e->offered_before = e->listening.offered;
	if (listening_set_read(e->reader, &fresh) && !listening_set_equal(&fresh, &e->listening)) {
		e->listening = fresh;
		e->listening_changed = changed = true;
	}
	changed |= learn_whether_clients_are_known(e);
	if (changed)
		set_filters(e);
	int64_t cost_ms = used_ms() - used;
	e->read_again_ms = e->read_ms + (cost_ms < MOST_COST_MS ? DOORS_AGE_MS : cost_ms * 20);
}

/* A door has just opened: the filter is to let the first packets to it pass. */
static bool must_follow_doors(struct watch_ears *e, int64_t now_ms)
{
	if (e->hook != NULL && kernel_hook_take_door_change(e->hook))
		e->door_changed = true;
	return e->door_changed && now_ms >= e->read_again_ms - DOORS_AGE_MS + DOORS_TOLD_AGE_MS;
}

static bool is_of_interface(const struct event *event)
{
	return event->origin == EVENT_ORIGIN_PACKET || event->origin == EVENT_ORIGIN_KERNEL;
}

static bool is_at_closed_door(const struct door_set *offered, const struct event *event)
{
	enum port_set_proto proto;
	return is_of_interface(event) && event->has & EVENT_HAS_PORTS &&
	       port_set_proto_of(event->proto, &proto) &&
	       !door_set_holds(offered, &event->dst, proto, event->dst_port);
}

static bool may_be_outdated(const struct watch_ears *e, const struct event *events, size_t count)
{
	for (size_t i = 0; e->reader != NULL && i < count; i++) {
		if (is_at_closed_door(&e->listening.offered, &events[i]))
			return true;
	}
	return false;
}

/* Who tells of a packet was settled when it was read, hook and captures together. The kernel's word that nobody listened stands, unless somebody has begun to since: a server that starts is no
 * dead door to those who waited for it. */
static bool is_still_wanted(const struct watch_ears *e, const struct event *event)
{
	if (event->origin == EVENT_ORIGIN_KERNEL)
		return !is_at_closed_door(&e->offered_before, event) ||
		       is_at_closed_door(&e->listening.offered, event);
	return event->origin != EVENT_ORIGIN_PACKET || capture_filter_law(e->filter, event);
}

/* What the new law does not want any more; returns how many are left. */
static size_t drop_unwanted(const struct watch_ears *e, struct event *events, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (is_still_wanted(e, &events[i]))
			events[kept++] = events[i];
	}
	return kept;
}

static size_t take_held(struct watch_ears *e, struct event *out)
{
	size_t n = e->held_count;
	for (size_t i = 0; i < n; i++)
		out[i] = e->held[i];
	e->held_count = 0;
	return n;
}

static void hold(struct watch_ears *e, const struct event *events, size_t count, int64_t now_ms)
{
	memcpy(e->held, events, count * sizeof *events);
	e->held_count = count;
	if (e->held_ms == 0)
		e->held_ms = now_ms;
}

/* A scanner meets closed doors all the time: the reading has its least age, and thereby its price.
 * False where what was heard is to wait for it. */
static bool settle_doors(struct watch_ears *e, struct event *events, size_t *count, bool may_wait)
{
	int64_t now_ms = clock_now_monotonic_ms();
	bool outdated = may_be_outdated(e, events, *count);
	if (must_follow_doors(e, now_ms) || (outdated && now_ms >= e->read_again_ms)) {
		read_doors(e);
		*count = drop_unwanted(e, events, *count);
	} else if (outdated && may_wait && *count <= HELD_MOST &&
		   (e->held_ms == 0 || now_ms - e->held_ms < HELD_MS)) {
		hold(e, events, *count, now_ms);
		return false;
	}
	e->held_ms = 0;
	return true;
}

/* Reads the ears from `*next` on that need the doors, or do not. Returns how many events. */
static size_t read_ears(struct watch_ears *e, unsigned *next, bool needs_doors, struct event *out,
	size_t share, bool *more)
{
	size_t n = 0;
	while (*next < e->count && e->list[*next].needs_doors == needs_doors) {
		n += ear_read(&e->list[*next], out + n, share, more);
		++*next;
	}
	return n;
}

size_t watch_ears_read(struct watch_ears *e, struct event *out, size_t max, bool last)
{
	size_t n = take_held(e, out), share = e->count ? (max - n) / e->count : 0;
	unsigned next = 0;
	bool more = false;
	n += read_ears(e, &next, true, out + n, share, &more);
	e->behind = more;
	if (!settle_doors(e, out, &n, !more && !last))
		return 0;
	n += read_ears(e, &next, false, out + n, share, &more);
	if (e->count > 1)
		event_order_by_time(out, n, e->order);
	e->behind = more;
	return n;
}

const struct access_event *watch_ears_take_decision(struct watch_ears *e)
{
	return access_queue_take(e->decisions);
}

int watch_ears_wait_ms(const struct watch_ears *e, int most)
{
	int64_t left = e->read_again_ms - clock_now_monotonic_ms();
	if (e->behind)
		return 0;
	if (e->door_changed && most > DOORS_TOLD_AGE_MS)
		most = DOORS_TOLD_AGE_MS;
	if (e->held_count == 0 || left > most)
		return most;
	return left > 0 ? (int)left : 0;
}

void watch_ears_look_around(struct watch_ears *e)
{
	/* What is held wants a reading that is newer than all of it, and gets it soon. */
	if (e->reader != NULL && e->held_count == 0)
		read_doors(e);
	e->lost = 0;
	for (unsigned i = 0; i < e->count; i++) {
		ear_look_around(&e->list[i]);
		e->lost += ear_counts(&e->list[i]).lost;
	}
}

bool watch_ears_take_change(struct watch_ears *e)
{
	bool changed = e->listening_changed;
	e->listening_changed = false;
	return changed;
}

bool watch_ears_handshakes(struct watch_ears *e, uint32_t *out)
{
	return e->handshakes != NULL && handshake_count_read(e->handshakes, out);
}

size_t watch_ears_groups(const struct watch_ears *e, gid_t *groups, size_t max)
{
	size_t n = 0;
	for (unsigned i = 0; i < e->count && n < max; i++)
		n += ear_group(&e->list[i], &groups[n]);
	return n;
}

unsigned watch_ears_read_paths(const struct watch_ears *e, const char **out, unsigned max)
{
	unsigned n = 0;
	for (unsigned i = 0; i < e->count; i++)
		n += ear_read_paths(&e->list[i], out + n, max - n);
	return n;
}

uint64_t watch_ears_broken_lines(const struct watch_ears *e)
{
	uint64_t broken = 0;
	for (unsigned i = 0; i < e->count; i++)
		broken += ear_counts(&e->list[i]).broken;
	return broken;
}

void watch_ears_resume(struct watch_ears *e, const char *position)
{
	for (unsigned i = 0; i < e->count; i++) {
		if (e->list[i].ops->resume != NULL)
			e->list[i].ops->resume(e->list[i].self, position);
	}
}

const char *watch_ears_position(const struct watch_ears *e)
{
	for (unsigned i = 0; i < e->count; i++) {
		if (e->list[i].ops->position != NULL)
			return e->list[i].ops->position(e->list[i].self);
	}
	return "";
}

unsigned watch_ears_senders(const struct watch_ears *e, struct ear_sender *out, unsigned max)
{
	unsigned n = 0;
	for (unsigned i = 0; i < e->count; i++) {
		if (e->list[i].ops->senders != NULL)
			n += e->list[i].ops->senders(e->list[i].self, out + n, max - n);
	}
	return n;
}
