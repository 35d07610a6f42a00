/* SPDX-License-Identifier: ISC */
/*
 * access_lint - finds the traps in hosts.allow and hosts.deny, and writes the tables that were meant.
 *
 * Tables are judged in the order in which they are asked: those that grant first. A comment line "# knockwatch: ok NAME NAME" says
 * that what these names (access_lint_code) stand for is meant in the next line: it is not told then, and not corrected.
 * Of a strict table it is also told what is refused, as it is found by what refuses it (access_strict).
 *
 * What is wrong is told by the words of the code and by line; corrected is what can be known. A rule that does nothing becomes a
 * comment; one that is never reached because of another, earlier one that decides otherwise is put before that one. Corrected
 * tables are meant to be read by a person before they are used.
 *
 * Bounds: a file of at most ACCESS_LINT_FILE_MAX bytes; ACCESS_LINT_FINDINGS_MAX findings are kept, the rest only counted; files of
 * clients eight deep. Nothing is printed, nobody is asked but the file system.
 *
 * Tests: tests/unit/access/test_access_lint.c   Fuzzed: fuzz/access/fuzz_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_H
#define KW_ACCESS_ACCESS_LINT_H

#include "access/access_draft.h"
#include "access/access_lint_code.h"
#include "access/access_lint_hearer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ACCESS_LINT_FILE_MAX ((size_t)256 << 20)
enum { ACCESS_LINT_FINDINGS_MAX = 10000 };

enum access_lint_table {
	ACCESS_LINT_GRANTS,  /* hosts.allow */
	ACCESS_LINT_DENIES,  /* hosts.deny */
	ACCESS_LINT_CLIENTS, /* a file that a rule names */
};

/* A logical line in which something was found. */
struct access_lint_place {
	unsigned file;        /* index in `files` */
	unsigned first, last; /* its physical lines, from 1; 0: the whole file */
	char *text; /* owned: the line as the rules see it, any bytes but NUL; null for the whole file */
	char *fix; /* owned: what should be there instead, lines apart by newlines; null where nobody knows */
	unsigned before; /* it belongs before this line; 0: it stays where it is */
};

struct access_lint_finding {
	enum access_lint_code code;
	enum access_lint_level level;
	unsigned file, place;
	unsigned line;     /* the physical line; 0: the whole file */
	char *word;        /* owned: what "{}" in the words of the code stands for; may be empty */
	unsigned sequence; /* private */
};

/* A stretch of physical lines that is to be replaced. */
struct access_lint_change {
	unsigned first, count; /* lines of the file, from 1; count 0: `text` comes before `first` */
	size_t at, length;     /* of the new lines in `fixed` */
};

struct access_lint_record;
struct access_lint_cover;
struct access_lint_rule_place;

struct access_lint_file {
	char *path;
	enum access_lint_table table;
	int error; /* errno, where it could not be read; else 0 */
	unsigned rules;
	bool strict;      /* it says so (access_mark); a file of clients: the first table that names it does */
	unsigned refused; /* lines that a strict table refuses: those of one that is are findings, too */
	struct access_draft bytes;          /* as it is */
	struct access_draft fixed;          /* as it should be, after access_lint_finish */
	struct access_lint_change *changes; /* owned; in the order of the lines */
	unsigned change_count;
	/* Private. */
	struct access_draft mended;
	struct access_lint_record *lines;
	unsigned line_count, line_size;
	bool open; /* it is being judged */
	bool restricts, denies; /* a rule of it lets in some only; a rule denies */
	bool any_meant;         /* it says that it is meant to keep nobody out */
};

/* What this host knows. */
struct access_lint_host {
	/* As those of access_lint_hearer; each may be null. */
	enum access_lint_code (*know_daemon)(
		void *self, struct text_slice name, struct access_draft *hint);
	bool (*lacks)(void *self, enum access_lint_fact fact, struct text_slice name);
	void *self;
	int64_t now_s; /* since 1970; 0: rules that have ended are not told */
};

struct access_lint {
	struct access_lint_file *
		*files; /* owned: those that were added, and those that their rules name */
	unsigned file_count;
	struct access_lint_place *places;
	unsigned place_count;
	struct access_lint_finding
		*findings; /* by file and line, the worst first, after access_lint_finish */
	unsigned finding_count;
	unsigned counts[ACCESS_LINT_LEVELS]; /* all, those that were not kept included */
	unsigned fixable;                    /* lines that are corrected */
	bool failed;                         /* no memory: what is there is not all */
	/* Private. */
	struct access_lint_host host;
	const char *root;
	struct access_lint_cover *cover;
	struct access_lint_rule_place *rules;
	unsigned rule_count, rule_size, place_size, finding_size;
};

/* `host` may be null. `root`: the directory below which files that rules name are read, too ("": where they say); null: they are
 * not looked at. Borrowed until the end. Clear it in any case. */
void access_lint_init(struct access_lint *l, const struct access_lint_host *host, const char *root);
void access_lint_clear(struct access_lint *l);

/* Judges a table; what cannot be read is a finding. A file that does not exist is an empty table: `error` is ENOENT then. */
void access_lint_add_file(struct access_lint *l, const char *path, enum access_lint_table table);
/* The same of bytes, which are copied. */
void access_lint_add_bytes(struct access_lint *l, const char *path, enum access_lint_table table,
	struct text_slice bytes);

/* After the last file: sorts the findings and writes `fixed` and `changes`. */
void access_lint_finish(struct access_lint *l);

/* "hosts.deny" and what has "deny" in its last part denies. */
enum access_lint_table access_lint_table_of(const char *path);

/* The sentence of a finding, with its word: printable ASCII, or cut. */
void access_lint_write_words(const struct access_lint_finding *f, struct access_draft *out);

#endif
