/* SPDX-License-Identifier: ISC */
/*
 * Many hosts' decisions beside each other show who goes from one to the next: by spreading his probes over several
 * hosts an intruder hides from each of them, and from nobody who reads their logs as one.
 *
 * Of a long log the latest rows are shown, kept while it is read; --all and --json print as they read. A log is not quite
 * in order of time: several processes write it, clocks are set, and files are joined. So each is read some rows ahead.
 */
#include "cli/access_log.h"

#include "base/diag.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "cli/access_stream.h"
#include "cli/log_year.h"
#include "cli/store_access.h"
#include "event/access_json.h"
#include "net/prefix.h"
#include "report/access_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum {
	ROWS = 40,
	STREAMS_MAX = 256, /* each takes two descriptors and half a megabyte at most */
	AHEAD = 4096,      /* rows of one that are read ahead: what a busy host decides in a minute */
	AHEAD_OF_ALL = 32768, /* 43 MB */
};

struct reading {
	const struct access_call *call;
	struct store_access access;
	struct wall_time since, until;
	struct prefix source; /* asked for, where `by_source` */
	bool by_source;
	struct access_stream *streams;
	unsigned count, opened;
	unsigned ahead; /* rows of each stream */
	struct access_order latest; /* ROWS of them */
	uint64_t matched, refused, late;
	struct json_line line;
	char host[ACCESS_EVENT_NAME_MAX];
	bool skipped, denied, no_store;
};

/* --- what is asked for --- */

/* A name or a user may be nearly anything, but not a block that is none. */
static bool read_source(struct reading *r)
{
	const char *text = r->call->source;
	bool host_bits = false;
	r->by_source = prefix_parse(text, strlen(text), &r->source, &host_bits);
	if (!r->by_source && strchr(text, '/') != NULL) {
		diag_error("access log: --source %s: %s", text,
			host_bits ? "the address has bits behind the length"
				  : "neither a block (192.0.2.0/24) nor a name or a user");
		return false;
	}
	return true;
}

static bool read_terms(struct reading *r)
{
	const struct access_call *c = r->call;
	if (c->since != NULL && !store_access_parse_time(&r->access, "since", c->since,
					TIME_TEXT_SINCE, &r->since))
		return false;
	if (c->until != NULL && !store_access_parse_time(&r->access, "until", c->until,
					TIME_TEXT_UNTIL, &r->until))
		return false;
	return c->source == NULL || read_source(r);
}

/* Ends in it, at a dot: "evil.example" names "a.evil.example", too. */
static bool is_name_in(const char *name, const char *domain)
{
	size_t n = strlen(name), d = strlen(domain);
	if (n < d || d == 0 || strcasecmp(name + n - d, domain) != 0)
		return false;
	return n == d || domain[0] == '.' || name[n - d - 1] == '.';
}

static bool fits_source(const struct reading *r, const struct access_event *a)
{
	if (r->by_source)
		return !addr_is_none(&a->client) && prefix_holds(&r->source, &a->client);
	return is_name_in(a->name, r->call->source) || strcasecmp(a->user, r->call->source) == 0;
}

static const char *without_in(const char *service)
{
	return strncasecmp(service, "in.", 3) == 0 ? service + 3 : service;
}

/* "finger" is "in.fingerd", too. */
static bool is_service(const char *service, const char *wanted)
{
	const char *s = without_in(service), *w = without_in(wanted);
	size_t n = strlen(w);
	return strncasecmp(s, w, n) == 0 && (s[n] == '\0' || strcasecmp(s + n, "d") == 0);
}

static bool fits(const struct reading *r, const struct access_event *a)
{
	const struct access_call *c = r->call;
	if (a->time.us < r->since.us || (r->until.us != 0 && a->time.us >= r->until.us))
		return false;
	if (c->denied && a->access != EVENT_ACCESS_REFUSED)
		return false;
	if (c->service != NULL && !is_service(a->service, c->service))
		return false;
	return c->source == NULL || fits_source(r, a);
}

/* --- what is told --- */

static void keep_latest(struct access_order *latest, const struct access_event *a)
{
	if (access_order_is_full(latest)) {
		if (a->time.us < access_order_oldest_us(latest))
			return;
		(void)access_order_take(latest);
	}
	access_order_next(latest)->event = *a;
	access_order_put(latest);
}

