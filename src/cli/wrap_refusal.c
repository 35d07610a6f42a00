/* SPDX-License-Identifier: ISC */
#include "cli/wrap_refusal.h"

#include "cli/elf_needs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

struct words {
	char *text;
	size_t size;
};

#define SAY(w, ...) (snprintf((w)->text, (w)->size, __VA_ARGS__), true)

static bool below(const struct wrap_place *p, const char *path, char out[PATH_MAX])
{
	int n = snprintf(out, PATH_MAX, "%s%s", p->root, path);
	return n > 0 && n < PATH_MAX;
}

static bool gets_rights(const struct wrap_place *p, const struct wrap_way *way, struct words *w)
{
	char full[PATH_MAX];
	struct stat s;
	if (!below(p, way->program, full) || stat(full, &s) < 0)
		return SAY(w, "%s cannot be looked at: %m", way->program);
	if (s.st_mode & S_ISUID)
		return SAY(w, "%s is set-user-id: the loader ignores LD_LIBRARY_PATH for it",
			way->program);
	if ((s.st_mode & S_ISGID) && (s.st_mode & S_IXGRP))
		return SAY(w, "%s is set-group-id: the loader ignores LD_LIBRARY_PATH for it",
			way->program);
	if (getxattr(full, "security.capability", NULL, 0) > 0)
		return SAY(w, "%s has file capabilities: the loader ignores LD_LIBRARY_PATH for it",
			way->program);
	return false;
}

static bool is_other_machine(
	const struct wrap_place *p, const struct wrap_way *way, struct words *w)
{
	char path[PATH_MAX];
	struct elf_needs ours;
	int n = snprintf(path, sizeof path, "%s%s/%s", p->root, p->directory, WRAP_LIBRARY);
	bool read = n > 0 && n < (int)sizeof path && elf_needs_read(path, &ours);
	bool other = read && (ours.machine != way->machine || ours.word_bits != way->word_bits);
	if (read)
		elf_needs_clear(&ours);
	if (!read)
		return SAY(w, "%s/%s is no library that can be read", p->directory, WRAP_LIBRARY);
	return other && SAY(w, "%s is for another machine (%u bits, type %u) than our library",
				way->program, way->word_bits, way->machine);
}

static bool is_undone(const struct systemd_unit *u, enum wrap_way_how how, struct words *w)
{
	if (u->root_directory[0])
		return SAY(w, "%s starts it in %s (RootDirectory), where ours is not", u->name,
			u->root_directory);
	if (u->cut)
		return SAY(w, "%s has longer values than are read here", u->name);
	if (how == WRAP_TCPD)
		return u->exec_after[0] &&
		       SAY(w, "%s sets ExecStart after our drop-in", u->exec_after);
	if (u->path_unset[0])
		return SAY(w, "%s takes LD_LIBRARY_PATH away (UnsetEnvironment)", u->path_unset);
	if (u->path_file[0])
		return SAY(w, "%s sets LD_LIBRARY_PATH, and counts before a drop-in", u->path_file);
	return u->path_after[0] &&
	       SAY(w, "%s sets LD_LIBRARY_PATH after our drop-in", u->path_after);
}

bool wrap_refusal_find(
	const struct wrap_place *place, const struct wrap_way *way, char *reason, size_t size)
{
	struct words w = {reason, size};
	if (way->how == WRAP_LINKED &&
		(gets_rights(place, way, &w) || is_other_machine(place, way, &w)))
		return true;
	if (way->how == WRAP_LINKED && way->by_old_path && !way->ours)
		return SAY(&w,
			"a run path in %s or in a library of it names %s before LD_LIBRARY_PATH",
			way->program, way->uses);
	return way->unit != NULL && is_undone(way->unit, way->how, &w);
}

bool wrap_refusal_of_place(
	const struct wrap_place *place, enum wrap_way_how how, char *reason, size_t size)
{
	struct words w = {reason, size};
	struct stat s;
	char path[PATH_MAX], full[PATH_MAX];
	if (how == WRAP_LINKED && below(place, place->directory, full) && stat(full, &s) == 0 && !S_ISDIR(s.st_mode))
		return SAY(&w, "%s is no directory; that of our " WRAP_LIBRARY " is meant", full);
	int n = how == WRAP_LINKED
			? snprintf(path, sizeof path, "%s/%s", place->directory, WRAP_LIBRARY)
			: snprintf(path, sizeof path, "%s", place->tcpd);
	if (n <= 0 || n >= (int)sizeof path || !below(place, path, full))
		return SAY(&w, "%s: the name is too long", path);
	if (access(full, R_OK) == 0)
		return false;
	return errno == ENOENT ? SAY(&w, "%s is not there", full) : SAY(&w, "%s cannot be read: %m", full);
}
