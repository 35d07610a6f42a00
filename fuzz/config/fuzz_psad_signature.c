/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as psad's signature file: every rule is converted or refused with a reason, and all
 * that is converted loads together as a signature file.
 */
#include "detect/psad_signature_file.h"
#include "detect/signature_file.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
	char yaml[1 << 18];
	struct text_buffer text;
	unsigned items, refusals;
};

static void hear_item(void *context, const char *yaml)
{
	struct heard *heard = context;
	heard->items++;
	text_buffer_add(&heard->text, yaml);
}

static void hear_note(
	void *context, unsigned line, enum psad_signature_result result, const char *note)
{
	struct heard *heard = context;
	assert(line > 0 && note[0] && strlen(note) < PSAD_SIGNATURE_NOTE_MAX);
	for (const char *c = note; *c; c++)
		assert(*c >= 0x20 && *c <= 0x7e);
	heard->refusals += result == PSAD_SIGNATURE_REFUSED;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct heard heard;
	struct psad_signature_file_sink sink = {hear_item, hear_note, &heard};
	struct config_faults faults;
	heard.text = text_buffer_over(heard.yaml, sizeof heard.yaml);
	heard.items = heard.refusals = 0;
	struct psad_signature_file_counts counts =
		psad_signature_file_convert((struct text_slice){(const char *)data, size}, &sink);
	assert(counts.rules == counts.converted + counts.refused);
	assert(counts.converted == heard.items && counts.refused == heard.refusals);
	if (heard.text.cut || counts.converted > SIGNATURE_SET_MAX)
		return 0;
	struct signature_set *set = signature_set_create();
	config_faults_init(&faults);
	assert(signature_file_load_text("out", heard.yaml, heard.text.used, set, &faults));
	assert(signature_set_count(set) == counts.converted);
	signature_set_destroy(set);
	return 0;
}
