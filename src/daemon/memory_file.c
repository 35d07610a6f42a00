/* SPDX-License-Identifier: ISC */
#include "daemon/memory_file.h"

#include "base/diag.h"
#include "event/json_line.h"
#include "net/prefix.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool make_path(char *out, size_t size, const char *dir, const char *name)
{
	return snprintf(out, size, "%s/%s", dir, name) < (int)size;
}

/* What cannot be loaded may still be of use to somebody, and the next one will be in its place. */
static void put_aside(const char *path, const char *fault)
{
	char aside[PATH_MAX];
	if (snprintf(aside, sizeof aside, "%s.bad", path) < (int)sizeof aside &&
		rename(path, aside) == 0)
		diag_warn("%s: %s; it is kept as %s, and sources are remembered afresh", path,
			fault, aside);
	else
		diag_warn("%s: %s; sources are remembered afresh", path, fault);
}

void memory_file_load(struct detector *d, const char *dir)
{
	char path[PATH_MAX];
	struct stat facts;
	if (!make_path(path, sizeof path, dir, "sources.memory"))
		return;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		if (errno != ENOENT)
			diag_warn("%s: %m; sources of earlier runs are not remembered", path);
		return;
	}
	bool plain = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
	const char *fault = plain ? detector_load_memory(d, fd) : "is no plain file";
	close(fd);
	if (fault != NULL)
		put_aside(path, fault);
}

/* So that the new name is on disk too; a file system that cannot is none of our business. */
static void sync_directory(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

void memory_file_save(struct detector *d, const char *dir)
{
	char path[PATH_MAX], fresh[PATH_MAX];
	if (!make_path(path, sizeof path, dir, "sources.memory") ||
		!make_path(fresh, sizeof fresh, dir, "sources.memory.new"))
		return;
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool ok = fd >= 0 && detector_save_memory(d, fd) && fsync(fd) == 0;
	if (fd >= 0)
		ok = close(fd) == 0 && ok;
	if (ok)
		ok = rename(fresh, path) == 0;
	if (!ok) {
		diag_warn("%s: %m; the file before it stays", fresh);
		unlink(fresh);
	} else {
		sync_directory(dir);
	}
}

static void dump_source(void *context, const struct addr *addr, unsigned block_bits, double score,
	unsigned targets, uint32_t packets, int64_t first_s, int64_t last_s)
{
	struct json_line line;
	struct addr shown = *addr;
	json_line_init(&line);
	json_line_start(&line);
	if (block_bits < 128)
		shown = prefix_of(addr, block_bits).base;
	json_line_put_addr(&line, "src_ip", &shown);
	if (block_bits < 128)
		json_line_put_count(&line, "block_bits", block_bits);
	json_line_put_real(&line, "score", score);
	json_line_put_count(&line, "targets_count", targets);
	json_line_put_count(&line, "packets", packets);
	json_line_put_time(&line, "first", wall_time_from_parts(first_s, 0));
	json_line_put_time(&line, "last", wall_time_from_parts(last_s, 0));
	json_line_close(&line);
	json_line_print(&line, context);
	json_line_clear(&line);
}

void memory_file_dump(struct detector *d, const char *dir)
{
	char path[PATH_MAX], fresh[PATH_MAX];
	if (!make_path(path, sizeof path, dir, "sources.json") ||
		!make_path(fresh, sizeof fresh, dir, "sources.json.new"))
		return;
	FILE *out = fopen(fresh, "we");
	if (out == NULL) {
		diag_warn("%s: %m", fresh);
		return;
	}
	detector_walk_sources(d, dump_source, out);
	if (fclose(out) != 0 || rename(fresh, path) != 0)
		diag_warn("%s: %m", fresh);
	else
		diag_note("source table written to %s", path);
}
