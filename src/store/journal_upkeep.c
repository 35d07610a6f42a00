/* SPDX-License-Identifier: ISC */
#include "store/journal_upkeep.h"

#include "base/memory.h"
#include "store/journal_ends.h"
#include "store/journal_files.h"
#include "store/journal_head.h"
#include "store/journal_pack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	DELETED_MOST = 32, /* files in one event */
	LOOK_S = 600,      /* between two looks at the sizes */
	AGAIN_S = 3600,    /* after something failed */
};

struct journal_upkeep {
	struct journal_writer *writer;
	struct journal_settings settings;
	struct journal_pack *pack; /* in work; null = none */
	uint32_t packing;          /* its day */
	bool looked;
	uint32_t looked_day;   /* of the writer, at the last look */
	int64_t look_again_us; /* wall time */
	struct json_line line;
};

struct journal_upkeep *journal_upkeep_create(
	struct journal_writer *w, const struct journal_settings *settings)
{
	struct journal_upkeep *u = memory_calloc(1, sizeof *u);
	u->writer = w;
	u->settings = *settings;
	return u;
}

void journal_upkeep_destroy(struct journal_upkeep *u)
{
	if (u == NULL)
		return;
	journal_pack_end(u->pack);
	json_line_clear(&u->line);
	free(u);
}

void journal_upkeep_set(struct journal_upkeep *u, const struct journal_settings *settings)
{
	u->settings = *settings;
	u->looked = false;
}

static enum journal_upkeep_result fail(struct journal_upkeep *u, struct wall_time now,
	const char *name, int error_number, struct store_error *error)
{
	if (error_number == EBADMSG)
		store_error_set(error, STORE_TROUBLE_OTHER, name,
			"cannot be packed: what was packed is not what it was; it stays as it is");
	else
		store_error_from_system(error, name, error_number);
	u->look_again_us = now.us + AGAIN_S * CLOCK_US_PER_S;
	return JOURNAL_UPKEEP_FAILED;
}

/* --- packing ---------------------------------------------------------------------------------- */

static enum journal_upkeep_result step_pack(
	struct journal_upkeep *u, struct wall_time now, struct store_error *error)
{
	enum journal_pack_result r = journal_pack_step(u->pack);
	int kept = errno;
	if (r == JOURNAL_PACK_WORKING)
		return JOURNAL_UPKEEP_WORKING;
	journal_pack_end(u->pack);
	u->pack = NULL;
	u->looked = false; /* the sizes have changed, and there may be another file */
	if (r == JOURNAL_PACK_DONE)
		return JOURNAL_UPKEEP_WORKING;
	u->looked = true;
	return fail(u, now, journal_file_name_of(u->packing, false).text, kept, error);
}

static enum journal_upkeep_result start_pack(struct journal_upkeep *u,
	const struct journal_files *files, struct wall_time now, struct store_error *error)
{
	for (size_t i = 0; i < files->count; i++) {
		const struct journal_file *f = &files->items[i];
		if (f->packed || f->day >= journal_writer_day(u->writer))
			continue;
		u->packing = f->day;
		u->pack = journal_pack_start(journal_writer_directory(u->writer), f->day);
		if (u->pack != NULL)
			return JOURNAL_UPKEEP_WORKING;
		return fail(u, now, journal_file_name_of(f->day, false).text, errno, error);
	}
	return JOURNAL_UPKEEP_IDLE;
}

/* --- deleting --------------------------------------------------------------------------------- */

/* How many of the oldest files are too old, or too much. */
static size_t count_surplus(
	const struct journal_upkeep *u, const struct journal_files *files, struct wall_time now)
{
	uint64_t all = 0;
	size_t n = 0;
	for (size_t i = 0; i < files->count; i++)
		all += files->items[i].bytes;
	for (; n < files->count && n < DELETED_MOST; n++) {
		const struct journal_file *f = &files->items[n];
		int64_t end_us = ((int64_t)f->day + 1) * 86400 * CLOCK_US_PER_S;
		bool old = now.us - end_us > u->settings.keep_us;
		if (f->day >= journal_writer_day(u->writer) ||
			(!old && all <= u->settings.size_bytes))
			break;
		all -= f->bytes;
	}
	return n;
}

