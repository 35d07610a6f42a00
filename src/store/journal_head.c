/* SPDX-License-Identifier: ISC */
#include "store/journal_head.h"

#include "event/json_field.h"
#include "event/json_head.h"
#include "store/journal_lines.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* `file` is one that no other such event of the same time names. */
static void start(struct json_line *line, struct wall_time now, const char *host, uint64_t first,
	const char *file)
{
	char memory[128];
	struct text_buffer facts = text_buffer_over(memory, sizeof memory);
	text_buffer_add_number(&facts, first);
	text_buffer_add(&facts, " ");
	text_buffer_add(&facts, file);
	json_line_start(line);
	json_head_put_facts(line, now, host, "chain", &facts);
	json_line_open_object(line, "chain");
}

static void end(struct json_line *line, uint64_t first)
{
	json_line_put_count(line, "first", first);
	json_line_close(line);
	json_line_close(line);
}

void journal_head_write(struct json_line *line, const struct journal_head *head,
	struct wall_time now, const char *host)
{
	start(line, now, host, head->first, head->file);
	if (head->file[0] != '\0') {
		json_line_put_text(line, "file", head->file);
		json_line_put_count(line, "events", head->events);
		json_line_put_word(line, "prev", journal_hash_to_text(&head->prev).text);
		json_line_put_word(line, "head", journal_hash_to_text(&head->head).text);
	}
	end(line, head->first);
}

void journal_head_write_deletion(struct json_line *line, const struct journal_file_name *names,
	size_t count, uint64_t first, struct wall_time now, const char *host)
{
	assert(count >= 1);
	start(line, now, host, first, names[0].text);
	json_line_open_list(line, "deleted");
	for (size_t i = 0; i < count; i++)
		json_line_put_word(line, NULL, names[i].text);
	json_line_close(line);
	end(line, first);
}

static bool get_hash(const json_t *object, const char *key, struct journal_hash *out)
{
	const char *text = json_field_text(object, key);
	return text != NULL && strlen(text) == JOURNAL_HASH_DIGITS &&
	       journal_hash_parse(text, JOURNAL_HASH_DIGITS, out);
}

static bool read_chain(const json_t *root, struct journal_head *out)
{
	const json_t *chain = json_object_get(root, "chain");
	const char *type = json_field_text(root, "event_type");
	const char *file = json_field_text(chain, "file");
	uint32_t day;
	bool packed;
	if (type == NULL || strcmp(type, "chain") != 0)
		return false;
	out->first = json_field_count(chain, "first");
	if (file == NULL)
		return true;
	if (!journal_file_name_parse(file, &day, &packed))
		return false;
	snprintf(out->file, sizeof out->file, "%s", file);
	out->events = json_field_count(chain, "events");
	return get_hash(chain, "prev", &out->prev) && get_hash(chain, "head", &out->head);
}

bool journal_head_read(const struct journal_record *r, struct journal_head *out)
{
	*out = (struct journal_head){.file = ""};
	if (!r->is_chain_event)
		return false;
	json_t *root = json_loadb(r->line, r->length, 0, NULL);
	bool good = root != NULL && read_chain(root, out);
	json_decref(root);
	return good;
}

bool journal_head_read_file(
	int directory, const struct journal_file *file, struct journal_head *out)
{
	struct journal_record r;
	const char *line;
	size_t length;
	int fd = journal_files_open(directory, file);
	if (fd < 0)
		return false;
	struct journal_lines *l = journal_lines_create(fd, file->packed);
	bool good = journal_lines_next(l, &line, &length) == JOURNAL_LINES_LINE &&
		    journal_record_read(line, length, &r) && journal_head_read(&r, out);
	journal_lines_destroy(l);
	return good;
}
