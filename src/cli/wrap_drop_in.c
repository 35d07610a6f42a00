/* SPDX-License-Identifier: ISC */
#include "cli/wrap_drop_in.h"

#include "base/file_replace.h"
#include "cli/unit_words.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_LINE "# Written by 'knockwatch wrap enable"
#define SUM_LINE "# sum "

bool wrap_drop_in_path(const struct wrap_place *place, const char *unit, char out[PATH_MAX])
{
	int n = snprintf(out, PATH_MAX, "%s/etc/systemd/system/%s.d/" SYSTEMD_UNIT_DROP_IN,
		place->root, unit);
	return n > 0 && n < PATH_MAX;
}

/* --- text --- */

/* FNV-1a: against accidents and hands, not against an enemy, who can write the file anyway. */
static uint64_t sum_of(const char *text, size_t length)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < length; i++)
		sum = (sum ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
	return sum;
}

static void write_environment(
	const struct wrap_place *place, const struct systemd_unit *u, struct text_buffer *out)
{
	char memory[2 * SYSTEMD_UNIT_TEXT];
	struct text_buffer value = text_buffer_over(memory, sizeof memory);
	text_buffer_add(&value, "LD_LIBRARY_PATH=");
	for (const char *c = place->directory; *c != '\0'; c++) {
		text_buffer_add(&value, *c == '%' ? "%" : ""); /* else a specifier */
		text_buffer_add_bytes(&value, c, 1);
	}
	if (u->has_path_before && u->path_before[0] != '\0')
		text_buffer_printf(&value, ":%s", u->path_before);
	text_buffer_add(out, "Environment=");
	unit_words_add_quoted(out, memory, true);
	text_buffer_add(out, "\n");
	out->cut = out->cut || value.cut;
}

/* Every line that starts a program is said again, for a list cannot be changed in its middle. */
static void write_exec(
	const struct wrap_place *place, const struct systemd_unit *u, struct text_buffer *out)
{
	text_buffer_add(out, "ExecStart=\n");
	for (unsigned i = 0; i < u->before_count; i++) {
		const struct systemd_unit_exec *e = &u->before[i];
		const char *slash = strrchr(e->program, '/');
		bool wrapped = strcmp(slash ? slash + 1 : e->program, "tcpd") == 0;
		if (wrapped)
			text_buffer_printf(
				out, "ExecStart=%s%s%s\n", e->prefix, place->tcpd, e->rest);
		else
			text_buffer_printf(out, "ExecStart=%s\n", e->value);
	}
}

void wrap_drop_in_write(
	const struct wrap_place *place, const struct wrap_way *way, struct text_buffer *out)
{
	text_buffer_printf(out, FIRST_LINE " %s'; 'knockwatch wrap disable %s' takes it away.\n",
		way->name, way->name);
	text_buffer_add(out, "[Service]\n");
	if (way->how == WRAP_TCPD)
		write_exec(place, way->unit, out);
	else
		write_environment(place, way->unit, out);
	text_buffer_printf(out, SUM_LINE "%016" PRIx64 "\n", sum_of(out->text, out->used));
}

bool wrap_drop_in_is_ours(const char *text)
{
	char wanted[sizeof SUM_LINE + 18];
	const char *last = NULL;
	if (strncmp(text, FIRST_LINE, sizeof FIRST_LINE - 1) != 0)
		return false;
	for (const char *at = text; (at = strstr(at, "\n" SUM_LINE)) != NULL; at++)
		last = at + 1;
	if (last == NULL)
		return false;
	snprintf(wanted, sizeof wanted, SUM_LINE "%016" PRIx64 "\n",
		sum_of(text, (size_t)(last - text)));
	return strcmp(last, wanted) == 0;
}

/* --- file --- */

enum wrap_drop_in_state wrap_drop_in_read(const char *path, char *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? WRAP_DROP_IN_NONE
							   : WRAP_DROP_IN_UNREADABLE;
	ssize_t n = read(fd, text, WRAP_DROP_IN_TEXT - 1);
	int fault = errno;
	close(fd);
	errno = fault;
	if (n < 0)
		return WRAP_DROP_IN_UNREADABLE;
	text[n] = '\0';
	return strlen(text) == (size_t)n && wrap_drop_in_is_ours(text) ? WRAP_DROP_IN_OURS
								       : WRAP_DROP_IN_CHANGED;
}

static bool write_text(void *context, int fd)
{
	const char *text = context;
	size_t left = strlen(text);
	while (left > 0) {
		ssize_t n = write(fd, text, left);
		if (n < 0 && errno != EINTR)
			return false;
		text += n > 0 ? n : 0;
		left -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

/* The directory of the file, in `out`. */
static const char *split(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	snprintf(out, PATH_MAX, "%.*s", (int)(slash - path), path);
	return slash + 1;
}

bool wrap_drop_in_put(const char *path, const char *text)
{
	char directory[PATH_MAX];
	const char *name = split(path, directory);
	bool made = mkdir(directory, 0755) == 0;
	if (!made && errno != EEXIST)
		return false;
	if (file_replace(directory, name, 0644, write_text, (void *)(uintptr_t)text))
		return true;
	int fault = errno;
	if (made)
		rmdir(directory);
	errno = fault;
	return false;
}

bool wrap_drop_in_remove(const char *path)
{
	char directory[PATH_MAX];
	split(path, directory);
	if (unlink(path) < 0)
		return false;
	rmdir(directory); /* if it is empty; else it stays */
	return true;
}