/* Where the journal begins when the first `n` files are gone; 0 = they must stay, for the index has not
 * all of them. */
static uint64_t first_kept(const struct journal_upkeep *u, const struct journal_files *files,
	size_t n, uint64_t indexed)
{
	uint64_t first = 0;
	if (n < files->count)
		first = journal_ends_first_seq(
			journal_writer_directory(u->writer), &files->items[n]);
	return first != 0 && first - 1 <= indexed ? first : 0;
}

static void remove_files(
	const struct journal_upkeep *u, const struct journal_files *files, size_t n)
{
	int directory = journal_writer_directory(u->writer);
	for (size_t i = 0; i < n; i++) {
		/* Both forms, where a crash has left both. */
		unlinkat(directory, journal_file_name_of(files->items[i].day, false).text, 0);
		unlinkat(directory, journal_file_name_of(files->items[i].day, true).text, 0);
	}
	(void)fsync(directory);
}

static bool record_deletion(struct journal_upkeep *u, const struct journal_files *files, size_t n,
	uint64_t first, struct wall_time now, struct store_error *error)
{
	struct journal_file_name names[DELETED_MOST];
	for (size_t i = 0; i < n; i++)
		names[i] = journal_file_name_of(files->items[i].day, files->items[i].packed);
	journal_head_write_deletion(&u->line, names, n, first, now, journal_writer_host(u->writer));
	if (journal_writer_append_chain(u->writer, u->line.text, u->line.used) == 0)
		return false;
	journal_writer_set_first(u->writer, first);
	return journal_writer_sync(u->writer, error);
}

static enum journal_upkeep_result delete_surplus(struct journal_upkeep *u,
	const struct journal_files *files, struct wall_time now, uint64_t indexed,
	struct store_error *error)
{
	size_t n = count_surplus(u, files, now);
	uint64_t first = 0;
	while (n > 0 && (first = first_kept(u, files, n, indexed)) == 0)
		n--;
	if (n == 0)
		return JOURNAL_UPKEEP_IDLE;
	if (!record_deletion(u, files, n, first, now, error)) {
		u->look_again_us = now.us + AGAIN_S * CLOCK_US_PER_S;
		return JOURNAL_UPKEEP_WORKING; /* the writer itself says what is wrong */
	}
	remove_files(u, files, n);
	snprintf(error->text, sizeof error->text,
		"journal: %s%s%s deleted, as journal_keep and journal_size say; counts and "
		"incidents stay in the index",
		journal_file_name_of(files->items[0].day, files->items[0].packed).text,
		n > 1 ? " to " : "",
		n > 1 ? journal_file_name_of(files->items[n - 1].day, files->items[n - 1].packed)
				.text
		      : "");
	return JOURNAL_UPKEEP_DELETED;
}

enum journal_upkeep_result journal_upkeep_step(
	struct journal_upkeep *u, struct wall_time now, uint64_t indexed, struct store_error *error)
{
	struct journal_files files;
	if (u->pack != NULL)
		return step_pack(u, now, error);
	bool due = !u->looked || u->looked_day != journal_writer_day(u->writer) ||
		   now.us >= u->look_again_us ||
		   now.us < u->look_again_us - 2 * AGAIN_S * CLOCK_US_PER_S;
	if (!due || !journal_files_list(journal_writer_directory(u->writer), &files))
		return JOURNAL_UPKEEP_IDLE;
	u->looked = true;
	u->looked_day = journal_writer_day(u->writer);
	u->look_again_us = now.us + LOOK_S * CLOCK_US_PER_S;
	enum journal_upkeep_result r = delete_surplus(u, &files, now, indexed, error);
	if (r == JOURNAL_UPKEEP_IDLE)
		r = start_pack(u, &files, now, error);
	else if (r == JOURNAL_UPKEEP_DELETED)
		u->looked = false; /* perhaps more, or something to pack */
	journal_files_clear(&files);
	return r;
}
