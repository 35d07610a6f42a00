/* SPDX-License-Identifier: ISC */
#include "daemon/memory_file.h"

#include "base/diag.h"
#include "base/file_replace.h"
#include "event/json_line.h"
#include "net/prefix.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "sources.memory"
#define DUMP_NAME "sources.json"

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
	if (snprintf(path, sizeof path, "%s/" FILE_NAME, dir) >= (int)sizeof path)
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

static bool write_memory(void *detector, int fd)
{
	return detector_save_memory(detector, fd);
}

void memory_file_save(struct detector *d, const char *dir)
{
	if (!file_replace(dir, FILE_NAME, 0600, write_memory, d))
		diag_warn("%s/" FILE_NAME ": %m; the file before it stays", dir);
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

static bool write_dump(void *detector, int fd)
{
	int copy = dup(fd); /* fclose takes it along */
	FILE *out = copy >= 0 ? fdopen(copy, "w") : NULL;
	if (out == NULL) {
		if (copy >= 0)
			close(copy);
		return false;
	}
	detector_walk_sources(detector, dump_source, out);
	bool good = ferror(out) == 0;
	return fclose(out) == 0 && good;
}

void memory_file_dump(struct detector *d, const char *dir)
{
	if (file_replace(dir, DUMP_NAME, 0600, write_dump, d))
		diag_note("source table written to %s/" DUMP_NAME, dir);
	else
		diag_warn("%s/" DUMP_NAME ": %m", dir);
}
