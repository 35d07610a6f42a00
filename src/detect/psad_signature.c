/* SPDX-License-Identifier: ISC */
/*
 * Every option is a row of the table below. The item is written in one pass, then read back by the
 * loader, which knows all that can be wrong with it; so this file checks only what it must
 * translate.
 */
#include "detect/psad_signature.h"

#include "base/memory.h"
#include "detect/psad_rule.h"
#include "detect/signature_file.h"

#include <stdlib.h>
#include <string.h>

/* What the options say about the signature itself. */
struct facts {
	struct text_slice name, class, sid, psad_id, level, proto;
	struct text_slice reference, reference_kind;
};

/* One conversion under way. */
struct work {
	struct psad_rule rule;
	struct facts facts;
	struct text_buffer *yaml; /* the item; its conditions are gathered first */
	struct text_buffer *note;
	struct text_buffer conditions;
	bool refused;
};

enum option_kind {
	OPTION_NUMBER, /* a condition on a number, under our key */
	OPTION_FLAGS,
	OPTION_IP_OPTIONS,
	OPTION_SAME_IP,
	OPTION_KEEP, /* told elsewhere: into the slice of the facts at `offset` */
	OPTION_REFERENCE,
	OPTION_SKIP, /* says nothing about packets */
};

struct option_row {
	const char *name;
	enum option_kind kind;
	const char *key;
	size_t offset;
};

static const struct option_row options[] = {
	{"msg", OPTION_KEEP, NULL, offsetof(struct facts, name)},
	{"classtype", OPTION_KEEP, NULL, offsetof(struct facts, class)},
	{"sid", OPTION_KEEP, NULL, offsetof(struct facts, sid)},
	{"psad_id", OPTION_KEEP, NULL, offsetof(struct facts, psad_id)},
	{"psad_dl", OPTION_KEEP, NULL, offsetof(struct facts, level)},
	{"ip_proto", OPTION_KEEP, NULL, offsetof(struct facts, proto)},
	{"reference", OPTION_REFERENCE, NULL, 0},
	{"flags", OPTION_FLAGS, "flags", 0},
	{"ipopts", OPTION_IP_OPTIONS, "ip_options", 0},
	{"sameip", OPTION_SAME_IP, "same_ip", 0},
	{"ttl", OPTION_NUMBER, "ttl", 0},
	{"id", OPTION_NUMBER, "ip_id", 0},
	{"seq", OPTION_NUMBER, "seq", 0},
	{"ack", OPTION_NUMBER, "ack", 0},
	{"window", OPTION_NUMBER, "window", 0},
	{"itype", OPTION_NUMBER, "itype", 0},
	{"icode", OPTION_NUMBER, "icode", 0},
	{"icmp_id", OPTION_NUMBER, "icmp_id", 0},
	{"icmp_seq", OPTION_NUMBER, "icmp_seq", 0},
	{"dsize", OPTION_NUMBER, "payload", 0},
	{"psad_dsize", OPTION_NUMBER, "payload", 0},
	{"psad_ip_len", OPTION_NUMBER, "length", 0},
	{"rev", OPTION_SKIP, NULL, 0},
	{"gid", OPTION_SKIP, NULL, 0},
	{"priority", OPTION_SKIP, NULL, 0},
	{"metadata", OPTION_SKIP, NULL, 0},
	{"psad_derived_sids", OPTION_SKIP, NULL, 0},
};

/* Variables of psad.conf and their shipped values; null = any address. */
static const struct {
	const char *name, *value;
} variables[] = {
	{"$HOME_NET", NULL},
	{"$EXTERNAL_NET", NULL},
	{"$HTTP_SERVERS", NULL},
	{"$SMTP_SERVERS", NULL},
	{"$DNS_SERVERS", NULL},
	{"$SQL_SERVERS", NULL},
	{"$TELNET_SERVERS", NULL},
	{"$AIM_SERVERS", NULL},
	{"$HTTP_PORTS", "80"},
	{"$SHELLCODE_PORTS", "!80"},
	{"$ORACLE_PORTS", "1521"},
};

/* Adds bytes of the rule as the inside of a YAML text in double quotes: \\ and \xHH mean the same
 * there. A backslash of the rule's own escapes (\; \" \:) is left out. */
static void add_inside(struct text_buffer *out, struct text_slice s)
{
	for (size_t i = 0; i < s.length; i++) {
		if (s.start[i] == '\\' && i + 1 < s.length && strchr(";\":\\", s.start[i + 1]))
			i++;
		if (s.start[i] == '"')
			text_buffer_add(out, "\\\"");
		else
			text_buffer_add_escaped(out, s.start + i, 1);
	}
}

