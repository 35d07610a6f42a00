/* SPDX-License-Identifier: ISC */
#include "logline/log_head.h"

#include "logline/field_scan.h"
#include "logline/log_stamp.h"

/* Two seconds: syslog cuts the fraction off (up to one) and the line waited for its turn. */
#define KERNEL_ZERO_SLACK_US (2 * CLOCK_US_PER_S)

static struct text_slice slice_between(const char *start, const char *end)
{
	return (struct text_slice){start, (size_t)(end - start)};
}

static struct text_slice trim(struct text_slice s)
{
	while (s.length && s.start[0] == ' ') {
		s.start++;
		s.length--;
	}
	while (s.length && s.start[s.length - 1] == ' ')
		s.length--;
	return s;
}

bool log_head_is_packet_logger(struct text_slice program)
{
	static const char *const believed[] = {
		"kernel", "ulogd", "ulogd2", "klogd", "netfilter", "nftables", "iptables"};
	const char *pid = memchr(program.start, '[', program.length);
	if (pid != NULL)
		program.length = (size_t)(pid - program.start);
	for (size_t i = 0; i < sizeof believed / sizeof believed[0]; i++) {
		if (text_slice_equals(program, believed[i]))
			return true;
	}
	return false;
}

/* Kernel lines that quote what a device calls itself, which whoever plugs it in has chosen:
 * "usb 1-1: Product: ...". */
static bool quotes_a_device(struct text_slice message)
{
	static const char *const drivers[] = {"usb ", "input: ", "hid-", "scsi ", "Bluetooth: "};
	struct field_scan s = field_scan_over(trim(message));
	for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++) {
		if (field_scan_take_text(&s, drivers[i]))
			return true;
	}
	return false;
}

bool log_head_may_report(const struct log_head *head)
{
	if (quotes_a_device(head->message))
		return false;
	if (head->kernel || head->program.length == 0 || log_head_is_packet_logger(head->program))
		return true;
	if (memchr(head->program.start, '[', head->program.length) != NULL)
		return false;
	return trim(head->message).length == 0;
}

struct text_slice log_head_prefix(const struct log_head *head)
{
	struct text_slice prefix = trim(head->message);
	if (prefix.length == 0 && head->program.length != 0 && !head->kernel &&
		!log_head_is_packet_logger(head->program))
		prefix = head->program;
	return prefix;
}

/* "<4>"; false and nothing taken if there is none. */
static bool skip_priority(struct field_scan *s)
{
	struct field_scan look = *s;
	uint64_t priority;
	if (!field_scan_take_char(&look, '<') || !field_scan_number(&look, 999, &priority) ||
		!field_scan_take_char(&look, '>'))
		return false;
	*s = look;
	return true;
}

/* OpenWrt and busybox write facility and level between stamp and program: "kern.warn". */
static bool is_facility(struct text_slice word)
{
	static const char *const levels[] = {
		"emerg", "alert", "crit", "err", "warn", "warning", "notice", "info", "debug"};
	struct field_scan s = field_scan_over(word);
	if (!field_scan_take_text(&s, "kern."))
		return false;
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
		if (text_slice_equals(field_scan_rest(&s), levels[i]))
			return true;
	}
	return false;
}

/* Takes "program:" with the space behind it; false where the next word is none. */
static bool take_program(struct field_scan *s, struct log_head *out)
{
	struct field_scan look = *s;
	struct text_slice word = field_scan_word(&look);
	if (word.length == 0 || word.start[word.length - 1] != ':')
		return false;
	word.length--;
	out->program = word;
	out->kernel = text_slice_equals(word, "kernel");
	field_scan_skip_spaces(&look);
	*s = look;
	return true;
}

static bool take_kernel(struct field_scan *s, struct log_head *out)
{
	struct field_scan look = *s;
	struct log_head found = *out;
	if (!take_program(&look, &found) || !found.kernel)
		return false;
	*s = look;
	*out = found;
	return true;
}

/* The host before "kernel:" or before "kern.warn kernel:". */
static bool take_host_and_kernel(struct field_scan *s, struct log_head *out)
{
	struct field_scan look = *s;
	struct text_slice host = field_scan_word(&look);
	field_scan_skip_spaces(&look);
	if (!take_kernel(&look, out)) {
		bool facility = is_facility(field_scan_word(&look));
		field_scan_skip_spaces(&look);
		if (!facility || !take_kernel(&look, out))
			return false;
	}
	if (!is_facility(host))
		out->host = host;
	*s = look;
	return true;
}

