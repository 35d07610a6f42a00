/* SPDX-License-Identifier: ISC */
/*
 * access_set_list - who is let in or kept out, as a table for people.
 *
 * Lines that 'access add' did not write are kept apart from the entries and told behind them, for a rule among
 * them decides as they do.
 */
#ifndef KW_CLI_ACCESS_SET_LIST_H
#define KW_CLI_ACCESS_SET_LIST_H

#include "access/access_set.h"
#include "event/json_line.h"
#include "report/page.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	ACCESS_SET_LIST_OTHERS = 12, /* lines that are told; more are counted */
	ACCESS_SET_LIST_TEXT = 256,  /* of such a line; longer is cut */
};

struct access_set_list_others {
	struct {
		unsigned line;
		bool is_rule;
		char text[ACCESS_SET_LIST_TEXT];
	} items[ACCESS_SET_LIST_OTHERS];
	unsigned rules, broken; /* lines that are a rule, and that are none */
};

/* As `other` of access_set_visitor; `context` is an access_set_list_others. */
void access_set_list_take_other(void *context, unsigned line, bool is_rule, struct text_slice text);
void access_set_list_print_others(
	const struct page *p, const char *path, const struct access_set_list_others *others);
/* The list of those that are told. */
void access_set_list_put_others(
	struct json_line *j, const char *key, const struct access_set_list_others *others);

void access_set_list_print_heading(const struct page *p);
void access_set_list_print_entry(const struct page *p, const struct access_set_entry *e, int64_t now_s);

/* "for 59 min" without the "for"; the largest unit of which there are two. */
void access_set_list_print_span(int64_t seconds, char *text, size_t size);

#endif
