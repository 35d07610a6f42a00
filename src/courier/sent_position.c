/* SPDX-License-Identifier: ISC */
#include "courier/sent_position.h"

#include "event/json_field.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_in(const char *state, int flags)
{
	int directory = open(state, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		return -1;
	int fd = openat(directory, SENT_POSITION_FILE,
		flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
	int kept = errno;
	close(directory);
	errno = kept;
	return fd;
}

/* In a directory that another user may own, as root: only a plain file without a second name is ours. */
static bool is_ours(int fd, uid_t uid, gid_t gid)
{
	struct stat facts;
	if (fstat(fd, &facts) != 0)
		return false;
	errno = EINVAL;
	if (!S_ISREG(facts.st_mode) || facts.st_nlink != 1)
		return false;
	return geteuid() != 0 || fchown(fd, uid, gid) == 0;
}

int sent_position_open(const char *state, uid_t uid, gid_t gid)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open_in(state, O_RDWR | O_CREAT);
	if (fd < 0)
		return -1;
	if (is_ours(fd, uid, gid) && fcntl(fd, F_OFD_SETLK, &whole) == 0)
		return fd;
	int kept = errno == EACCES ? EAGAIN : errno;
	close(fd);
	errno = kept;
	return -1;
}

bool sent_position_write(int fd, const struct sent_position *p)
{
	char line[SENT_POSITION_LINE];
	json_t *o = json_pack("{s:i, s:s, s:I, s:s, s:s, s:s, s:s, s:I}", "v", 1, "to", p->to,
		"seq", (json_int_t)p->place.seq, "hash", journal_hash_to_text(&p->place.hash).text,
		"state", p->state, "why", p->why, "at", wall_time_to_rfc3339(p->at).text, "pid",
		(json_int_t)p->pid);
	char *text = o ? json_dumps(o, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
	json_decref(o);
	errno = EMSGSIZE;
	size_t length = text ? strlen(text) : SENT_POSITION_LINE;
	bool fits = length < SENT_POSITION_LINE;
	if (fits) {
		memset(line, ' ', sizeof line);
		/* NOLINTNEXTLINE(bugprone-not-null-terminated-result) a line of fixed width */
		memcpy(line, text, length);
		line[sizeof line - 1] = '\n';
	}
	free(text);
	return fits && pwrite(fd, line, sizeof line, 0) == (ssize_t)sizeof line;
}

static void take_text(const json_t *o, const char *key, char *out, size_t size)
{
	const char *text = json_field_text(o, key);
	snprintf(out, size, "%s", text ? text : "");
}

bool sent_position_parse(const char *text, size_t size, struct sent_position *out)
{
	*out = (struct sent_position){0};
	json_t *o = json_loadb(text, size, 0, NULL);
	const char *hash = json_field_text(o, "hash");
	json_int_t seq = json_integer_value(json_object_get(o, "seq"));
	bool good = hash != NULL && strlen(hash) == JOURNAL_HASH_DIGITS && seq >= 0 &&
		    journal_hash_parse(hash, strlen(hash), &out->place.hash);
	if (good) {
		out->place.seq = (uint64_t)seq;
		out->pid = (pid_t)json_integer_value(json_object_get(o, "pid"));
		take_text(o, "to", out->to, sizeof out->to);
		take_text(o, "state", out->state, sizeof out->state);
		take_text(o, "why", out->why, sizeof out->why);
		(void)json_field_time(o, "at", &out->at);
	}
	json_decref(o);
	return good;
}

bool sent_position_read_fd(int fd, struct sent_position *out)
{
	char line[SENT_POSITION_LINE];
	ssize_t got = pread(fd, line, sizeof line, 0);
	*out = (struct sent_position){0};
	return got > 0 && sent_position_parse(line, (size_t)got, out);
}

bool sent_position_look(const char *state, struct sent_position *out, bool *running)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	*running = false;
	*out = (struct sent_position){0};
	int fd = open_in(state, O_RDONLY);
	if (fd < 0)
		return false;
	/* Asked for a lock that could be had only by a writer: told who holds one. */
	*running = fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
	bool told = sent_position_read_fd(fd, out);
	close(fd);
	return told;
}
