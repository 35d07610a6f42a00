/* SPDX-License-Identifier: ISC */
#include "priv/drop_privileges.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static const char *const default_users[] = {"knockwatch", "nobody"};

static bool take_user(const char *name, struct drop_identity *out)
{
	const struct passwd *entry = getpwnam(name);
	if (!entry)
		return false;
	out->uid = entry->pw_uid;
	out->gid = entry->pw_gid;
	struct text_buffer text = text_buffer_over(out->user, sizeof out->user);
	text_buffer_add_escaped(&text, name, strlen(name));
	return true;
}

static bool find_user(const char *user, struct drop_identity *out)
{
	if (user)
		return take_user(user, out);
	for (size_t i = 0; i < sizeof default_users / sizeof default_users[0]; i++) {
		if (take_user(default_users[i], out))
			return true;
	}
	return false;
}

bool drop_privileges_choose(
	const char *user, struct drop_identity *out, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	memset(out, 0, sizeof *out);
	if (geteuid() != 0) {
		struct text_buffer text = text_buffer_over(out->user, sizeof out->user);
		out->uid = geteuid();
		out->gid = getegid();
		text_buffer_printf(&text, "uid %lu", (unsigned long)out->uid);
		return true;
	}
	out->was_root = true;
	if (!find_user(user, out)) {
		text_buffer_printf(&message, "%s: no such user to run as",
			user ? user : "knockwatch or nobody");
		return false;
	}
	if (out->uid == 0 || out->gid == 0) {
		text_buffer_printf(
			&message, "%s: has the rights of root; choose a user without", out->user);
		return false;
	}
	return true;
}

/* The sets that only a process with CAP_SETPCAP may empty, so before the user changes. */
static bool empty_bounding_set(void)
{
	capng_clear(CAPNG_SELECT_BOUNDS);
	return capng_apply(CAPNG_SELECT_BOUNDS) == 0;
}

static bool change_user(const struct drop_identity *to, const gid_t *groups, size_t group_count)
{
	return setgroups(group_count, groups) == 0 && setresgid(to->gid, to->gid, to->gid) == 0 &&
	       setresuid(to->uid, to->uid, to->uid) == 0;
}

static bool close_the_door(void)
{
	capng_clear(CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT);
	return capng_apply(CAPNG_SELECT_CAPS) == 0 &&
	       prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/* What is left that should not be; null if nothing is. */
static const char *find_leftover(const struct drop_identity *to)
{
	uid_t ruid, euid, suid;
	gid_t rgid, egid, sgid;
	if (getresuid(&ruid, &euid, &suid) < 0 || ruid != to->uid || euid != to->uid ||
		suid != to->uid)
		return "the user did not change";
	if (getresgid(&rgid, &egid, &sgid) < 0 || rgid != to->gid || egid != to->gid ||
		sgid != to->gid)
		return "the group did not change";
	if (setuid(0) == 0 || setresuid(0, 0, 0) == 0)
		return "root can be had again";
	if (to->gid != 0 && setgid(0) == 0)
		return "group root can be had again";
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_get_caps_process() < 0 ||
		capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE)
		return "capabilities are left";
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return "exec may gain privileges";
	return NULL;
}

static bool groups_are_harmless(const gid_t *groups, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (groups[i] == 0)
			return false;
	}
	return count <= DROP_PRIVILEGES_GROUPS_MAX;
}

static void write_report(struct text_buffer *report, const struct drop_identity *to,
	const gid_t *groups, size_t count)
{
	text_buffer_printf(report, "runs as %s (uid %lu, gid %lu", to->user, (unsigned long)to->uid,
		(unsigned long)to->gid);
	for (size_t i = 0; i < count; i++)
		text_buffer_printf(report, "%s%lu", i == 0 ? ", may read for group " : ", ",
			(unsigned long)groups[i]);
	text_buffer_add(report, "), without capabilities, and cannot gain any");
	if (strcmp(to->user, "nobody") == 0)
		text_buffer_add(report,
			"; a user of its own (knockwatch) would be better: nobody is shared");
}

bool drop_privileges_now(const struct drop_identity *to, const gid_t *groups, size_t group_count,
	struct text_buffer *report, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	if (!groups_are_harmless(groups, group_count)) {
		text_buffer_add(
			&message, "the rights of group root or of too many groups would be kept");
		return false;
	}
	if (to->was_root && (!empty_bounding_set() || !change_user(to, groups, group_count))) {
		text_buffer_printf(&message, "cannot become %s: %s", to->user, strerror(errno));
		return false;
	}
	if (!close_the_door()) {
		text_buffer_printf(&message, "cannot give up privileges: %s", strerror(errno));
		return false;
	}
	const char *leftover = find_leftover(to);
	if (leftover) {
		text_buffer_printf(&message, "privileges were not given up: %s", leftover);
		return false;
	}
	write_report(report, to, to->was_root ? groups : NULL, to->was_root ? group_count : 0);
	return true;
}
