/* SPDX-License-Identifier: ISC */
#include "access/access_option.h"

#include "access/access_limit.h"
#include "access/access_number.h"
#include "access/access_rule.h"
#include "access/access_text.h"
#include "access/access_time.h"
#include "base/text_buffer.h"

#include <stdlib.h>
#include <syslog.h>

enum argument {
	NO_ARGUMENT,
	MAY_HAVE_ARGUMENT,
	NEEDS_ARGUMENT,
};

struct keyword {
	const char *word;
	enum argument argument;
	bool last; /* nothing may follow it */
	/* Reads the argument (not empty, but where it may be missing) into `out`. False if it is wrong. */
	bool (*read)(struct text_slice argument, struct access_option *out);
};

struct syslog_word {
	const char *word;
	int number;
};

/* The original's lists: no authpriv, ftp or security, no warn, error or panic. */
static const struct syslog_word facilities[] = {
	{"kern", LOG_KERN},
	{"user", LOG_USER},
	{"mail", LOG_MAIL},
	{"daemon", LOG_DAEMON},
	{"auth", LOG_AUTH},
	{"lpr", LOG_LPR},
	{"news", LOG_NEWS},
	{"uucp", LOG_UUCP},
	{"cron", LOG_CRON},
	{"local0", LOG_LOCAL0},
	{"local1", LOG_LOCAL1},
	{"local2", LOG_LOCAL2},
	{"local3", LOG_LOCAL3},
	{"local4", LOG_LOCAL4},
	{"local5", LOG_LOCAL5},
	{"local6", LOG_LOCAL6},
	{"local7", LOG_LOCAL7},
	{NULL, 0},
};

static const struct syslog_word levels[] = {
	{"emerg", LOG_EMERG},
	{"alert", LOG_ALERT},
	{"crit", LOG_CRIT},
	{"err", LOG_ERR},
	{"warning", LOG_WARNING},
	{"notice", LOG_NOTICE},
	{"info", LOG_INFO},
	{"debug", LOG_DEBUG},
	{NULL, 0},
};

static bool add_syslog_word(const struct syslog_word *list, struct text_slice word, int *number)
{
	for (; list->word; list++) {
		if (access_text_equals(word, list->word)) {
			*number |= list->number;
			return true;
		}
	}
	return false;
}

static bool read_severity(struct text_slice argument, struct access_option *out)
{
	struct text_slice level;
	if (!access_rule_cut(&argument, '.', &level))
		return add_syslog_word(levels, argument, &out->number);
	return add_syslog_word(facilities, argument, &out->number) &&
	       add_syslog_word(levels, level, &out->number);
}

static bool read_nothing(struct text_slice argument, struct access_option *out)
{
	(void)argument;
	(void)out;
	return true;
}

static bool read_text(struct text_slice argument, struct access_option *out)
{
	out->value = argument;
	return true;
}

static bool read_whole_number(struct text_slice argument, int *number)
{
	argument = access_text_chop(argument);
	return argument.length > 0 && access_number_read_int(argument, number) == argument.length;
}

static bool read_rfc931(struct text_slice argument, struct access_option *out)
{
	return argument.length == 0 || (read_whole_number(argument, &out->number) && out->number > 0);
}

static bool read_nice(struct text_slice argument, struct access_option *out)
{
	out->number = 10; /* as nice(1) */
	return argument.length == 0 || read_whole_number(argument, &out->number);
}

static bool read_linger(struct text_slice argument, struct access_option *out)
{
	return read_whole_number(argument, &out->number) && out->number >= 0;
}

static bool read_umask(struct text_slice argument, struct access_option *out)
{
	unsigned mask;
	argument = access_text_chop(argument);
	if (access_number_read_unsigned(argument, 8, &mask) != argument.length || mask > 0777)
		return false;
	out->number = (int)mask;
	return true;
}

/* setenv() takes no name with a '=': the original denied, and called it want of memory. */
static bool read_setenv(struct text_slice argument, struct access_option *out)
{
	size_t n = 0;
	while (n < argument.length && !access_text_is_space(argument.start[n]))
		n++;
	out->name = access_text_chop((struct text_slice){argument.start, n});
	out->value = access_text_chop((struct text_slice){argument.start + n, argument.length - n});
	return out->name.length > 0 && !memchr(argument.start, '=', n);
}

static bool read_user(struct text_slice argument, struct access_option *out)
{
	bool has_group = access_rule_cut(&argument, '.', &out->value);
	out->name = argument;
	return argument.length > 0 && (!has_group || out->value.length > 0);
}

static bool read_group(struct text_slice argument, struct access_option *out)
{
	out->name = argument;
	return true;
}

static bool read_expires(struct text_slice argument, struct access_option *out)
{
	return access_time_read(argument, &out->time_s);
}

static bool read_count(struct text_slice argument, int *number)
{
	return read_whole_number(argument, number) && *number > 0;
}

