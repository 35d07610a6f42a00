/* SPDX-License-Identifier: ISC */
/*
 * A walk along all ways, with a book of the logs that were passed.
 *
 *     log:      remember the conditions under which the packet came here ("cover")
 *     refusal:  is there a cover whose conditions all hold here, too?
 *     return:   packets that leave a chain early have not passed what comes behind it in that chain.
 *               When the chain is left they are there again: a hole in the covers made behind it.
 *     accept:   ends the way of those packets; it never spoils a cover.
 *
 * Conditions are compared as they are written, not solved: a log for `tcp dport 1-65535` is not known to
 * hold for all of TCP. Rulesets that log repeat the condition or have none.
 */
#include "firewall/ruleset_judge.h"

#include "base/memory.h"
#include "base/text_buffer.h"
#include "firewall/ruleset_terms.h"
#include "logline/prefix_verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 16 /* NFT_JUMP_STACK_SIZE of the kernel */
#define COVERS_MAX 512
#define DROPS_MAX 512
#define HOLES_MAX 64 /* bits of a word */

struct rate {
	bool limited;
	bool known;
	double per_minute, burst;
};

struct hole {
	struct ruleset_terms terms;
	bool open; /* the chain was left: these packets are there again */
};

struct cover {
	struct ruleset_terms terms;
	const struct ruleset_chain *chain;
	const struct ruleset_rule *rule;
	struct rate rate;
	bool unread, let_in;
	uint16_t group;
	uint64_t holes; /* bits: those of the chains that were not left yet */
};

struct walk {
	const struct ruleset_model *model;
	const struct ruleset_judge_options *options;
	struct ruleset_verdict *out;
	struct cover *covers;
	struct ruleset_terms *drops; /* refusals so far: no packet of theirs comes further */
	struct hole holes[HOLES_MAX];
	unsigned covers_count, drops_count, holes_count, depth;
	bool silent; /* something was refused that no log saw */
	unsigned long steps;
};

/* One rule while it is read. */
struct reading {
	const struct ruleset_chain *chain;
	const struct ruleset_rule *rule;
	struct ruleset_terms terms; /* of the way here and of this rule */
	unsigned way;               /* of these: those of the way */
	struct rate rate;           /* the tightest on the way and here */
	bool limited;               /* ... by this rule: it is not for all that come to it */
	bool decided;               /* its packets go no further */
	bool left;                  /* ... but return to where the chain was called from */
};

static bool walk_chain(struct walk *w, const struct ruleset_chain *chain,
	const struct ruleset_terms *way, const struct rate *rate);

/* --- findings --- */

static void tell(struct walk *w, enum ruleset_fault fault, const struct ruleset_chain *chain,
	const struct ruleset_rule *rule, uint16_t group)
{
	struct ruleset_verdict *v = w->out;
	for (unsigned i = 0; i < v->count; i++) {
		struct ruleset_finding *f = &v->findings[i];
		if (f->fault == fault && f->chain == chain && f->rule == rule) {
			f->refusals++;
			return;
		}
	}
	if (v->count == RULESET_FINDINGS_MAX)
		v->cut = true;
	else
		v->findings[v->count++] = (struct ruleset_finding){fault, chain, rule, 1, group};
}

/* --- logs --- */

static double per_minute(double rate, const char *unit)
{
	static const struct {
		const char *name;
		double of;
	} units[] = {{"second", 60}, {"minute", 1}, {"hour", 1.0 / 60}, {"day", 1.0 / 1440},
		{"week", 1.0 / 10080}};
	for (size_t i = 0; unit && i < sizeof units / sizeof units[0]; i++) {
		if (strcmp(units[i].name, unit) == 0)
			return rate * units[i].of;
	}
	return rate;
}

/* Limits on bytes are rare and let a scan's small packets through. */
static struct rate read_limit(const json_t *limit)
{
	struct rate r = {.limited = true, .known = true};
	const char *unit = json_string_value(json_object_get(limit, "rate_unit"));
	r.per_minute = per_minute(json_number_value(json_object_get(limit, "rate")),
		json_string_value(json_object_get(limit, "per")));
	const json_t *burst = json_object_get(limit, "burst");
	r.burst = burst ? json_number_value(burst) : 5; /* the kernel's default */
	if (unit != NULL && strcmp(unit, "packets") != 0)
		r = (struct rate){0};
	if (json_is_true(json_object_get(limit, "inv")))
		r.known = false; /* what is over it: the first packets are not logged */
	return r;
}