/* Adds first, link and last as one YAML text in double quotes. */
static void add_joined(
	struct text_buffer *out, struct text_slice first, const char *link, struct text_slice last)
{
	text_buffer_add(out, "\"");
	add_inside(out, first);
	text_buffer_add(out, link);
	add_inside(out, last);
	text_buffer_add(out, "\"");
}

static void add_quoted(struct text_buffer *out, struct text_slice s)
{
	add_joined(out, s, "", (struct text_slice){"", 0});
}

static void refuse(struct work *w, const char *what, struct text_slice value)
{
	if (w->refused)
		return;
	w->refused = true;
	w->note->used = 0;
	w->note->text[0] = 0;
	text_buffer_add(w->note, what);
	if (value.length) {
		text_buffer_add(w->note, ": ");
		text_buffer_add_escaped(
			w->note, value.start, value.length < 60 ? value.length : 60);
	}
}

static void add_note(struct work *w, const char *what, struct text_slice value)
{
	if (w->refused)
		return;
	if (w->note->used)
		text_buffer_add(w->note, "; ");
	text_buffer_add(w->note, what);
	text_buffer_add_escaped(w->note, value.start, value.length < 60 ? value.length : 60);
}

static void add_condition(struct work *w, const char *key, struct text_slice value)
{
	text_buffer_printf(&w->conditions, "  %s: ", key);
	add_quoted(&w->conditions, value);
	text_buffer_add(&w->conditions, "\n");
}

/* "a<>b" becomes "a-b"; other forms are the same in both languages. */
static void add_number(struct work *w, const char *key, struct text_slice value)
{
	struct text_slice rest = value;
	struct text_slice low = psad_rule_cut(&rest, '<');
	if (low.length == 0 || rest.length == 0 || rest.start[0] != '>') {
		add_condition(w, key, value);
		return;
	}
	struct text_slice high =
		psad_rule_trim((struct text_slice){rest.start + 1, rest.length - 1});
	text_buffer_printf(&w->conditions, "  %s: ", key);
	add_joined(&w->conditions, low, "-", high);
	text_buffer_add(&w->conditions, "\n");
}

/* Snort: letters, "0" or "N" for none, "+" for "and others", ",12" to ignore the ECN bits (which we
 * do anyway). "*" (any of) and "!" have no counterpart. */
static void add_flags(struct work *w, struct text_slice value)
{
	struct text_slice flags = psad_rule_cut(&value, ',');
	if (flags.length == 1 && (flags.start[0] == '0' || flags.start[0] == 'N')) {
		add_condition(w, "flags", text_slice_of("none"));
		return;
	}
	if (flags.length < 2 || flags.start[flags.length - 1] != '+') {
		add_condition(w, "flags", flags);
		return;
	}
	flags.length--;
	text_buffer_add(&w->conditions, "  flags: ");
	add_joined(&w->conditions, flags, "/", flags);
	text_buffer_add(&w->conditions, "\n");
}

static void add_ip_options(struct work *w, struct text_slice value)
{
	static const struct {
		const char *theirs, *ours;
	} names[] = {{"rr", "rr"}, {"ts", "ts"}, {"lsrr", "lsrr"}, {"lsrre", "lsrr"},
		{"ssrr", "ssrr"}, {"sec", "sec"}, {"satid", "other"}, {"any", "any"}};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (text_slice_equals(value, names[i].theirs)) {
			add_condition(w, "ip_options", text_slice_of(names[i].ours));
			return;
		}
	}
	refuse(w, "no counterpart for ipopts", value);
}

/* Keeps the best of several references: a CVE, an address, anything. */
static void keep_reference(struct facts *facts, struct text_slice value)
{
	struct text_slice kind = psad_rule_cut(&value, ',');
	value = psad_rule_trim(value);
	bool had_cve = text_slice_equals(facts->reference_kind, "cve");
	bool had_url = text_slice_equals(facts->reference_kind, "url");
	if (had_cve || (had_url && !text_slice_equals(kind, "cve")))
		return;
	if (facts->reference.length && !text_slice_equals(kind, "cve") &&
		!text_slice_equals(kind, "url"))
		return;
	facts->reference_kind = kind;
	facts->reference = value;
}

