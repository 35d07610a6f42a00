/* SPDX-License-Identifier: ISC */
/*
 * Every way to say it is a row: a sentence with gaps that a message has to fit from its first character to its last.
 * A gap takes what stands before the next words of the sentence, and makes a fact of it:
 *
 *     {who}      a client: "user@host", a host's name, an address; up to the last place of the words behind it
 *     {addr}     an address, perhaps in brackets
 *     {endpoint} an address, ':' and a port
 *     {service}  what the client wanted, where that is not the program's name; perhaps a port's number
 *     {proto}    tcp, udp, tcp6, ...
 *     {any}      something that is not told
 *
 * A sentence that does not fit is none of ours; one that fits with something in {addr} that begins like an address
 * and is none was cut, or lies.
 */
#include "logline/wrapper_line.h"

#include "logline/field_scan.h"
#include "net/daemon_port.h"
#include "net/ip_proto.h"

enum gap { GAP_NONE, GAP_WHO, GAP_ADDR, GAP_ENDPOINT, GAP_SERVICE, GAP_PROTO, GAP_ANY };

static const struct {
	const char *word;
	enum gap gap;
} gaps[] = {{"{who}", GAP_WHO}, {"{addr}", GAP_ADDR}, {"{endpoint}", GAP_ENDPOINT},
	{"{service}", GAP_SERVICE}, {"{proto}", GAP_PROTO}, {"{any}", GAP_ANY}};

#define REFUSED EVENT_ACCESS_REFUSED
#define GRANTED EVENT_ACCESS_GRANTED

/* The first that fits counts: the closer one stands before the looser one. */
static const struct sentence {
	const char *text;
	const char *service; /* whose words these are; null: the program's own name, or {service} */
	enum event_access access;
	bool own_file; /* stands in a file, too, that one program writes alone: it names none */
} sentences[] = {
	/* rpcbind, portmap and the daemons of NFS */
	{"connect from {who} to {any}: request from unauthorized host", NULL, REFUSED, false},
	{"connect from {who} to {any}: request from unprivileged port", NULL, REFUSED, false},
	{"connect from {who} to {any}: request from non-local host", NULL, REFUSED, false},
	/* libwrap and tcpd */
	{"refused connect from {who} ({addr})", NULL, REFUSED, false},
	{"refused connect from {who}", NULL, REFUSED, false},
	{"connect from {who} ({addr})", NULL, GRANTED, false},
	{"connect from {who} to {any}", NULL, GRANTED, false},
	{"connect from {who}", NULL, GRANTED, false},
	{"twist {who} to {any}", NULL, REFUSED, false},
	/* inetd; cyrus */
	{"refused connection from {who}, service {service} ({proto})", NULL, REFUSED, false},
	{"refused connection from {who}", NULL, REFUSED, false},
	{"connection from {who}, service {service} ({proto})", NULL, GRANTED, false},
	/* tftpd-hpa, atftpd */
	{"connection refused from {addr}", NULL, REFUSED, false},
	{"Connection refused from {addr} to {any}", NULL, REFUSED, false},
	/* xinetd, whose START is none: it says so of those, too, whom libwrap then refuses */
	{"FAIL: {service} libwrap from={addr}", NULL, REFUSED, true},
	{"FAIL: {service} address from={addr}", NULL, REFUSED, true},
	/* stunnel, whose own stamp and level stand before it in a file */
	{"Service [{service}] REFUSED by libwrap from {endpoint}", NULL, REFUSED, true},
	{"Service [{service}] permitted by libwrap from {endpoint}", NULL, GRANTED, true},
	{"Service [{service}] accepted connection from {endpoint}", NULL, GRANTED, true},
	/* mosquitto and vsftpd */
	{"Client connection from {addr} denied access by tcpd.", "mosquitto", REFUSED, true},
	{"CONNECT: Client \"{addr}\", \"Connection refused: tcp_wrappers denial.\"", "vsftpd",
		REFUSED, true},
	{"CONNECT: Client \"{addr}\"", "vsftpd", GRANTED, true},
	/* slapd, snmpd, sendmail */
	{"fd={any} DENIED from {who} ({addr})", NULL, REFUSED, false},
	{"Connection from {any}: [{addr}]{any} REFUSED", NULL, REFUSED, false},
	{"NOQUEUE: tcpwrappers ({any}, {addr}) rejection", NULL, REFUSED, false},
};