static void take(struct reading *r, struct access_stream *s)
{
	const struct access_event *a = &s->head;
	if (!fits(r, a))
		return;
	/* The latest rows are put in order all the same. */
	if (s->is_late && (r->call->json || r->call->all)) {
		access_stream_count_late(s);
		r->late++;
	}
	r->refused += a->access == EVENT_ACCESS_REFUSED;
	if (r->call->json) {
		access_json_write(&r->line, a, r->host);
		json_line_print(&r->line, stdout);
	} else if (r->call->all) {
		if (r->matched == 0)
			access_table_print_head(&r->access.page);
		access_table_print_row(&r->access.page, a, r->host);
	} else {
		keep_latest(&r->latest, a);
	}
	r->matched++;
}

static void print_latest(struct reading *r)
{
	const struct access_order_row *row;
	if (r->matched > 0)
		access_table_print_head(&r->access.page);
	while ((row = access_order_take(&r->latest)) != NULL)
		access_table_print_row(&r->access.page, &row->event, r->host);
}

static void print_end(struct reading *r)
{
	char text[256];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	if (!r->call->all)
		print_latest(r);
	text_buffer_printf(&b, "%s, %s refused", number_text_with(r->matched, "decision").text,
		r->refused > 0 ? number_text_of(r->refused).text : "none");
	if (r->matched > ROWS && !r->call->all)
		text_buffer_add(&b, "; the latest are shown, --all shows them all");
	text_buffer_add(&b, ".");
	page_put_wrapped(&r->access.page, PAGE_FAINT, 0, 0, text);
}

/* --- reading --- */

/* The stream whose next decision is the oldest, of equal ones the first named; null at the end of all. */
static struct access_stream *oldest(struct reading *r)
{
	struct access_stream *best = NULL;
	for (unsigned i = 0; i < r->count; i++) {
		struct access_stream *s = &r->streams[i];
		if (s->has_head && (best == NULL || s->head.time.us < best->head.time.us))
			best = s;
	}
	return best;
}

static void merge(struct reading *r)
{
	struct access_stream *s;
	while ((s = oldest(r)) != NULL) {
		take(r, s);
		access_stream_next(s);
	}
}

static void open_stream(struct reading *r, const char *path)
{
	time_t now = time(NULL);
	struct tm local;
	localtime_r(&now, &local);
	const struct access_file_options o = {
		.year = log_year_of(path),
		.utc_offset_s = (int)local.tm_gmtoff};
	if (access_stream_open(&r->streams[r->count++], path, &o, r->since, r->ahead))
		r->opened++;
	else if (errno == EACCES || errno == EPERM)
		r->denied = true;
	else
		r->no_store |= r->streams[r->count - 1].is_journal;
}

static void close_streams(struct reading *r)
{
	for (unsigned i = 0; i < r->count; i++) {
		r->skipped |= r->streams[i].unread > 0 || r->streams[i].broken > 0;
		access_stream_close(&r->streams[i]);
	}
	r->skipped |= r->late > 0;
	if (r->late > 1)
		diag_warn("access log: %s came too late to be put in order of time",
			number_text_with(r->late, "line").text);
}

static enum stop_code read_all(struct reading *r)
{
	const struct access_call *c = r->call;
	if (c->word_count == 0)
		open_stream(r, r->access.state);
	for (int i = 0; i < c->word_count; i++)
		open_stream(r, c->words[i]);
	if (r->opened == 0) {
		close_streams(r);
		/* A state directory without a journal is one, whether it was named by --state or as a FILE. */
		bool no_store = r->no_store || c->word_count == 0;
		return r->denied ? STOP_NOT_PERMITTED : no_store ? STOP_UNREACHABLE : STOP_USAGE;
	}
	merge(r);
	close_streams(r);
	if (!c->json)
		print_end(r);
	if (r->skipped)
		return STOP_SKIPPED;
	return r->matched > 0 ? STOP_DONE : STOP_NO;
}

enum stop_code access_log_run(const struct access_call *c)
{
	struct reading r = {.call = c};
	if (c->word_count > STREAMS_MAX) {
		diag_error("access log: more than %d files; join some of them", STREAMS_MAX);
		return STOP_USAGE;
	}
	r.access.state = c->state;
	if (c->utc)
		store_access_set(&r.access, STORE_ACCESS_UTC, NULL);
	enum stop_code code = store_access_find(&r.access);
	if (code == STOP_DONE && !read_terms(&r))
		code = STOP_USAGE;
	if (code != STOP_DONE)
		return code;
	gethostname(r.host, sizeof r.host - 1);
	r.streams = memory_calloc((size_t)c->word_count + 1, sizeof *r.streams);
	access_order_init(&r.latest, ROWS);
	r.ahead = c->word_count > AHEAD_OF_ALL / AHEAD ? AHEAD_OF_ALL / (unsigned)c->word_count : AHEAD;
	code = read_all(&r);
	free(r.streams);
	access_order_clear(&r.latest);
	json_line_clear(&r.line);
	return code;
}
