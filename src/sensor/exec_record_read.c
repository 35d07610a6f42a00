/* SPDX-License-Identifier: ISC */
#include "sensor/exec_record_read.h"

#include "base/byte_cursor.h"
#include "base/text_buffer.h"
#include "bpf/exec_record.h"
#include "sensor/unit_name.h"

_Static_assert(EXEC_RECORD_ARGS == EXEC_ARGS_MAX, "the hook and the event keep as much");

/* Where the component that ends (with its NUL) at `end` begins. */
static size_t component_start(const char *parts, size_t end)
{
	size_t start = end - 1;
	while (start > 0 && parts[start - 1] != '\0')
		start--;
	return start;
}

/* The last component stands first; `parts` end in a NUL. */
static void build_path(const uint8_t *bytes, size_t size, bool cut, char *out, size_t room)
{
	const char *parts = (const char *)bytes;
	struct text_buffer path = text_buffer_over(out, room);
	if (size == 0 || parts[size - 1] != '\0')
		return;
	if (cut)
		text_buffer_add(&path, "...");
	for (size_t end = size; end > 0;) {
		size_t start = component_start(parts, end);
		text_buffer_add(&path, "/");
		text_buffer_add_bytes(&path, parts + start, end - 1 - start);
		end = start;
	}
}

/* A path without components is the root itself. */
static void read_path(const uint8_t *bytes, size_t size, bool cut, char *out, size_t room)
{
	if (size == 0 && !cut)
		memcpy(out, "/", 2);
	else
		build_path(bytes, size, cut, out, room);
}

static void read_exe(const uint8_t *bytes, const struct exec_record *r, char *out, size_t room)
{
	build_path(bytes, r->exe_size, r->flags & EXEC_RECORD_EXE_CUT, out, room);
	if (r->flags & EXEC_RECORD_EXE_DELETED) {
		size_t used = strlen(out);
		struct text_buffer end = text_buffer_over(out + used, room - used);
		text_buffer_add(&end, " (deleted)");
	}
}

static void copy_text(char *out, size_t room, const char *text, size_t size)
{
	size_t length = strnlen(text, size < room ? size : room - 1);
	memcpy(out, text, length);
	out[length] = '\0';
}

bool exec_record_read(
	const void *bytes, size_t size, int64_t wall_minus_monotonic_us, struct exec_event *out)
{
	struct byte_cursor c = byte_cursor_over(bytes, size);
	struct exec_record r;
	char group[EXEC_PATH_MAX];
	const uint8_t *head = byte_cursor_take(&c, sizeof r);
	if (head == NULL)
		return false;
	memcpy(&r, head, sizeof r);
	const uint8_t *exe = byte_cursor_take(&c, r.exe_size),
		      *cwd = byte_cursor_take(&c, r.cwd_size),
		      *unit = byte_cursor_take(&c, r.group_size),
		      *args = byte_cursor_take(&c, r.args_size);
	if (c.failed || r.args_size > EXEC_ARGS_MAX || r.args_size > r.args_true)
		return false;
	out->time.us = (int64_t)(r.time_ns / 1000) + wall_minus_monotonic_us;
	out->uid = r.uid;
	out->euid = r.euid;
	out->auid = r.auid;
	out->pid = r.pid;
	out->ppid = r.ppid;
	out->via = EXEC_VIA_HOOK;
	out->args_true = r.args_true;
	out->args_size = r.args_size;
	memcpy(out->args, args, r.args_size);
	out->args[r.args_size] = '\0';
	read_exe(exe, &r, out->exe, sizeof out->exe);
	read_path(cwd, r.cwd_size, r.flags & EXEC_RECORD_CWD_CUT, out->cwd, sizeof out->cwd);
	build_path(unit, r.group_size, r.flags & EXEC_RECORD_GROUP_CUT, group, sizeof group);
	unit_name_of_group(group, out->unit);
	copy_text(out->tty, sizeof out->tty, r.tty, sizeof r.tty);
	copy_text(out->parent, sizeof out->parent, r.parent, sizeof r.parent);
	return true;
}
