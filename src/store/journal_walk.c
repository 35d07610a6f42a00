/* SPDX-License-Identifier: ISC */
#include "store/journal_walk.h"

#include "base/memory.h"
#include "store/journal_ends.h"
#include "store/journal_files.h"
#include "store/journal_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_ANYWAY = 16, TRIES = 3 };

struct journal_walk {
	int directory;
	char *state;
	struct journal_lines *lines; /* of the open file; null = none yet */
	uint32_t day;                /* of the open file */
	uint64_t wanted;             /* records before this one are passed over */
	bool next_seen;              /* there is a newer file: what is open ends where it ends */
	struct timespec looked;      /* when the directory was changed, as of the last look */
	unsigned looks;              /* at the directory, for a newer file */
	uint64_t skipped;
};

struct journal_walk *journal_walk_open(const char *state, struct store_error *error)
{
	int directory = journal_files_open_directory(state, false, error);
	if (directory < 0)
		return NULL;
	struct journal_walk *w = memory_calloc(1, sizeof *w);
	w->directory = directory;
	w->state = memory_strdup(state);
	return w;
}

static void close_file(struct journal_walk *w)
{
	journal_lines_destroy(w->lines);
	w->lines = NULL;
	w->next_seen = false;
	w->looked = (struct timespec){0};
}

void journal_walk_close(struct journal_walk *w)
{
	if (w == NULL)
		return;
	close_file(w);
	close(w->directory);
	free(w->state);
	free(w);
}

static bool open_file(struct journal_walk *w, const struct journal_file *file)
{
	int fd = journal_files_open(w->directory, file);
	if (fd < 0)
		return false;
	close_file(w);
	w->lines = journal_lines_create(fd, file->packed);
	w->day = file->day;
	return true;
}

/* Opens the file that has `seq`, or the oldest. False with errno. */
static bool open_file_of(struct journal_walk *w, uint64_t seq)
{
	struct journal_files files;
	if (!journal_files_list(w->directory, &files))
		return false;
	size_t i = files.count;
	while (i > 0) {
		uint64_t first = journal_ends_first_seq(w->directory, &files.items[--i]);
		if (first != 0 && first <= seq)
			break;
	}
	bool good = files.count == 0 || open_file(w, &files.items[i]);
	int kept = errno;
	journal_files_clear(&files);
	errno = kept;
	return good;
}

bool journal_walk_seek(struct journal_walk *w, uint64_t seq, struct store_error *error)
{
	bool good = false;
	close_file(w);
	w->day = 0;
	w->wanted = seq;
	/* A file may be packed or deleted between the look and the opening. */
	for (int i = 0; i < TRIES && !good; i++)
		good = open_file_of(w, seq);
	if (!good)
		store_error_from_system(error, w->state, errno);
	return good;
}

bool journal_walk_find(struct journal_walk *w, uint64_t seq, struct journal_place *out)
{
	struct store_error error;
	struct journal_record r;
	if (!journal_walk_seek(w, seq, &error) || !journal_walk_next(w, &r) || r.place.seq != seq)
		return false;
	*out = r.place;
	return true;
}

/* True if the directory has changed since the last look at it; and now and then without, for two changes in
 * one tick of the file system's clock look like one. */
static bool directory_changed(struct journal_walk *w)
{
	struct stat facts;
	if (fstat(w->directory, &facts) != 0)
		return false;
	bool changed = facts.st_mtim.tv_sec != w->looked.tv_sec ||
		       facts.st_mtim.tv_nsec != w->looked.tv_nsec;
	w->looked = facts.st_mtim;
	return changed || ++w->looks % LOOK_ANYWAY == 0;
}

/* The first file behind the open one. */
static bool find_next_file(struct journal_walk *w, struct journal_file *out)
{
	struct journal_files files;
	bool found = false;
	if (!journal_files_list(w->directory, &files))
		return false;
	for (size_t i = 0; i < files.count && !found; i++) {
		if (w->lines == NULL || files.items[i].day > w->day) {
			*out = files.items[i];
			found = true;
		}
	}
	journal_files_clear(&files);
	return found;
}

/* The open file ends here. True if there is more to read: it is asked once more after a newer one has been
 * seen, for its last lines may have come before that one was made. */
static bool go_on(struct journal_walk *w)
{
	struct journal_file next;
	if (!w->next_seen) {
		if (!directory_changed(w) || !find_next_file(w, &next))
			return false;
		w->next_seen = true;
		if (w->lines != NULL)
			return true;
	}
	return find_next_file(w, &next) && open_file(w, &next);
}

bool journal_walk_next(struct journal_walk *w, struct journal_record *out)
{
	const char *line;
	size_t length;
	for (;;) {
		enum journal_lines_result result =
			w->lines != NULL ? journal_lines_next(w->lines, &line, &length)
					 : JOURNAL_LINES_END;
		if (result == JOURNAL_LINES_LINE) {
			if (!journal_record_read(line, length, out))
				w->skipped++;
			else if (out->place.seq >= w->wanted)
				return true;
			continue;
		}
		if (!go_on(w))
			return false;
		if (result != JOURNAL_LINES_END && !w->next_seen)
			w->skipped++; /* the file before had a torn or broken end */
	}
}

uint32_t journal_walk_day(const struct journal_walk *w)
{
	return w->day;
}

uint64_t journal_walk_skipped(const struct journal_walk *w)
{
	return w->skipped;
}
