/* SPDX-License-Identifier: ISC */
#include "logline/syslog_message.h"

#include "logline/field_scan.h"
#include "logline/log_head.h"
#include "logline/log_stamp.h"

#define SECONDS_PER_DAY 86400
/* A stamp of whole seconds was cut by up to one, and the message was on its way. */
#define SECOND_AGREES_US (2 * CLOCK_US_PER_S)

/* What the head's stamp says; `text` is empty where there is none. */
struct stamp {
	struct log_stamp read;
	struct text_slice text;
};

static struct text_slice slice_to(const char *start, const struct field_scan *s)
{
	return (struct text_slice){start, (size_t)(s->at - start)};
}

/* "<189>"; nothing is taken if it is none. */
static void take_priority(struct field_scan *s, struct syslog_message *out)
{
	struct field_scan look = *s;
	uint64_t priority;
	if (!field_scan_take_char(&look, '<') ||
		!field_scan_number(&look, SYSLOG_PRIORITY_LAST, &priority) ||
		!field_scan_take_char(&look, '>'))
		return;
	out->priority = (uint8_t)priority;
	*s = look;
}

static struct log_line_clock clock_at(struct wall_time arrival, int utc_offset_s)
{
	struct log_line_clock clock; /* its memories stay unset: no stamp asks for them */
	int64_t year;
	int month, day;
	clock_civil_from_days(
		(wall_time_seconds(arrival) + utc_offset_s) / SECONDS_PER_DAY, &year, &month, &day);
	clock.year = (int)year;
	clock.last_month = month;
	clock.utc_offset_s = utc_offset_s;
	clock.boot = (struct wall_time){0};
	return clock;
}

/* Takes a stamp, and Cisco's counter and mark before it. The kernel's bracket is none here: when
 * another host began is not known. */
static bool take_stamp(
	struct field_scan *s, struct wall_time arrival, int utc_offset_s, struct stamp *out)
{
	struct log_line_clock clock = clock_at(arrival, utc_offset_s);
	const char *start = s->at;
	if (field_scan_peek(s) == '[')
		return false;
	out->read = log_stamp_read(&clock, s);
	out->text = slice_to(start, s);
	return out->read.kind != LOG_STAMP_NONE;
}

/* Only ISO forms tell it: "...T12:00:00.5Z", "...T12:00:00+01:00". */
static bool names_zone(struct text_slice stamp)
{
	const size_t date_and_time = 19;
	for (size_t i = date_and_time;
		stamp.length > date_and_time && stamp.start[4] == '-' && i < stamp.length; i++) {
		if (stamp.start[i] == 'Z' || stamp.start[i] == '+' || stamp.start[i] == '-')
			return true;
	}
	return false;
}

static void settle_time(
	const struct stamp *stamp, struct wall_time arrival, struct syslog_message *out)
{
	int64_t late_us = arrival.us - stamp->read.time.us;
	int64_t most_us = names_zone(stamp->text) ? SYSLOG_LATE_MOST_US : SYSLOG_LATE_NO_ZONE_US;
	out->time_disbelief = late_us < 0 || late_us > most_us;
	if (out->time_disbelief ||
		(stamp->read.kind == LOG_STAMP_SECOND && late_us < SECOND_AGREES_US))
		return;
	out->time = stamp->read.time;
}

/* A name and the colon behind it, "fw1:" or "fw1 :". */
static bool take_origin(struct field_scan *s, struct text_slice *out)
{
	struct field_scan look = *s;
	struct text_slice word = field_scan_word(&look);
	if (word.length < 2 || word.start[0] == '%' || word.start[0] == '*' ||
		memchr(word.start, '[', word.length) != NULL)
		return false;
	if (word.start[word.length - 1] == ':') {
		word.length--;
	} else {
		field_scan_skip_spaces(&look);
		if (!field_scan_take_text(&look, ": "))
			return false;
	}
	field_scan_skip_spaces(&look);
	*out = word;
	*s = look;
	return true;
}

/* Cisco's "logging origin-id": "123: fw1: *Mar  1 ...". Taken only where a stamp follows. */
static bool take_cisco_origin(struct field_scan *s, struct wall_time arrival, int utc_offset_s,
	struct stamp *stamp, struct syslog_message *out)
{
	struct field_scan look = *s;
	struct text_slice host;
	uint64_t counter;
	if (field_scan_number(&look, UINT32_MAX, &counter)) {
		if (!field_scan_take_text(&look, ": "))
			return false;
		field_scan_skip_spaces(&look);
	}
	if (!take_origin(&look, &host) || !take_stamp(&look, arrival, utc_offset_s, stamp))
		return false;
	out->host = host;
	*s = look;
	return true;
}

/* "program:"; neither Cisco's "%SEC-6-...:" nor what was to be a priority is one. */
static bool take_program(struct field_scan *s, struct syslog_message *out)
{
	struct field_scan look = *s;
	struct text_slice word = field_scan_word(&look);
	if (word.length < 2 || word.start[word.length - 1] != ':' || word.start[0] == '%' ||
		word.start[0] == '<')
		return false;
	word.length--;
	out->program = word;
	out->kernel = text_slice_equals(word, "kernel");
	field_scan_skip_spaces(&look);
	*s = look;
	return true;
}

