/* SPDX-License-Identifier: ISC */
#include "sensor/kernel_settings.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NUMBER_MAX 32 /* bytes of one; some files hold a list, which is none */

static const char *const family_names[DOOR_FAMILIES] = {
	[DOOR_FAMILY_V4] = "ipv4", [DOOR_FAMILY_V6] = "ipv6"};

bool kernel_settings_read(const char *root, const char *path, long *out)
{
	char whole[PATH_MAX], text[NUMBER_MAX + 1], *end;
	snprintf(whole, sizeof whole, "%s/%s", root, path);
	int fd = open(whole, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	ssize_t length = read(fd, text, NUMBER_MAX);
	int error = errno;
	close(fd);
	errno = length < 0 ? error : EINVAL;
	if (length <= 0)
		return false;
	text[length] = '\0';
	long number = strtol(text, &end, 10);
	if (end == text || strspn(end, " \t\n") != strlen(end))
		return false;
	*out = number;
	return true;
}

static bool read_of(
	const char *root, enum door_family family, const char *iface, const char *name, long *out)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "net/%s/conf/%s/%s", family_names[family], iface, name);
	return kernel_settings_read(root, path, out);
}

static bool is_of_interest(const char *root, enum door_family family, const char *name)
{
	long off = 0;
	if (name[0] == '.' || strcmp(name, "all") == 0 || strcmp(name, "default") == 0 ||
		strcmp(name, "lo") == 0 || strlen(name) >= KERNEL_SETTINGS_NAME)
		return false;
	return family == DOOR_FAMILY_V4 || !read_of(root, family, name, "disable_ipv6", &off) ||
	       off == 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

bool kernel_settings_ifaces_read(
	const char *root, enum door_family family, struct kernel_settings_ifaces *out)
{
	char path[PATH_MAX];
	*out = (struct kernel_settings_ifaces){0};
	snprintf(path, sizeof path, "%s/net/%s/conf", root, family_names[family]);
	DIR *dir = opendir(path);
	if (dir == NULL)
		return false;
	for (struct dirent *entry; (entry = readdir(dir)) != NULL && !out->cut;) {
		if (!is_of_interest(root, family, entry->d_name))
			continue;
		out->cut = out->count == KERNEL_SETTINGS_IFACES;
		if (!out->cut)
			snprintf(out->names[out->count++], sizeof out->names[0], "%.*s",
				(int)sizeof out->names[0] - 1, entry->d_name);
	}
	closedir(dir);
	qsort(out->names, out->count, sizeof out->names[0], compare_names);
	return true;
}

/* conf/all of IPv4 has the same file as each interface; `forwarding` of both says what holds there. */
static enum kernel_settings_rule rule_on(
	const char *root, const struct kernel_setting *setting, const char *iface)
{
	long forwards = 0;
	if (setting->rule != KERNEL_SETTINGS_FORWARDS)
		return setting->rule;
	read_of(root, setting->family, iface, "forwarding", &forwards);
	return forwards ? KERNEL_SETTINGS_AND : KERNEL_SETTINGS_OR;
}

bool kernel_settings_effective(
	const char *root, const struct kernel_setting *setting, const char *iface, long *out)
{
	long own, all;
	if (!read_of(root, setting->family, iface, setting->name, &own) ||
		!read_of(root, setting->family, "all", setting->name, &all))
		return false;
	switch (rule_on(root, setting, iface)) {
	case KERNEL_SETTINGS_OWN:
	case KERNEL_SETTINGS_FORWARDS:
		*out = own;
		break;
	case KERNEL_SETTINGS_OR:
		*out = own || all;
		break;
	case KERNEL_SETTINGS_AND:
		*out = own && all;
		break;
	case KERNEL_SETTINGS_MAX:
		*out = own > all ? own : all;
		break;
	case KERNEL_SETTINGS_MIN:
		*out = own < all ? own : all;
		break;
	}
	return true;
}

struct kernel_settings_key kernel_settings_key_of(
	const struct kernel_setting *setting, const char *iface)
{
	struct kernel_settings_key key;
	char between = strchr(iface, '.') != NULL ? '/' : '.';
	snprintf(key.text, sizeof key.text, "net%c%s%cconf%c%.15s%c%.64s", between,
		family_names[setting->family], between, between, iface, between, setting->name);
	return key;
}

/* A host that forwards IPv6 takes none, whatever the setting. */
static bool takes_redirects(const char *root, enum door_family family, const char *iface)
{
	const struct kernel_setting redirects = {family, "accept_redirects",
		family == DOOR_FAMILY_V4 ? KERNEL_SETTINGS_FORWARDS : KERNEL_SETTINGS_OWN};
	const struct kernel_setting forwarding = {family, "forwarding", KERNEL_SETTINGS_OWN};
	long takes = 0, forwards = 0;
	if (family == DOOR_FAMILY_V6)
		kernel_settings_effective(root, &forwarding, iface, &forwards);
	return kernel_settings_effective(root, &redirects, iface, &takes) && takes && !forwards;
}

enum kernel_redirects kernel_settings_redirects(const char *root, enum door_family family)
{
	struct kernel_settings_ifaces all;
	if (!kernel_settings_ifaces_read(root, family, &all))
		return errno == ENOENT ? KERNEL_REDIRECTS_IGNORED : KERNEL_REDIRECTS_UNKNOWN;
	for (unsigned i = 0; i < all.count; i++) {
		if (takes_redirects(root, family, all.names[i]))
			return KERNEL_REDIRECTS_TAKEN;
	}
	return KERNEL_REDIRECTS_IGNORED;
}
