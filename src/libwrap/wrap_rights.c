/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_rights.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENTRY_MAX = 1 << 20 }; /* bytes of one passwd or group entry */

static bool __attribute__((format(printf, 2, 3))) fail(char why[WRAP_RIGHTS_WHY_SIZE], const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(why, WRAP_RIGHTS_WHY_SIZE, format, args);
	va_end(args);
	return false;
}

/* False if the slice is too long for a name. */
static bool copy_name(char name[WRAP_RIGHTS_NAME_SIZE], struct text_slice from)
{
	if (from.length >= WRAP_RIGHTS_NAME_SIZE)
		return false;
	if (from.length > 0)
		memcpy(name, from.start, from.length);
	name[from.length] = '\0';
	return true;
}

bool wrap_rights_read(const struct access_option *option, struct wrap_rights_names *out, char why[WRAP_RIGHTS_WHY_SIZE])
{
	char *first = out->memory[0], *second = out->memory[1];
	const bool of_user = option->kind == ACCESS_OPTION_USER;
	out->user = of_user ? first : NULL;
	out->group = of_user ? second : first;
	if (!copy_name(first, option->name) || !copy_name(second, option->value))
		return fail(why, "option \"%s\" is too long", access_option_keyword(option->kind));
	if (of_user && second[0] == '\0')
		out->group = NULL;
	return true;
}

static bool find_user(const char *name, uid_t *uid, gid_t *gid)
{
	struct passwd entry, *found = NULL;
	for (size_t size = 1024; size <= ENTRY_MAX; size *= 4) {
		char *memory = malloc(size);
		if (!memory)
			return false;
		const int code = getpwnam_r(name, &entry, memory, size, &found);
		if (found) {
			*uid = found->pw_uid;
			*gid = found->pw_gid;
		}
		free(memory);
		if (code != ERANGE)
			break;
	}
	return found != NULL;
}

static bool find_group(const char *name, gid_t *gid)
{
	struct group entry, *found = NULL;
	for (size_t size = 1024; size <= ENTRY_MAX; size *= 4) {
		char *memory = malloc(size);
		if (!memory)
			return false;
		const int code = getgrnam_r(name, &entry, memory, size, &found);
		if (found)
			*gid = found->gr_gid;
		free(memory);
		if (code != ERANGE)
			break;
	}
	return found != NULL;
}

static bool all_groups_are(gid_t gid)
{
	gid_t real, effective, saved;
	return getresgid(&real, &effective, &saved) == 0 && real == gid && effective == gid && saved == gid;
}

static bool all_users_are(uid_t uid)
{
	uid_t real, effective, saved;
	return getresuid(&real, &effective, &saved) == 0 && real == uid && effective == uid && saved == uid;
}

bool wrap_rights_of_user(const char *user, const char *group, char why[WRAP_RIGHTS_WHY_SIZE])
{
	uid_t uid = 0;
	gid_t gid = 0;
	if (!find_user(user, &uid, &gid))
		return fail(why, "unknown user: \"%s\"", user);
	if (group && !find_group(group, &gid))
		return fail(why, "unknown group: \"%s\"", group);
	if (geteuid() != 0 && all_users_are(uid) && all_groups_are(gid))
		return true;
	if (initgroups(user, gid) < 0)
		return fail(why, "initgroups(%s): %m", user);
	if (setgid(gid) < 0 || !all_groups_are(gid))
		return fail(why, "setgid(%s): %m", group ? group : user);
	if (setuid(uid) < 0 || !all_users_are(uid))
		return fail(why, "setuid(%s): %m", user);
	return true;
}

bool wrap_rights_of_group(const char *group, char why[WRAP_RIGHTS_WHY_SIZE])
{
	gid_t gid = 0;
	if (!find_group(group, &gid))
		return fail(why, "unknown group: \"%s\"", group);
	if (geteuid() != 0 && all_groups_are(gid))
		return true;
	if (setgroups(1, &gid) < 0)
		return fail(why, "setgroups(%s): %m", group);
	if (setgid(gid) < 0 || !all_groups_are(gid))
		return fail(why, "setgid(%s): %m", group);
	return true;
}

bool wrap_rights_are(const char *user, const char *group)
{
	uid_t uid = 0;
	gid_t gid = 0;
	if ((user && !find_user(user, &uid, &gid)) || (group && !find_group(group, &gid)))
		return false;
	return (!user || all_users_are(uid)) && all_groups_are(gid);
}

bool wrap_rights_known(const char *user, const char *group, char why[WRAP_RIGHTS_WHY_SIZE])
{
	uid_t uid;
	gid_t gid;
	if (group && !find_group(group, &gid))
		return fail(why, "unknown group: \"%s\"", group);
	if (user && !find_user(user, &uid, &gid))
		return fail(why, "unknown user: \"%s\"", user);
	return true;
}