/* A relay may have put its own "kernel:" before the sender's. */
static bool take_programs(struct field_scan *s, struct syslog_message *out)
{
	bool taken = take_program(s, out);
	struct syslog_message again = *out;
	struct field_scan look = *s;
	while (out->kernel && take_program(&look, &again) && again.kernel)
		*s = look;
	return taken;
}

/* OpenWrt's "kern.warn" between host and program. */
static bool take_facility_and_program(struct field_scan *s, struct syslog_message *out)
{
	struct field_scan look = *s;
	if (!field_scan_take_text(&look, "kern."))
		return false;
	field_scan_skip_word(&look);
	field_scan_skip_spaces(&look);
	if (!take_programs(&look, out) || !out->kernel)
		return false;
	*s = look;
	return true;
}

/* Behind a stamp: "host program: ", "program: ", "host ". */
static void take_names(struct field_scan *s, struct syslog_message *out)
{
	field_scan_skip_spaces(s);
	if (take_programs(s, out) || take_facility_and_program(s, out))
		return;
	out->host = field_scan_word(s);
	field_scan_skip_spaces(s);
	if (!take_programs(s, out))
		(void)take_facility_and_program(s, out);
}

/* Without a stamp a host is believed only before "kernel:"; other words are the message's own. */
static void take_rare_names(struct field_scan *s, struct syslog_message *out)
{
	struct field_scan look = *s;
	struct syslog_message found = *out;
	field_scan_skip_spaces(s);
	if (take_programs(s, out))
		return;
	found.host = field_scan_word(&look);
	field_scan_skip_spaces(&look);
	if (take_programs(&look, &found) && found.kernel) {
		*out = found;
		*s = look;
	}
}

static void read_classic(struct field_scan *s, struct wall_time arrival, int utc_offset_s,
	struct syslog_message *out)
{
	struct stamp stamp;
	(void)field_scan_take_char(s, ':'); /* ASA's EMBLEM */
	bool stamped = take_stamp(s, arrival, utc_offset_s, &stamp) ||
		       take_cisco_origin(s, arrival, utc_offset_s, &stamp, out);
	if (!stamped) {
		take_rare_names(s, out);
		return;
	}
	settle_time(&stamp, arrival, out);
	if (stamp.text.start[stamp.text.length - 1] != ':') {
		take_names(s, out);
		return;
	}
	field_scan_skip_spaces(s);
	if (out->host.length == 0)
		(void)take_origin(s, &out->host);
}

/* "1 STAMP HOST APP PROCID MSGID SD MSG"; false, and nothing taken, where it is none. */
static bool read_rfc5424(struct field_scan *s, struct wall_time arrival, int utc_offset_s,
	struct syslog_message *out)
{
	struct field_scan look = *s;
	struct stamp stamp;
	if (!field_scan_take_text(&look, "1 "))
		return false;
	if (!field_scan_take_text(&look, "- ")) {
		if (!take_stamp(&look, arrival, utc_offset_s, &stamp) ||
			!field_scan_take_char(&look, ' '))
			return false;
		settle_time(&stamp, arrival, out);
	}
	log_head_take_rfc5424_names(&look, &out->host, &out->program);
	out->kernel = text_slice_equals(out->program, "kernel");
	*s = look;
	return true;
}

/* "[ 123.456] IN=": only the kernel begins so. */
static bool begins_with_bracket(const struct syslog_message *m)
{
	struct field_scan s = field_scan_over(m->text);
	return m->program.length == 0 && log_stamp_read_bracket_us(&s) >= 0;
}

void syslog_message_read(struct text_slice bytes, struct wall_time arrival, int utc_offset_s,
	struct syslog_message *out)
{
	struct field_scan s = field_scan_over(bytes);
	const struct text_slice nothing = {bytes.start, 0};
	*out = (struct syslog_message){.time = arrival,
		.host = nothing,
		.program = nothing,
		.text = nothing,
		.priority = SYSLOG_PRIORITY_NONE};
	take_priority(&s, out);
	if (out->priority == SYSLOG_PRIORITY_NONE || !read_rfc5424(&s, arrival, utc_offset_s, out))
		read_classic(&s, arrival, utc_offset_s, out);
	out->text = field_scan_rest(&s);
	out->kernel |= begins_with_bracket(out);
}

enum log_line_result syslog_message_event(
	const struct syslog_message *m, struct text_slice host, struct log_line_facts *facts)
{
	const struct log_line_message message = {.time = m->time,
		.host = m->host.length > 0 ? m->host : host,
		.program = m->program,
		.text = m->text,
		.kernel = m->kernel,
		.origin = EVENT_ORIGIN_LOG};
	return log_line_read_message(&message, facts);
}
