/* SPDX-License-Identifier: ISC */
#include "verdict/story_book.h"

#include "base/memory.h"
#include "base/text_buffer.h"
#include "detect/knock.h"
#include "detect/scan_shape.h"
#include "detect/sequential_test.h"
#include "detect/tool_mark.h"
#include "event/technique.h"
#include "knowledge/research_text.h"
#include "verdict/story_level.h"
#include "verdict/summary_text.h"

#include <stdlib.h>
#include <string.h>

/* Ends and reports need no more precision than this; a sweep visits every dossier. */
#define SWEEP_EVERY_US (600 * CLOCK_US_PER_S)
#define RANGES_MAX 1024 /* ranges of ports that are told; ports_count is exact beyond */

/* The told part of a dossier, at the same place. */
struct story {
	uint32_t number; /* of the dossier, generation included; 0 = none */
	bool open;       /* told, and not yet closed */
	int level;
	enum incident_kind kind;
	struct event_id id;
	struct wall_time told;
	uint64_t told_packets;
	int64_t settle_us; /* told once more after this much silence; doubles each time */
	bool settling;     /* stands in the list of those to look at */
};

_Static_assert(sizeof(struct story) <= MEMORY_PLAN_STORY, "the dossiers' share pays for stories");

/* A burst is told when it begins; what it came to is told when it is over. Of what is harmless nobody
 * waits to hear that: it is told once more when it closes. */
#define SETTLE_FIRST_US (60 * CLOCK_US_PER_S)
#define SETTLING_MAX                                                                               \
	1024 /* stories looked at every minute; more bursts at once wait for the sweep */

struct story_book {
	struct story_book_options options;
	struct detector *detector;
	struct story *stories; /* by dossier_place */
	uint32_t count;
	struct wall_time swept;
	struct wall_time latest;         /* telling or tick */
	uint32_t settling[SETTLING_MAX]; /* numbers of dossiers */
	unsigned settling_count;
	struct story_book_stats stats;
	/* Scratch of one telling, too large for the stack of a small thread. */
	struct port_range ranges[RANGES_MAX];
	struct port_range answered[DOSSIER_ANSWERED_MAX];
	struct incident_member members[DOSSIER_MEMBERS_MAX];
	char summary[256];
	char refused_at[(DOSSIER_REFUSED_MAX + 1) * (NAME_TABLE_LENGTH + 2)];
	char refused_by[2 * NAME_TABLE_LENGTH];
	struct nmap_options nmap;
	enum summary_redirects redirects[2]; /* IPv4, IPv6 */
};

struct story_book *story_book_create(const struct story_book_options *options)
{
	struct story_book *b = memory_calloc(1, sizeof *b);
	b->options = *options;
	return b;
}

void story_book_destroy(struct story_book *b)
{
	if (b == NULL)
		return;
	free(b->stories);
	free(b);
}

/* Two floods may begin in the same second at two ports of one host: of a group its door counts, too. */
static struct event_id name_story(const struct dossier *d)
{
	struct {
		struct addr addr;
		int64_t first;
		uint16_t form, visits, hint, port;
	} born = {d->addr, d->first.us, d->form, d->visits, d->hint, d->last_src_port};
	struct port_range door;
	if (d->form != DOSSIER_SOURCE && target_set_list_ports(&d->targets, &door, 1) > 0)
		born.port = door.first;
	return event_id_make(d->first, &born, sizeof born);
}

static struct story *story_of(struct story_book *b, const struct dossier *d)
{
	struct story *s = &b->stories[dossier_place(d->number)];
	if (s->number != d->number) {
		memset(s, 0, sizeof *s);
		s->number = d->number;
		s->id = name_story(d);
	}
	return s;
}

static void describe_target(const struct dossier *d, struct incident *in)
{
	if (!d->dst_many)
		in->dst = d->dst;
	in->proto = d->proto_mixed ? 0 : d->proto;
	in->proto_mixed = d->proto_mixed;
	in->origin = d->origin;
	in->iface = d->iface;
	in->host = d->host;
}