/* Names where no host is expected (dmesg, or no stamp at all): the words are the message's own
 * unless they look like a program of the journal, "name[pid]:" or "host name: more". */
static void take_rare_program(struct field_scan *s, enum log_stamp_kind kind, struct log_head *out)
{
	struct field_scan look = *s;
	struct log_head found = *out;
	if (take_program(&look, &found)) {
		if (memchr(found.program.start, '[', found.program.length) == NULL)
			return;
	} else {
		found.host = field_scan_word(&look);
		field_scan_skip_spaces(&look);
		if (kind != LOG_STAMP_BOOT || !take_program(&look, &found) ||
			field_scan_left(&look) == 0)
			return;
	}
	*out = found;
	*s = look;
}

static void read_names(struct field_scan *s, enum log_stamp_kind kind, struct log_head *out)
{
	field_scan_skip_spaces(s);
	if (take_kernel(s, out) || take_host_and_kernel(s, out))
		return;
	if (kind == LOG_STAMP_NONE || kind == LOG_STAMP_BOOT) {
		take_rare_program(s, kind, out);
		return;
	}
	if (take_program(s, out))
		return;
	out->host = field_scan_word(s);
	field_scan_skip_spaces(s);
	take_program(s, out);
}

/* Structured data of RFC 5424, 6.3: "-" or bracketed elements whose quotes hide brackets. */
static void skip_structured_data(struct field_scan *s)
{
	if (field_scan_take_char(s, '-'))
		return;
	while (field_scan_take_char(s, '[')) {
		bool quoted = false;
		while (s->at < s->end && (quoted || *s->at != ']')) {
			if (quoted && *s->at == '\\' && field_scan_left(s) > 1)
				s->at++;
			else if (*s->at == '"')
				quoted = !quoted;
			s->at++;
		}
		field_scan_take_char(s, ']');
	}
}

/* A word of RFC 5424's head; "-" stands for nothing. */
static struct text_slice take_nilable(struct field_scan *s)
{
	struct text_slice word = field_scan_word(s);
	field_scan_skip_spaces(s);
	if (text_slice_equals(word, "-"))
		word.length = 0;
	return word;
}

void log_head_take_rfc5424_names(
	struct field_scan *s, struct text_slice *host, struct text_slice *program)
{
	*host = take_nilable(s);
	*program = take_nilable(s);
	take_nilable(s); /* process */
	take_nilable(s); /* message id */
	skip_structured_data(s);
	field_scan_skip_spaces(s);
	field_scan_take_text(s, "\xef\xbb\xbf"); /* MSG may begin with a byte order mark */
}

/* RFC 5424 behind its priority: "1 STAMP HOST APP PROCID MSGID SD MSG". */
static bool read_rfc5424(struct log_line_clock *clock, struct field_scan *s,
	struct log_stamp *stamp, struct log_head *out)
{
	struct field_scan look = *s;
	if (!field_scan_take_text(&look, "1 "))
		return false;
	*stamp = (struct log_stamp){LOG_STAMP_NONE, {0}};
	if (!field_scan_take_text(&look, "- ")) {
		*stamp = log_stamp_read(clock, &look);
		if (stamp->kind == LOG_STAMP_NONE || !field_scan_take_char(&look, ' '))
			return false;
	}
	log_head_take_rfc5424_names(&look, &out->host, &out->program);
	out->kernel = text_slice_equals(out->program, "kernel");
	*s = look;
	return true;
}

/* The bracket rule of log_line.h: a stamp of whole seconds, spaced by the kernel's own clock. */
static struct wall_time space_by_kernel(
	struct log_line_clock *clock, struct wall_time stamp, int64_t bracket_us)
{
	const int64_t slack = KERNEL_ZERO_SLACK_US;
	bool has_bracket = bracket_us >= 0, has_zero = clock->kernel_zero.us != 0;
	struct wall_time spaced = {clock->kernel_zero.us + bracket_us};
	bool fits = has_bracket && has_zero && wall_time_is_sane(spaced) &&
		    spaced.us > stamp.us - slack && spaced.us < stamp.us + slack;
	struct wall_time t = fits ? spaced : stamp;
	/* the line before may stand up to two seconds beside its own stamp */
	if ((has_bracket || has_zero) && clock->last.us > t.us && clock->last.us < stamp.us + slack)
		t = clock->last;
	if (has_bracket && !fits)
		clock->kernel_zero.us = t.us - bracket_us;
	return t;
}

