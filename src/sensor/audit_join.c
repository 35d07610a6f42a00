/* SPDX-License-Identifier: ISC */
#include "sensor/audit_join.h"

#include "sensor/audit_record.h"

#include <linux/audit.h>

void audit_join_clear(struct audit_join *j)
{
	memset(j, 0, sizeof *j);
}

static void set_text(char *out, size_t size, const struct audit_field *f)
{
	size_t length = audit_field_text(f, out, size - 1);
	out[length < size ? length : size - 1] = '\0';
}

static bool is_name(const struct audit_field *f, const char *name)
{
	return text_slice_equals(f->name, name);
}

static void take_call(struct audit_join_open *o, struct audit_record *r)
{
	struct audit_field f;
	struct exec_event *e = &o->event;
	o->has_call = true;
	while (audit_record_next(r, &f)) {
		struct {
			const char *name;
			uint32_t *out;
		} numbers[] = {{"ppid", &e->ppid}, {"pid", &e->pid}, {"auid", &e->auid},
			{"uid", &e->uid}, {"euid", &e->euid}};
		for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
			if (is_name(&f, numbers[i].name))
				(void)audit_field_number(&f, numbers[i].out);
		}
		if (is_name(&f, "success"))
			o->failed = text_slice_equals(f.value, "no");
		else if (is_name(&f, "exe"))
			set_text(e->exe, sizeof e->exe, &f);
		else if (is_name(&f, "tty") && !text_slice_equals(f.value, "(none)"))
			set_text(e->tty, sizeof e->tty, &f);
	}
}

/* "a12", "a12[3]", "a12_len": true for the first two, with the numbers; `piece` is -1 for the first. */
static bool read_place(struct text_slice name, uint32_t *arg, int64_t *piece)
{
	uint64_t numbers[2] = {0, 0};
	unsigned n = 0;
	bool digits = false;
	for (size_t i = 1; i < name.length; i++) {
		char c = name.start[i];
		if (c >= '0' && c <= '9' && numbers[n] < UINT32_MAX) {
			numbers[n] = numbers[n] * 10 + (uint64_t)(c - '0');
			digits = true;
		} else if (c == '[' && n == 0 && digits) {
			n = 1;
			digits = false;
		} else if (c == ']' && n == 1 && digits && i + 1 == name.length) {
			break;
		} else {
			return false;
		}
	}
	*arg = (uint32_t)numbers[0];
	*piece = n == 1 ? (int64_t)numbers[1] : -1;
	return digits && name.length > 1 && name.start[0] == 'a' && numbers[0] <= UINT32_MAX;
}

/* Bytes behind the block are counted and not kept. */
static void add_bytes(struct exec_event *e, const struct audit_field *f)
{
	size_t room = EXEC_ARGS_MAX - e->args_size;
	size_t length = audit_field_text(f, e->args + e->args_size, room);
	e->args_size += (uint32_t)(length < room ? length : room);
	e->args_true += (uint32_t)length;
}

static void end_arg(struct audit_join_open *o)
{
	struct exec_event *e = &o->event;
	if (!o->in_arg)
		return;
	o->in_arg = false;
	o->next++;
	e->args_true++;
	if (e->args_size < EXEC_ARGS_MAX)
		e->args[e->args_size++] = '\0';
}

static void take_args(struct audit_join_open *o, struct audit_record *r)
{
	struct audit_field f;
	uint32_t arg;
	int64_t piece;
	o->has_args = true;
	while (audit_record_next(r, &f)) {
		if (is_name(&f, "argc")) {
			(void)audit_field_number(&f, &o->wanted);
			continue;
		}
		if (!read_place(f.name, &arg, &piece))
			continue;
		if (piece <= 0 || arg != o->next)
			end_arg(o);
		if (arg != o->next) {
			o->gap = true;
			o->next = arg;
		}
		o->in_arg = true;
		add_bytes(&o->event, &f);
	}
}

static void take_directory(struct audit_join_open *o, struct audit_record *r)
{
	struct audit_field f;
	while (audit_record_next(r, &f)) {
		if (is_name(&f, "cwd"))
			set_text(o->event.cwd, sizeof o->event.cwd, &f);
	}
}

/* True if it was the start of a program by root. What is missing counts as cut. */
static bool finish(struct audit_join *j, struct audit_join_open *o, struct exec_event *out)
{
	struct exec_event *e = &o->event;
	bool whole = o->has_call && o->has_args;
	bool wanted = !o->failed && o->has_args && (!o->has_call || e->euid == 0);
	o->serial = 0;
	if (!wanted)
		return false;
	end_arg(o);
	e->args[e->args_size] = '\0';
	if ((o->gap || o->next < o->wanted) && !exec_event_is_cut(e))
		e->args_true = e->args_size + 1;
	if (!whole) {
		j->incomplete++;
		return false;
	}
	*out = *e;
	return true;
}

/* The start that this record belongs to; the oldest makes room for a new one. */
static struct audit_join_open *find(
	struct audit_join *j, uint64_t serial, struct exec_event *out, bool *done)
{
	struct audit_join_open *oldest = &j->open[0];
	for (unsigned i = 0; i < AUDIT_JOIN_OPEN_MAX; i++) {
		struct audit_join_open *o = &j->open[i];
		if (o->serial == serial)
			return o;
		if (o->serial < oldest->serial)
			oldest = o;
	}
	if (oldest->serial != 0)
		*done = finish(j, oldest, out);
	memset(oldest, 0, sizeof *oldest);
	oldest->serial = serial;
	oldest->event.auid = EXEC_NOBODY;
	oldest->event.via = EXEC_VIA_AUDIT;
	return oldest;
}

static bool is_ours(uint16_t type)
{
	return type == AUDIT_SYSCALL || type == AUDIT_EXECVE || type == AUDIT_CWD;
}

static bool end(struct audit_join *j, uint64_t serial, struct exec_event *out)
{
	for (unsigned i = 0; i < AUDIT_JOIN_OPEN_MAX; i++) {
		if (j->open[i].serial == serial)
			return finish(j, &j->open[i], out);
	}
	return false;
}

bool audit_join_take(
	struct audit_join *j, uint16_t type, const char *text, size_t size, struct exec_event *out)
{
	struct audit_record r;
	bool done = false;
	if (!is_ours(type) && type != AUDIT_EOE)
		return false;
	j->records++;
	if (!audit_record_read(text, size, &r) || r.serial == 0) {
		j->broken++;
		return false;
	}
	if (type == AUDIT_EOE)
		return end(j, r.serial, out);
	struct audit_join_open *o = find(j, r.serial, out, &done);
	o->event.time = r.time;
	if (type == AUDIT_SYSCALL)
		take_call(o, &r);
	else if (type == AUDIT_EXECVE)
		take_args(o, &r);
	else
		take_directory(o, &r);
	return done;
}
