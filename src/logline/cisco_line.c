/* SPDX-License-Identifier: ISC */
/*
 * Every message is a row: its number and a sentence with gaps. The sentence is matched word by
 * word; a gap takes the next word and makes a fact of it. Gaps:
 *
 *     {proto}  tcp, UDP, icmp, a number, or "protocol 47"
 *     {src}    an endpoint, see take_endpoint
 *     {dst}    the same
 *     {flags}  all words that are TCP flags
 *     {name}   one word: the access list's name, which becomes the prefix
 *     {iface}  one word: the interface
 *
 * A different word in the sentence means another message (a permit, a version that says it in other
 * words): OTHER. An unreadable gap, or an end before the sentence's own, means BROKEN.
 */
#include "logline/cisco_line.h"

#include "logline/field_scan.h"
#include "logline/log_stamp.h"
#include "net/ip_proto.h"

#define LIST "list " /* how the sentences of IOS begin */

struct message {
	const char *id;       /* what stands between the last hyphen of the mark and the colon */
	const char *sentence; /* a beginning of the message */
	bool is_all;          /* nothing stands behind it: its end is no cut */
};

static const struct message ios_messages[] = {
	{"IPACCESSLOGP", "list {name} denied {proto} {src} -> {dst}", false},
	{"IPACCESSLOGSP", "list {name} denied {proto} {src} -> {dst}", false},
	{"IPACCESSLOGDP", "list {name} denied {proto} {src} -> {dst}", false},
	{"IPACCESSLOGNP", "list {name} denied {proto} {src} -> {dst}", false},
	{"IPACCESSLOGRP", "list {name} denied {proto} {src} -> {dst}", false},
	{"IPACCESSLOGS", "list {name} denied {src}", false},
	{"ACCESSLOGP", "list {name} denied {proto} {src} -> {dst}", false},
	{"ACCESSLOGSP", "list {name} denied {proto} {src} -> {dst}", false},
	{"ACCESSLOGDP", "list {name} denied {proto} {src} -> {dst}", false},
	{"ACCESSLOGNP", "list {name} denied {proto} {src} -> {dst}", false},
};

static const struct message asa_messages[] = {
	{"106001",
		"Inbound {proto} connection denied from {src} to {dst} flags {flags} on interface "
		"{iface}",
		true},
	{"106006", "Deny inbound {proto} from {src} to {dst}", false},
	{"106007", "Deny inbound {proto} from {src} to {dst}", false},
	{"106010", "Deny inbound {proto} src {src} dst {dst}", true},
	{"106014", "Deny inbound {proto} src {src} dst {dst}", false},
	{"106015",
		"Deny {proto} (no connection) from {src} to {dst} flags {flags} on interface "
		"{iface}",
		true},
	{"106021", "Deny {proto} reverse path check from {src} to {dst}", false},
	{"106023", "Deny {proto} src {src} dst {dst}", false},
	{"106100", "access-list {name} denied {proto} {src} -> {dst}", false},
	{"710003", "{proto} access denied by ACL from {src} to {dst}", true},
	{"710005", "{proto} request discarded from {src} to {dst}", true},
};

/* Which row list a facility has; the mark is "%", the facility, "-", a digit, "-", the id. */
static const struct {
	const char *facility;
	const struct message *messages;
	size_t count;
} facilities[] = {
	{"SEC", ios_messages, sizeof ios_messages / sizeof ios_messages[0]},
	{"FMANFP", ios_messages, sizeof ios_messages / sizeof ios_messages[0]},
	{"IPV6_ACL", ios_messages, sizeof ios_messages / sizeof ios_messages[0]},
	{"ASA", asa_messages, sizeof asa_messages / sizeof asa_messages[0]},
	{"PIX", asa_messages, sizeof asa_messages / sizeof asa_messages[0]},
	{"FWSM", asa_messages, sizeof asa_messages / sizeof asa_messages[0]},
};

struct reading {
	struct field_scan scan;
	struct log_line_facts *facts;
	struct event *event;         /* facts->event */
	struct text_slice dst_iface; /* of an endpoint's "inside:" */
	uint16_t first, second;      /* numbers beside source and destination */
	bool has_first, has_second;
};

