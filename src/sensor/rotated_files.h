/* SPDX-License-Identifier: ISC */
/*
 * rotated_files - which older generations of a log file lie beside it, unread.
 *
 * When a file was rotated more than once between two looks, the generations in between carry other
 * names by then. They are found by what they are: a regular file beside the log, named like it with
 * a number or date behind ("kern.log.1", "messages-20261120") that was not read before (seen_files).
 * Compressed ones cannot be followed.
 */
#ifndef KW_SENSOR_ROTATED_FILES_H
#define KW_SENSOR_ROTATED_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ROTATED_FILES_MAX 256 /* found at one look; the rest is found at the next */
#define ROTATED_NAME_MAX 256  /* NAME_MAX and a NUL */

/* What makes a generation itself, whatever it is called. */
struct file_identity {
	dev_t device;
	ino_t inode;
	int64_t born_ns;    /* 0 where the file system does not tell */
	int64_t written_ns; /* last written; not part of the identity */
};

struct rotated_file {
	char name[ROTATED_NAME_MAX];
	struct file_identity identity;
};

struct rotated_files {
	struct rotated_file items[ROTATED_FILES_MAX];
	unsigned count;
};

/* Identity of an open file. False with errno. */
bool file_identity_read(int fd, struct file_identity *out);
/* The same of a name in a directory; false with errno if there is none. */
bool file_identity_read_at(int directory, const char *name, struct file_identity *out);
bool file_identity_same(const struct file_identity *a, const struct file_identity *b);

/* When it was born; where the file system does not tell that, when it was written last. */
static inline int64_t file_identity_age_ns(const struct file_identity *identity)
{
	return identity->born_ns != 0 ? identity->born_ns : identity->written_ns;
}

/* True for "kern.log.1" or "kern.log-20261120" beside "kern.log". */
bool rotated_files_is_rotated_name(const char *base, const char *name);

/* True for a generation that is not looked for. */
typedef bool rotated_files_known(const void *context, const struct file_identity *identity);

/*
 * Generations of `base` in `directory` that are not known, oldest first; of more than
 * ROTATED_FILES_MAX the oldest. The file that is called `base` is not among them. What is renamed
 * while the directory is listed may be left out.
 */
void rotated_files_find(int directory, const char *base, rotated_files_known *known,
	const void *context, struct rotated_files *out);

#endif
