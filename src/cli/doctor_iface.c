/* SPDX-License-Identifier: ISC */
#include "cli/doctor_iface.h"

#include "base/text_buffer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void doctor_ifaces_ask(const struct doctor_host *host, const struct kernel_setting *setting,
	doctor_iface_fn *is_good, struct doctor_ifaces *out)
{
	struct kernel_settings_ifaces all;
	*out = (struct doctor_ifaces){0};
	if (!kernel_settings_ifaces_read(host->proc_sys, setting->family, &all)) {
		out->error = errno;
		return;
	}
	for (unsigned i = 0; i < all.count; i++) {
		long value;
		if (!kernel_settings_effective(host->proc_sys, setting, all.names[i], &value)) {
			out->error = errno;
			continue;
		}
		out->looked_at++;
		if (!is_good(host, all.names[i], value))
			snprintf(out->weak.names[out->weak.count++], sizeof out->weak.names[0],
				"%s", all.names[i]);
	}
	if (out->looked_at > 0)
		out->error = 0;
}

struct doctor_ifaces_text doctor_ifaces_names(const struct doctor_ifaces *f)
{
	struct doctor_ifaces_text text;
	struct text_buffer b = text_buffer_over(text.text, sizeof text.text);
	const unsigned count = f->weak.count;
	const bool all_named = count <= DOCTOR_IFACES_NAMED;
	for (unsigned i = 0; i < count && i < DOCTOR_IFACES_NAMED; i++)
		text_buffer_printf(&b, "%s%s",
			i == 0                        ? ""
			: all_named && i + 1 == count ? " and "
						      : ", ",
			f->weak.names[i]);
	if (!all_named)
		text_buffer_printf(&b, " and %u more", count - DOCTOR_IFACES_NAMED);
	return text;
}

bool doctor_ifaces_say_nothing(
	const struct doctor_ifaces *f, enum door_family family, struct doctor_answer *a)
{
	const char *name = family == DOOR_FAMILY_V4 ? "IPv4" : "IPv6";
	if (f->looked_at > 0)
		return false;
	if (f->error == 0)
		doctor_say(a, DOCTOR_GOOD, "no interface speaks %s", name);
	else if (f->error == ENOENT)
		doctor_say(a, DOCTOR_GOOD, "this kernel has no such thing for %s", name);
	else
		doctor_say(
			a, DOCTOR_UNKNOWN, "the settings cannot be read: %s", strerror(f->error));
	return true;
}

void doctor_ifaces_mend(const struct doctor_ifaces *f, const struct kernel_setting *setting,
	long value, struct doctor_answer *a)
{
	for (unsigned i = 0; i < f->weak.count; i++)
		doctor_add_setting(
			a, kernel_settings_key_of(setting, f->weak.names[i]).text, value);
}
