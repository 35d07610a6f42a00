/* SPDX-License-Identifier: ISC */
/*
 * The short cuts of the reader (what lines before have taught it, words in their usual order) must not
 * change an answer. Each line is read three times: by a clock that remembers, by one that has
 * forgotten, and with its spaces doubled behind the mark, which means the same and keeps the reader from
 * its usual order. Lines are the fuzzers' corpus, generated ones, and both with bytes changed.
 */
#include "logline/log_line.h"
#include "logline/netfilter_line.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define LINE_MAX_BYTES 4096

static void forget(struct log_line_clock *clock)
{
	clock->head.length = 0;
	clock->rules = (struct rule_memory){.oldest = {0}};
}

/* Every space behind the mark twice; false where that would say something else. */
static bool space_out(struct text_slice line, char *out, size_t *length)
{
	const char *mark = netfilter_line_find(line);
	if (mark == NULL || line.length > LINE_MAX_BYTES / 2 ||
		memchr(line.start, '{', line.length) != NULL)
		return false;
	*length = 0;
	for (const char *c = line.start; c < line.start + line.length; c++) {
		out[(*length)++] = *c;
		if (*c == ' ' && c > mark)
			out[(*length)++] = ' ';
	}
	return true;
}

static void check_slice(
	struct text_slice line, const char *what, struct text_slice a, struct text_slice b)
{
	if (a.length != b.length || memcmp(a.start, b.start, a.length) != 0)
		fail_msg("\"%.*s\": %s: got \"%.*s\", wanted \"%.*s\"", (int)line.length,
			line.start, what, (int)a.length, a.start, (int)b.length, b.start);
}

static void check_facts(struct text_slice line, const char *what, enum log_line_result result,
	const struct log_line_facts *got, const struct log_line_facts *wanted)
{
	if (result == LOG_LINE_BROKEN && strcmp(got->fault, wanted->fault) != 0)
		fail_msg("\"%.*s\" %s: got %s, wanted %s", (int)line.length, line.start, what,
			got->fault, wanted->fault);
	if (result != LOG_LINE_KNOCK)
		return;
	if (memcmp(&got->event, &wanted->event, sizeof got->event) != 0)
		fail_msg("\"%.*s\" %s: another event", (int)line.length, line.start, what);
	check_slice(line, "interface", got->iface, wanted->iface);
	check_slice(line, "host", got->host, wanted->host);
	check_slice(line, "prefix", got->prefix, wanted->prefix);
}

/* True if the line became an event. */
static bool check_line(struct log_line_clock *clock, struct text_slice line)
{
	static char wide[LINE_MAX_BYTES];
	size_t wide_length;
	struct log_line_clock blank = *clock, spaced_clock = *clock;
	struct log_line_facts got, wanted, spaced;
	forget(&blank);
	enum log_line_result result = log_line_read(clock, line.start, line.length, &got);
	if (log_line_read(&blank, line.start, line.length, &wanted) != result)
		fail_msg("\"%.*s\": result %d without memory is another", (int)line.length,
			line.start, (int)result);
	if (clock->last.us != blank.last.us || clock->year != blank.year ||
		clock->last_month != blank.last_month ||
		clock->kernel_zero.us != blank.kernel_zero.us)
		fail_msg("\"%.*s\" moves the clock", (int)line.length, line.start);
	check_facts(line, "without memory", result, &got, &wanted);
	if (space_out(line, wide, &wide_length)) {
		if (log_line_read(&spaced_clock, wide, wide_length, &spaced) != result)
			fail_msg("\"%.*s\": result %d is another when spaced", (int)line.length,
				line.start, (int)result);
		check_facts(line, "spaced", result, &got, &spaced);
	}
	return result == LOG_LINE_KNOCK;
}

static unsigned pick(unsigned *seed, unsigned count)
{
	return (unsigned)rand_r(seed) % count;
}

#define ONE_OF(seed, ...)                                                                          \
	((const char *const[]){__VA_ARGS__}[pick(                                                  \
		seed, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))])