/* The words of a rule as a string; of very long ones the head. */
struct words {
	char text[512];
};

static struct words words_of(const struct ruleset_rule *rule)
{
	struct words w;
	struct text_buffer text = text_buffer_over(w.text, sizeof w.text);
	text_buffer_add_bytes(&text, rule->text.start, rule->text.length);
	return w;
}

/* hashlimit of iptables, a limit for each source, is known by its words only. */
static struct rate read_limit_of_words(const struct ruleset_rule *rule)
{
	char unit[16] = "";
	unsigned long rate = 0, burst = 5;
	const struct words words = words_of(rule);
	const char *at = strstr(words.text, "limit rate ");
	struct rate r = {.limited = true};
	if (at == NULL || sscanf(at, "limit rate %lu/%15[a-z] burst %lu", &rate, unit, &burst) < 2)
		return r;
	r.known = true;
	r.per_minute = per_minute((double)rate, unit);
	r.burst = (double)burst;
	return r;
}

static bool is_tight(const struct rate *r)
{
	return r->limited && (!r->known || (r->per_minute < RULESET_LIMIT_PER_MINUTE &&
						   r->burst < RULESET_LIMIT_BURST));
}

static void limit(struct reading *r, struct rate by)
{
	if (!by.limited)
		return;
	if (!r->rate.limited || is_tight(&by) || !by.known)
		r->rate = by;
	r->limited = true;
}

static uint64_t holes_in_force(const struct walk *w)
{
	uint64_t bits = 0;
	for (unsigned i = 0; i < w->holes_count; i++)
		bits |= (uint64_t)!w->holes[i].open << i;
	return bits;
}

static void name_group(const struct walk *w, struct cover *c, uint16_t group)
{
	c->group = group;
	c->unread = w->options->is_read && !w->options->is_read(w->options->context, group);
}

static void describe_log(struct walk *w, struct cover *c, const json_t *log)
{
	const char *prefix = json_string_value(json_object_get(log, "prefix"));
	const json_t *group = json_object_get(log, "group");
	if (prefix != NULL)
		c->let_in = prefix_verdict_is_let_in(text_slice_of(prefix));
	if (json_is_integer(group))
		name_group(w, c, (uint16_t)json_integer_value(group));
}

/* The target LOG or NFLOG of iptables: its words say the rest ("log prefix "x " group 3"). */
static void describe_target(struct walk *w, struct cover *c, bool to_group)
{
	unsigned group = 0;
	const struct words words = words_of(c->rule);
	const char *prefix = strstr(words.text, "prefix \"");
	if (prefix != NULL) {
		prefix += strlen("prefix \"");
		c->let_in = prefix_verdict_is_let_in(
			(struct text_slice){prefix, strcspn(prefix, "\"")});
		prefix += strcspn(prefix, "\"");
	}
	if (!to_group)
		return;
	const char *at = strstr(prefix ? prefix : words.text, "group ");
	if (at != NULL && sscanf(at, "group %u", &group) != 1)
		group = 0;
	name_group(w, c, (uint16_t)group);
}

/* True where what came before leaves nothing for a log with these conditions. */
static bool is_behind_drop(const struct walk *w, const struct ruleset_terms *terms)
{
	for (unsigned i = 0; i < w->drops_count; i++) {
		if (ruleset_terms_imply(terms, &w->drops[i]))
			return true;
	}
	return false;
}

static struct cover *add_cover(struct walk *w, const struct reading *r)
{
	if (is_behind_drop(w, &r->terms))
		tell(w, RULESET_LOG_BEHIND, r->chain, r->rule, 0);
	if (w->covers_count == COVERS_MAX) {
		w->out->cut = true;
		return &w->covers
				[0]; /* said so; what is written there changes nothing for the better */
	}
	struct cover *c = &w->covers[w->covers_count++];
	*c = (struct cover){.terms = r->terms,
		.chain = r->chain,
		.rule = r->rule,
		.rate = r->rate,
		.holes = holes_in_force(w)};
	return c;
}

/* --- refusals --- */

static bool has_open_hole(
	const struct walk *w, const struct cover *c, const struct ruleset_terms *at, bool whole)
{
	for (unsigned i = 0; i < w->holes_count; i++) {
		const struct hole *h = &w->holes[i];
		if ((c->holes >> i & 1) != 0 && h->open &&
			(!whole || ruleset_terms_imply(at, &h->terms)))
			return true;
	}
	return false;
}

