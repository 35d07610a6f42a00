/* SPDX-License-Identifier: ISC */
/*
 * libwrap_diag - the library's messages, to syslog(3) and nowhere else.
 *
 * In the classic form, which log watchers know: "warning: FILE, line N: text" and "error: ...", both at severity err,
 * facility as the program chose it with openlog(). Where they come from is told by the thread that is in a
 * decision (libwrap_diag_stand_at), else by the variable tcpd_context. errno is kept, %m is the error's text.
 *
 * Text from outside may be given: what is not printable is replaced by '?', and a line ends after 1 kB.
 *
 * Tests: tests/unit/libwrap/test_libwrap_diag.c
 */
#ifndef KW_LIBWRAP_LIBWRAP_DIAG_H
#define KW_LIBWRAP_LIBWRAP_DIAG_H

#include <stdarg.h>

struct libwrap_place {
	const char *file; /* borrowed; null: none */
	unsigned line;    /* 0: the whole file */
};

/* From now on this thread's messages come from `place`. Returns the place before, to be set again. */
struct libwrap_place libwrap_diag_stand_at(struct libwrap_place place);
/* Where this thread stands: in a decision, at its rule. */
struct libwrap_place libwrap_diag_place(void);

void libwrap_diag_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void libwrap_diag_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Without a tag and a place: "connect from ...". */
void libwrap_diag_log(int severity, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum { LIBWRAP_DIAG_SIZE = 1024 };
/* The line that is logged: tag, place and text. */
void libwrap_diag_line(char line[LIBWRAP_DIAG_SIZE], const char *tag, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

#endif