static size_t add_head(unsigned *seed, char *out, size_t size)
{
	const char *host = ONE_OF(seed, "gate", "gate", "gate", "fence");
	unsigned hour = pick(seed, 2), minute = pick(seed, 2), second = pick(seed, 61);
	char bracket[32] = "";
	int n;
	if (pick(seed, 4) != 0)
		snprintf(bracket, sizeof bracket, "[%5u.%06u]%s", pick(seed, 9000),
			pick(seed, 999999), ONE_OF(seed, "", "", "", "[  T42]"));
	if (pick(seed, 2))
		n = snprintf(out, size, "Feb 25 %02u:%02u:%02u %s kernel: %s", hour, minute, second,
			host, bracket);
	else
		n = snprintf(out, size, "2026-02-25T%02u:%02u:%02u.%06u+01:00 %s %s %s", hour,
			minute, second, pick(seed, 1000000), host,
			ONE_OF(seed, "kernel:", "kernel:", "kernel:", "ulogd[7]:", "cron[9]:",
				"kernel: kernel:"),
			bracket);
	return (size_t)n;
}

static size_t add_link(unsigned *seed, char *out, size_t size)
{
	return (size_t)snprintf(out, size, "%s%s %s",
		ONE_OF(seed, " DROP ", " [UFW BLOCK] ", "[UFW ALLOW] ", "",
			" usb 1-1: ", "kernel: ", " not allowed: ", " message repeated 5 times: [",
			" IN=7 OUT ", " DROP"),
		ONE_OF(seed, "IN=eth0 OUT=", "IN=eth1 OUT=", "IN= OUT=eth0", "IN=eth0 OUT=eth1",
			"IN=lo OUT=", "IN=br0 OUT=br0 PHYSIN=eth0", "IN=br0 PHYSIN=eth0 OUT=br0",
			"IN=eth0 OUT= IN=eth1 OUT="),
		ONE_OF(seed, "", "MAC= ", "MAC=02:00:00:00:00:01:02:00:00:00:00:02:08:00 ",
			"MAC=01:00:5e:00:00:fb:02:00:00:00:00:02:08:00 ", "MACDST=01:00 "));
}

static size_t add_transport(unsigned *seed, char *out, size_t size)
{
	unsigned a = pick(seed, 70000), b = pick(seed, 66000), c = pick(seed, 300);
	switch (pick(seed, 6)) {
	case 0:
		return (size_t)snprintf(out, size, "PROTO=UDP SPT=%u DPT=%u LEN=%u%s", a, b, c,
			ONE_OF(seed, "", " ", " MARK=0x1 "));
	case 1:
		return (size_t)snprintf(out, size, "PROTO=ICMP TYPE=%u CODE=%u ID=%u SEQ=%u%s", c,
			c / 2, a, b, ONE_OF(seed, "", " "));
	case 2:
		return (size_t)snprintf(out, size,
			"PROTO=ICMP TYPE=3 CODE=%u [SRC=203.0.113.5 DST=192.0.2.9 LEN=%u TOS=0x00 "
			"PREC=0x00 TTL=50 ID=9 DF PROTO=UDP SPT=53 DPT=%u LEN=%u ] MTU=1400 ",
			c / 32, a, b, c);
	case 3:
		return (size_t)snprintf(out, size, "PROTO=%s SPT=%u DPT=%u ",
			ONE_OF(seed, "SCTP", "47", "TCP", "UDPLITE", "ESP"), a, b);
	default:
		return (size_t)snprintf(out, size,
			"PROTO=TCP SPT=%u DPT=%u %sWINDOW=%u RES=0x%02x %s%s%sURGP=%u%s", a, b,
			ONE_OF(seed, "", "", "SEQ=4294967295 ACK=0 ", "SEQ=4294967296 ACK=7 "), a,
			c % 64, ONE_OF(seed, "", "CWR ECE ", "URG ", "ACK "),
			ONE_OF(seed, "SYN ", "PSH RST ", "", "SYNC "), ONE_OF(seed, "FIN ", "", ""),
			c, ONE_OF(seed, "", " ", " OPT (020405B4) ", " MARK=0x7 ", " SYN ", "]"));
	}
}

