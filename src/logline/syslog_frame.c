/* SPDX-License-Identifier: ISC */
#include "logline/syslog_frame.h"

#define COUNT_DIGITS_MAX 7 /* ten megabytes; a longer number is no count */

enum count_result {
	COUNT_NONE, /* no count stands here: it is a line */
	COUNT_CUT,  /* it may become one */
	COUNT_WHOLE,
};

/* "37 " at the beginning; RFC 6587 allows no zero in front. */
static enum count_result read_count(struct text_slice bytes, size_t *count, size_t *digits)
{
	size_t n = 0, value = 0;
	while (n < bytes.length && n <= COUNT_DIGITS_MAX && bytes.start[n] >= '0' &&
		bytes.start[n] <= '9')
		value = value * 10 + (size_t)(bytes.start[n++] - '0');
	if (n == 0 || n > COUNT_DIGITS_MAX || bytes.start[0] == '0')
		return COUNT_NONE;
	if (n == bytes.length)
		return COUNT_CUT;
	*count = value;
	*digits = n;
	return bytes.start[n] == ' ' ? COUNT_WHOLE : COUNT_NONE;
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\0';
}

/* Where the line ends; `bytes.length` if it does not. */
static size_t find_line_end(struct text_slice bytes)
{
	const char *newline = memchr(bytes.start, '\n', bytes.length);
	size_t length = newline != NULL ? (size_t)(newline - bytes.start) : bytes.length;
	const char *nul = memchr(bytes.start, '\0', length);
	return nul != NULL ? (size_t)(nul - bytes.start) : length;
}

/* Throws away what is left of a long message, and ends of lines. Returns how many bytes that was. */
static size_t skip(struct syslog_frame *f, struct text_slice bytes)
{
	size_t at = f->skip < bytes.length ? f->skip : bytes.length;
	f->skip -= at;
	if (f->skip_line) {
		at = find_line_end(bytes);
		f->skip_line = at == bytes.length;
	}
	while (f->skip == 0 && !f->skip_line && at < bytes.length &&
		(is_line_end(bytes.start[at]) || bytes.start[at] == '\r'))
		at++;
	return at;
}

static struct text_slice without_line_end(struct text_slice message)
{
	while (message.length > 0 && (is_line_end(message.start[message.length - 1]) ||
					     message.start[message.length - 1] == '\r'))
		message.length--;
	return message;
}

static enum syslog_frame_result take_counted(struct syslog_frame *f, struct text_slice bytes,
	size_t count, struct text_slice *message, size_t *used)
{
	size_t most = count < SYSLOG_MESSAGE_MAX ? count : SYSLOG_MESSAGE_MAX;
	if (bytes.length < most)
		return SYSLOG_FRAME_MORE;
	*message = without_line_end((struct text_slice){bytes.start, most});
	*used += most;
	f->skip = count - most;
	return count > most ? SYSLOG_FRAME_CUT : SYSLOG_FRAME_MESSAGE;
}

static enum syslog_frame_result take_line(
	struct syslog_frame *f, struct text_slice bytes, struct text_slice *message, size_t *used)
{
	size_t length = find_line_end(bytes);
	if (length > SYSLOG_MESSAGE_MAX) {
		*message = (struct text_slice){bytes.start, SYSLOG_MESSAGE_MAX};
		*used += SYSLOG_MESSAGE_MAX;
		f->skip_line = true;
		return SYSLOG_FRAME_CUT;
	}
	if (length == bytes.length)
		return SYSLOG_FRAME_MORE;
	*message = without_line_end((struct text_slice){bytes.start, length});
	*used += length + 1;
	return SYSLOG_FRAME_MESSAGE;
}

enum syslog_frame_result syslog_frame_next(
	struct syslog_frame *f, struct text_slice bytes, struct text_slice *message, size_t *used)
{
	size_t count = 0, digits = 0;
	*used = skip(f, bytes);
	bytes.start += *used;
	bytes.length -= *used;
	if (bytes.length == 0)
		return SYSLOG_FRAME_MORE;
	switch (read_count(bytes, &count, &digits)) {
	case COUNT_CUT:
		return SYSLOG_FRAME_MORE;
	case COUNT_NONE:
		break;
	case COUNT_WHOLE: {
		size_t head = digits + 1, before = *used;
		*used += head;
		enum syslog_frame_result result = take_counted(f,
			(struct text_slice){bytes.start + head, bytes.length - head}, count,
			message, used);
		if (result == SYSLOG_FRAME_MORE)
			*used = before;
		return result;
	}
	}
	return take_line(f, bytes, message, used);
}

bool syslog_frame_last(
	const struct syslog_frame *f, struct text_slice bytes, struct text_slice *message)
{
	size_t count, digits;
	if (bytes.length == 0 || f->skip > 0 || f->skip_line ||
		read_count(bytes, &count, &digits) != COUNT_NONE)
		return false;
	*message = without_line_end(bytes);
	return message->length > 0;
}
