/* SPDX-License-Identifier: ISC */
#include "sensor/proc_facts.h"

#include "base/text_buffer.h"
#include "base/text_slice.h"
#include "sensor/unit_name.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { PATH_SIZE = 64, TEXT_SIZE = 4096 };

static void make_path(char out[PATH_SIZE], uint32_t pid, const char *name)
{
	snprintf(out, PATH_SIZE, "/proc/%u/%s", pid, name);
}

/* Reads a file into `out`, with a NUL behind it; -1 if it cannot be read. */
static ssize_t read_file(uint32_t pid, const char *name, char *out, size_t size)
{
	char path[PATH_SIZE];
	size_t used = 0;
	ssize_t got = 1;
	make_path(path, pid, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while (used < size - 1 && (got = read(fd, out + used, size - 1 - used)) > 0)
		used += (size_t)got;
	close(fd);
	out[used] = '\0';
	return got < 0 ? -1 : (ssize_t)used;
}

static void read_link(uint32_t pid, const char *name, char *out, size_t size)
{
	char path[PATH_SIZE];
	make_path(path, pid, name);
	ssize_t got = readlink(path, out, size - 1);
	out[got > 0 ? got : 0] = '\0';
}

/* The first `count` numbers behind "Name:" in a status. */
static bool find_numbers(const char *text, const char *name, unsigned count, uint32_t *out)
{
	const char *at = strstr(text, name);
	if (at == NULL)
		return false;
	at += strlen(name);
	for (unsigned i = 0; i < count; i++) {
		char *end;
		out[i] = (uint32_t)strtoul(at, &end, 10);
		if (end == at)
			return false;
		at = end;
	}
	return true;
}

bool proc_facts_read_ids(uint32_t pid, struct exec_event *out)
{
	char text[TEXT_SIZE];
	uint32_t ids[2];
	if (read_file(pid, "status", text, sizeof text) <= 0 ||
		!find_numbers(text, "\nUid:", 2, ids) ||
		!find_numbers(text, "\nPPid:", 1, &out->ppid))
		return false;
	out->pid = pid;
	out->uid = ids[0];
	out->euid = ids[1];
	return true;
}

void proc_facts_tty_name(uint32_t number, char out[EXEC_TTY_MAX])
{
	unsigned first = major(number), second = minor(number);
	out[0] = '\0';
	if (first >= 136 && first <= 143) /* devices.txt of Linux */
		snprintf(out, EXEC_TTY_MAX, "pts%u", second + (first - 136) * 256);
	else if (first == 4 && second < 64)
		snprintf(out, EXEC_TTY_MAX, "tty%u", second);
	else if (first == 4)
		snprintf(out, EXEC_TTY_MAX, "ttyS%u", second - 64);
}

/* The seventh word of a stat; the second one is a name in brackets that may hold anything. */
static void read_tty(struct exec_event *out)
{
	char text[TEXT_SIZE];
	if (read_file(out->pid, "stat", text, sizeof text) <= 0)
		return;
	const char *at = strrchr(text, ')');
	unsigned number;
	if (at != NULL && sscanf(at, ") %*c %*d %*d %*d %u", &number) == 1)
		proc_facts_tty_name(number, out->tty);
}

static void read_args(struct exec_event *out)
{
	ssize_t got = read_file(out->pid, "cmdline", out->args, sizeof out->args);
	out->args_size = got > 0 ? (uint32_t)got : 0;
	/* A full block may have been longer: how much is not told. */
	out->args_true = out->args_size + (out->args_size == EXEC_ARGS_MAX);
}

void proc_facts_read_program(struct exec_event *out)
{
	char text[32];
	read_args(out);
	read_link(out->pid, "exe", out->exe, sizeof out->exe);
	read_link(out->pid, "cwd", out->cwd, sizeof out->cwd);
	read_tty(out);
	out->auid = EXEC_NOBODY;
	if (read_file(out->pid, "loginuid", text, sizeof text) > 0)
		out->auid = (uint32_t)strtoul(text, NULL, 10);
}

bool proc_facts_group_of(const char *text, size_t size, char *out, size_t out_size)
{
	static const char *const wanted[] = {"0::", ":name=systemd:"};
	bool found = false;
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		const char *at = memmem(text, size, wanted[i], strlen(wanted[i]));
		if (at == NULL)
			continue;
		at += strlen(wanted[i]);
		size_t left = size - (size_t)(at - text);
		const char *end = memchr(at, '\n', left);
		struct text_buffer b = text_buffer_over(out, out_size);
		text_buffer_add_bytes(&b, at, end != NULL ? (size_t)(end - at) : left);
		found = true;
		/* Beside the old hierarchies that of version 2 may be there and not in use. */
		if (strcmp(out, "/") != 0)
			break;
	}
	return found;
}

static bool read_unit(uint32_t pid, char out[EXEC_UNIT_MAX])
{
	char text[TEXT_SIZE], group[EXEC_PATH_MAX];
	ssize_t got = pid != 0 ? read_file(pid, "cgroup", text, sizeof text) : -1;
	if (got <= 0 || !proc_facts_group_of(text, (size_t)got, group, sizeof group))
		return false;
	unit_name_of_group(group, out);
	return true;
}

void proc_facts_read_origin(struct exec_event *out)
{
	out->parent[0] = '\0';
	if (out->ppid != 0 && read_file(out->ppid, "comm", out->parent, sizeof out->parent) > 0)
		out->parent[strcspn(out->parent, "\n")] = '\0';
	if (!read_unit(out->pid, out->unit))
		(void)read_unit(out->ppid, out->unit);
}
