/* SPDX-License-Identifier: ISC */
#include "table_mend.h"

#include <string.h>

/* As the original does not take it for a rule it may say anything: no table that is made ends like that. */
static const char rest_denied[] = "the rest is denied";
enum { REST_DENIED_LENGTH = sizeof rest_denied - 1 };

static void deny_the_rest(struct case_file *deny)
{
	if (deny->kind == FILE_MISSING)
		case_file_set(deny, "");
	if (deny->kind == FILE_TEXT)
		case_file_add(deny, rest_denied, REST_DENIED_LENGTH);
}

static bool denies_the_rest(const struct case_file *f)
{
	return f->kind == FILE_TEXT && f->length >= REST_DENIED_LENGTH &&
	       memcmp(f->bytes + f->length - REST_DENIED_LENGTH, rest_denied, REST_DENIED_LENGTH) == 0;
}

bool table_mend_unreadable(struct access_case *c)
{
	struct case_file *allow = &c->table[TABLE_ALLOW], *deny = &c->table[TABLE_DENY];
	bool mended = false;
	if (allow->kind != FILE_TEXT && allow->kind != FILE_MISSING) {
		allow->kind = FILE_MISSING;
		deny_the_rest(deny);
		mended = true;
	}
	if (deny->kind == FILE_DIRECTORY) {
		deny->kind = FILE_LOOP; /* which the original takes for what it is: denied */
		mended = true;
	}
	return mended;
}

void table_mend_cut(struct case_file *f, size_t at)
{
	const bool rest = denies_the_rest(f);
	f->length = at;
	if (rest)
		deny_the_rest(f);
}
