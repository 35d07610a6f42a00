/* SPDX-License-Identifier: ISC */
#include "cli/process_library.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char gone[] = " (deleted)";

/* Takes the kernel's mark off the end. */
static bool take_mark(char *path)
{
	size_t n = strlen(path), m = sizeof gone - 1;
	if (n <= m || strcmp(path + n - m, gone) != 0)
		return false;
	path[n - m] = '\0';
	return true;
}

bool process_library_of_line(const char *line, const char *library, struct process_library *out)
{
	const char *path = strchr(line, '/');
	if (path == NULL)
		return false;
	snprintf(out->path, sizeof out->path, "%.*s", (int)strcspn(path, "\n"), path);
	out->replaced = take_mark(out->path);
	const char *name = strrchr(out->path, '/') + 1;
	size_t n = strlen(library);
	if (strncmp(name, library, n) == 0 && (name[n] == '\0' || name[n] == '.'))
		return true;
	out->path[0] = '\0';
	return false;
}

static bool executes(const char *pid, const char *program, const struct stat *wanted)
{
	char link[64], target[PATH_MAX];
	struct stat s;
	snprintf(link, sizeof link, "/proc/%.20s/exe", pid);
	if (stat(link, &s) == 0 && s.st_dev == wanted->st_dev && s.st_ino == wanted->st_ino)
		return true;
	ssize_t n = readlink(link, target, sizeof target - 1);
	target[n > 0 ? n : 0] = '\0';
	return take_mark(target) && strcmp(target, program) == 0;
}

static void look_at(const char *pid, const char *library, process_library_fn *take, void *context)
{
	struct process_library p = {.pid = atoi(pid)};
	char path[64], *line = NULL;
	size_t size = 0;
	snprintf(path, sizeof path, "/proc/%.20s/maps", pid);
	FILE *in = fopen(path, "re");
	if (in == NULL)
		return;
	while (p.path[0] == '\0' && getline(&line, &size, in) > 0)
		process_library_of_line(line, library, &p);
	free(line);
	fclose(in);
	take(context, &p);
}

void process_library_each(
	const char *program, const char *library, process_library_fn *take, void *context)
{
	char real[PATH_MAX];
	struct stat wanted;
	DIR *d = realpath(program, real) && stat(real, &wanted) == 0 ? opendir("/proc") : NULL;
	for (const struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
		if (isdigit((unsigned char)e->d_name[0]) && executes(e->d_name, real, &wanted))
			look_at(e->d_name, library, take, context);
	}
	if (d != NULL)
		closedir(d);
}