/* What is wrong with this cover for a refusal; RULESET_FAULTS = nothing. Smaller numbers do not mean worse. */
static enum ruleset_fault fault_of(
	const struct walk *w, const struct cover *c, const struct ruleset_terms *at)
{
	if (c->unread)
		return RULESET_LOG_UNREAD;
	if (c->let_in)
		return RULESET_LOG_LET_IN;
	if (is_tight(&c->rate))
		return RULESET_LOG_TIGHT;
	return has_open_hole(w, c, at, false) ? RULESET_LOG_SKIPS : RULESET_FAULTS;
}

static unsigned rank(enum ruleset_fault fault)
{
	static const unsigned ranks[RULESET_FAULTS + 1] = {[RULESET_LOG_UNREAD] = 1,
		[RULESET_LOG_LET_IN] = 2,
		[RULESET_LOG_TIGHT] = 3,
		[RULESET_LOG_SKIPS] = 4,
		[RULESET_FAULTS] = 5};
	return ranks[fault];
}

/* Loopback's packets come from ourselves, and what was allowed by name before is no knock. */
static bool is_of_loopback(const struct ruleset_terms *at)
{
	for (unsigned i = 0; i < at->count; i++) {
		const json_t *match = json_object_get(at->items[i].expression, "match");
		const char *key = json_string_value(json_object_get(
			json_object_get(json_object_get(match, "left"), "meta"), "key"));
		const char *op = json_string_value(json_object_get(match, "op"));
		const char *name = json_string_value(json_object_get(match, "right"));
		if (key && op && name && strcmp(op, "==") == 0 && strcmp(name, "lo") == 0 &&
			(strcmp(key, "iif") == 0 || strcmp(key, "iifname") == 0))
			return true;
	}
	return false;
}

static void refuse(struct walk *w, const struct ruleset_chain *chain,
	const struct ruleset_rule *rule, const struct ruleset_terms *at, bool limited)
{
	const struct cover *best = NULL;
	enum ruleset_fault least = RULESET_SILENT;
	if (is_of_loopback(at) || is_behind_drop(w, at))
		return;
	for (unsigned i = 0; i < w->covers_count; i++) {
		const struct cover *c = &w->covers[i];
		if (!ruleset_terms_imply(at, &c->terms) || has_open_hole(w, c, at, true))
			continue;
		enum ruleset_fault fault = fault_of(w, c, at);
		if (best == NULL || rank(fault) > rank(least)) {
			best = c;
			least = fault;
		}
	}
	w->out->refusals++;
	w->silent |= best == NULL;
	if (best == NULL)
		tell(w, RULESET_SILENT, chain, rule, 0);
	else if (least == RULESET_FAULTS)
		w->out->seen++;
	else
		tell(w, least, best->chain, best->rule, best->group);
	if (best != NULL && least == RULESET_LOG_UNREAD && is_tight(&best->rate))
		tell(w, RULESET_LOG_TIGHT, best->chain, best->rule, best->group);
	/* Where some returned before it, those still come further. */
	if (w->drops_count < DROPS_MAX && !limited && holes_in_force(w) == 0)
		w->drops[w->drops_count++] = *at;
}

/* --- statements --- */

static void add_term(
	struct reading *r, const json_t *expression, struct text_slice words, bool opaque)
{
	ruleset_terms_add(&r->terms, &(struct ruleset_term){expression, words, opaque});
}

static void take_extension(struct walk *w, struct reading *r, const json_t *extension)
{
	static const char *const refusing[] = {
		"DROP", "REJECT", "TARPIT", "CHAOS", "DELUDE", "STEAL"};
	const char *type = json_string_value(json_object_get(extension, "type"));
	const char *name = json_string_value(json_object_get(extension, "name"));
	if (!type || !name)
		add_term(r, extension, (struct text_slice){0}, true);
	else if (strcmp(type, "target") != 0 &&
		 (strcmp(name, "hashlimit") == 0 || strcmp(name, "limit") == 0))
		limit(r, read_limit_of_words(r->rule));
	else if (strcmp(type, "target") != 0)
		add_term(r, extension, ruleset_model_matches(r->rule), r->rule->text.length == 0);
	else if (strcmp(name, "LOG") == 0 || strcmp(name, "NFLOG") == 0)
		describe_target(w, add_cover(w, r), name[0] == 'N');
	for (size_t i = 0; type && name && i < sizeof refusing / sizeof refusing[0]; i++) {
		if (strcmp(type, "target") == 0 && strcmp(name, refusing[i]) == 0) {
			refuse(w, r->chain, r->rule, &r->terms, r->rate.limited);
			r->decided = true;
		}
	}
}