static void take_option(struct work *w, struct text_slice option)
{
	struct text_slice value = option;
	struct text_slice name = psad_rule_cut(&value, ':');
	const struct option_row *row = NULL;
	value = psad_rule_trim(value);
	for (size_t i = 0; i < sizeof options / sizeof options[0] && !row; i++) {
		if (text_slice_equals(name, options[i].name))
			row = &options[i];
	}
	if (!row) {
		refuse(w, "no counterpart for the option", name);
		return;
	}
	switch (row->kind) {
	case OPTION_NUMBER:
		add_number(w, row->key, value);
		break;
	case OPTION_FLAGS:
		add_flags(w, value);
		break;
	case OPTION_IP_OPTIONS:
		add_ip_options(w, value);
		break;
	case OPTION_SAME_IP:
		add_condition(w, row->key, text_slice_of("true"));
		break;
	case OPTION_KEEP:
		memcpy((char *)&w->facts + row->offset, &value, sizeof value);
		break;
	case OPTION_REFERENCE:
		keep_reference(&w->facts, value);
		break;
	case OPTION_SKIP:
		break;
	}
}

/* Replaces a variable by its value; false if it is not known. A null start means any. */
static bool resolve(struct text_slice *word)
{
	if (word->length == 0 || word->start[0] != '$')
		return true;
	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
		if (text_slice_equals(*word, variables[i].name)) {
			*word = variables[i].value ? text_slice_of(variables[i].value)
						   : text_slice_of("any");
			return true;
		}
	}
	return false;
}

static void open_list(struct text_slice *list)
{
	if (list->length >= 2 && list->start[0] == '[' && list->start[list->length - 1] == ']')
		*list = (struct text_slice){list->start + 1, list->length - 2};
}

/* One port word: "a:b", ":b", "a:" become ranges, the rest stays. */
static void add_port(struct work *w, struct text_slice port)
{
	struct text_slice last = port;
	struct text_slice first = psad_rule_cut(&last, ':');
	if (!memchr(port.start, ':', port.length)) {
		add_quoted(&w->conditions, port);
		return;
	}
	if (first.length == 0)
		first = text_slice_of("0");
	else if (text_slice_equals(first, "!"))
		first = text_slice_of("!0");
	add_joined(&w->conditions, first, "-", last.length ? last : text_slice_of("65535"));
}

static void add_ports(struct work *w, const char *key, struct text_slice word)
{
	if (!resolve(&word)) {
		refuse(w, "unknown variable", word);
		return;
	}
	if (text_slice_equals(word, "any"))
		return;
	open_list(&word);
	text_buffer_printf(&w->conditions, "  %s: [", key);
	for (const char *comma = ""; word.length; comma = ", ") {
		struct text_slice port = psad_rule_cut(&word, ',');
		text_buffer_add(&w->conditions, comma);
		add_port(w, port);
	}
	text_buffer_add(&w->conditions, "]\n");
}

static void add_addresses(struct work *w, const char *key, struct text_slice word)
{
	struct text_slice variable = word;
	if (!resolve(&word)) {
		refuse(w, "unknown variable", word);
		return;
	}
	if (text_slice_equals(word, "any")) {
		if (variable.length > 8 &&
			memcmp(variable.start + variable.length - 8, "_SERVERS", 8) == 0)
			add_note(w, "any host stands for ", variable);
		return;
	}
	if (memchr(word.start, '!', word.length) || memchr(word.start, '$', word.length)) {
		refuse(w, "no counterpart for these addresses", word);
		return;
	}
	open_list(&word);
	text_buffer_printf(&w->conditions, "  %s: [", key);
	for (const char *comma = ""; word.length; comma = ", ") {
		text_buffer_add(&w->conditions, comma);
		add_quoted(&w->conditions, psad_rule_cut(&word, ','));
	}
	text_buffer_add(&w->conditions, "]\n");
}

static void take_head(struct work *w)
{
	const struct text_slice *head = w->rule.words;
	if (!text_slice_equals(head[PSAD_RULE_ACTION], "alert"))
		refuse(w, "not an alert rule", head[PSAD_RULE_ACTION]);
	if (text_slice_equals(head[PSAD_RULE_ARROW], "<>"))
		add_note(w, "both directions (<>) read as ->", (struct text_slice){"", 0});
	else if (!text_slice_equals(head[PSAD_RULE_ARROW], "->"))
		refuse(w, "no arrow between source and destination", head[PSAD_RULE_ARROW]);
	else if (text_slice_equals(head[PSAD_RULE_SRC], "$HOME_NET") &&
		 !text_slice_equals(head[PSAD_RULE_DST], "$HOME_NET"))
		add_condition(w, "direction", text_slice_of("out"));
	add_addresses(w, "src", head[PSAD_RULE_SRC]);
	add_ports(w, "src_ports", head[PSAD_RULE_SRC_PORT]);
	add_addresses(w, "dst", head[PSAD_RULE_DST]);
	add_ports(w, "dst_ports", head[PSAD_RULE_DST_PORT]);
}

