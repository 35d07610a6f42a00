/* SPDX-License-Identifier: ISC */
/*
 * kernel_settings - what the kernel's own network settings come to on each interface.
 *
 * A setting stands under conf/all, conf/default and conf/INTERFACE, and how these make one differs from
 * setting to setting. Source of fact: Documentation/networking/ip-sysctl.rst, and for IPv6 the functions
 * ipv6_accept_ra, ipv6_rthdr_rcv and seg6 of the kernel: most settings of IPv6 look at the interface alone, so that
 * conf/all changes nothing.
 *
 * Reads files below a root, which is /proc/sys, or a test's directory. No memory is kept.
 */
#ifndef KW_SENSOR_KERNEL_SETTINGS_H
#define KW_SENSOR_KERNEL_SETTINGS_H

#include "net/door_set.h"

#include <stdbool.h>

#define KERNEL_SETTINGS_ROOT "/proc/sys"
#define KERNEL_SETTINGS_IFACES                                                                     \
	256 /* looked at; a host of more has them made by one program, all alike */
#define KERNEL_SETTINGS_NAME 16 /* IFNAMSIZ */
#define KERNEL_SETTINGS_KEY 128

/* How `all` and the interface make one. */
enum kernel_settings_rule {
	KERNEL_SETTINGS_OWN, /* the interface alone */
	KERNEL_SETTINGS_OR,
	KERNEL_SETTINGS_AND,
	KERNEL_SETTINGS_MAX,
	KERNEL_SETTINGS_MIN,
	KERNEL_SETTINGS_FORWARDS, /* AND where the interface forwards, else OR */
};

struct kernel_setting {
	enum door_family family;
	const char *name; /* "rp_filter" */
	enum kernel_settings_rule rule;
};

struct kernel_settings_ifaces {
	char names[KERNEL_SETTINGS_IFACES][KERNEL_SETTINGS_NAME];
	unsigned count;
	bool cut; /* there were more */
};

/* One number, by its path below the root ("net/ipv4/tcp_syncookies"). False with errno; EINVAL if it is none. */
bool kernel_settings_read(const char *root, const char *path, long *out);

/* The interfaces that have settings of this family, sorted; without loopback, and of IPv6 without those where it
 * is switched off. False with errno; ENOENT: the family is not there at all. */
bool kernel_settings_ifaces_read(
	const char *root, enum door_family family, struct kernel_settings_ifaces *out);

/* What a setting comes to on an interface. False with errno where the kernel has no such setting. */
bool kernel_settings_effective(
	const char *root, const struct kernel_setting *setting, const char *iface, long *out);

/* Whether any interface takes ICMP redirects. */
enum kernel_redirects {
	KERNEL_REDIRECTS_UNKNOWN, /* the settings cannot be read */
	KERNEL_REDIRECTS_IGNORED,
	KERNEL_REDIRECTS_TAKEN,
};
enum kernel_redirects kernel_settings_redirects(const char *root, enum door_family family);

/* The name of a setting for sysctl(8): "net.ipv4.conf.eth0.rp_filter", or with slashes where the interface has
 * a point in its name. `iface` may be "all" and "default". */
struct kernel_settings_key {
	char text[KERNEL_SETTINGS_KEY];
};
struct kernel_settings_key kernel_settings_key_of(
	const struct kernel_setting *setting, const char *iface);

#endif
