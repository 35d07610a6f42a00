/* SPDX-License-Identifier: ISC */
#include "detect/psad_signature_file.h"

#include "detect/signature_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct heard {
	char yaml[4096];
	char notes[1024];
	struct text_buffer yaml_text, notes_text;
};

static void hear_item(void *context, const char *yaml)
{
	struct heard *heard = context;
	text_buffer_add(&heard->yaml_text, yaml);
}

static void hear_note(
	void *context, unsigned line, enum psad_signature_result result, const char *note)
{
	struct heard *heard = context;
	text_buffer_printf(&heard->notes_text, "%u%c %s\n", line,
		result == PSAD_SIGNATURE_REFUSED ? '!' : ' ', note);
}

static void a_whole_file_is_accounted_for_and_loads(void **state)
{
	static const char text[] =
		"# my rules\n"
		"\n"
		"alert tcp any any -> any 99 (msg:\"a\"; sid:1;)\n"
		"alert tcp any any <> any 98 (msg:\"b\"; sid:2;)\r\n"
		"alert tcp any any -> any 97 (msg:\"c\"; content:\"x\"; sid:3;)\n"
		"alert tcp any any -> any 96 (msg:\"d\"; sid:1;)\n"
		"alert udp any any -> any 95 (msg:\"e\"; sid:5;)";
	struct heard heard;
	struct psad_signature_file_sink sink = {hear_item, hear_note, &heard};
	struct config_faults faults;
	struct signature_set *set = signature_set_create();
	(void)state;
	heard.yaml_text = text_buffer_over(heard.yaml, sizeof heard.yaml);
	heard.notes_text = text_buffer_over(heard.notes, sizeof heard.notes);
	struct psad_signature_file_counts counts =
		psad_signature_file_convert(text_slice_of(text), &sink);
	assert_int_equal(counts.rules, 5);
	assert_int_equal(counts.converted, 3);
	assert_int_equal(counts.noted, 1);
	assert_int_equal(counts.refused, 2);
	assert_string_equal(heard.notes, "4  both directions (<>) read as ->\n"
					 "5! no counterpart for the option: content\n"
					 "6! the id 1 stood before\n");
	config_faults_init(&faults);
	assert_true(
		signature_file_load_text("out", heard.yaml, heard.yaml_text.used, set, &faults));
	assert_int_equal(signature_set_count(set), 3);
	signature_set_destroy(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_file_is_accounted_for_and_loads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