static void follow(struct walk *w, struct reading *r, const json_t *target, bool comes_back)
{
	const char *name = json_string_value(json_object_get(target, "target"));
	const struct ruleset_chain *to =
		name ? ruleset_model_find(w->model, r->chain->family, r->chain->table, name) : NULL;
	bool decided = to != NULL && walk_chain(w, to, &r->terms, &r->rate);
	r->decided |= decided;
	if (!comes_back && !decided) {
		/* goto: what the chain does not decide goes on behind the caller of this one. */
		r->decided = r->left = true;
	}
}

static void take_verdict(struct walk *w, struct reading *r, const char *key, const json_t *value)
{
	if (strcmp(key, "accept") == 0)
		r->decided = true;
	else if (strcmp(key, "return") == 0)
		r->decided = r->left = true;
	else if (strcmp(key, "jump") == 0)
		follow(w, r, value, true);
	else if (strcmp(key, "goto") == 0)
		follow(w, r, value, false);
	else {
		refuse(w, r->chain, r->rule, &r->terms, r->rate.limited);
		r->decided = true;
	}
}

static bool is_verdict(const char *key)
{
	static const char *const verdicts[] = {
		"accept", "drop", "reject", "jump", "goto", "return"};
	for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
		if (strcmp(key, verdicts[i]) == 0)
			return true;
	}
	return false;
}

/* Each entry is a way of its own; whether together they are all ways is not known. */
static void take_verdict_map(struct walk *w, struct reading *r, const json_t *map)
{
	const json_t *data = json_object_get(map, "data"), *value;
	const json_t *entries = json_object_get(data, "set");
	const char *name = json_string_value(data);
	if (name != NULL && name[0] == '@')
		entries = ruleset_model_map(w->model, r->chain->family, r->chain->table, name + 1);
	for (size_t i = 0; i < json_array_size(entries); i++) {
		const json_t *entry = json_array_get(entries, i);
		const char *key = ruleset_model_statement(json_array_get(entry, 1), &value);
		struct reading one = *r;
		if (key == NULL || !is_verdict(key))
			continue;
		add_term(&one, entry, (struct text_slice){0}, true);
		take_verdict(w, &one, key, value);
	}
}

/* `add @set { ip saddr limit rate 10/second }`: a limit for each source. */
static void take_set(struct reading *r, const json_t *set)
{
	const json_t *inside = json_object_get(set, "stmt"), *each;
	for (size_t i = 0; i < json_array_size(inside); i++) {
		each = json_object_get(json_array_get(inside, i), "limit");
		if (each != NULL)
			limit(r, read_limit(each));
	}
	each = json_object_get(inside, "limit");
	if (each != NULL)
		limit(r, read_limit(each));
}

static void take_statement(struct walk *w, struct reading *r, const json_t *statement)
{
	const json_t *value;
	const char *key = ruleset_model_statement(statement, &value);
	/* A statement this nft has no words for: who knows what it lets through. */
	if (key == NULL)
		add_term(r, statement, (struct text_slice){0}, true);
	else if (strcmp(key, "match") == 0)
		add_term(r, statement, (struct text_slice){0}, false);
	else if (strcmp(key, "limit") == 0)
		limit(r, read_limit(value));
	else if (strcmp(key, "set") == 0 || strcmp(key, "meter") == 0)
		take_set(r, value);
	else if (strcmp(key, "log") == 0)
		describe_log(w, add_cover(w, r), value);
	else if (strcmp(key, "xt") == 0)
		take_extension(w, r, value);
	else if (strcmp(key, "vmap") == 0)
		take_verdict_map(w, r, value);
	else if (is_verdict(key))
		take_verdict(w, r, key, value);
	else if (strcmp(key, "queue") == 0)
		r->decided = true; /* a program decides; what it drops it may tell */
}

/* --- chains --- */

static void add_hole(struct walk *w, const struct reading *r)
{
	if (w->holes_count == HOLES_MAX)
		w->out->cut = true;
	else
		w->holes[w->holes_count++] = (struct hole){.terms = r->terms};
}