static void describe_source(struct story_book *b, const struct dossier *d, struct incident *in)
{
	bool group = d->form == DOSSIER_DECOYS || d->form == DOSSIER_DISTRIBUTED ||
		     d->form == DOSSIER_FLOOD || d->form == DOSSIER_CALLERS;
	in->sources_count = 1;
	if (!group) {
		in->src = d->addr;
		in->src_prefix = addr_is_v4(&d->addr) ? prefix_of(&d->addr, 32)
						      : prefix_of(&d->addr, d->block_bits);
		return;
	}
	in->sources_count = dossier_sources(d);
	if (d->members_kept == 1 && in->sources_count <= 1) {
		in->src = d->members[0].seen;
		in->src_prefix = prefix_of(&in->src, 128);
		return;
	}
	bool somebody_real = false;
	for (uint32_t i = 0; i < d->members_kept; i++)
		somebody_real |= d->members[i].real;
	for (uint32_t i = 0; i < d->members_kept; i++) {
		struct incident_member *m = &b->members[i];
		*m = (struct incident_member){d->members[i].seen, INCIDENT_MEMBER_UNKNOWN, NULL};
		if (d->members[i].real)
			*m = (struct incident_member){d->members[i].seen, INCIDENT_MEMBER_REAL,
				"it completed a handshake"};
		else if (somebody_real && d->form == DOSSIER_DECOYS)
			*m = (struct incident_member){d->members[i].seen, INCIDENT_MEMBER_DECOY,
				"another member completed a handshake, this one did not"};
	}
	in->members = b->members;
	in->members_shown = d->members_kept;
}

static int compare_ranges(const void *a, const void *b)
{
	const struct port_range *x = a, *y = b;
	return x->proto != y->proto ? (int)x->proto - (int)y->proto : (int)x->first - (int)y->first;
}

/* Sorts ranges and joins neighbours; returns how many are left. */
static unsigned join_ranges(struct port_range *ranges, unsigned count)
{
	unsigned kept = 0;
	if (count < 2)
		return count;
	qsort(ranges, count, sizeof *ranges, compare_ranges);
	for (unsigned i = 0; i < count; i++) {
		struct port_range *last = kept ? &ranges[kept - 1] : NULL;
		if (last != NULL && last->proto == ranges[i].proto &&
			ranges[i].first <= last->last + 1)
			last->last = ranges[i].last;
		else
			ranges[kept++] = ranges[i];
	}
	return kept;
}

static void describe_ports(struct story_book *b, const struct dossier *d, struct incident *in)
{
	static const enum port_set_proto protos[] = {PORT_SET_TCP, PORT_SET_UDP, PORT_SET_SCTP};
	unsigned ranges = target_set_list_ports(&d->targets, b->ranges, RANGES_MAX);
	in->ports = b->ranges;
	in->port_ranges = ranges < RANGES_MAX ? ranges : RANGES_MAX;
	for (unsigned i = 0; i < d->answered_kept; i++) {
		const struct dossier_answer *a = &d->answered[i];
		if (a->space <= TARGET_SCTP)
			b->answered[in->answered_ranges++] =
				(struct port_range){protos[a->space], a->port, a->port};
	}
	in->answered = b->answered;
	in->answered_ranges = join_ranges(b->answered, in->answered_ranges);
	in->returned = d->returned;
}

static const char *name_of(const struct story_book *b, uint16_t number)
{
	return b->options.names != NULL ? name_table_name(b->options.names, number) : "";
}

