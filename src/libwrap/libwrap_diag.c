/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_diag.h"

#include "base/text_buffer.h"
#include "libwrap/libwrap_abi.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <syslog.h>

struct tcpd_context tcpd_context;
jmp_buf tcpd_buf;

static _Thread_local struct libwrap_place standing;

struct libwrap_place libwrap_diag_stand_at(struct libwrap_place place)
{
	struct libwrap_place before = standing;
	standing = place;
	return before;
}

struct libwrap_place libwrap_diag_place(void)
{
	return standing;
}

static void add_place(struct text_buffer *b)
{
	struct libwrap_place at = standing;
	if (!at.file && tcpd_context.file) // NOLINT: set by programs
		at = (struct libwrap_place){tcpd_context.file, (unsigned)tcpd_context.line};
	if (!at.file)
		return;
	text_buffer_add(b, at.file);
	if (at.line > 0)
		text_buffer_printf(b, ", line %u", at.line);
	text_buffer_add(b, ": ");
}

static void make_printable(char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < ' ' || c >= 0x7f)
			*text = '?';
	}
}

void libwrap_diag_line(char line[LIBWRAP_DIAG_SIZE], const char *tag, const char *format, va_list args)
{
	const int failed = errno;
	struct text_buffer b = text_buffer_over(line, LIBWRAP_DIAG_SIZE);
	if (tag) {
		text_buffer_add(&b, tag);
		text_buffer_add(&b, ": ");
		add_place(&b);
	}
	errno = failed;
	vsnprintf(line + b.used, LIBWRAP_DIAG_SIZE - b.used, format, args);
	make_printable(line);
	errno = failed;
}

static void __attribute__((format(printf, 3, 0)))
log_line(int severity, const char *tag, const char *format, va_list args)
{
	const int failed = errno;
	char line[LIBWRAP_DIAG_SIZE];
	libwrap_diag_line(line, tag, format, args);
	syslog(severity, "%s", line);
	errno = failed;
}

void libwrap_diag_warn(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	log_line(LOG_ERR, "warning", format, args);
	va_end(args);
}

void libwrap_diag_error(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	log_line(LOG_ERR, "error", format, args);
	va_end(args);
}

void libwrap_diag_log(int severity, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	log_line(severity, NULL, format, args);
	va_end(args);
}

void __attribute__((format(printf, 1, 2))) tcpd_warn(char *format, ...)
{
	va_list args;
	va_start(args, format);
	log_line(LOG_ERR, "warning", format, args);
	va_end(args);
}

/* Without a setjmp() before it the buffer is all zero, and there is nowhere to go. */
static bool can_jump(void)
{
	const unsigned char *bytes = (const unsigned char *)&tcpd_buf;
	for (size_t i = 0; i < sizeof tcpd_buf; i++) {
		if (bytes[i] != 0)
			return true;
	}
	return false;
}

void __attribute__((format(printf, 1, 2))) tcpd_jump(char *format, ...)
{
	va_list args;
	va_start(args, format);
	log_line(LOG_ERR, "error", format, args);
	va_end(args);
	if (can_jump())
		longjmp(tcpd_buf, AC_ERROR);
}
