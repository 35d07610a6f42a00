/* SPDX-License-Identifier: ISC */
/*
 * story_list - collects the last telling of every incident of a run, to print them at its end.
 *
 * Stories of level 1 and above are kept, as many as the memory holds: where it is short the most
 * serious win, and of equals those that came first. The harmless ones are counted by kind.
 */
#ifndef KW_CLI_STORY_LIST_H
#define KW_CLI_STORY_LIST_H

#include "report/page.h"
#include "verdict/incident.h"
#include "verdict/incident_json.h"

struct story_list;

/* In at most `bytes`, of which each story takes its JSON line and STORY_LIST_EACH. */
#define STORY_LIST_EACH 192
struct story_list *story_list_create(size_t bytes);
void story_list_destroy(struct story_list *l);

void story_list_add(
	struct story_list *l, const struct incident *in, const struct incident_json_names *names);

/* The most serious first, at most `most` in full (0 = all), the rest summed up; then the harmless. */
void story_list_print(struct story_list *l, const struct page *p, unsigned most);

/* Of level 1 and above, those that found no room included. */
unsigned story_list_count(const struct story_list *l);

#endif
