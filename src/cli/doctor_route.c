/* SPDX-License-Identifier: ISC */
/*
 * Routes that others may change: redirects, source routes, router advertisements.
 *
 * To mend a setting where `all` and the interface make OR, both must be 0; where they make AND, `all` alone is
 * enough; and where the interface alone counts (IPv6), each of them and `default`, from which those to come begin.
 */
#include "base/number_text.h"
#include "cli/doctor_iface.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* linux/ipv6_route.h: learnt from an advertisement. */
#define ROUTE_FROM_ADVERTISEMENT 0x00040000u

static const struct kernel_setting redirects4 = {
	DOOR_FAMILY_V4, "accept_redirects", KERNEL_SETTINGS_FORWARDS};
static const struct kernel_setting redirects6 = {
	DOOR_FAMILY_V6, "accept_redirects", KERNEL_SETTINGS_OWN};
static const struct kernel_setting secure_redirects = {
	DOOR_FAMILY_V4, "secure_redirects", KERNEL_SETTINGS_OR};
static const struct kernel_setting shared_media = {
	DOOR_FAMILY_V4, "shared_media", KERNEL_SETTINGS_OR};
static const struct kernel_setting send_redirects = {
	DOOR_FAMILY_V4, "send_redirects", KERNEL_SETTINGS_OR};
static const struct kernel_setting source_route4 = {
	DOOR_FAMILY_V4, "accept_source_route", KERNEL_SETTINGS_AND};
static const struct kernel_setting source_route6 = {
	DOOR_FAMILY_V6, "accept_source_route", KERNEL_SETTINGS_MIN};
static const struct kernel_setting segments6 = {
	DOOR_FAMILY_V6, "seg6_enabled", KERNEL_SETTINGS_MIN};
static const struct kernel_setting advertisements6 = {
	DOOR_FAMILY_V6, "accept_ra", KERNEL_SETTINGS_OWN};
static const struct kernel_setting forwarding4 = {
	DOOR_FAMILY_V4, "forwarding", KERNEL_SETTINGS_OWN};
static const struct kernel_setting forwarding6 = {
	DOOR_FAMILY_V6, "forwarding", KERNEL_SETTINGS_OWN};

static void set_everywhere(
	struct doctor_answer *a, const struct kernel_setting *setting, long value)
{
	doctor_add_setting(a, kernel_settings_key_of(setting, "all").text, value);
	doctor_add_setting(a, kernel_settings_key_of(setting, "default").text, value);
}

static bool is_off(const struct doctor_host *host, const char *iface, long value)
{
	(void)host, (void)iface;
	return value == 0;
}

static bool forwards(
	const struct doctor_host *host, const struct kernel_setting *setting, const char *iface)
{
	long value = 0;
	return kernel_settings_effective(host->proc_sys, setting, iface, &value) && value != 0;
}

/* Whom the first of the interfaces believes: secure_redirects counts only where the media are not shared. */
static bool believes_routers_only(const struct doctor_host *host, const char *iface)
{
	long shared = 1, secure = 0;
	kernel_settings_effective(host->proc_sys, &shared_media, iface, &shared);
	kernel_settings_effective(host->proc_sys, &secure_redirects, iface, &secure);
	return shared == 0 && secure != 0;
}

static void ask_redirects4(const struct doctor_host *host, struct doctor_answer *a)
{
	struct doctor_ifaces f;
	doctor_ifaces_ask(host, &redirects4, is_off, &f);
	if (doctor_ifaces_say_nothing(&f, DOOR_FAMILY_V4, a))
		return;
	if (f.weak.count == 0) {
		doctor_say(a, DOCTOR_GOOD, "nobody may change our routes");
		return;
	}
	doctor_say(a, DOCTOR_WEAK, "on %s %s may send our packets another way",
		doctor_ifaces_names(&f).text,
		believes_routers_only(host, f.weak.names[0])
			? "our routers, and whoever forges them,"
			: "whoever forges our router");
	set_everywhere(a, &redirects4, 0);
	doctor_ifaces_mend(&f, &redirects4, 0, a);
}

/* A host that forwards takes none, whatever the setting. */
static bool takes_no_redirect6(const struct doctor_host *host, const char *iface, long value)
{
	return value == 0 || forwards(host, &forwarding6, iface);
}

static void ask_redirects6(const struct doctor_host *host, struct doctor_answer *a)
{
	struct doctor_ifaces f;
	doctor_ifaces_ask(host, &redirects6, takes_no_redirect6, &f);
	if (doctor_ifaces_say_nothing(&f, DOOR_FAMILY_V6, a))
		return;
	if (f.weak.count == 0) {
		doctor_say(a, DOCTOR_GOOD, "nobody may change our routes");
		return;
	}
	doctor_say(a, DOCTOR_WEAK,
		"on %s any neighbour that forges our router may send our packets "
		"another way",
		doctor_ifaces_names(&f).text);
	set_everywhere(a, &redirects6, 0);
	doctor_ifaces_mend(&f, &redirects6, 0, a);
}

static void ask_source_route4(const struct doctor_host *host, struct doctor_answer *a)
{
	struct doctor_ifaces f;
	doctor_ifaces_ask(host, &source_route4, is_off, &f);
	if (doctor_ifaces_say_nothing(&f, DOOR_FAMILY_V4, a))
		return;
	if (f.weak.count == 0) {
		doctor_say(a, DOCTOR_GOOD, "packets that dictate their own route are dropped");
		return;
	}
	doctor_say(a, DOCTOR_WEAK,
		"on %s a packet may dictate the way its answers take, so that a forger gets them",
		doctor_ifaces_names(&f).text);
	set_everywhere(a, &source_route4, 0);
}

