/* SPDX-License-Identifier: ISC */
#include "event/exec_json.h"

#include "event/json_head.h"

/* Process, time and program: two starts of one process in one microsecond do not happen. */
static struct event_id make_id(const struct exec_event *e)
{
	struct {
		uint32_t pid, ppid, args_true;
		char exe[EXEC_PATH_MAX];
	} facts;
	memset(&facts, 0, sizeof facts);
	facts.pid = e->pid;
	facts.ppid = e->ppid;
	facts.args_true = e->args_true;
	memcpy(facts.exe, e->exe, strnlen(e->exe, sizeof facts.exe));
	return event_id_make(e->time, &facts, sizeof facts);
}

static void put_head(
	struct json_line *line, struct wall_time time, const struct event_id *id, const char *host)
{
	json_head_put(line, time, id, host, "exec");
	json_line_put_word(line, "origin", "kernel");
}

/* In a list of arguments each has its place, the empty one too. */
static void put_args(struct json_line *line, const struct exec_event *e)
{
	size_t at = 0;
	const char *arg;
	json_line_open_list(line, "args");
	while ((arg = exec_event_next_arg(e, &at)) != NULL)
		json_line_put_item(line, arg);
	json_line_close(line);
}

void exec_json_write(
	struct json_line *line, const struct exec_event *e, const struct exec_json_notes *notes)
{
	struct event_id id = make_id(e);
	json_line_start(line);
	put_head(line, e->time, &id, notes->host);
	json_line_open_object(line, "exec");
	json_line_put_count(line, "uid", e->uid);
	json_line_put_count(line, "euid", e->euid);
	if (e->auid != EXEC_NOBODY)
		json_line_put_count(line, "auid", e->auid);
	json_line_put_count(line, "pid", e->pid);
	if (e->ppid != 0)
		json_line_put_count(line, "ppid", e->ppid);
	json_line_put_text(line, "exe", e->exe);
	put_args(line, e);
	if (exec_event_is_cut(e))
		json_line_put_count(line, "cut", e->args_true);
	json_line_put_text(line, "cwd", e->cwd);
	json_line_put_text(line, "tty", e->tty);
	json_line_put_text(line, "parent", e->parent);
	json_line_put_text(line, "unit", e->unit);
	json_line_put_bool(line, "new", notes->is_new);
	json_line_put_word(line, "via", exec_via_name((enum exec_via)e->via));
	json_line_close(line);
	json_line_close(line);
}

void exec_json_write_held(
	struct json_line *line, const struct exec_json_held *held, const char *host)
{
	const char *who = held->unit != NULL && held->unit[0] ? held->unit : held->parent;
	struct event_id id = event_id_make(held->last, who, who != NULL ? strlen(who) : 0);
	json_line_start(line);
	put_head(line, held->last, &id, host);
	json_line_open_object(line, "exec");
	json_line_put_text(line, "exe", held->exe);
	json_line_put_text(line, "parent", held->parent);
	json_line_put_text(line, "unit", held->unit);
	json_line_put_count(line, "held", held->count);
	if (held->fresh > 0)
		json_line_put_count(line, "held_new", held->fresh);
	json_line_put_time(line, "first", held->first);
	json_line_put_time(line, "last", held->last);
	json_line_close(line);
	json_line_close(line);
}
