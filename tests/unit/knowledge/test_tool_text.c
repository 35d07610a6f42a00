/* SPDX-License-Identifier: ISC */
#include "knowledge/tool_text.h"

#include "knowledge/knowledge_table.h"
#include "text_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_tool_an_incident_names_is_told(void **state)
{
	(void)state;
	static const char *const names[] = {
		"nmap", "masscan", "zmap", "hping", "mirai", "unicornscan", "6000-256"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const struct tool_text *text = tool_text_of(names[i]);
		if (text == NULL)
			fail_msg("%s: got nothing, wanted a text", names[i]);
		assert_string_equal(text->name, names[i]);
	}
}

static void every_text_is_bounded(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < knowledge_table_tools_count; i++) {
		const struct tool_text *text = &knowledge_table_tools[i];
		faults += text_rules_check_name(text->name, text->name, 20, "-.");
		faults += text_rules_check_sentences(text->name, text->what, TOOL_TEXT_LENGTH, 2);
		faults += text_rules_check_sentences(text->name, text->means, TOOL_TEXT_LENGTH, 2);
	}
	assert_int_equal(faults, 0);
}

static void unknown_names_have_no_text(void **state)
{
	(void)state;
	assert_null(tool_text_of(NULL));
	assert_null(tool_text_of(""));
	assert_null(tool_text_of("nma"));
	assert_null(tool_text_of("NMAP"));
	assert_null(tool_text_of("nmap "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_tool_an_incident_names_is_told),
		cmocka_unit_test(every_text_is_bounded),
		cmocka_unit_test(unknown_names_have_no_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