/* Type 0 has been dropped by Linux since 2.6.21; what is left is the home address of mobile hosts (type 2),
 * which reaches the host itself alone, and segment routing (type 4). */
static void ask_source_route6(const struct doctor_host *host, struct doctor_answer *a)
{
	struct doctor_ifaces f, other;
	doctor_ifaces_ask(host, &segments6, is_off, &f);
	doctor_ifaces_ask(host, &source_route6, is_off, &other);
	if (other.looked_at == 0) {
		doctor_ifaces_say_nothing(&other, DOOR_FAMILY_V6, a);
	} else if (f.looked_at > 0 && f.weak.count > 0) {
		doctor_say(a, DOCTOR_WEAK, "on %s packets may carry a list of segments to pass",
			doctor_ifaces_names(&f).text);
		set_everywhere(a, &segments6, 0);
	} else {
		doctor_say(a, DOCTOR_GOOD, "routing headers that could steer a packet are dropped");
	}
}

/* Whether the default route of an interface was learnt from an advertisement. */
static bool lives_on_advertisements(const struct doctor_host *host, const char *iface)
{
	char path[256], line[256], name[KERNEL_SETTINGS_NAME];
	unsigned length, flags;
	bool found = false;
	snprintf(path, sizeof path, "%s/ipv6_route", host->proc_net);
	FILE *in = fopen(path, "re");
	while (in != NULL && !found && fgets(line, sizeof line, in) != NULL) {
		if (sscanf(line, "%*32s %2x %*s %*s %*s %*s %*s %*s %8x %15s", &length, &flags,
			    name) == 3)
			found = length == 0 && (flags & ROUTE_FROM_ADVERTISEMENT) &&
				strcmp(name, iface) == 0;
	}
	if (in != NULL)
		fclose(in);
	return found;
}

static bool takes_no_advertisement(const struct doctor_host *host, const char *iface, long value)
{
	return value == 0 || (value == 1 && forwards(host, &forwarding6, iface));
}

static void say_advertisements(
	const struct doctor_host *host, struct doctor_ifaces *f, struct doctor_answer *a)
{
	struct doctor_ifaces idle = {0};
	for (unsigned i = 0; i < f->weak.count; i++) {
		if (!lives_on_advertisements(host, f->weak.names[i]))
			snprintf(idle.weak.names[idle.weak.count++], sizeof idle.weak.names[0],
				"%s", f->weak.names[i]);
	}
	if (idle.weak.count == 0) {
		doctor_say(a, DOCTOR_NOTE,
			"the route of %s comes from them, and any neighbour can send some: let the "
			"switch filter them (RA guard)",
			doctor_ifaces_names(f).text);
		return;
	}
	doctor_say(a, DOCTOR_WEAK,
		"no route of %s comes from them, yet whoever sends one becomes its router",
		doctor_ifaces_names(&idle).text);
	doctor_ifaces_mend(&idle, &advertisements6, 0, a);
}

static void ask_advertisements(const struct doctor_host *host, struct doctor_answer *a)
{
	struct doctor_ifaces f;
	doctor_ifaces_ask(host, &advertisements6, takes_no_advertisement, &f);
	if (doctor_ifaces_say_nothing(&f, DOOR_FAMILY_V6, a))
		return;
	if (f.weak.count == 0)
		doctor_say(a, DOCTOR_GOOD,
			"the kernel takes none (systemd-networkd or NetworkManager may, by their "
			"own settings)");
	else
		say_advertisements(host, &f, a);
}

static void ask_forwarding(const struct doctor_host *host, struct doctor_answer *a)
{
	struct doctor_ifaces v4, v6;
	doctor_ifaces_ask(host, &forwarding4, is_off, &v4);
	doctor_ifaces_ask(host, &forwarding6, is_off, &v6);
	const bool any4 = v4.weak.count > 0, any6 = v6.weak.count > 0;
	if (!any4 && !any6)
		doctor_say(a, DOCTOR_GOOD, "this host passes nothing on for others");
	else
		doctor_say(a, DOCTOR_NOTE,
			"this host passes %s on for others (a router, containers): let a packet "
			"filter say for whom",
			any4 && any6 ? "packets"
			: any4       ? "IPv4"
				     : "IPv6");
}

static bool sends_none(const struct doctor_host *host, const char *iface, long value)
{
	return value == 0 || !forwards(host, &forwarding4, iface);
}

static void ask_sent_redirects(const struct doctor_host *host, struct doctor_answer *a)
{
	struct doctor_ifaces f;
	doctor_ifaces_ask(host, &send_redirects, sends_none, &f);
	if (doctor_ifaces_say_nothing(&f, DOOR_FAMILY_V4, a))
		return;
	if (f.weak.count == 0) {
		doctor_say(a, DOCTOR_GOOD, "this host sends none");
		return;
	}
	doctor_say(a, DOCTOR_WEAK,
		"on %s this host tells others of its routes; only a router with a second router "
		"beside it has to",
		doctor_ifaces_names(&f).text);
	set_everywhere(a, &send_redirects, 0);
	doctor_ifaces_mend(&f, &send_redirects, 0, a);
}

const struct doctor_row doctor_route_rows[] = {
	{"redirects, IPv4", ask_redirects4},
	{"redirects, IPv6", ask_redirects6},
	{"source routes, IPv4", ask_source_route4},
	{"routing headers, IPv6", ask_source_route6},
	{"router adverts, IPv6", ask_advertisements},
	{"forwarding", ask_forwarding},
	{"redirects sent, IPv4", ask_sent_redirects},
	{NULL, NULL},
};