/* "30s", "1m", "12h", "1d". */
static bool read_span(struct text_slice argument, unsigned *span_s)
{
	static const struct {
		char letter;
		unsigned seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	enum { LONGEST = 30 * 86400 };
	int number;
	for (size_t i = 0; argument.length > 1 && i < sizeof units / sizeof units[0]; i++) {
		struct text_slice digits = {argument.start, argument.length - 1};
		if (access_text_lower(argument.start[digits.length]) != units[i].letter)
			continue;
		if (!read_count(digits, &number) || (unsigned)number > LONGEST / units[i].seconds)
			return false;
		*span_s = (unsigned)number * units[i].seconds;
		return true;
	}
	return false;
}

/* What stands behind the number: nothing, or "per" and whose visits are counted together. */
static bool read_whose(struct text_slice rest, struct access_option *out)
{
	static const struct {
		const char *word;
		uint8_t v4_bits, v6_bits;
	} blocks[] = {{"source", 32, 64}, {"network", 24, 48}, {"service", 0, 0}};
	struct text_slice per, word, more;
	out->v4_bits = blocks[0].v4_bits;
	out->v6_bits = blocks[0].v6_bits;
	if (!access_rule_next_word(&rest, &per))
		return true;
	if (!access_text_equals(per, "per") || !access_rule_next_word(&rest, &word) ||
		access_rule_next_word(&rest, &more))
		return false;
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
		if (access_text_equals(word, blocks[i].word)) {
			out->v4_bits = blocks[i].v4_bits;
			out->v6_bits = blocks[i].v6_bits;
			return true;
		}
	}
	return false;
}

static bool read_limit(struct text_slice argument, struct access_option *out)
{
	struct text_slice count, span;
	return access_rule_next_word(&argument, &count) && access_rule_cut(&count, '/', &span) &&
	       read_count(count, &out->number) && read_span(span, &out->span_s) && read_whose(argument, out);
}

static bool read_at_most(struct text_slice argument, struct access_option *out)
{
	struct text_slice count;
	return access_rule_next_word(&argument, &count) && read_count(count, &out->number) &&
	       out->number <= ACCESS_LIMIT_CROWD_MAX && read_whose(argument, out);
}

/* What access_window counts in a window; of commands that run at a time nobody wants more. */
static bool read_trap_limit(struct text_slice argument, struct access_option *out)
{
	enum { MOST = 1000 };
	return read_limit(argument, out) && out->number <= MOST;
}

static bool read_trap_at_most(struct text_slice argument, struct access_option *out)
{
	enum { MOST = 64 };
	return read_count(argument, &out->number) && out->number <= MOST;
}

static bool read_trap_time(struct text_slice argument, struct access_option *out)
{
	return read_span(argument, &out->span_s);
}

static const struct keyword keywords[] = {
	[ACCESS_OPTION_ALLOW] = {"allow", NO_ARGUMENT, true, read_nothing},
	[ACCESS_OPTION_DENY] = {"deny", NO_ARGUMENT, true, read_nothing},
	[ACCESS_OPTION_SEVERITY] = {"severity", NEEDS_ARGUMENT, false, read_severity},
	[ACCESS_OPTION_SPAWN] = {"spawn", NEEDS_ARGUMENT, false, read_text},
	[ACCESS_OPTION_TWIST] = {"twist", NEEDS_ARGUMENT, true, read_text},
	[ACCESS_OPTION_ACLEXEC] = {"aclexec", NEEDS_ARGUMENT, false, read_text},
	[ACCESS_OPTION_RFC931] = {"rfc931", MAY_HAVE_ARGUMENT, false, read_rfc931},
	[ACCESS_OPTION_BANNERS] = {"banners", NEEDS_ARGUMENT, false, read_text},
	[ACCESS_OPTION_SETENV] = {"setenv", NEEDS_ARGUMENT, false, read_setenv},
	[ACCESS_OPTION_UMASK] = {"umask", NEEDS_ARGUMENT, false, read_umask},
	[ACCESS_OPTION_NICE] = {"nice", MAY_HAVE_ARGUMENT, false, read_nice},
	[ACCESS_OPTION_KEEPALIVE] = {"keepalive", NO_ARGUMENT, false, read_nothing},
	[ACCESS_OPTION_LINGER] = {"linger", NEEDS_ARGUMENT, false, read_linger},
	[ACCESS_OPTION_USER] = {"user", NEEDS_ARGUMENT, false, read_user},
	[ACCESS_OPTION_GROUP] = {"group", NEEDS_ARGUMENT, false, read_group},
	[ACCESS_OPTION_EXPIRES] = {"expires", NEEDS_ARGUMENT, false, read_expires},
	[ACCESS_OPTION_NOTE] = {"note", NEEDS_ARGUMENT, false, read_text},
	[ACCESS_OPTION_LIMIT] = {"limit", NEEDS_ARGUMENT, false, read_limit},
	[ACCESS_OPTION_AT_MOST] = {"at-most", NEEDS_ARGUMENT, false, read_at_most},
	[ACCESS_OPTION_TRAP_LIMIT] = {"trap-limit", NEEDS_ARGUMENT, false, read_trap_limit},
	[ACCESS_OPTION_TRAP_AT_MOST] = {"trap-at-most", NEEDS_ARGUMENT, false, read_trap_at_most},
	[ACCESS_OPTION_TRAP_TIME] = {"trap-time", NEEDS_ARGUMENT, false, read_trap_time},
};