enum { SENTENCES = sizeof sentences / sizeof sentences[0] };

/* What a message gave. */
struct reading {
	struct text_slice who, addr, endpoint, service, proto;
};

/* --- where a message begins --- */

static bool begins_with(struct text_slice text, const char *start, size_t length)
{
	return text.length >= length && memcmp(text.start, start, length) == 0;
}

/* Words of the sentence before its first gap. */
static size_t opening_of(const char *sentence)
{
	return strcspn(sentence, "{");
}

bool wrapper_line_may_begin(struct text_slice message)
{
	if (message.length == 0 || strchr("rctFSCfNL1", message.start[0]) == NULL)
		return false;
	if (begins_with(message, "LOG", 3) || message.start[0] == '1') /* see without_own_head */
		return true;
	for (unsigned i = 0; i < SENTENCES; i++) {
		const char *text = sentences[i].text;
		if (text[0] == message.start[0] && begins_with(message, text, opening_of(text)))
			return true;
	}
	return false;
}

/* The first ": ", behind which the message of a program stands; null if there is none. */
static const char *first_colon(struct text_slice line)
{
	const char *p = line.start, *end = line.start + line.length;
	while ((p = memchr(p, ':', (size_t)(end - p))) != NULL) {
		if (end - p > 2 && p[1] == ' ')
			return p;
		p++;
	}
	return NULL;
}

/* Of RFC 5424 the program stands without a colon. */
static const char *message_of_rfc5424(struct text_slice line)
{
	struct field_scan s = field_scan_over(line);
	struct text_slice host, program;
	uint64_t priority;
	if (!field_scan_take_char(&s, '<') || !field_scan_number(&s, 191, &priority) ||
		!field_scan_take_text(&s, ">1 "))
		return NULL;
	field_scan_skip_word(&s);
	field_scan_skip_spaces(&s);
	log_head_take_rfc5424_names(&s, &host, &program);
	return s.at;
}

static struct text_slice rest_from(struct text_slice line, const char *at)
{
	return (struct text_slice){at, line.length - (size_t)(at - line.start)};
}

/* "fingerd: connect from ...": the sentence behind one more name, as syslog wrote it when the host's name ended in
 * a colon ("May 21 14:06:53 tuegate: systatd: connect from"). Only for daemons that are known. */
static const char *behind_known_daemon(struct text_slice rest)
{
	struct daemon_port unused;
	const char *colon = first_colon(rest);
	if (colon == NULL ||
		!daemon_port_find((struct text_slice){rest.start, (size_t)(colon - rest.start)},
			&unused))
		return NULL;
	return colon + 2;
}

const char *wrapper_line_find(struct text_slice line)
{
	static const char connect[] = "CONNECT", client[] = "Client ";
	const size_t before = sizeof connect - 1;
	const char *at = NULL;
	if (line.length > 0 && line.start[0] == '<')
		at = message_of_rfc5424(line);
	if (at == NULL) {
		const char *colon = first_colon(line);
		if (colon == NULL)
			return NULL;
		at = colon + 2;
		/* vsftpd's own file: "Fri Nov 20 14:09:40 2026 [pid 2] CONNECT: Client ..." */
		if (begins_with(rest_from(line, at), client, sizeof client - 1) &&
			(size_t)(colon - line.start) >= before &&
			memcmp(colon - before, connect, before) == 0)
			return colon - before;
	}
	if (wrapper_line_may_begin(rest_from(line, at)))
		return at;
	at = behind_known_daemon(rest_from(line, at));
	return at != NULL && wrapper_line_may_begin(rest_from(line, at)) ? at : NULL;
}

/* --- sentences --- */

static const char *find_last(struct text_slice text, struct text_slice wanted)
{
	for (size_t i = text.length; i >= wanted.length; i--) {
		const char *at = text.start + (i - wanted.length);
		if (memcmp(at, wanted.start, wanted.length) == 0)
			return at;
	}
	return NULL;
}

