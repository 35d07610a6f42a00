/* SPDX-License-Identifier: ISC */
#include "table_mend.h"

#include <string.h>

static void deny_the_rest(struct case_file *deny)
{
	if (deny->kind == FILE_MISSING)
		case_file_set(deny, "");
	if (deny->kind == FILE_TEXT)
		case_file_add(deny, "ALL: ALL", strlen("ALL: ALL"));
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