/* A line as the kernel would print it, or nearly. */
static struct text_slice generate(unsigned *seed, char *out, size_t size)
{
	size_t n = add_head(seed, out, size);
	n += add_link(seed, out + n, size - n);
	n += (size_t)snprintf(out + n, size - n, "SRC=%u.%u.%u.%u DST=203.0.113.%u ",
		pick(seed, 256), pick(seed, 256), pick(seed, 260), pick(seed, 256),
		pick(seed, 256));
	n += (size_t)snprintf(out + n, size - n, "LEN=%u TOS=0x%02X PREC=0x%02X TTL=%u ID=%u %s",
		pick(seed, 1500), pick(seed, 256), pick(seed, 256), pick(seed, 260),
		pick(seed, 66000), ONE_OF(seed, "", "DF ", "DF ", "MF ", "FRAG:7 ", "OPT (9404) "));
	n += add_transport(seed, out + n, size - n);
	return (struct text_slice){out, n};
}

/* Up to three bytes changed, taken out or doubled. */
static struct text_slice change(unsigned *seed, struct text_slice line, char *out)
{
	static const char bytes[] = "0159 :.=TZ+-[]<kSAN\t\r{\x80";
	size_t n = line.length;
	memcpy(out, line.start, n);
	for (unsigned left = 1 + pick(seed, 3); left > 0 && n > 1; left--) {
		size_t at = pick(seed, (unsigned)n);
		switch (pick(seed, 3)) {
		case 0:
			out[at] = bytes[pick(seed, sizeof bytes - 1)];
			break;
		case 1:
			memmove(out + at, out + at + 1, --n - at);
			break;
		default:
			memmove(out + at + 1, out + at, n++ - at);
			break;
		}
	}
	return (struct text_slice){out, n};
}

static void generated_lines_are_read_alike_by_every_way(void **state)
{
	(void)state;
	char line[1024];
	unsigned seed = 20261128, knocks = 0;
	struct log_line_clock clock = {.year = 2026, .utc_offset_s = 3600};
	for (int round = 0; round < 60000; round++)
		knocks += check_line(&clock, generate(&seed, line, sizeof line));
	assert_true(knocks > 10000);
}

static void changed_lines_are_read_alike_by_every_way(void **state)
{
	(void)state;
	char line[1024], changed[1024 + 8];
	unsigned seed = 20261129, knocks = 0;
	struct log_line_clock clock = {.year = 2026, .utc_offset_s = 3600};
	for (int round = 0; round < 60000; round++) {
		struct text_slice good = generate(&seed, line, sizeof line);
		check_line(&clock, good);
		knocks += check_line(&clock, change(&seed, good, changed));
		check_line(&clock, good);
	}
	assert_true(knocks > 10000);
}

static size_t read_whole_file(const char *path, char *out, size_t size)
{
	FILE *f = fopen(path, "r");
	if (f == NULL)
		return 0;
	size_t length = fread(out, 1, size, f);
	fclose(f);
	return length;
}

/* The lines of a text through one clock, as they are and each with bytes changed. */
static size_t check_text(const char *text, size_t size, unsigned *seed)
{
	static char changed[LINE_MAX_BYTES + 8];
	struct log_line_clock clock = {.year = 2026, .utc_offset_s = 3600};
	size_t lines = 0;
	while (size > 0) {
		const char *newline = memchr(text, '\n', size);
		size_t length = newline != NULL ? (size_t)(newline - text) : size;
		struct text_slice line = {text, length};
		for (int round = 0; round < 50 && length < LINE_MAX_BYTES; round++) {
			check_line(&clock, line);
			check_line(&clock, change(seed, line, changed));
		}
		lines++;
		size_t step = newline != NULL ? length + 1 : length;
		text += step;
		size -= step;
	}
	return lines;
}

static void the_corpus_is_read_alike_by_every_way(void **state)
{
	(void)state;
	static char text[1 << 20];
	char path[1024];
	unsigned seed = 20261130;
	size_t lines = 0;
	DIR *corpus = opendir(CORPUS);
	assert_non_null(corpus);
	for (struct dirent *entry; (entry = readdir(corpus)) != NULL;) {
		snprintf(path, sizeof path, "%s/%s", CORPUS, entry->d_name);
		lines += check_text(text, read_whole_file(path, text, sizeof text), &seed);
	}
	closedir(corpus);
	assert_true(lines > 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(generated_lines_are_read_alike_by_every_way),
		cmocka_unit_test(changed_lines_are_read_alike_by_every_way),
		cmocka_unit_test(the_corpus_is_read_alike_by_every_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
