/* SPDX-License-Identifier: ISC */
#include "detect/signature_file.h"

#include "base/memory.h"
#include "config/config_file.h"
#include "detect/signature_default.h"
#include "net/ip_proto.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 128
#define TEXT_MAX_BYTES 400

/* A condition with many ports says what it is not; this many strings are read, ranges may be fewer.
 */
#define LIST_MAX 16

/* One item of the file as libcyaml reads it: words, not yet understood. */
struct item {
	char *name, *reference, *summary;
	uint32_t id;
	uint8_t level;
	bool alone;
	bool same_ip;
	int direction; /* enum signature_direction */
	int df;        /* enum signature_df */
	char *proto, *flags, *tcp_options, *ip_options;
	char *number[SIGNATURE_FIELDS];
	char **src_ports, **dst_ports, **src, **dst;
	unsigned src_ports_count, dst_ports_count, src_count, dst_count;
};

static const cyaml_strval_t direction_names[] = {
	{"in", SIGNATURE_DIRECTION_IN},
	{"out", SIGNATURE_DIRECTION_OUT},
};

static const cyaml_strval_t df_names[] = {
	{"true", SIGNATURE_DF_SET},
	{"false", SIGNATURE_DF_CLEAR},
};

static const cyaml_schema_value_t word_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, NAME_MAX_BYTES)};

#define WORD(key, member)                                                                          \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_OPTIONAL, struct item, member, 1, 64)
#define WORDS(key, member)                                                                         \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER, struct item, member,   \
		&word_schema, 1, LIST_MAX)
#define NUMBER(key, field) WORD(key, number[field])

static const cyaml_schema_field_t item_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_DEFAULT, struct item, name, 1, NAME_MAX_BYTES),
	CYAML_FIELD_UINT("id", CYAML_FLAG_DEFAULT, struct item, id),
	CYAML_FIELD_UINT("level", CYAML_FLAG_DEFAULT, struct item, level),
	CYAML_FIELD_BOOL("alone", CYAML_FLAG_OPTIONAL, struct item, alone),
	WORD("proto", proto),
	CYAML_FIELD_ENUM("direction", CYAML_FLAG_OPTIONAL, struct item, direction, direction_names,
		CYAML_ARRAY_LEN(direction_names)),
	WORDS("src", src),
	WORDS("dst", dst),
	WORDS("src_ports", src_ports),
	WORDS("dst_ports", dst_ports),
	WORD("flags", flags),
	WORD("tcp_options", tcp_options),
	WORD("ip_options", ip_options),
	CYAML_FIELD_BOOL("same_ip", CYAML_FLAG_OPTIONAL, struct item, same_ip),
	CYAML_FIELD_ENUM(
		"df", CYAML_FLAG_OPTIONAL, struct item, df, df_names, CYAML_ARRAY_LEN(df_names)),
	NUMBER("ttl", SIGNATURE_FIELD_TTL),
	NUMBER("ip_id", SIGNATURE_FIELD_IP_ID),
	NUMBER("length", SIGNATURE_FIELD_LENGTH),
	NUMBER("payload", SIGNATURE_FIELD_PAYLOAD),
	NUMBER("window", SIGNATURE_FIELD_WINDOW),
	NUMBER("seq", SIGNATURE_FIELD_SEQ),
	NUMBER("ack", SIGNATURE_FIELD_ACK),
	NUMBER("mss", SIGNATURE_FIELD_MSS),
	NUMBER("itype", SIGNATURE_FIELD_ITYPE),
	NUMBER("icode", SIGNATURE_FIELD_ICODE),
	NUMBER("icmp_id", SIGNATURE_FIELD_ICMP_ID),
	NUMBER("icmp_seq", SIGNATURE_FIELD_ICMP_SEQ),
	CYAML_FIELD_STRING_PTR(
		"reference", CYAML_FLAG_OPTIONAL, struct item, reference, 1, TEXT_MAX_BYTES),
	CYAML_FIELD_STRING_PTR(
		"summary", CYAML_FLAG_OPTIONAL, struct item, summary, 1, TEXT_MAX_BYTES),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t item_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct item, item_fields)};

static const cyaml_schema_value_t list_schema = {
	CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, struct item, &item_schema, 0, SIGNATURE_SET_MAX)};

/* What is needed to understand one item and to say where it is wrong. */
struct reading {
	const struct config_file *file;
	const struct config_outline_node *node; /* the item */
	struct config_faults *faults;
	bool good;
};

static const struct config_outline_node *place_of(
	const struct reading *r, const char *key, int number)
{
	const struct config_outline *outline = config_file_outline(r->file);
	const struct config_outline_node *node = config_outline_member(outline, r->node, key);
	if (number >= 0)
		node = config_outline_item(outline, node, (unsigned)number);
	return node ? node : r->node;
}