static const char *find_first(struct text_slice text, struct text_slice wanted)
{
	const char *p = text.start, *end = text.start + text.length;
	while ((size_t)(end - p) >= wanted.length &&
		(p = memchr(p, wanted.start[0], (size_t)(end - p))) != NULL) {
		if ((size_t)(end - p) >= wanted.length &&
			memcmp(p, wanted.start, wanted.length) == 0)
			return p;
		p++;
	}
	return NULL;
}

static enum gap take_gap(struct field_scan *words)
{
	for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++) {
		if (field_scan_take_text(words, gaps[i].word))
			return gaps[i].gap;
	}
	return GAP_NONE;
}

/* The words up to the next gap, or to the end. */
static struct text_slice take_words(struct field_scan *words)
{
	struct text_slice out = field_scan_rest(words);
	const char *brace = memchr(out.start, '{', out.length);
	if (brace != NULL)
		out.length = (size_t)(brace - out.start);
	words->at += out.length;
	return out;
}

static void fill(struct reading *r, enum gap gap, struct text_slice text)
{
	switch (gap) {
	case GAP_WHO:
		r->who = text;
		break;
	case GAP_ADDR:
		r->addr = text;
		break;
	case GAP_ENDPOINT:
		r->endpoint = text;
		break;
	case GAP_SERVICE:
		r->service = text;
		break;
	case GAP_PROTO:
		r->proto = text;
		break;
	case GAP_ANY:
	case GAP_NONE:
		break;
	}
}

/* Where the words behind a gap stand in what is left of the message; null if they do not, or the gap would be
 * empty. */
static const char *end_of_gap(struct text_slice left, struct text_slice words, bool last, enum gap gap)
{
	const char *at;
	if (words.length == 0)
		at = left.start + left.length;
	else if (last || gap == GAP_WHO)
		at = find_last(left, words);
	else
		at = find_first(left, words);
	if (at == NULL || at == left.start)
		return NULL;
	return !last || at + words.length == left.start + left.length ? at : NULL;
}

static bool fits(const struct sentence *sentence, struct text_slice message, struct reading *r)
{
	struct field_scan words = field_scan_over(text_slice_of(sentence->text));
	struct text_slice opening = take_words(&words), left = message;
	memset(r, 0, sizeof *r);
	if (!begins_with(left, opening.start, opening.length))
		return false;
	left = rest_from(left, left.start + opening.length);
	while (field_scan_left(&words) > 0) {
		enum gap gap = take_gap(&words);
		struct text_slice behind = take_words(&words);
		const char *end = end_of_gap(left, behind, field_scan_left(&words) == 0, gap);
		if (end == NULL)
			return false;
		fill(r, gap, (struct text_slice){left.start, (size_t)(end - left.start)});
		left = rest_from(left, end + behind.length);
	}
	return true;
}

/* --- what the gaps hold --- */

/* "192.0.2.1", "::ffff:192.0.2.1", "[2001:db8::1]", "fe80::1%eth0". */
static bool parse_addr(struct text_slice text, struct addr *out)
{
	if (text.length > 2 && text.start[0] == '[' && text.start[text.length - 1] == ']')
		text = (struct text_slice){text.start + 1, text.length - 2};
	const char *zone = memchr(text.start, '%', text.length);
	if (zone != NULL)
		text.length = (size_t)(zone - text.start);
	return addr_parse(text.start, text.length, out) && !addr_is_none(out);
}

/* "192.0.2.1:1234"; of IPv6, too, the port stands behind the last colon. */
static bool parse_endpoint(struct text_slice text, struct event *e)
{
	size_t at = text.length;
	uint64_t port;
	while (at > 0 && text.start[at - 1] != ':')
		at--;
	if (at == 0)
		return false;
	struct field_scan s = field_scan_between(text.start + at, text.start + text.length);
	if (!field_scan_number(&s, UINT16_MAX, &port) || field_scan_left(&s) != 0)
		return false;
	text.length = at - 1;
	e->src_port = (uint16_t)port;
	return parse_addr(text, &e->src);
}