enum { KEYWORD_COUNT = sizeof keywords / sizeof keywords[0] };

const char *access_option_keyword(enum access_option_kind kind)
{
	return keywords[kind].word;
}

/* Takes what stands before the next ':' that is not "\:", and undoes those. */
static struct text_slice take_field(struct text_slice *rest)
{
	char *to = (char *)rest->start, *start = to;
	const char *from = to, *end = from + rest->length;
	while (from < end && *from != ':') {
		if (*from == '\\' && from + 1 < end && from[1] == ':')
			from++;
		*to++ = *from++;
	}
	if (from < end)
		*rest = (struct text_slice){from + 1, (size_t)(end - from) - 1};
	else
		*rest = (struct text_slice){NULL, 0};
	return access_text_chop((struct text_slice){start, (size_t)(to - start)});
}

/* "keyword argument", "keyword=argument", "keyword = argument": one '=' is taken. */
static struct text_slice cut_argument(struct text_slice *field)
{
	size_t n = 0;
	while (n < field->length && !access_text_is_space(field->start[n]) && field->start[n] != '=')
		n++;
	struct text_slice rest = access_text_trim((struct text_slice){field->start + n, field->length - n});
	field->length = n;
	if (rest.length > 0 && rest.start[0] == '=')
		rest = access_text_trim((struct text_slice){rest.start + 1, rest.length - 1});
	return rest;
}

static enum access_option_result fault(
	struct access_option_fault *why, const char *what, struct text_slice word, const char *more)
{
	enum { SHOWN = 60 };
	struct text_buffer b = text_buffer_over(why->text, sizeof why->text);
	text_buffer_add(&b, what);
	if (word.start) {
		text_buffer_add(&b, " \"");
		text_buffer_add_escaped(&b, word.start, word.length < SHOWN ? word.length : SHOWN);
		text_buffer_add(&b, word.length > SHOWN ? "...\"" : "\"");
	}
	text_buffer_add(&b, more);
	return ACCESS_OPTION_FAULT;
}

static const struct keyword *find_keyword(struct text_slice word)
{
	for (size_t i = 0; i < KEYWORD_COUNT; i++) {
		if (access_text_equals(word, keywords[i].word))
			return &keywords[i];
	}
	return NULL;
}

enum access_option_result access_option_next(
	struct text_slice *rest, struct access_option *out, struct access_option_fault *why)
{
	if (!rest->start)
		return ACCESS_OPTION_END;
	struct text_slice word = take_field(rest), none = {NULL, 0};
	struct text_slice argument = cut_argument(&word);
	if (word.length == 0)
		return fault(why, "an option is missing: nothing, or only a value, between two ':'", none, "");
	const struct keyword *k = find_keyword(word);
	if (!k)
		return fault(why, "unknown option", word, "");
	if (k->argument == NEEDS_ARGUMENT && argument.length == 0)
		return fault(why, "option", word, " needs a value");
	if (k->argument == NO_ARGUMENT && argument.length > 0)
		return fault(why, "option", word, " takes no value");
	if (k->last && rest->start)
		return fault(why, "option", word, " must be the last one");
	*out = (struct access_option){.kind = (enum access_option_kind)(k - keywords), .word = word, .argument = argument};
	if (k->read(argument, out))
		return ACCESS_OPTION_READ;
	struct text_buffer b = text_buffer_over(why->text, sizeof why->text);
	text_buffer_printf(&b, "option \"%s\" cannot be", k->word);
	char head[40];
	memcpy(head, why->text, b.used + 1 < sizeof head ? b.used + 1 : sizeof head);
	return fault(why, head, argument, "");
}

enum access_option_walk access_option_walk(struct text_slice options,
	bool (*see)(void *self, const struct access_option *option), void *self, struct access_option_fault *why)
{
	enum { SHORT = 512 };
	char usual[SHORT], *copy = options.length <= sizeof usual ? usual : malloc(options.length);
	struct access_option option;
	struct access_option_fault unasked;
	enum access_option_result result;
	if (!copy)
		return ACCESS_OPTION_WALK_NO_MEMORY;
	memcpy(copy, options.start, options.length);
	struct text_slice rest = {copy, options.length};
	while ((result = access_option_next(&rest, &option, why ? why : &unasked)) == ACCESS_OPTION_READ && see(self, &option))
		continue;
	if (copy != usual)
		free(copy);
	return result == ACCESS_OPTION_FAULT ? ACCESS_OPTION_WALK_FAULT : ACCESS_OPTION_WALK_END;
}
