/* SPDX-License-Identifier: ISC */
/*
 * Senders that are not who they say: reverse path filter, martians, numbers that can be guessed.
 */
#include "cli/doctor_iface.h"
#include "sensor/sequence_check.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define STRICT 1
#define LOOSE 2

static const struct kernel_setting rp_filter = {DOOR_FAMILY_V4, "rp_filter", KERNEL_SETTINGS_MAX};
static const struct kernel_setting log_martians = {
	DOOR_FAMILY_V4, "log_martians", KERNEL_SETTINGS_OR};

static bool is_on(const struct doctor_host *host, const char *iface, long value)
{
	(void)host, (void)iface;
	return value != 0;
}

static bool is_strict(const struct doctor_host *host, const char *iface, long value)
{
	(void)host, (void)iface;
	return value == STRICT;
}

static void ask_forged4(const struct doctor_host *host, struct doctor_answer *a)
{
	struct doctor_ifaces f, loose;
	doctor_ifaces_ask(host, &rp_filter, is_on, &f);
	if (doctor_ifaces_say_nothing(&f, DOOR_FAMILY_V4, a))
		return;
	if (f.weak.count > 0) {
		/* The larger of `all` and the interface counts. Where answers may leave by another way than questions
		 * come, strict would drop good packets. */
		long value = f.looked_at > 1 ? LOOSE : STRICT;
		doctor_say(a, DOCTOR_WEAK,
			"on %s a sender is believed even where no way leads back to it (%s)",
			doctor_ifaces_names(&f).text,
			value == LOOSE ? "2 is loose: it fits hosts of more than one interface"
				       : "1 is strict");
		doctor_add_setting(a, kernel_settings_key_of(&rp_filter, "all").text, value);
		doctor_add_setting(a, kernel_settings_key_of(&rp_filter, "default").text, value);
		return;
	}
	doctor_ifaces_ask(host, &rp_filter, is_strict, &loose);
	if (loose.weak.count > 0)
		doctor_say(a, DOCTOR_GOOD,
			"senders to whom no route leads are dropped (loose on %s)",
			doctor_ifaces_names(&loose).text);
	else
		doctor_say(a, DOCTOR_GOOD,
			"packets that come another way than answers would leave are dropped");
}

static void ask_forged6(const struct doctor_host *host, struct doctor_answer *a)
{
	struct kernel_settings_ifaces ifaces;
	if (!kernel_settings_ifaces_read(host->proc_sys, DOOR_FAMILY_V6, &ifaces) ||
		ifaces.count == 0) {
		doctor_say(a, DOCTOR_GOOD, "no interface speaks IPv6");
		return;
	}
	doctor_say(a, DOCTOR_NOTE,
		"the kernel has no such setting for IPv6; in nftables this does it: 'fib saddr . iif "
		"oif missing drop', in a chain of the hook prerouting");
}

static void ask_martians(const struct doctor_host *host, struct doctor_answer *a)
{
	struct doctor_ifaces f;
	doctor_ifaces_ask(host, &log_martians, is_on, &f);
	if (doctor_ifaces_say_nothing(&f, DOOR_FAMILY_V4, a))
		return;
	if (f.weak.count == 0)
		doctor_say(a, DOCTOR_GOOD, "the kernel logs packets from senders that cannot be");
	else
		doctor_say(a, DOCTOR_NOTE,
			"the kernel does not log packets from senders that cannot be; a watch that "
			"captures tells of them all the same");
}

/* RFC 6528 came with 3.1 (2011). */
static bool kernel_is_new_enough(const struct utsname *u)
{
	unsigned major = 0, minor = 0;
	return sscanf(u->release, "%u.%u", &major, &minor) == 2 &&
	       (major > 3 || (major == 3 && minor >= 1));
}

static void ask_sequence_numbers(const struct doctor_host *host, struct doctor_answer *a)
{
	uint32_t numbers[SEQUENCE_CHECK_NUMBERS];
	struct utsname u = {0};
	(void)host;
	uname(&u);
	unsigned count = sequence_check_measure(numbers);
	if (count > 0 && sequence_check_is_guessable(numbers, count)) {
		doctor_say(a, DOCTOR_WEAK,
			"the numbers with which %u connections began follow a rule: strangers can "
			"forge connections; use a kernel of Linux 3.1 or later",
			count);
	} else if (!kernel_is_new_enough(&u)) {
		doctor_say(a, DOCTOR_WEAK, "Linux %.64s is older than RFC 6528", u.release);
	} else if (count == SEQUENCE_CHECK_NUMBERS) {
		doctor_say(a, DOCTOR_GOOD, "cannot be guessed: %u connections measured", count);
	} else {
		doctor_say(a, DOCTOR_GOOD,
			"Linux %.64s makes them as RFC 6528 says; to measure needs root",
			u.release);
	}
}

const struct doctor_row doctor_sender_rows[] = {
	{"forged senders, IPv4", ask_forged4},
	{"forged senders, IPv6", ask_forged6},
	{"impossible senders", ask_martians},
	{"sequence numbers", ask_sequence_numbers},
	{NULL, NULL},
};
