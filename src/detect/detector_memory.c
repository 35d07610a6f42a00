/* SPDX-License-Identifier: ISC */
/*
 * The memory of sources on disk: a head, then the three tables as they lie in memory.
 *
 * The hash key goes with them, for without it no bucket could be found again; so the file must be as
 * private as the process (the caller makes it 0600). Dossiers are not kept: their numbers are cleared
 * on loading, and a source that goes on gets a new one at once, since its score is there.
 */
#include "detect/detector_state.h"

#include "detect/sequential_test.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC UINT64_C(0x314d454d484357) /* "WCHMEM1" */

struct head {
	uint64_t magic;
	uint64_t sizes[3];      /* of the tables, in bytes */
	uint32_t record_size;   /* another layout of records is another version */
	uint32_t pointer_check; /* byte order */
	int64_t now_us;
	struct keyed_hash hash;
};

struct part {
	void *bytes;
	size_t size;
};

static void list_parts(struct detector *d, struct part parts[3])
{
	parts[0].bytes = doorkeeper_bytes(d->doorkeeper, &parts[0].size);
	parts[1].bytes = source_table_tag_bytes(d->sources, &parts[1].size);
	parts[2].bytes = source_table_record_bytes(d->sources, &parts[2].size);
}

static struct head make_head(struct detector *d, const struct part parts[3])
{
	struct head h = {.magic = MAGIC,
		.record_size = sizeof(struct source_record),
		.pointer_check = 0x01020304,
		.now_us = d->now.us,
		.hash = d->hash};
	for (int i = 0; i < 3; i++)
		h.sizes[i] = parts[i].size;
	return h;
}

static bool write_all(int fd, const void *bytes, size_t size)
{
	const char *p = bytes;
	while (size > 0) {
		ssize_t n = write(fd, p, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		size -= (size_t)n;
	}
	return true;
}

static bool read_all(int fd, void *bytes, size_t size)
{
	char *p = bytes;
	while (size > 0) {
		ssize_t n = read(fd, p, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n == 0 ? EINVAL : errno;
			return false;
		}
		p += n;
		size -= (size_t)n;
	}
	return true;
}

bool detector_save_memory(struct detector *d, int fd)
{
	struct part parts[3];
	list_parts(d, parts);
	struct head h = make_head(d, parts);
	bool ok = write_all(fd, &h, sizeof h);
	for (int i = 0; i < 3 && ok; i++)
		ok = write_all(fd, parts[i].bytes, parts[i].size);
	return ok;
}

/* Into the tables themselves: a second copy of them beside the first is more than the process may
 * take. */
static bool read_parts(int fd, const struct part parts[3])
{
	bool ok = true;
	for (int i = 0; i < 3 && ok; i++)
		ok = read_all(fd, parts[i].bytes, parts[i].size);
	for (int i = 0; i < 3 && !ok; i++)
		memset(parts[i].bytes, 0, parts[i].size);
	return ok;
}

/* True if the file holds all that its head promises, where that can be known beforehand. */
static bool is_whole(int fd, const struct part parts[3])
{
	struct stat facts;
	off_t wanted = (off_t)sizeof(struct head);
	for (int i = 0; i < 3; i++)
		wanted += (off_t)parts[i].size;
	return fstat(fd, &facts) == 0 && (!S_ISREG(facts.st_mode) || facts.st_size == wanted);
}

/* The file is ours and private, but a number from a file indexes nothing unchecked. */
static void make_sane(struct source_record *r)
{
	r->dossier = 0;
	r->flags &= SOURCE_FLAG_BLOCK;
	for (unsigned i = 0; i < SOURCE_TARGETS_INLINE; i++) {
		if ((r->spaces[i] & SOURCE_SPACE_MASK) >= TARGET_SPACES)
			r->spaces[i] = TARGET_PROTOCOL;
	}
	if (!(r->score >= 0 && r->score <= SEQUENTIAL_CEILING))
		r->score = 0;
}

static void forget_dossiers(struct detector *d)
{
	size_t cursor = 0;
	for (struct source_record *r; (r = source_table_next(d->sources, &cursor)) != NULL;)
		make_sane(r);
}

bool detector_load_memory(struct detector *d, int fd)
{
	struct part parts[3];
	struct head found;
	list_parts(d, parts);
	struct head wanted = make_head(d, parts);
	if (!read_all(fd, &found, sizeof found))
		return false;
	bool fits = found.magic == wanted.magic && found.record_size == wanted.record_size &&
		    found.pointer_check == wanted.pointer_check &&
		    memcmp(found.sizes, wanted.sizes, sizeof wanted.sizes) == 0 &&
		    is_whole(fd, parts);
	if (!fits) {
		errno = EINVAL;
		return false;
	}
	bool ok = read_parts(fd, parts);
	if (ok)
		d->hash = found.hash;
	source_table_recount(d->sources);
	forget_dossiers(d);
	return ok;
}