/* Takes "%ASA-4-106023: "; null if it is none of ours. */
static const struct message *take_mark(struct field_scan *s)
{
	struct field_scan look = *s;
	if (!field_scan_take_char(&look, '%'))
		return NULL;
	for (size_t i = 0; i < sizeof facilities / sizeof facilities[0]; i++) {
		struct field_scan id = look;
		if (!field_scan_take_text(&id, facilities[i].facility) ||
			!field_scan_take_char(&id, '-') ||
			!field_scan_is_digit(field_scan_peek(&id)))
			continue;
		id.at++;
		if (!field_scan_take_char(&id, '-'))
			continue;
		for (size_t j = 0; j < facilities[i].count; j++) {
			struct field_scan behind = id;
			if (field_scan_take_text(&behind, facilities[i].messages[j].id) &&
				field_scan_take_char(&behind, ':')) {
				*s = behind;
				return &facilities[i].messages[j];
			}
		}
	}
	return NULL;
}

const char *cisco_line_find(struct text_slice line)
{
	struct field_scan s = field_scan_over(line);
	const char *percent;
	while ((percent = memchr(s.at, '%', field_scan_left(&s))) != NULL) {
		s.at = percent;
		if (take_mark(&s) != NULL)
			return percent;
		s.at = percent + 1;
	}
	return NULL;
}

/* Takes a name and the colon behind it, "fw1:" or "fw1 :"; a program with a pid is no such name. */
static bool take_device_name(struct field_scan *s)
{
	struct field_scan look = *s;
	struct text_slice name = field_scan_word(&look);
	if (name.length == 0 || memchr(name.start, '[', name.length) != NULL)
		return false;
	if (name.start[name.length - 1] != ':') {
		field_scan_skip_spaces(&look);
		if (!field_scan_take_char(&look, ':'))
			return false;
	}
	*s = look;
	return true;
}

/*
 * May a device have written what stands before its mark? Counters, stamps and one name of its own,
 * all with colons, and nothing else: free words before a mark are some program's quotation of it.
 */
static bool is_device_head(const struct log_head *head)
{
	struct field_scan s = field_scan_over(head->message);
	bool named = false;
	struct log_line_clock unused; /* its memories stay unset: no stamp asks for them */
	unused.year = 1970;
	unused.last_month = unused.utc_offset_s = 0;
	unused.boot = (struct wall_time){0};
	if (head->kernel || memchr(head->program.start, '[', head->program.length) != NULL)
		return false;
	for (;;) {
		uint64_t counter;
		field_scan_skip_spaces(&s);
		if (field_scan_left(&s) == 0)
			return true;
		if (field_scan_take_char(&s, ':') ||
			log_stamp_read(&unused, &s).kind != LOG_STAMP_NONE)
			continue;
		struct field_scan look = s;
		if (field_scan_number(&look, UINT32_MAX, &counter) &&
			field_scan_take_char(&look, ':'))
			s = look;
		else if (named || !take_device_name(&s))
			return false;
		else
			named = true;
	}
}

/* Names that Cisco writes and net/ip_proto does not know (IANA "Protocol Numbers"). */
static bool parse_cisco_proto(struct text_slice word, uint8_t *out)
{
	static const struct {
		const char *name;
		uint8_t number;
	} names[] = {{"ipinip", 4}, {"ahp", 51}, {"eigrp", 88}, {"ospf", 89}, {"nos", 94},
		{"pim", 103}, {"pcp", 108}};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (text_slice_equals(word, names[i].name)) {
			*out = names[i].number;
			return true;
		}
	}
	return ip_proto_parse(word.start, word.length, out);
}

/* "tcp", "47", "protocol 47", "icmpv6". */
static bool take_proto(struct reading *r)
{
	struct text_slice word = field_scan_word(&r->scan);
	if (text_slice_equals(word, "protocol")) {
		field_scan_skip_spaces(&r->scan);
		word = field_scan_word(&r->scan);
	}
	return parse_cisco_proto(word, &r->event->proto);
}

/* "(1234)" or "/1234" cut off from the end of `word`. */
static bool cut_number(struct text_slice *word, char before, char behind, uint16_t *out)
{
	size_t at = word->length;
	uint64_t number;
	while (at > 0 && word->start[at - 1] != before)
		at--;
	if (at == 0)
		return false;
	struct field_scan s = field_scan_between(word->start + at, word->start + word->length);
	if (!field_scan_number(&s, UINT16_MAX, &number))
		return false;
	if ((behind && !field_scan_take_char(&s, behind)) || field_scan_left(&s) != 0)
		return false;
	word->length = at - 1;
	*out = (uint16_t)number;
	return true;
}

/* An address, or an interface's name, ':' or '/', and an address. */
static bool parse_named_addr(struct text_slice word, struct addr *a, struct text_slice *iface)
{
	if (addr_parse(word.start, word.length, a))
		return true;
	for (size_t i = 0; i < word.length; i++) {
		if (word.start[i] == ':' || word.start[i] == '/') {
			*iface = (struct text_slice){word.start, i};
			return addr_parse(word.start + i + 1, word.length - i - 1, a);
		}
	}
	return false;
}

