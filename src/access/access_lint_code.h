/* SPDX-License-Identifier: ISC */
/*
 * access_lint_code - the traps of the language that are known, each with its words.
 *
 * What "the original" does was measured on Debian's tcp_wrappers 7.6.q-32. A name is for ever: people write it into their tables
 * ("# knockwatch: ok NAME") and into programs.
 *
 * Tests: tests/unit/access/test_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_CODE_H
#define KW_ACCESS_ACCESS_LINT_CODE_H

#include "base/text_slice.h"

enum access_lint_level {
	ACCESS_LINT_NOTE,    /* holds as it is written, but has a price or a limit */
	ACCESS_LINT_WARNING, /* may do something else than it seems */
	ACCESS_LINT_FAULT,   /* does not do what is written */
	ACCESS_LINT_LEVELS,
};

enum access_lint_code {
	/* the file */
	ACCESS_LINT_UNREADABLE,
	ACCESS_LINT_DIRECTORY,
	ACCESS_LINT_UTF16,
	ACCESS_LINT_BOM,
	ACCESS_LINT_NUL,
	ACCESS_LINT_CR_CONTINUATION,
	ACCESS_LINT_NO_NEWLINE,
	/* the line */
	ACCESS_LINT_STRICT_REFUSED,
	ACCESS_LINT_STRICT_LATE,
	ACCESS_LINT_UNKNOWN_MARK,
	ACCESS_LINT_TOO_LONG,
	ACCESS_LINT_COMMENT_BACKSLASH,
	ACCESS_LINT_INDENTED_COMMENT,
	ACCESS_LINT_TRAILING_COMMENT,
	ACCESS_LINT_NO_SEPARATOR,
	ACCESS_LINT_STRAY_BRACKET,
	ACCESS_LINT_BARE_V6,
	ACCESS_LINT_EMPTY_LIST,
	/* lists */
	ACCESS_LINT_EXCEPT_FIRST,
	ACCESS_LINT_EXCEPT_LAST,
	ACCESS_LINT_EXCEPT_SWALLOWS,
	ACCESS_LINT_EXCEPT_NESTED,
	/* clients */
	ACCESS_LINT_HOST_BITS,
	ACCESS_LINT_SLASH_ZERO,
	ACCESS_LINT_FULL_MASK,
	ACCESS_LINT_MASK_JUNK,
	ACCESS_LINT_WILDCARD_MASK,
	ACCESS_LINT_ODD_MASK,
	ACCESS_LINT_LEADING_ZERO,
	ACCESS_LINT_OCTAL,
	ACCESS_LINT_SHORT_ADDRESS,
	ACCESS_LINT_ENDS_IN_ZERO,
	ACCESS_LINT_TRAILING_DOT,
	ACCESS_LINT_RANGE,
	ACCESS_LINT_BAD_ADDRESS,
	ACCESS_LINT_V4_IN_BRACKETS,
	ACCESS_LINT_MAPPED_V4,
	ACCESS_LINT_V6_LENGTH,
	ACCESS_LINT_GLOB_ON_NAMES,
	ACCESS_LINT_SUFFIX_ON_ADDRESS,
	ACCESS_LINT_STRAY_MARK,
	ACCESS_LINT_MISSPELT_WORD,
	ACCESS_LINT_NEEDS_DNS,
	ACCESS_LINT_NEEDS_IDENT,
	/* files of clients */
	ACCESS_LINT_LIST_MISSING,
	ACCESS_LINT_LIST_UNREADABLE,
	ACCESS_LINT_LIST_LOOP,
	ACCESS_LINT_LIST_COMMENT,
	ACCESS_LINT_LIST_COMMA,
	ACCESS_LINT_LIST_EXCEPT,
	ACCESS_LINT_LIST_USER,
	/* daemons */
	ACCESS_LINT_DAEMON_PATH,
	ACCESS_LINT_DAEMON_FORM,
	ACCESS_LINT_DAEMON_PORT,
	ACCESS_LINT_DAEMON_UNKNOWN,
	ACCESS_LINT_DAEMON_UNWRAPPED,
	/* options */
	ACCESS_LINT_OPTION_EMPTY,
	ACCESS_LINT_OPTION_UNKNOWN,
	ACCESS_LINT_OPTION_VALUE,
	ACCESS_LINT_OPTION_ORDER,
	ACCESS_LINT_OPTION_COLON,
	ACCESS_LINT_OPTION_OURS,
	ACCESS_LINT_EXPIRES_FORM,
	ACCESS_LINT_LIMIT_FORM,
	ACCESS_LINT_AT_MOST_FORM,
	ACCESS_LINT_TRAP_TIME_FORM,
	ACCESS_LINT_SHELL_COMMAND,
	ACCESS_LINT_SEVERITY_WORD,
	ACCESS_LINT_SEVERITY_STICKS,
	ACCESS_LINT_USER_KEPT,
	ACCESS_LINT_ACLEXEC_STICKS,
	ACCESS_LINT_SPAWN_WAITS,
	ACCESS_LINT_SPAWN_BOUNDED,
	ACCESS_LINT_TWIST_STAYS,
	ACCESS_LINT_PERCENT_LETTER,
	/* rules among each other */
	ACCESS_LINT_UNREACHABLE,
	ACCESS_LINT_REPEATED,
	ACCESS_LINT_CODES,
};

struct access_lint_words {
	const char *name;             /* "host-bits" */
	enum access_lint_level level; /* the usual one; a finding has its own */
	const char *title;            /* a few words, without a full stop */
	const char *
		text; /* what happens and what was probably meant; "{}" stands for the word at fault */
};

const struct access_lint_words *access_lint_code_words(enum access_lint_code code);
/* ACCESS_LINT_CODES if there is none of this name. */
enum access_lint_code access_lint_code_of(struct text_slice name);
/* "fault", "warning", "note". */
const char *access_lint_level_name(enum access_lint_level level);

#endif