/* Says that a value (an item of a list where number >= 0) is not what its key can take. */
static void wrong(
	struct reading *r, const char *key, int number, const char *value, const char *expected)
{
	config_file_fault(r->file, place_of(r, key, number), r->faults, "\"%s\" must be %s, not %s",
		key, expected, config_fault_quote(value).text);
	r->good = false;
}

/* Says that a key cannot stand with the rest of the item. */
static void contradiction(struct reading *r, const char *key, const char *why)
{
	config_file_fault(r->file, place_of(r, key, -1), r->faults, "\"%s\" %s", key, why);
	r->good = false;
}

/* Notes that `key` needs a protocol that has it. */
static void need_scope(
	struct reading *r, const struct signature *s, const char *key, enum signature_scope scope)
{
	static const char *const needs[] = {
		[SIGNATURE_SCOPE_IP] = "",
		[SIGNATURE_SCOPE_TRANSPORT] = "needs proto tcp, udp, sctp, icmp or icmpv6",
		[SIGNATURE_SCOPE_TCP] = "needs proto tcp",
		[SIGNATURE_SCOPE_ICMP] = "needs proto icmp or icmpv6",
		[SIGNATURE_SCOPE_PORTS] =
			"needs a proto with ports (tcp, udp, sctp, dccp, udplite)",
	};
	if (!signature_fits_scope(s, scope))
		contradiction(r, key, needs[scope]);
}

static void read_proto(struct reading *r, const struct item *item, struct signature *s)
{
	const char *text = item->proto;
	if (!text || strcmp(text, "ip") == 0 || strcmp(text, "any") == 0)
		return;
	s->has_proto = ip_proto_parse(text, strlen(text), &s->proto);
	if (!s->has_proto)
		wrong(r, "proto", -1, text,
			"a protocol (tcp, udp, icmp, icmpv6, sctp, ip or 0-255)");
}

static void read_number(
	struct reading *r, const struct item *item, struct signature *s, enum signature_field field)
{
	const struct signature_field_row *row = signature_field_row(field);
	struct signature_test *test = &s->tests[s->tests_count];
	const char *text = item->number[field];
	char expected[120];
	if (!text)
		return;
	need_scope(r, s, row->key, row->scope);
	if (field == SIGNATURE_FIELD_SEQ && strcmp(text, "dst") == 0) {
		s->seq_is_dst = true;
		return;
	}
	if (!signature_condition_number(text, row->most, &test->number)) {
		struct text_buffer out = text_buffer_over(expected, sizeof expected);
		text_buffer_printf(&out, "a number from 0 to %u, or n-m, \">n\", \"<n\", \"!n\"%s",
			row->most, field == SIGNATURE_FIELD_SEQ ? ", or dst" : "");
		wrong(r, row->key, -1, text, expected);
		return;
	}
	test->field = field;
	s->tests_count++;
}

static void read_ports(struct reading *r, const struct signature *s, const char *key, char **list,
	unsigned count, struct signature_ports *ports)
{
	if (count)
		need_scope(r, s, key, SIGNATURE_SCOPE_PORTS);
	for (unsigned i = 0; i < count; i++) {
		if (list[i][0] == '!' && count > 1)
			contradiction(r, key, "with a \"!\" can hold only that one item");
		else if (!signature_condition_add_port(list[i], ports))
			wrong(r, key, (int)i, list[i],
				"ports: 0 to 65535, or n-m, \">n\", \"<n\", \"!n\", at most 16 "
				"ranges");
	}
}

static uint8_t read_prefixes(
	struct reading *r, const char *key, char **list, unsigned count, struct prefix *out)
{
	if (count > SIGNATURE_PREFIXES) {
		contradiction(r, key, "can hold at most 8 blocks");
		return 0;
	}
	for (unsigned i = 0; i < count; i++) {
		bool host_bits = false;
		if (!prefix_parse(list[i], strlen(list[i]), &out[i], &host_bits))
			wrong(r, key, (int)i, list[i],
				host_bits ? "a block of addresses without host bits"
					  : "an address or a block such as 192.0.2.0/24");
	}
	return (uint8_t)count;
}

static void read_words(struct reading *r, const struct item *item, struct signature *s)
{
	if (item->flags) {
		need_scope(r, s, "flags", SIGNATURE_SCOPE_TCP);
		if (!signature_condition_flags(item->flags, &s->flags))
			wrong(r, "flags", -1, item->flags,
				"letters of FSRPAUEC or none, with a mask such as S/SAFR");
	}
	if (item->tcp_options) {
		need_scope(r, s, "tcp_options", SIGNATURE_SCOPE_TCP);
		s->has_layout = signature_condition_tcp_options(item->tcp_options, &s->layout);
		if (!s->has_layout)
			wrong(r, "tcp_options", -1, item->tcp_options,
				"none, or up to 16 of mss ws sok sack ts nop eol with commas");
	}
	if (item->ip_options && !signature_condition_ip_options(item->ip_options, &s->ip_options))
		wrong(r, "ip_options", -1, item->ip_options,
			"some of rr ts lsrr ssrr ra sec other routing with commas, or any");
}