/*
 * An endpoint, with or without interface, port (or ICMP type), user and link address:
 *     192.0.2.1(1234) (Ethernet0 0010.7b00.0001)   outside:192.0.2.1/1234(user)
 * outside/192.0.2.1(8)
 */
static bool take_endpoint(struct reading *r, struct addr *a, struct text_slice *iface,
	uint16_t *number, bool *has_number)
{
	struct text_slice word = field_scan_word(&r->scan);
	if (word.length && word.start[word.length - 1] == ',')
		word.length--;
	*has_number = cut_number(&word, '(', ')', number);
	const char *user = memchr(word.start, '(', word.length);
	if (user != NULL)
		word.length = (size_t)(user - word.start);
	if (!*has_number)
		*has_number = cut_number(&word, '/', '\0', number);
	return parse_named_addr(word, a, iface);
}

/* Takes " (Ethernet0 0010.7b00.0001)" behind IOS's source; "(8/0)" and "(type 8, code 0)" stay. */
static void take_link(struct reading *r)
{
	struct field_scan look = r->scan;
	field_scan_skip_spaces(&look);
	if (!field_scan_take_char(&look, '(') || field_scan_is_digit(field_scan_peek(&look)))
		return;
	const char *start = look.at;
	const char *close = memchr(start, ')', field_scan_left(&look));
	if (close == NULL || (size_t)(close - start) > LOG_LINE_COPIED_MAX)
		return;
	r->facts->iface = field_scan_word(&look);
	if (r->facts->iface.start + r->facts->iface.length > close)
		r->facts->iface.length = (size_t)(close - start);
	r->scan.at = close + 1;
}

static bool take_flags(struct reading *r)
{
	static const struct {
		const char *name;
		enum event_tcp_flag flag;
	} flags[] = {{"FIN", EVENT_TCP_FIN}, {"SYN", EVENT_TCP_SYN}, {"RST", EVENT_TCP_RST},
		{"PSH", EVENT_TCP_PSH}, {"ACK", EVENT_TCP_ACK}, {"URG", EVENT_TCP_URG}};
	const size_t count = sizeof flags / sizeof flags[0];
	for (bool known = true; known;) {
		struct field_scan look = r->scan;
		field_scan_skip_spaces(&look);
		struct text_slice word = field_scan_word(&look);
		known = false;
		for (size_t i = 0; i < count && !known; i++) {
			known = text_slice_equals(word, flags[i].name);
			if (known)
				r->event->tcp_flags |= (uint8_t)flags[i].flag;
		}
		if (known)
			r->scan = look;
	}
	return r->event->tcp_flags != 0;
}

enum match {
	MATCH_GOES_ON,
	MATCH_OTHER,  /* the sentence is another one */
	MATCH_BROKEN, /* a gap holds nonsense; the fault is written */
};

static enum match broken(struct reading *r, const char *fault)
{
	r->facts->fault = fault;
	return MATCH_BROKEN;
}

static enum match fill_gap(struct reading *r, struct text_slice gap)
{
	struct event *e = r->event;
	if (text_slice_equals(gap, "{name}"))
		r->facts->prefix = field_scan_word(&r->scan);
	else if (text_slice_equals(gap, "{iface}"))
		r->facts->iface = field_scan_word(&r->scan);
	else if (text_slice_equals(gap, "{proto}") && !take_proto(r))
		return broken(r, "a protocol was expected");
	else if (text_slice_equals(gap, "{flags}") && !take_flags(r))
		return broken(r, "TCP flags were expected");
	else if (text_slice_equals(gap, "{src}")) {
		if (!take_endpoint(r, &e->src, &r->facts->iface, &r->first, &r->has_first))
			return broken(r, "the source is no address");
		take_link(r);
	} else if (text_slice_equals(gap, "{dst}")) {
		if (!take_endpoint(r, &e->dst, &r->dst_iface, &r->second, &r->has_second))
			return broken(r, "the destination is no address");
	}
	return MATCH_GOES_ON;
}

/* A word of the sentence. A wrong one at the very end of the line may be the right one, cut. */
static enum match match_word(struct reading *r, struct text_slice wanted)
{
	struct text_slice got = field_scan_word(&r->scan);
	if (got.length == wanted.length && memcmp(got.start, wanted.start, got.length) == 0)
		return MATCH_GOES_ON;
	if (field_scan_left(&r->scan) == 0)
		return broken(r, "the message ends early");
	return MATCH_OTHER;
}

