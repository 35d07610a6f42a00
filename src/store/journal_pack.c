/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* sync_file_range */
#include "store/journal_pack.h"

#include "base/memory.h"
#include "store/journal_files.h"
#include "store/journal_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zstd.h>

enum {
	LEVEL = 2,
	WINDOW_LOG = 18,
	IN_SIZE = 64 << 10,
	OUT_SIZE = 64 << 10,
};

struct journal_pack {
	int directory;
	uint32_t day;
	int from, to; /* -1 = closed */
	char fresh[48];
	char *in, *out;
	ZSTD_CCtx *packer;                    /* null once all is packed */
	struct journal_lines *plain, *packed; /* while they are compared */
};

struct journal_pack *journal_pack_start(int directory, uint32_t day)
{
	struct journal_pack *p = memory_calloc(1, sizeof *p);
	p->directory = directory;
	p->day = day;
	snprintf(p->fresh, sizeof p->fresh, "%s.new", journal_file_name_of(day, true).text);
	unlinkat(directory, p->fresh, 0); /* of an earlier attempt */
	p->from = journal_files_open(directory, &(struct journal_file){.day = day});
	p->to = p->from >= 0 ? journal_files_create(directory, p->fresh) : -1;
	p->packer = p->to >= 0 ? ZSTD_createCCtx() : NULL;
	if (p->packer == NULL ||
		ZSTD_isError(ZSTD_CCtx_setParameter(p->packer, ZSTD_c_compressionLevel, LEVEL)) ||
		ZSTD_isError(ZSTD_CCtx_setParameter(p->packer, ZSTD_c_windowLog, WINDOW_LOG)) ||
		ZSTD_isError(ZSTD_CCtx_setParameter(p->packer, ZSTD_c_checksumFlag, 1))) {
		int kept = p->to >= 0 ? ENOMEM : errno;
		journal_pack_end(p);
		errno = kept;
		return NULL;
	}
	p->in = memory_realloc(NULL, IN_SIZE);
	p->out = memory_realloc(NULL, OUT_SIZE);
	return p;
}

static void close_files(struct journal_pack *p)
{
	if (p->from >= 0)
		close(p->from);
	if (p->to >= 0)
		close(p->to);
	p->from = p->to = -1;
}

void journal_pack_end(struct journal_pack *p)
{
	if (p == NULL)
		return;
	close_files(p);
	if (p->fresh[0] != '\0')
		unlinkat(p->directory, p->fresh, 0);
	ZSTD_freeCCtx(p->packer);
	journal_lines_destroy(p->plain);
	journal_lines_destroy(p->packed);
	free(p->in);
	free(p->out);
	free(p);
}

static bool write_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n < 0 ? errno : ENOSPC;
			return false;
		}
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/* Packs what was read; at the `end` everything is out afterwards. */
static bool pack(struct journal_pack *p, size_t size, bool end)
{
	ZSTD_inBuffer from = {p->in, size, 0};
	size_t left;
	do {
		ZSTD_outBuffer to = {p->out, OUT_SIZE, 0};
		left = ZSTD_compressStream2(
			p->packer, &to, &from, end ? ZSTD_e_end : ZSTD_e_continue);
		if (ZSTD_isError(left)) {
			errno = EIO;
			return false;
		}
		if (!write_all(p->to, p->out, to.pos))
			return false;
	} while (from.pos < from.size || (end && left > 0));
	return true;
}

/* All is packed: on disk with it, and both are opened again to be compared. */
static bool begin_comparing(struct journal_pack *p)
{
	int packed = -1, plain = -1;
	if (fdatasync(p->to) != 0)
		return false;
	packed = openat(p->directory, p->fresh, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	plain = packed >= 0
			? journal_files_open(p->directory, &(struct journal_file){.day = p->day})
			: -1;
	if (plain < 0) {
		int kept = errno;
		if (packed >= 0)
			close(packed);
		errno = kept;
		return false;
	}
	p->plain = journal_lines_create(plain, false);
	p->packed = journal_lines_create(packed, true);
	ZSTD_freeCCtx(p->packer);
	p->packer = NULL;
	close_files(p);
	return true;
}

static enum journal_pack_result pack_slice(struct journal_pack *p)
{
	for (size_t done = 0; done < JOURNAL_PACK_SLICE;) {
		ssize_t n = read(p->from, p->in, IN_SIZE);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || !pack(p, (size_t)n, n == 0))
			return JOURNAL_PACK_FAILED;
		if (n == 0)
			return begin_comparing(p) ? JOURNAL_PACK_WORKING : JOURNAL_PACK_FAILED;
		done += (size_t)n;
	}
	/* Towards the disk already, so that the sync at the end finds little to do. */
	(void)sync_file_range(p->to, 0, 0, SYNC_FILE_RANGE_WRITE);
	return JOURNAL_PACK_WORKING;
}

static enum journal_pack_result change_places(struct journal_pack *p)
{
	struct journal_file_name packed = journal_file_name_of(p->day, true),
				 plain = journal_file_name_of(p->day, false);
	if (renameat(p->directory, p->fresh, p->directory, packed.text) != 0)
		return JOURNAL_PACK_FAILED;
	p->fresh[0] = '\0';
	/* The new name is on disk before the old one goes. */
	if (fsync(p->directory) != 0 || unlinkat(p->directory, plain.text, 0) != 0)
		return JOURNAL_PACK_FAILED;
	(void)fsync(p->directory);
	return JOURNAL_PACK_DONE;
}

static enum journal_pack_result compare_slice(struct journal_pack *p)
{
	for (size_t done = 0; done < JOURNAL_PACK_SLICE;) {
		const char *a, *b;
		size_t a_length, b_length;
		enum journal_lines_result from = journal_lines_next(p->plain, &a, &a_length),
					  to = journal_lines_next(p->packed, &b, &b_length);
		bool with_text = from == JOURNAL_LINES_LINE || from == JOURNAL_LINES_REST;
		if (from != to || from == JOURNAL_LINES_BROKEN ||
			(with_text && (a_length != b_length || memcmp(a, b, a_length) != 0))) {
			errno = EBADMSG;
			return JOURNAL_PACK_FAILED;
		}
		if (from != JOURNAL_LINES_LINE)
			return change_places(p);
		done += a_length + 1;
	}
	return JOURNAL_PACK_WORKING;
}

enum journal_pack_result journal_pack_step(struct journal_pack *p)
{
	return p->packer != NULL ? pack_slice(p) : compare_slice(p);
}