static bool is_no_name(struct text_slice name)
{
	return name.length == 0 || text_slice_equals(name, "unknown") ||
	       text_slice_equals(name, "paranoid");
}

/* User and name of "user@host"; the address, where the host is one and none stands elsewhere. */
static void split_who(struct log_line_facts *facts)
{
	struct log_line_access *a = &facts->access;
	struct addr number;
	size_t at = a->client.length;
	while (at > 0 && a->client.start[at - 1] != '@')
		at--;
	struct text_slice host = rest_from(a->client, a->client.start + at);
	if (at > 1)
		a->user = (struct text_slice){a->client.start, at - 1};
	if (is_no_name(a->user))
		a->user.length = 0;
	if (!parse_addr(host, &number))
		a->name = host;
	else if (addr_is_none(&facts->event.src))
		facts->event.src = number;
	if (is_no_name(a->name))
		a->name.length = 0;
}

/* The end of an address that was cut, or a number that is none. A name has a letter beyond 'f' somewhere. */
static bool looks_like_addr(struct text_slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.start[i];
		if (field_scan_hex_digit(c) < 0 && c != '.' && c != ':')
			return false;
	}
	return text.length > 0;
}

static const char *settle_client(const struct reading *r, struct log_line_facts *facts)
{
	struct event *e = &facts->event;
	struct log_line_access *a = &facts->access;
	if (r->addr.length > 0 && !parse_addr(r->addr, &e->src) && looks_like_addr(r->addr))
		return "the client's address is none";
	if (r->endpoint.length > 0 && !parse_endpoint(r->endpoint, e))
		return "the client is no address with a port";
	a->client = r->who.length > 0      ? r->who
		    : r->endpoint.length > 0 ? r->endpoint
					     : r->addr;
	if (r->who.length > 0)
		split_who(facts);
	/* "host (192.0.2." fits the sentence without an address, and is no name. */
	if (a->name.length > 0 && memchr(a->name.start, '(', a->name.length) != NULL)
		return "the message ends within the client's address";
	return NULL;
}

/* --- who wrote it --- */

static void split_program(struct text_slice program, struct log_line_access *a)
{
	const char *pid = memchr(program.start, '[', program.length);
	uint64_t number;
	a->service = program;
	if (pid == NULL)
		return;
	a->service.length = (size_t)(pid - program.start);
	struct field_scan s = field_scan_between(pid + 1, program.start + program.length);
	if (!begins_with(program, "LOG", 3) && field_scan_number(&s, UINT32_MAX, &number))
		a->pid = (uint32_t)number;
}

static struct text_slice trim(struct text_slice s)
{
	while (s.length > 0 && s.start[0] == ' ')
		s = rest_from(s, s.start + 1);
	while (s.length > 0 && s.start[s.length - 1] == ' ')
		s.length--;
	return s;
}

/* "May 21 14:06:53 tuegate: systatd: connect from ...": what passed for the program was the host. */
static bool is_host_with_colon(const struct log_head *head, struct text_slice between)
{
	return head->host.length == 0 && head->program.length > 0 &&
	       memchr(head->program.start, '[', head->program.length) == NULL &&
	       between.length > 1 && between.start[between.length - 1] == ':';
}

/*
 * May this program have written it? A sentence that anybody could have written needs a program's name right before
 * it; a line of a file that only one program writes needs none, but nothing else may stand before it, either.
 */
static bool settle_writer(
	const struct log_head *head, const struct sentence *s, struct log_line_facts *facts)
{
	struct log_line_access *a = &facts->access;
	struct text_slice between = trim(head->message);
	if (head->kernel)
		return false;
	split_program(head->program, a);
	if (between.length == 0)
		return a->service.length > 0 || s->own_file;
	/* vsftpd's own file: "Fri Nov 20 14:09:40 2026 [pid 2] CONNECT: ..." */
	if (s->own_file && a->service.length == 0 && text_slice_equals(head->host, "[pid")) {
		facts->host.length = 0;
		return true;
	}
	if (!is_host_with_colon(head, between))
		return false;
	between.length--;
	facts->host = head->program;
	split_program(between, a);
	return true;
}

