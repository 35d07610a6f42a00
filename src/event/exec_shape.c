/* SPDX-License-Identifier: ISC */
#include "event/exec_shape.h"

#include "base/text_buffer.h"
#include "base/text_slice.h"

enum {
	HEX_LEAST = 8, /* shorter ones are words: "add", "cafe1" */
	MIX_LEAST = 6, /* letters and digits that change places often: "Xk3a9q" */
	CHANGES_LEAST = 3,
	WORDS_MAX = 64, /* arguments; a list of files is longer and none of them matters */
};

/* Where files of the moment lie. */
static const char *const moments[] = {"/tmp/", "/var/tmp/", "/dev/shm/", "/proc/"};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* A run of letters and digits that nobody would have typed. */
static bool is_chance(struct text_slice run)
{
	size_t digits = 0, hex = 0, changes = 0;
	for (size_t i = 0; i < run.length; i++) {
		digits += is_digit(run.start[i]);
		hex += is_hex(run.start[i]);
		changes += i > 0 && is_digit(run.start[i]) != is_digit(run.start[i - 1]);
	}
	if (digits == 0 || digits == run.length)
		return false;
	return (hex == run.length && run.length >= HEX_LEAST) ||
	       (run.length >= MIX_LEAST && changes >= CHANGES_LEAST);
}

static void add_run(struct text_buffer *b, struct text_slice run)
{
	if (is_chance(run)) {
		text_buffer_add(b, "*");
		return;
	}
	for (size_t i = 0; i < run.length; i++) {
		if (!is_digit(run.start[i]))
			text_buffer_add_bytes(b, run.start + i, 1);
		else if (i == 0 || !is_digit(run.start[i - 1]))
			text_buffer_add(b, "#");
	}
}

/* The length of "/tmp/" where a path into such a place begins here; else 0. */
static size_t moment_length(struct text_slice rest)
{
	for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
		size_t n = strlen(moments[i]);
		if (rest.length > n && memcmp(rest.start, moments[i], n) == 0)
			return n;
	}
	return 0;
}

static void add_sign(struct text_buffer *b, char c)
{
	bool plain = c > 0x20 && c < 0x7f;
	text_buffer_add_bytes(b, plain ? &c : c == ' ' ? "_" : "?", 1);
}

static void add_word(struct text_buffer *b, struct text_slice word)
{
	for (size_t i = 0; i < word.length;) {
		struct text_slice rest = {word.start + i, word.length - i};
		size_t n = 0, moment = moment_length(rest);
		if (moment > 0) {
			text_buffer_add_bytes(b, rest.start, moment);
			text_buffer_add(b, "*");
			i += moment;
			while (i < word.length && word.start[i] != '/' && word.start[i] > ' ')
				i++;
			continue;
		}
		while (n < rest.length && (is_letter(rest.start[n]) || is_digit(rest.start[n])))
			n++;
		if (n > 0)
			add_run(b, (struct text_slice){rest.start, n});
		else
			add_sign(b, rest.start[n++]);
		i += n;
	}
}

/* The first argument is the name that the program goes by: its last component. */
static struct text_slice called(struct text_slice arg)
{
	const char *slash = arg.length > 0 ? memrchr(arg.start, '/', arg.length) : NULL;
	if (slash == NULL)
		return arg;
	return (struct text_slice){slash + 1, arg.length - (size_t)(slash + 1 - arg.start)};
}

struct exec_shape exec_shape_of(const struct exec_event *e)
{
	static const char more[] = " ...";
	struct exec_shape shape;
	struct text_buffer b = text_buffer_over(shape.text, EXEC_SHAPE_MAX + 1 - sizeof more);
	size_t at = 0;
	const char *arg;
	unsigned words = 0;
	while ((arg = exec_event_next_arg(e, &at)) != NULL && words < WORDS_MAX) {
		struct text_slice word = text_slice_of(arg);
		if (words++ > 0)
			text_buffer_add(&b, " ");
		if (word.length == 0)
			text_buffer_add(&b, "''");
		add_word(&b, words == 1 ? called(word) : word);
	}
	if (arg != NULL || b.cut || exec_event_is_cut(e))
		memcpy(shape.text + b.used, more, sizeof more);
	return shape;
}

void exec_shape_of_name(const char *name, char *out, size_t size)
{
	struct text_buffer b = text_buffer_over(out, size);
	add_word(&b, text_slice_of(name));
}
