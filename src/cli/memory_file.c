/* SPDX-License-Identifier: ISC */
#include "cli/memory_file.h"

#include "base/diag.h"
#include "event/json_fields.h"
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

void memory_file_load(struct detector *d, const char *dir)
{
	char path[PATH_MAX];
	if (!make_path(path, sizeof path, dir, "sources.memory"))
		return;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		if (errno != ENOENT)
			diag_warn("%s: %m; sources of earlier runs are not remembered", path);
		return;
	}
	if (!detector_load_memory(d, fd))
		diag_warn("%s: %m (another version, or another size of memory); starting afresh",
			path);
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
	}
}

static void dump_source(void *context, const struct addr *addr, unsigned block_bits, double score,
	unsigned targets, uint32_t packets, int64_t first_s, int64_t last_s)
{
	json_t *o = json_object();
	struct addr shown = *addr;
	if (block_bits < 128)
		shown = prefix_of(addr, block_bits).base;
	json_fields_set_addr(o, "src_ip", &shown);
	if (block_bits < 128)
		json_fields_set_count(o, "block_bits", block_bits);
	json_object_set_new(o, "score", json_real(score));
	json_fields_set_count(o, "targets_count", targets);
	json_fields_set_count(o, "packets", packets);
	json_fields_set_time(o, "first", wall_time_from_parts(first_s, 0));
	json_fields_set_time(o, "last", wall_time_from_parts(last_s, 0));
	json_fields_print_line(o, context);
	json_decref(o);
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
