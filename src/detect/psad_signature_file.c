/* SPDX-License-Identifier: ISC */
#include "detect/psad_signature_file.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Ids already handed out. Files have hundreds, so looking through them all is cheap. */
struct ids {
	uint32_t *items;
	unsigned count, room;
};

static bool ids_add(struct ids *ids, uint32_t id)
{
	for (unsigned i = 0; i < ids->count; i++) {
		if (ids->items[i] == id)
			return false;
	}
	if (ids->count == ids->room) {
		ids->room = ids->room ? 2 * ids->room : 256;
		ids->items = memory_realloc(ids->items, ids->room * sizeof ids->items[0]);
	}
	ids->items[ids->count++] = id;
	return true;
}

static void convert_line(struct text_slice line, unsigned number, struct ids *ids,
	const struct psad_signature_file_sink *sink, struct psad_signature_file_counts *counts)
{
	char yaml_memory[PSAD_SIGNATURE_YAML_MAX], note_memory[PSAD_SIGNATURE_NOTE_MAX];
	struct text_buffer yaml = text_buffer_over(yaml_memory, sizeof yaml_memory);
	struct text_buffer note = text_buffer_over(note_memory, sizeof note_memory);
	uint32_t id = 0;
	enum psad_signature_result result = psad_signature_convert(line, &yaml, &note, &id);
	if (result == PSAD_SIGNATURE_BLANK)
		return;
	if (result == PSAD_SIGNATURE_CONVERTED && !ids_add(ids, id)) {
		result = PSAD_SIGNATURE_REFUSED;
		note = text_buffer_over(note_memory, sizeof note_memory);
		text_buffer_printf(&note, "the id %u stood before", id);
	}
	counts->rules++;
	if (result == PSAD_SIGNATURE_CONVERTED) {
		counts->converted++;
		counts->noted += note.used > 0;
		sink->item(sink->context, yaml.text);
	} else {
		counts->refused++;
	}
	if (note.used)
		sink->note(sink->context, number, result, note.text);
}

struct psad_signature_file_counts psad_signature_file_convert(
	struct text_slice text, const struct psad_signature_file_sink *sink)
{
	struct psad_signature_file_counts counts = {0};
	struct ids ids = {0};
	for (unsigned number = 1; text.length; number++) {
		const char *end = memchr(text.start, '\n', text.length);
		size_t length = end ? (size_t)(end - text.start) : text.length;
		size_t taken = end ? length + 1 : length;
		convert_line((struct text_slice){text.start, length}, number, &ids, sink, &counts);
		text = (struct text_slice){text.start + taken, text.length - taken};
	}
	free(ids.items);
	return counts;
}