static void add_reference(struct text_buffer *out, const struct facts *facts)
{
	struct text_slice value = facts->reference;
	if (!value.length)
		return;
	text_buffer_add(out, "  reference: ");
	if (text_slice_equals(facts->reference_kind, "cve"))
		add_joined(out, text_slice_of("https://nvd.nist.gov/vuln/detail/"), "CVE-", value);
	else if (text_slice_equals(facts->reference_kind, "url"))
		add_joined(out, text_slice_of("http://"), "", value);
	else
		add_joined(out, facts->reference_kind, " ", value);
	text_buffer_add(out, "\n");
}

static struct text_slice unquote(struct text_slice s)
{
	if (s.length >= 2 && s.start[0] == '"' && s.start[s.length - 1] == '"')
		return (struct text_slice){s.start + 1, s.length - 2};
	return s;
}

static void add_line(struct text_buffer *out, const char *key, struct text_slice value)
{
	text_buffer_add(out, key);
	add_quoted(out, value);
	text_buffer_add(out, "\n");
}

static void write_item(struct work *w)
{
	const struct facts *f = &w->facts;
	struct text_buffer *out = w->yaml;
	struct text_slice class = f->class.length ? f->class : text_slice_of("unknown");
	add_line(out, "- id: ", f->psad_id.length ? f->psad_id : f->sid);
	add_line(out, "  name: ", unquote(f->name));
	add_line(out, "  level: ", f->level.length ? f->level : text_slice_of("2"));
	add_line(out, "  proto: ", f->proto.length ? f->proto : w->rule.words[PSAD_RULE_PROTO]);
	text_buffer_add_bytes(out, w->conditions.text, w->conditions.used);
	add_reference(out, f);
	text_buffer_add(out, "  summary: ");
	add_joined(out, text_slice_of("A signature of psad, class "), "", class);
	text_buffer_add(out, "\n");
}

/* Reads the item back; the first fault is the reason why it cannot come over. */
static void read_back(struct work *w, uint32_t *id)
{
	struct signature_set *set = signature_set_create();
	struct config_faults *faults = memory_calloc(1, sizeof *faults);
	struct text_slice none = {"", 0};
	if (w->yaml->cut || w->conditions.cut)
		refuse(w, "too long", none);
	else if (!signature_file_load_text("rule", w->yaml->text, w->yaml->used, set, faults))
		refuse(w, faults->items[0].text, none);
	else if (signature_set_count(set) != 1)
		refuse(w, "not one signature", none);
	else
		*id = signature_set_item(set, 0)->id;
	config_faults_clear(faults);
	free(faults);
	signature_set_destroy(set);
}

enum psad_signature_result psad_signature_convert(
	struct text_slice line, struct text_buffer *yaml, struct text_buffer *note, uint32_t *id)
{
	char memory[PSAD_SIGNATURE_YAML_MAX / 2];
	struct work w = {.yaml = yaml, .note = note};
	struct text_slice none = {"", 0};
	w.conditions = text_buffer_over(memory, sizeof memory);
	line = psad_rule_trim(line);
	if (line.length == 0 || line.start[0] == '#')
		return PSAD_SIGNATURE_BLANK;
	if (line.length > PSAD_SIGNATURE_LINE_MAX) {
		refuse(&w, "longer than a rule may be (8192 bytes)", none);
		return PSAD_SIGNATURE_REFUSED;
	}
	if (!psad_rule_split(line, &w.rule)) {
		refuse(&w, "not a rule (action protocol source port -> destination port (...))",
			none);
		return PSAD_SIGNATURE_REFUSED;
	}
	take_head(&w);
	for (struct text_slice rest = w.rule.options; rest.length;) {
		struct text_slice option = psad_rule_cut(&rest, ';');
		if (option.length)
			take_option(&w, option);
	}
	if (!w.refused) {
		write_item(&w);
		read_back(&w, id);
	}
	return w.refused ? PSAD_SIGNATURE_REFUSED : PSAD_SIGNATURE_CONVERTED;
}