static struct wall_time settle_time(
	struct log_line_clock *clock, const struct log_stamp *stamp, int64_t bracket_us)
{
	switch (stamp->kind) {
	case LOG_STAMP_NONE:
		return clock->last;
	case LOG_STAMP_SECOND:
		return space_by_kernel(clock, stamp->time, bracket_us);
	case LOG_STAMP_FINE:
	case LOG_STAMP_BOOT:
		break;
	}
	return stamp->time;
}

static struct head_memory_terms terms_of(const struct log_line_clock *clock)
{
	return (struct head_memory_terms){clock->year, clock->last_month, clock->utc_offset_s};
}

/* Stamp and names as they were read word by word, for the lines that follow. */
static void keep_names(struct log_line_clock *clock, struct text_slice before, const char *message,
	const struct log_head *out)
{
	const struct log_stamp *stamp = &out->stamp;
	const struct head_memory_head head = {.stamp_us = stamp->time.us,
		.host = out->host,
		.program = out->program,
		.length = (size_t)(message - before.start)};
	const struct head_memory_terms terms = terms_of(clock);
	if (out->kernel && (stamp->kind == LOG_STAMP_SECOND || stamp->kind == LOG_STAMP_FINE))
		head_memory_keep(&clock->head, before, &head, &terms);
}

static bool recall_names(const struct log_line_clock *clock, struct text_slice before,
	struct field_scan *s, struct log_head *out)
{
	struct head_memory_head head;
	const struct head_memory_terms terms = terms_of(clock);
	if (!head_memory_recall(&clock->head, before, &terms, &head))
		return false;
	out->stamp =
		(struct log_stamp){head.fine ? LOG_STAMP_FINE : LOG_STAMP_SECOND, {head.stamp_us}};
	out->host = head.host;
	out->program = head.program;
	out->kernel = true;
	s->at = before.start + head.length;
	return true;
}

static void read_stamp_and_names(struct log_line_clock *clock, struct text_slice before,
	struct field_scan *s, struct log_head *out)
{
	if (recall_names(clock, before, s, out))
		return;
	field_scan_skip_spaces(s);
	bool at_start = s->at == before.start;
	if (skip_priority(s)) {
		at_start = false;
		if (read_rfc5424(clock, s, &out->stamp, out))
			return;
	}
	out->stamp = log_stamp_read(clock, s);
	read_names(s, out->stamp.kind, out);
	if (at_start)
		keep_names(clock, before, s->at, out);
}

void log_head_settle(struct log_line_clock *clock, struct log_head *head)
{
	head->time = settle_time(clock, &head->stamp, head->bracket_us);
	clock->last = head->time;
}

bool log_head_recall(
	const struct log_line_clock *clock, struct text_slice line, struct log_head *out)
{
	struct field_scan s = field_scan_over(line);
	if (!head_memory_may_recall(&clock->head, line) || !recall_names(clock, line, &s, out))
		return false;
	out->bracket_us = log_stamp_read_bracket_us(&s);
	out->message = (struct text_slice){s.at, 0};
	return true;
}

void log_head_read(struct log_line_clock *clock, struct text_slice before, struct log_head *out)
{
	struct field_scan s = field_scan_over(before);
	out->host = out->program = (struct text_slice){before.start, 0};
	out->kernel = false;
	read_stamp_and_names(clock, before, &s, out);
	while (out->kernel && take_kernel(&s, out)) /* a relay may have put its own before it */
		continue;
	out->bracket_us = -1;
	if (out->kernel || out->program.length == 0) {
		out->bracket_us = log_stamp_read_bracket_us(&s);
		if (out->bracket_us >= 0)
			out->kernel = true;
	}
	if (out->stamp.kind == LOG_STAMP_BOOT && out->program.length == 0)
		out->kernel = true;
	out->message = slice_between(s.at, s.end);
	log_head_settle(clock, out);
}