/* What the wrappers made of it. Where several rules did, none is told: the events tell each. */
static void describe_refusals(struct story_book *b, const struct dossier *d, struct incident *in)
{
	struct text_buffer at = text_buffer_over(b->refused_at, sizeof b->refused_at);
	struct text_buffer by = text_buffer_over(b->refused_by, sizeof b->refused_by);
	in->refused = d->refused;
	in->granted = d->granted;
	for (unsigned i = 0; i < DOSSIER_REFUSED_MAX; i++) {
		const char *name = name_of(b, d->refused_at[i]);
		if (*name != '\0')
			text_buffer_printf(&at, "%s%s", at.used > 0 ? ", " : "", name);
	}
	if (at.used > 0 && d->refused_at_more)
		text_buffer_add(&at, " and more");
	if (d->refused_rules == 1 && *name_of(b, d->refused_table) != '\0') {
		if (d->refused_line != 0)
			text_buffer_printf(&by, "line %u of ", d->refused_line);
		text_buffer_add(&by, name_of(b, d->refused_table));
	}
	in->refused_at = at.used > 0 ? b->refused_at : NULL;
	in->refused_by = by.used > 0 ? b->refused_by : NULL;
}

static void describe_tool(struct story_book *b, const struct dossier *d, struct incident *in)
{
	if (in->class != INCIDENT_CLASS_SCAN)
		return;
	in->tool = tool_mark_name(d);
	b->nmap = tool_mark_nmap_options(d);
	in->nmap = b->nmap.text[0] ? b->nmap.text : NULL;
	const struct signature *s = story_level_signature(b->options.signatures, d);
	if (s != NULL) {
		in->signature = s->name;
		in->reference = s->reference;
	}
}

static const char *researcher_of(const struct dossier *d)
{
	const struct research_text *text = research_text_of(&d->addr);
	return text ? text->who : NULL;
}

static void tell(struct story_book *b, const struct dossier *d, struct story *s,
	const struct target_counts *counts, enum incident_state state, struct wall_time now,
	const char *why, const char *into)
{
	/* Tellings go forward, even where packets step back. */
	if (now.us < b->latest.us)
		now = b->latest;
	if (now.us < d->last.us)
		now = d->last;
	b->latest = now;
	struct incident in = {.id = s->id,
		.state = state,
		.now = now,
		.level = s->level,
		.kind = s->kind,
		.class = incident_kind_class(s->kind),
		.techniques = d->techniques,
		.misuses = d->misuses,
		.first = d->first,
		.last = d->last,
		.packets = d->packets,
		.spoofable = d->spoofable,
		.ports_count = counts->ports,
		.hosts_count = counts->hosts,
		.targets_count = counts->targets,
		.why = why[0] ? why : NULL,
		.explain = incident_kind_name(s->kind),
		.into = into};
	bool scored = in.class == INCIDENT_CLASS_SCAN || in.class == INCIDENT_CLASS_ATTACK;
	in.confidence = scored ? sequential_confidence(d->score) : 0;
	in.slow = scored && scan_shape_is_slow(d, counts);
	describe_target(d, &in);
	describe_source(b, d, &in);
	describe_ports(b, d, &in);
	describe_tool(b, d, &in);
	describe_refusals(b, d, &in);
	struct summary_facts facts = {d->form == DOSSIER_DECOYS, counts->protocols, d->rate_peak,
		d->last_src_port, researcher_of(d), b->redirects[!addr_is_v4(&d->addr)]};
	struct text_buffer text = text_buffer_over(b->summary, sizeof b->summary);
	summary_text_add(&text, &in, &facts);
	in.summary = b->summary;
	s->told = now;
	s->told_packets = d->packets;
	b->stats.told++;
	b->options.on_incident(b->options.context, &in);
}

/* From now on the story is looked at every minute until its burst is over. */
static void watch_settling(struct story_book *b, struct story *s)
{
	if (s->settling || b->settling_count == SETTLING_MAX)
		return;
	if (s->settle_us == 0)
		s->settle_us = SETTLE_FIRST_US;
	s->settling = true;
	b->settling[b->settling_count++] = s->number;
}

static void raise_level(struct story_book *b, struct story *s, int level)
{
	if (s->open)
		b->stats.opened_at_level[s->level]--;
	b->stats.opened_at_level[level]++;
	s->level = level;
}