/* Identifier and sequence number stand only in questions and answers. */
static void check_icmp(struct reading *r, const struct signature *s)
{
	bool typed = false, numbered = false;
	for (unsigned i = 0; i < s->tests_count; i++) {
		typed |= s->tests[i].field == SIGNATURE_FIELD_ITYPE;
		numbered |= s->tests[i].field == SIGNATURE_FIELD_ICMP_ID ||
			    s->tests[i].field == SIGNATURE_FIELD_ICMP_SEQ;
	}
	if (numbered && !typed)
		contradiction(r, "itype", "is missing: only some ICMP types have an id and a seq");
}

static void read_item(struct reading *r, const struct item *item, struct signature *s)
{
	if (item->level > SIGNATURE_LEVEL_MAX)
		contradiction(r, "level", "must be 0 to 5");
	s->id = item->id;
	s->level = item->level;
	s->alone = item->alone;
	s->same_ip = item->same_ip;
	s->direction = (enum signature_direction)item->direction;
	s->df = (enum signature_df)item->df;
	read_proto(r, item, s);
	read_words(r, item, s);
	read_ports(r, s, "src_ports", item->src_ports, item->src_ports_count, &s->src_ports);
	read_ports(r, s, "dst_ports", item->dst_ports, item->dst_ports_count, &s->dst_ports);
	s->src_count = read_prefixes(r, "src", item->src, item->src_count, s->src);
	s->dst_count = read_prefixes(r, "dst", item->dst, item->dst_count, s->dst);
	for (unsigned field = 0; field < SIGNATURE_FIELDS; field++)
		read_number(r, item, s, (enum signature_field)field);
	check_icmp(r, s);
	if (r->good && signature_count_conditions(s) == 0)
		contradiction(r, "name", "stands alone: a signature needs a condition");
	signature_settle(s);
}

/* Moves a text to its new owner. */
static char *take_text(char **text)
{
	char *taken = *text;
	*text = NULL;
	return taken;
}

static bool has_id_before(const struct item *items, unsigned number)
{
	for (unsigned i = 0; i < number; i++) {
		if (items[i].id == items[number].id)
			return true;
	}
	return false;
}

static bool understand(const struct config_file *file, const struct item *items, unsigned count,
	struct signature *out, struct config_faults *faults)
{
	const struct config_outline *outline = config_file_outline(file);
	const struct config_outline_node *root = config_outline_root(outline);
	const struct config_outline_node *node = NULL;
	bool good = true;
	for (unsigned i = 0; i < count; i++) {
		node = config_outline_next(outline, root, node);
		struct reading r = {file, node, faults, true};
		if (has_id_before(items, i))
			contradiction(&r, "id", "stands twice in this file");
		read_item(&r, &items[i], &out[i]);
		good &= r.good;
	}
	return good;
}

/* Hands the understood signatures over, texts and all; false if the set has no room for them. */
static bool hand_over(
	struct signature_set *set, struct item *items, struct signature *ready, unsigned count)
{
	unsigned added = 0;
	for (unsigned i = 0; i < count; i++)
		added += signature_set_find(set, ready[i].id) == NULL;
	if (signature_set_count(set) + added > SIGNATURE_SET_MAX)
		return false;
	for (unsigned i = 0; i < count; i++) {
		ready[i].name = take_text(&items[i].name);
		ready[i].reference = take_text(&items[i].reference);
		ready[i].summary = take_text(&items[i].summary);
		bool fits = signature_set_add(set, &ready[i]);
		assert(fits);
	}
	return true;
}

static bool load(struct config_file *file, struct signature_set *set, struct config_faults *faults)
{
	void *data = NULL;
	unsigned count = 0;
	bool good = false;
	if (file && config_file_load(file, &list_schema, &data, &count, faults)) {
		struct signature *ready = memory_calloc(count ? count : 1, sizeof *ready);
		good = understand(file, data, count, ready, faults);
		if (good && !hand_over(set, data, ready, count)) {
			config_file_fault(file, NULL, faults, "more than %d signatures in all",
				SIGNATURE_SET_MAX);
			good = false;
		}
		free(ready);
		config_file_unload(&list_schema, data, count);
	}
	config_file_close(file);
	return good;
}

bool signature_file_load(const char *path, struct signature_set *set, struct config_faults *faults)
{
	return load(config_file_open(path, faults), set, faults);
}

bool signature_file_load_text(const char *name, const char *text, size_t length,
	struct signature_set *set, struct config_faults *faults)
{
	return load(config_file_from_text(name, text, length, faults), set, faults);
}

bool signature_file_load_default(struct signature_set *set, struct config_faults *faults)
{
	return signature_file_load_text("built-in signatures", signature_default_text,
		signature_default_length, set, faults);
}
