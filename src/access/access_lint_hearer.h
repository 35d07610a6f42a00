/* SPDX-License-Identifier: ISC */
/*
 * access_lint_hearer - who is told what was found in a line, and asked what a line cannot tell.
 */
#ifndef KW_ACCESS_ACCESS_LINT_HEARER_H
#define KW_ACCESS_ACCESS_LINT_HEARER_H

#include "access/access_draft.h"
#include "access/access_lint_code.h"

#include <stdbool.h>
#include <stdint.h>

/* What a host may have or not. */
enum access_lint_fact {
	ACCESS_LINT_FACT_USER,
	ACCESS_LINT_FACT_GROUP,
	ACCESS_LINT_FACT_FILE, /* or a directory: an absolute path */
};

struct access_lint_hearer {
	/* `word` is what the code's text calls {}; it is copied if it is kept. */
	void (*tell)(void *self, enum access_lint_code code, enum access_lint_level level,
		struct text_slice word);
	/* The word is a file of clients. */
	void (*name_file)(void *self, struct text_slice path);
	/* What this host knows of a daemon: the code of what is wrong, ACCESS_LINT_CODES if nothing is. `hint`: the name that was
	 * probably meant. Null: nothing is known. */
	enum access_lint_code (*know_daemon)(
		void *self, struct text_slice name, struct access_draft *hint);
	/* True where this host surely has none of this name. Null: nothing is known. */
	bool (*lacks)(void *self, enum access_lint_fact fact, struct text_slice name);
	int64_t now_s; /* since 1970; 0: nobody knows */
	void *self;
};

static inline void access_lint_tell(
	const struct access_lint_hearer *h, enum access_lint_code code, struct text_slice word)
{
	h->tell(h->self, code, access_lint_code_words(code)->level, word);
}

#endif