/* What two programs put before their sentences on the way to syslog: stunnel level and thread, "LOG4[0]: ";
 * mosquitto a stamp, "1795933340: ". */
static struct text_slice without_own_head(struct text_slice message)
{
	const char *colon = first_colon(message);
	struct field_scan s = field_scan_over(message);
	uint64_t stamp;
	if (colon == NULL)
		return message;
	if (field_scan_take_text(&s, "LOG") ||
		(field_scan_number(&s, UINT32_MAX, &stamp) && s.at == colon))
		return rest_from(message, colon + 2);
	return message;
}

/* Mail servers have the same words for every client, and the address in brackets: "connect from host[addr]". */
static bool is_of_mail_server(const struct log_line_access *a, const struct reading *r)
{
	return begins_with(a->service, "postfix", 7) ||
	       (r->addr.length == 0 && r->who.length > 0 && r->who.start[r->who.length - 1] == ']');
}

static void settle_door(const struct reading *r, struct log_line_facts *facts)
{
	struct daemon_port door = {IP_PROTO_TCP, 0};
	struct event *e = &facts->event;
	struct field_scan s = field_scan_over(facts->access.service);
	uint64_t number;
	if (field_scan_number(&s, UINT16_MAX, &number) && field_scan_left(&s) == 0)
		door.port = (uint16_t)number;
	else
		(void)daemon_port_find(facts->access.service, &door);
	if (r->proto.length > 0)
		door.proto = begins_with(r->proto, "udp", 3) ? IP_PROTO_UDP : IP_PROTO_TCP;
	e->dst_port = door.port;
	e->has |= door.port != 0 ? EVENT_HAS_PORTS : 0;
	e->proto = door.proto;
}

enum log_line_result wrapper_line_read(
	const struct log_head *head, struct text_slice message, struct log_line_facts *facts)
{
	struct text_slice said = without_own_head(message);
	struct reading r;
	unsigned i = 0;
	said = trim(said);
	while (i < SENTENCES && !fits(&sentences[i], said, &r))
		i++;
	const struct text_slice none = {said.start, 0};
	facts->access = (struct log_line_access){none, none, none, none, 0};
	if (i == SENTENCES || !settle_writer(head, &sentences[i], facts) ||
		is_of_mail_server(&facts->access, &r))
		return LOG_LINE_OTHER;
	if (sentences[i].service != NULL)
		facts->access.service = text_slice_of(sentences[i].service);
	else if (r.service.length > 0)
		facts->access.service = r.service;
	if (facts->access.service.start[0] == '\0') /* a name that would be empty as a text */
		return LOG_LINE_OTHER;
	event_clear(&facts->event);
	facts->event.tcp_wscale = 0xff;
	facts->event.has = EVENT_HAS_ACCESS;
	facts->event.access = (uint8_t)sentences[i].access;
	facts->fault = settle_client(&r, facts);
	if (facts->fault != NULL)
		return LOG_LINE_BROKEN;
	settle_door(&r, facts);
	return LOG_LINE_ACCESS;
}

void wrapper_line_describe(const struct log_line_facts *facts, struct access_event *out)
{
	const struct event *e = &facts->event;
	access_event_clear(out);
	out->time = e->time;
	out->client = e->src;
	out->client_port = e->src_port;
	out->server_port = e->dst_port;
	out->proto = e->proto;
	out->access = e->access;
	out->origin = e->origin;
	out->pid = facts->access.pid;
	ACCESS_EVENT_SET(out, host, facts->host);
	ACCESS_EVENT_SET(out, service, facts->access.service);
	ACCESS_EVENT_SET(out, user, facts->access.user);
	ACCESS_EVENT_SET(out, name, facts->access.name);
}

bool wrapper_line_pass_on(const struct log_line_facts *facts, struct access_queue *queue)
{
	struct access_event *place = queue != NULL ? access_queue_add(queue) : NULL;
	if (place == NULL)
		return false;
	wrapper_line_describe(facts, place);
	return true;
}