/* Who measures the Internet is harmless, unless its packets are not those of a measurement, or the admin
 * says otherwise. */
static bool is_research(const struct story_book *b, const struct dossier *d)
{
	return d->form == DOSSIER_SOURCE && d->forced_level < 0 &&
	       !knock_is_impossible(d->techniques) && detector_is_research(b->detector, &d->addr);
}

/* A first telling, or another one if level or kind are news. */
static void consider(struct story_book *b, const struct dossier *d, enum incident_kind kind,
	const struct target_counts *known, struct wall_time now)
{
	struct story *s = story_of(b, d);
	struct target_counts counts = known ? *known : target_set_count(&d->targets);
	if (incident_kind_class(kind) == INCIDENT_CLASS_SCAN && is_research(b, d))
		kind = INCIDENT_KIND_RESEARCH;
	struct level_result r =
		story_level_judge(&b->options.rules, b->options.signatures, d, kind, &counts);
	bool harmless = incident_kind_class(kind) == INCIDENT_CLASS_NOISE;
	if (!s->open) {
		if (r.level == 0 && !harmless)
			return;
		raise_level(b, s, r.level);
		s->kind = kind;
		s->open = true;
		b->stats.opened++;
		b->stats.open_now++;
		tell(b, d, s, &counts, INCIDENT_OPEN, now, r.why, NULL);
		if (!harmless)
			watch_settling(b, s);
		return;
	}
	/* A story never becomes less than it was; a name may change at the same level. */
	bool guilty = incident_kind_class(s->kind) != INCIDENT_CLASS_NOISE;
	if ((harmless && guilty) || (r.level <= s->level && kind == s->kind))
		return;
	if (r.level > s->level)
		raise_level(b, s, r.level);
	s->kind = kind;
	tell(b, d, s, &counts, INCIDENT_UPDATE, now, r.why, NULL);
	if (!harmless)
		watch_settling(b, s);
}

static void close_story(
	struct story_book *b, const struct dossier *d, struct story *s, struct wall_time now)
{
	struct target_counts counts = target_set_count(&d->targets);
	enum incident_kind kind = s->kind;
	if (incident_kind_class(kind) == INCIDENT_CLASS_SCAN && d->form == DOSSIER_SOURCE)
		kind = scan_shape_kind(d, &counts);
	struct level_result r =
		story_level_judge(&b->options.rules, b->options.signatures, d, kind, &counts);
	s->kind = kind;
	if (r.level > s->level)
		raise_level(b, s, r.level);
	tell(b, d, s, &counts, INCIDENT_CLOSE, now, r.why, NULL);
	s->open = false;
	b->stats.open_now--;
}

void story_book_take(void *context, const struct finding *f)
{
	struct story_book *b = context;
	struct wall_time now = f->event ? f->event->time : f->dossier->last;
	if (f->what != FINDING_FOLDED) {
		consider(b, f->dossier, f->kind, f->counts, now);
		return;
	}
	struct story *s = story_of(b, f->dossier);
	if (!s->open)
		return;
	raise_level(b, s, 0);
	struct target_counts counts = target_set_count(&f->dossier->targets);
	tell(b, f->dossier, s, &counts, INCIDENT_CLOSE, now,
		f->into->form == DOSSIER_SOURCE ? "told as part of its scan"
						: "told as part of a group",
		story_of(b, f->into)->id.text);
	s->open = false;
	b->stats.open_now--;
}

/* The pool needs the place: what was told is closed, so that no story is left hanging. */
static void on_leave(void *context, struct dossier *d)
{
	struct story_book *b = context;
	struct story *s = &b->stories[dossier_place(d->number)];
	if (s->number == d->number && s->open)
		close_story(b, d, s, d->last);
	s->number = 0;
}

void story_book_set_redirects(
	struct story_book *b, enum summary_redirects v4, enum summary_redirects v6)
{
	b->redirects[0] = v4;
	b->redirects[1] = v6;
}

