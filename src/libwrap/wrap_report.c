/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_report.h"

#include "access/access_strict.h"
#include "access/access_text.h"
#include "libwrap/wrap_process.h"
#include "libwrap/wrap_sin.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { TCP = 6, UDP = 17 };

/* ---- what could not be told -------------------------------------------------------------------------------- */

static _Atomic uint64_t missed; /* wrap_process_count */

static uint32_t take_missed(void)
{
	if (atomic_load_explicit(&missed, memory_order_relaxed) == 0)
		return 0;
	return wrap_process_count(atomic_exchange(&missed, 0));
}

static void add_missed(uint32_t count)
{
	uint64_t was = atomic_load(&missed), is;
	do {
		const uint64_t sum = (uint64_t)wrap_process_count(was) + count;
		is = wrap_process_pack(sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX);
	} while (!atomic_compare_exchange_weak(&missed, &was, is));
}

/* ---- what is told ------------------------------------------------------------------------------------------ */

/* As it is known by now: nothing is asked for. */
static struct text_slice known(const char *text)
{
	const bool is_known = strcasecmp(text, STRING_UNKNOWN) != 0 && strcasecmp(text, STRING_PARANOID) != 0;
	return (struct text_slice){text, is_known ? strnlen(text, STRING_LENGTH) : 0};
}

static void read_socket_address(const union wrap_sin *from, struct addr *a, uint16_t *port)
{
	if (from->any.sa_family == AF_INET) {
		addr_set_v4(a, (const void *)&from->in.sin_addr);
		*port = ntohs(from->in.sin_port);
	} else if (from->any.sa_family == AF_INET6) {
		memcpy(a->bytes, &from->in6.sin6_addr, sizeof a->bytes);
		*port = ntohs(from->in6.sin6_port);
	}
}

static void read_host(const struct host_info *host, struct addr *a, uint16_t *port)
{
	struct text_slice text = known(host->addr);
	const union wrap_sin sin = wrap_sin_of(host);
	read_socket_address(&sin, a, port);
	if (!addr_is_none(a) || text.length == 0)
		return;
	const char *zone = memchr(text.start, '%', text.length);
	(void)addr_parse(text.start, zone ? (size_t)(zone - text.start) : text.length, a);
}

static void describe_rule(const struct access_decision *d, struct access_wire *w)
{
	struct access_rule rule;
	w->line = d->line;
	if (d->file)
		w->texts[ACCESS_WIRE_FILE] = text_slice_of(d->file);
	if (!d->rule)
		return;
	w->texts[ACCESS_WIRE_LINE_TEXT] = text_slice_of(d->rule);
	if (access_strict_split_if(d->strict, w->texts[ACCESS_WIRE_LINE_TEXT], &rule) == ACCESS_RULE_RULE && rule.has_options)
		w->texts[ACCESS_WIRE_OPTIONS] = access_text_trim(rule.options);
}

static void describe(const struct wrap_report *r, struct access_wire *w)
{
	const struct request_info *q = r->request;
	read_host(q->client, &w->client, &w->client_port);
	read_host(q->server, &w->server, &w->server_port);
	w->proto = q->sink ? UDP : TCP; /* sock_host() saw datagrams */
	w->texts[ACCESS_WIRE_SERVICE] = (struct text_slice){q->daemon, strnlen(q->daemon, STRING_LENGTH)};
	w->texts[ACCESS_WIRE_USER] = known(q->user);
	w->texts[ACCESS_WIRE_NAME] = known(q->client->name);
	if (r->decision)
		describe_rule(r->decision, w);
}

/* ---- the telling ------------------------------------------------------------------------------------------- */

/* A socket costs ten times as much as a look for its name, and that as much as a decision. So where nobody listens that holds
 * for the second in which it was found. A child that decides once inherits none, for its parent does not decide. */
static _Atomic int64_t absent_s;

static void note_absence(void)
{
	atomic_store_explicit(&absent_s, time(NULL), memory_order_relaxed);
}

static bool is_there(const char *path)
{
	if (atomic_load_explicit(&absent_s, memory_order_relaxed) == time(NULL))
		return false;
	if (access(path, F_OK) == 0)
		return true;
	note_absence();
	return false;
}

/* 0, or why not. */
static int send_to(const char *path, const uint8_t *bytes, size_t size)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	const size_t length = strlen(path);
	if (length >= sizeof to.sun_path)
		return ENAMETOOLONG;
	memcpy(to.sun_path, path, length);
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	const ssize_t sent = sendto(fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)&to, sizeof to);
	const int failed = sent < 0 ? errno : 0;
	close(fd);
	return failed;
}

static bool finds_no_room(int failed)
{
	return failed == EAGAIN || failed == ENOBUFS || failed == ENOMEM; /* somebody listens, and is behind */
}

static int send_report(const struct wrap_report *r, const uint8_t *bytes, size_t size)
{
	if (r->root_path && geteuid() == 0) {
		const int failed = send_to(r->root_path, bytes, size);
		if (failed == 0 || finds_no_room(failed))
			return failed;
	}
	return send_to(r->path, bytes, size);
}

struct wrap_report wrap_report_of(const struct access_decision *d, struct request_info *request)
{
	return (struct wrap_report){.path = dry_run == 0 ? ACCESS_WIRE_PATH : NULL,
		.root_path = ACCESS_WIRE_ROOT_PATH,
		.decision = d,
		.request = request};
}

void wrap_report_send(struct wrap_report *r, enum access_verdict verdict, enum access_wire_why why)
{
	uint8_t bytes[ACCESS_WIRE_MAX];
	const int kept = errno;
	if (!r->path || (r->told && r->verdict == verdict))
		return;
	r->told = true;
	r->verdict = verdict;
	if (is_there(r->path)) {
		struct access_wire w = {
			.granted = verdict == ACCESS_GRANT, .why = (uint8_t)why, .missed = take_missed()};
		describe(r, &w);
		const int failed = send_report(r, bytes, access_wire_write(&w, bytes));
		if (finds_no_room(failed))
			add_missed(w.missed < UINT32_MAX ? w.missed + 1 : w.missed);
		else if (failed != 0)
			note_absence();
	}
	errno = kept;
}

enum access_verdict wrap_report_expected(const struct access_decision *d)
{
	for (unsigned i = 0; i < d->option_count; i++) {
		if (d->options[i].kind == ACCESS_OPTION_TWIST)
			return ACCESS_DENY;
	}
	return d->reason == ACCESS_BY_OPTION_FAULT ? ACCESS_DENY : d->verdict;
}

enum access_wire_why wrap_report_why(const struct access_decision *d)
{
	switch (d->reason) {
	case ACCESS_BY_RULE:
		return d->unanswered ? ACCESS_WIRE_NAME_UNANSWERED : ACCESS_WIRE_RULE;
	case ACCESS_BY_DEFAULT:
		return ACCESS_WIRE_DEFAULT;
	case ACCESS_BY_OPTION_FAULT:
	case ACCESS_BY_BROKEN_RULE:
		return ACCESS_WIRE_FAULT;
	case ACCESS_BY_UNREADABLE:
		return ACCESS_WIRE_UNREADABLE;
	case ACCESS_BY_NO_MEMORY:
		return ACCESS_WIRE_MEMORY;
	}
	return ACCESS_WIRE_DEFAULT;
}
