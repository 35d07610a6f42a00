/* SPDX-License-Identifier: ISC */
/*
 * By which path a knock can reach us here, and what each of them cannot see.
 */
#include "base/text_buffer.h"
#include "cli/doctor_row.h"
#include "sensor/path_probe.h"

static void ask_path(const struct doctor_host *host, enum path_kind kind, struct doctor_answer *a)
{
	struct path_facts facts;
	struct path_report report;
	char blind[DOCTOR_WORDS];
	struct text_buffer b = text_buffer_over(blind, sizeof blind);
	path_probe_look(&facts);
	path_probe_report(kind, &facts, &report);
	for (unsigned i = 0; report.blind[i] != NULL; i++)
		text_buffer_printf(&b, "%s%s", i > 0 ? "; " : "", report.blind[i]);
	if (report.available)
		doctor_say(a, DOCTOR_GOOD, "%s: %s. Cannot see: %s", report.words, report.reason,
			blind);
	else
		doctor_say(a, host->is_root ? DOCTOR_NOTE : DOCTOR_UNKNOWN,
			"%s: not here, for %s. Could not see: %s", report.words, report.reason,
			blind);
}

static void ask_hook(const struct doctor_host *host, struct doctor_answer *a)
{
	ask_path(host, PATH_HOOK, a);
}

static void ask_packet(const struct doctor_host *host, struct doctor_answer *a)
{
	ask_path(host, PATH_PACKET, a);
}

static void ask_nflog(const struct doctor_host *host, struct doctor_answer *a)
{
	ask_path(host, PATH_NFLOG, a);
}

static void ask_log(const struct doctor_host *host, struct doctor_answer *a)
{
	ask_path(host, PATH_LOG, a);
}

const struct doctor_row doctor_path_rows[] = {
	{"path hook", ask_hook},
	{"path packet", ask_packet},
	{"path nflog", ask_nflog},
	{"path log", ask_log},
	{NULL, NULL},
};