void story_book_attach(struct story_book *b, struct detector *d)
{
	struct dossier_pool *pool = detector_dossiers(d);
	b->detector = d;
	b->count = dossier_pool_size(pool) + 1;
	b->stories = memory_calloc(b->count, sizeof *b->stories);
	dossier_pool_on_leave(pool, on_leave, b);
}

static void tell_again(
	struct story_book *b, const struct dossier *d, struct story *s, struct wall_time now)
{
	struct target_counts counts = target_set_count(&d->targets);
	struct level_result r =
		story_level_judge(&b->options.rules, b->options.signatures, d, s->kind, &counts);
	if (r.level > s->level)
		raise_level(b, s, r.level);
	tell(b, d, s, &counts, INCIDENT_UPDATE, now, r.why, NULL);
}

/* Who knocks once a day is not gone after a day of silence: three of its own pauses are waited for. */
static int64_t patience_us(const struct story_book *b, const struct dossier *d)
{
	int64_t patience = b->options.close_after_us;
	if (d->form != DOSSIER_SOURCE || d->new_targets < 2)
		return patience;
	int64_t pauses = 3 * ((d->last_new.us - d->first.us) / (d->new_targets - 1));
	if (pauses > STORY_BOOK_PATIENCE_US)
		pauses = STORY_BOOK_PATIENCE_US;
	return pauses > patience ? pauses : patience;
}

static void visit(struct story_book *b, struct dossier *d, struct wall_time now)
{
	struct story *s = &b->stories[dossier_place(d->number)];
	if (s->number != d->number || !s->open)
		return;
	if (now.us - d->last.us > patience_us(b, d)) {
		close_story(b, d, s, now);
		detector_close_dossier(b->detector, d);
	} else if (now.us - s->told.us > b->options.report_interval_us &&
		   d->packets > s->told_packets) {
		tell_again(b, d, s, now);
	}
}

/* True while the story has to be looked at again. */
static bool settle(struct story_book *b, uint32_t number, struct wall_time now)
{
	struct dossier *d = dossier_pool_get(detector_dossiers(b->detector), number);
	struct story *s = &b->stories[dossier_place(number)];
	if (d == NULL || s->number != number || !s->open)
		return false;
	if (now.us - d->last.us < s->settle_us)
		return true;
	s->settling = false;
	if (d->packets > s->told_packets) {
		tell_again(b, d, s, now);
		s->settle_us *= 2;
	}
	return false;
}

static void settle_all(struct story_book *b, struct wall_time now)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < b->settling_count; i++) {
		if (settle(b, b->settling[i], now))
			b->settling[kept++] = b->settling[i];
	}
	b->settling_count = kept;
}

void story_book_tick(struct story_book *b, struct wall_time now)
{
	if (now.us > b->latest.us)
		b->latest = now;
	settle_all(b, now);
	if (now.us - b->swept.us < SWEEP_EVERY_US)
		return;
	b->swept = now;
	uint32_t cursor = 0;
	for (struct dossier *d;
		(d = dossier_pool_next(detector_dossiers(b->detector), &cursor)) != NULL;)
		visit(b, d, now);
}

void story_book_finish(struct story_book *b, struct wall_time now)
{
	uint32_t cursor = 0;
	for (struct dossier *d;
		(d = dossier_pool_next(detector_dossiers(b->detector), &cursor)) != NULL;) {
		struct story *s = &b->stories[dossier_place(d->number)];
		if (s->number == d->number && s->open)
			close_story(b, d, s, now);
	}
}

void story_book_reconfigure(struct story_book *b, const struct story_book_options *fresh)
{
	b->options.rules = fresh->rules;
	b->options.signatures = fresh->signatures;
	b->options.report_interval_us = fresh->report_interval_us;
	b->options.close_after_us = fresh->close_after_us;
}

bool story_book_is_idle(const struct story_book *b)
{
	return b->stats.open_now == 0;
}

struct story_book_stats story_book_stats(const struct story_book *b)
{
	return b->stats;
}