/* Behind a verdict for all nothing happens any more; a log there is a mistake worth telling. */
static void look_at_dead_rule(
	struct walk *w, const struct ruleset_chain *chain, const struct ruleset_rule *rule)
{
	for (size_t i = 0; i < json_array_size(rule->statements); i++) {
		const json_t *statement = json_array_get(rule->statements, i);
		const char *name = json_string_value(
			json_object_get(json_object_get(statement, "xt"), "name"));
		if (json_object_get(statement, "log") != NULL ||
			(name && (strcmp(name, "LOG") == 0 || strcmp(name, "NFLOG") == 0)))
			tell(w, RULESET_LOG_BEHIND, chain, rule, 0);
	}
}

static void read_rule(struct walk *w, struct reading *r)
{
	for (size_t i = 0; i < json_array_size(r->rule->statements) && !r->decided; i++)
		take_statement(w, r, json_array_get(r->rule->statements, i));
}

static bool is_for_all(const struct reading *r)
{
	return r->terms.count == r->way && !r->terms.overflow && !r->limited;
}

/* True if no packet that came on this way goes on behind the chain. */
static bool walk_rules(struct walk *w, const struct ruleset_chain *chain,
	const struct ruleset_terms *way, const struct rate *rate)
{
	bool all_decided = false, some_left = false;
	for (unsigned i = 0; i < chain->count; i++) {
		struct reading r = {.chain = chain,
			.rule = &chain->rules[i],
			.terms = *way,
			.way = way->count,
			.rate = *rate};
		if (all_decided) {
			look_at_dead_rule(w, chain, r.rule);
			continue;
		}
		if (++w->steps > RULESET_STEPS_MAX) {
			w->out->cut = true;
			return false;
		}
		read_rule(w, &r);
		if (r.left && !is_for_all(&r))
			add_hole(w, &r);
		some_left |= r.left;
		all_decided = r.decided && is_for_all(&r);
	}
	return all_decided && !some_left;
}

static bool walk_chain(struct walk *w, const struct ruleset_chain *chain,
	const struct ruleset_terms *way, const struct rate *rate)
{
	unsigned holes = w->holes_count;
	if (w->depth == DEPTH_MAX) {
		w->out->cut = true;
		return false;
	}
	w->depth++;
	bool decided = walk_rules(w, chain, way, rate);
	w->depth--;
	for (unsigned i = holes; i < w->holes_count; i++)
		w->holes[i].open = true;
	return decided;
}

static bool is_way_in(const struct walk *w, const struct ruleset_chain *c)
{
	static const char *const hooks[] = {"ingress", "prerouting", "input", "forward"};
	static const char *const families[] = {"ip", "ip6", "inet", "netdev"};
	bool hook = false, family = false;
	if (c->hook == NULL || strcmp(c->type, "filter") != 0)
		return false;
	for (size_t i = 0; i < 3u + w->options->forwards; i++)
		hook |= strcmp(c->hook, hooks[i]) == 0;
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		family |= strcmp(c->family, families[i]) == 0;
	return hook && family;
}

/* A log that nothing reaches is a fault only where something is refused without one. */
static void drop_needless(struct walk *w, unsigned from)
{
	struct ruleset_verdict *v = w->out;
	unsigned kept = from;
	for (unsigned i = from; i < v->count; i++) {
		if (w->silent || v->findings[i].fault != RULESET_LOG_BEHIND)
			v->findings[kept++] = v->findings[i];
	}
	v->count = kept;
}

static void judge_way_in(struct walk *w, const struct ruleset_chain *c)
{
	const struct ruleset_terms none = {.count = 0};
	const struct rate unlimited = {0};
	unsigned before = w->out->count;
	w->covers_count = w->drops_count = w->holes_count = 0;
	w->silent = false;
	if (!walk_chain(w, c, &none, &unlimited) && c->policy_drop)
		refuse(w, c, NULL, &none, false);
	drop_needless(w, before);
}

void ruleset_judge(const struct ruleset_model *m, const struct ruleset_judge_options *options,
	struct ruleset_verdict *out)
{
	struct walk *w = memory_calloc(1, sizeof *w);
	memset(out, 0, sizeof *out);
	w->model = m;
	w->options = options;
	w->out = out;
	w->covers = memory_calloc(COVERS_MAX, sizeof *w->covers);
	w->drops = memory_calloc(DROPS_MAX, sizeof *w->drops);
	for (unsigned i = 0; i < m->count; i++) {
		if (is_way_in(w, &m->chains[i]))
			judge_way_in(w, &m->chains[i]);
	}
	free(w->covers);
	free(w->drops);
	free(w);
}
