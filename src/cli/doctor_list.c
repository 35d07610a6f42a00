/* SPDX-License-Identifier: ISC */
#include "cli/doctor_row.h"

#include <stddef.h>

const struct doctor_topic doctor_topics[] = {
	{"What knockwatch needs", doctor_host_rows},
	{"What we can hear", doctor_path_rows},
	{"What wrappers tell us", doctor_wrapper_rows},
	{"Who may bend our routes", doctor_route_rows},
	{"Who may pretend to be somebody else", doctor_sender_rows},
	{"What a flood can do", doctor_flood_rows},
	{NULL, NULL},
};