static enum match match_sentence(struct reading *r, const struct message *message)
{
	struct field_scan words = field_scan_over(text_slice_of(message->sentence));
	while (field_scan_left(&words)) {
		struct text_slice wanted = field_scan_word(&words);
		enum match result = MATCH_GOES_ON;
		field_scan_skip_spaces(&words);
		field_scan_skip_spaces(&r->scan);
		if (field_scan_left(&r->scan) == 0)
			return broken(r, "the message ends early");
		if (wanted.start[0] == '{') {
			result = fill_gap(r, wanted);
		} else {
			result = match_word(r, wanted);
		}
		if (result != MATCH_GOES_ON)
			return result;
	}
	field_scan_skip_spaces(&r->scan);
	if (field_scan_left(&r->scan) == 0 && !message->is_all)
		return broken(r, "the message ends early");
	return MATCH_GOES_ON;
}

/* " on interface outside" */
static void take_interface(struct reading *r)
{
	field_scan_skip_spaces(&r->scan);
	if (field_scan_take_text(&r->scan, "on interface "))
		r->facts->iface = field_scan_word(&r->scan);
}

/* " (8/0)" of IOS or " (type 8, code 0)" of ASA, behind the destination. */
static void take_icmp_type(struct reading *r)
{
	struct field_scan look = r->scan;
	uint64_t type, code;
	field_scan_skip_spaces(&look);
	if (!field_scan_take_char(&look, '('))
		return;
	field_scan_take_text(&look, "type ");
	if (!field_scan_number(&look, UINT8_MAX, &type))
		return;
	if (!field_scan_take_char(&look, '/') && !field_scan_take_text(&look, ", code "))
		return;
	if (!field_scan_number(&look, UINT8_MAX, &code) || !field_scan_take_char(&look, ')'))
		return;
	r->first = (uint16_t)type;
	r->second = (uint16_t)code;
	r->has_first = r->has_second = true;
}

static const char *settle(struct reading *r)
{
	struct event *e = r->event;
	bool both = r->has_first && r->has_second;
	if (!addr_is_none(&e->dst) && addr_is_v4(&e->src) != addr_is_v4(&e->dst))
		return "source and destination are of two families";
	if (e->proto == IP_PROTO_ICMP || e->proto == IP_PROTO_ICMPV6) {
		if (both && r->first <= UINT8_MAX && r->second <= UINT8_MAX) {
			e->has |= EVENT_HAS_ICMP;
			e->icmp_type = (uint8_t)r->first;
			e->icmp_code = (uint8_t)r->second;
		}
		return NULL;
	}
	if (!ip_proto_has_ports(e->proto))
		return NULL;
	if (both) {
		e->has |= EVENT_HAS_PORTS;
		e->src_port = r->first;
		e->dst_port = r->second;
	} else if (r->has_first != r->has_second) {
		return "one port is missing";
	}
	if (e->proto == IP_PROTO_TCP && e->tcp_flags != 0)
		e->has |= EVENT_HAS_TCP_FLAGS;
	return NULL;
}

/* IOS-XE puts the names of its processes between mark and sentence: skips them, if there are any.
 */
static void skip_to_list(struct field_scan *s)
{
	struct field_scan look = *s;
	while (field_scan_left(&look)) {
		struct field_scan behind = look;
		if (field_scan_take_text(&behind, LIST)) {
			*s = look;
			return;
		}
		field_scan_skip_word(&look);
		field_scan_skip_spaces(&look);
	}
}

enum log_line_result cisco_line_read(
	const struct log_head *head, struct text_slice fields, struct log_line_facts *facts)
{
	struct reading r = {
		.scan = field_scan_over(fields), .facts = facts, .event = &facts->event};
	const struct message *message = take_mark(&r.scan);
	if (message == NULL || !is_device_head(head))
		return LOG_LINE_OTHER;
	facts->event = (struct event){.tcp_wscale = 0xff, .marks = EVENT_MARK_FIREWALL};
	field_scan_skip_spaces(&r.scan);
	if (strncmp(message->sentence, LIST, sizeof LIST - 1) == 0)
		skip_to_list(&r.scan);
	enum match result = match_sentence(&r, message);
	if (result == MATCH_OTHER)
		return LOG_LINE_OTHER;
	if (result == MATCH_GOES_ON) {
		take_icmp_type(&r);
		take_interface(&r);
		facts->fault = settle(&r);
	}
	return facts->fault == NULL ? LOG_LINE_KNOCK : LOG_LINE_BROKEN;
}
