/* SPDX-License-Identifier: ISC */
/*
 * What a flood may do to us, and what one could do through us.
 */
#include "cli/doctor_row.h"
#include "sensor/kernel_settings.h"

#include <errno.h>
#include <string.h>

/* A setting that is right when it is not 0. */
struct switch_row {
	const char *path, *key;
	const char *good, *weak;
};

static void ask_switch(
	const struct doctor_host *host, const struct switch_row *row, struct doctor_answer *a)
{
	long value;
	if (!kernel_settings_read(host->proc_sys, row->path, &value)) {
		doctor_say(a, DOCTOR_UNKNOWN, "%s: %s", row->key, strerror(errno));
	} else if (value != 0) {
		doctor_say(a, DOCTOR_GOOD, "%s", row->good);
	} else {
		doctor_say(a, DOCTOR_WEAK, "%s", row->weak);
		doctor_add_setting(a, row->key, 1);
	}
}

static void ask_cookies(const struct doctor_host *host, struct doctor_answer *a)
{
	static const struct switch_row row = {"net/ipv4/tcp_syncookies", "net.ipv4.tcp_syncookies",
		"a SYN flood cannot fill our queues, of IPv4 and IPv6 (SYN cookies)",
		"a flood of forged SYNs keeps clients out, over IPv4 and IPv6 (no SYN cookies)"};
	ask_switch(host, &row, a);
}

static void ask_broadcasts(const struct doctor_host *host, struct doctor_answer *a)
{
	static const struct switch_row row = {"net/ipv4/icmp_echo_ignore_broadcasts",
		"net.ipv4.icmp_echo_ignore_broadcasts", "pings to everybody are not answered",
		"pings to everybody are answered: a forger can turn that on a victim (smurf)"};
	ask_switch(host, &row, a);
}

static void ask_multicasts(const struct doctor_host *host, struct doctor_answer *a)
{
	long value;
	if (!kernel_settings_read(host->proc_sys, "net/ipv6/icmp/echo_ignore_multicast", &value))
		doctor_say(a, DOCTOR_GOOD, "this kernel has no such thing for IPv6");
	else if (value != 0)
		doctor_say(a, DOCTOR_GOOD, "pings to all hosts of the link are not answered");
	else
		doctor_say(a, DOCTOR_NOTE,
			"pings to all hosts of the link are answered, as RFC 4443 wants it; only "
			"neighbours can send them");
}

static void ask_bogus_errors(const struct doctor_host *host, struct doctor_answer *a)
{
	static const struct switch_row row = {"net/ipv4/icmp_ignore_bogus_error_responses",
		"net.ipv4.icmp_ignore_bogus_error_responses",
		"errors that answer a broadcast do not fill the log",
		"broken routers can fill the log with errors that answer a broadcast"};
	ask_switch(host, &row, a);
}

const struct doctor_row doctor_flood_rows[] = {
	{"SYN floods", ask_cookies},
	{"pings to all, IPv4", ask_broadcasts},
	{"pings to all, IPv6", ask_multicasts},
	{"bogus ICMP errors", ask_bogus_errors},
	{NULL, NULL},
};
