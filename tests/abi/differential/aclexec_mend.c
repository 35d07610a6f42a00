/* SPDX-License-Identifier: ISC */
#include "aclexec_mend.h"

#include "table_mend.h"
#include "table_walk.h"

#include <stdlib.h>
#include <string.h>

static bool end_before_rule(struct access_case *c, const char *match)
{
	struct case_file *f = &c->table[match[0] == 'd' ? TABLE_DENY : TABLE_ALLOW];
	struct table_walk w = {.file = f};
	const unsigned number = (unsigned)strtoul(match + 1, NULL, 10);
	while (f->kind == FILE_TEXT && table_walk_next(&w)) {
		if (w.number < number)
			continue;
		if (table_walk_option(&w, w.begin, "aclexec") == w.end)
			return false;
		table_mend_cut(f, w.begin);
		return true;
	}
	return false;
}

bool aclexec_mend_failed(struct access_case *c, const struct outcome *theirs)
{
	bool mended = false;
	for (unsigned i = 0; i < c->rounds; i++) {
		if (theirs->round[i].match_count > 0)
			mended |= end_before_rule(c, theirs->round[i].matches[0]);
	}
	return mended;
}

/* Where an option ends: at the next ':' without a backslash, or before the newline. */
static size_t option_end(const struct table_walk *w, size_t at)
{
	const char *bytes = w->file->bytes;
	const size_t end = w->ended ? w->end - 1 : w->end;
	while (at < end && (bytes[at] != ':' || bytes[at - 1] == '\\'))
		at++;
	return at;
}

/* The bytes from `middle` to `end` come before those from `begin` to `middle`. */
static void turn_round(char *bytes, size_t begin, size_t middle, size_t end)
{
	char kept[CASE_TEXT_SIZE];
	const size_t n = middle - begin;
	memcpy(kept, bytes + begin, n);
	memmove(bytes + begin, bytes + middle, end - middle);
	memcpy(bytes + begin + (end - middle), kept, n);
}

bool aclexec_mend_order(struct access_case *c)
{
	bool mended = false;
	for (unsigned i = 0; i < 2; i++) {
		struct case_file *f = &c->table[i];
		struct table_walk w = {.file = f};
		while (f->kind == FILE_TEXT && table_walk_next(&w)) {
			size_t first = table_walk_field_end(&w, 1), at = first;
			bool is_only = true;
			while (first < w.end && (at = table_walk_option(&w, at, "aclexec")) < w.end) {
				size_t colon = at;
				while (f->bytes[colon] != ':')
					colon--;
				const size_t end = option_end(&w, at);
				if (colon > first)
					turn_round(f->bytes, first, colon, end);
				mended = mended || colon > first || !is_only; /* ours does not run one behind one that failed */
				is_only = false;
				first += end - colon;
				at = end - 1;
			}
		}
	}
	return mended;
}
