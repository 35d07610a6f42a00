/* SPDX-License-Identifier: ISC */
#include "store/exec_list.h"

#include "base/memory.h"
#include "base/text_buffer.h"
#include "event/exec_shape.h"
#include "event/json_field.h"
#include "event/json_head.h"
#include "store/journal_files.h"
#include "store/journal_lines.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

enum { ARGS_SHOWN = 1024 };

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_field_text(object, key);
	return text != NULL ? text : "";
}

/* The arguments as exec_shape wants them. */
static void fill_args(const json_t *exec, struct exec_event *e)
{
	const json_t *args = json_object_get(exec, "args");
	e->args_size = 0;
	for (size_t i = 0; i < json_array_size(args); i++) {
		const char *arg = json_string_value(json_array_get(args, i));
		size_t n = arg != NULL ? strlen(arg) + 1 : 0;
		if (arg == NULL || n > EXEC_ARGS_MAX - e->args_size)
			break;
		memcpy(e->args + e->args_size, arg, n);
		e->args_size += (uint32_t)n;
	}
	e->args_true = e->args_size + (json_object_get(exec, "cut") != NULL);
	e->args[e->args_size] = '\0';
}

static char *line_of_args(const struct exec_event *e)
{
	char line[ARGS_SHOWN];
	struct text_buffer b = text_buffer_over(line, sizeof line);
	size_t at = 0;
	const char *arg;
	while ((arg = exec_event_next_arg(e, &at)) != NULL) {
		bool quoted = *arg == '\0' || strpbrk(arg, " \t\n'\"") != NULL;
		text_buffer_add(&b, b.used > 0 ? " " : "");
		text_buffer_printf(&b, quoted ? "'%s'" : "%s", arg);
	}
	if (exec_event_is_cut(e))
		text_buffer_add(&b, " ...");
	return memory_strdup(line);
}

/* For finding alone: equality is looked at text by text. */
static uint64_t hash_of(const char *const texts[4])
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (unsigned i = 0; i < 4; i++) {
		for (const char *c = texts[i]; *c != '\0'; c++)
			hash = (hash ^ (uint8_t)*c) * UINT64_C(0x100000001b3);
		hash = (hash ^ 0xff) * UINT64_C(0x100000001b3);
	}
	return hash;
}

static bool is_same(const struct exec_group *g, uint64_t hash, const char *const texts[4])
{
	return g->hash == hash && strcmp(g->unit, texts[0]) == 0 &&
	       strcmp(g->parent, texts[1]) == 0 && strcmp(g->exe, texts[2]) == 0 &&
	       strcmp(g->shape, texts[3]) == 0;
}

/* Null where there is no room for one more. */
static struct exec_group *find(struct exec_list *l, const char *const texts[4])
{
	uint64_t hash = hash_of(texts);
	for (size_t i = l->count; i-- > 0;) {
		if (is_same(&l->groups[i], hash, texts))
			return &l->groups[i];
	}
	if (l->count == EXEC_LIST_GROUPS)
		return NULL;
	if (l->groups == NULL)
		l->groups = memory_calloc(EXEC_LIST_GROUPS, sizeof *l->groups);
	struct exec_group *g = &l->groups[l->count++];
	*g = (struct exec_group){.hash = hash,
		.unit = memory_strdup(texts[0]),
		.parent = memory_strdup(texts[1]),
		.exe = memory_strdup(texts[2]),
		.shape = memory_strdup(texts[3])};
	return g;
}

static void add(
	struct exec_list *l, const json_t *exec, struct wall_time first, struct wall_time last)
{
	static struct exec_event e;
	bool is_sum = json_object_get(exec, "held") != NULL;
	uint64_t starts = is_sum ? json_field_count(exec, "held") : 1;
	uint64_t fresh = is_sum ? json_field_count(exec, "held_new")
				: json_is_true(json_object_get(exec, "new"));
	fill_args(exec, &e);
	struct exec_shape shape = exec_shape_of(&e);
	const char *texts[4] = {text_of(exec, "unit"), text_of(exec, "parent"),
		is_sum ? "" : text_of(exec, "exe"), is_sum ? "" : shape.text};
	struct exec_group *g = find(l, texts);
	l->starts += starts;
	l->fresh += fresh;
	if (g == NULL) {
		l->groupless += starts;
		return;
	}
	if (g->count == 0 || first.us < g->first.us)
		g->first = first;
	if (g->count == 0 || last.us >= g->last.us) {
		g->last = last;
		free(g->args);
		g->args = line_of_args(&e);
	}
	g->count += starts;
	g->fresh += fresh;
	g->counted += is_sum ? starts : 0;
}

bool exec_list_add_line(struct exec_list *l, const char *line, size_t length,
	struct wall_time since, struct wall_time until)
{
	struct wall_time first, last;
	if (!json_head_is_type(line, length, "exec"))
		return false;
	json_t *root = json_loadb(line, length, 0, NULL);
	const json_t *exec = json_object_get(root, "exec");
	bool good = exec != NULL && json_field_time(root, "timestamp", &last) &&
		    last.us >= since.us && (until.us == 0 || last.us < until.us);
	if (good) {
		if (!json_field_time(exec, "first", &first))
			first = last;
		add(l, exec, first, last);
	}
	json_decref(root);
	return good;
}

static void read_file(struct exec_list *l, int directory, const struct journal_file *file,
	struct wall_time since, struct wall_time until)
{
	const char *line;
	size_t length;
	int fd = journal_files_open(directory, file);
	if (fd < 0)
		return;
	struct journal_lines *lines = journal_lines_create(fd, file->packed);
	while (journal_lines_next(lines, &line, &length) == JOURNAL_LINES_LINE)
		(void)exec_list_add_line(l, line, length, since, until);
	journal_lines_destroy(lines);
}

static int later_first(const void *a, const void *b)
{
	const struct exec_group *x = a, *y = b;
	return (x->last.us < y->last.us) - (x->last.us > y->last.us);
}

bool exec_list_read(const char *state, struct wall_time since, struct wall_time until,
	struct exec_list *out, struct store_error *error)
{
	struct journal_files files;
	int64_t first_day = wall_time_seconds(since) / 86400;
	*out = (struct exec_list){0};
	int directory = journal_files_open_directory(state, false, error);
	if (directory < 0)
		return false;
	if (!journal_files_list(directory, &files)) {
		store_error_set(error, STORE_TROUBLE_OTHER, state, "the journal cannot be listed");
		close(directory);
		return false;
	}
	/* A clock that was set back may have left older times in a newer file, never the reverse by more than a day. */
	for (size_t i = 0; i < files.count; i++) {
		if ((int64_t)files.items[i].day >= first_day)
			read_file(out, directory, &files.items[i], since, until);
	}
	journal_files_clear(&files);
	close(directory);
	if (out->count > 0)
		qsort(out->groups, out->count, sizeof *out->groups, later_first);
	return true;
}

void exec_list_clear(struct exec_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->groups[i].unit);
		free(l->groups[i].parent);
		free(l->groups[i].exe);
		free(l->groups[i].shape);
		free(l->groups[i].args);
	}
	free(l->groups);
	*l = (struct exec_list){0};
}
