/* SPDX-License-Identifier: ISC */
/*
 * doctor_iface - one kernel setting, asked of every interface.
 */
#ifndef KW_CLI_DOCTOR_IFACE_H
#define KW_CLI_DOCTOR_IFACE_H

#include "cli/doctor_row.h"
#include "sensor/kernel_settings.h"

#define DOCTOR_IFACES_NAMED 3 /* in a sentence; the rest is counted */

/* The interfaces on which a setting is not as it should be. */
struct doctor_ifaces {
	struct kernel_settings_ifaces weak;
	unsigned looked_at;
	int error; /* 0, or why none could be asked; ENOENT: no such family or setting here */
};

/* True where the value is as it should be on this interface. */
typedef bool doctor_iface_fn(const struct doctor_host *host, const char *iface, long value);

void doctor_ifaces_ask(const struct doctor_host *host, const struct kernel_setting *setting,
	doctor_iface_fn *is_good, struct doctor_ifaces *out);

/* "eth0", "eth0 and eth1", "eth0, eth1, eth2 and 4 more" */
struct doctor_ifaces_text {
	char text[128];
};
struct doctor_ifaces_text doctor_ifaces_names(const struct doctor_ifaces *f);

/* Says what stands in the way where nothing could be asked; false where something could. */
bool doctor_ifaces_say_nothing(
	const struct doctor_ifaces *f, enum door_family family, struct doctor_answer *a);

/* Sets the value on every weak interface. */
void doctor_ifaces_mend(const struct doctor_ifaces *f, const struct kernel_setting *setting,
	long value, struct doctor_answer *a);

#endif
