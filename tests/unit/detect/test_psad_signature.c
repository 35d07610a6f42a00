/* SPDX-License-Identifier: ISC */
#include "detect/psad_signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TAIL "sid:7; classtype:misc;)"
#define SUMMARY "  summary: \"A signature of psad, class misc\"\n"

static enum psad_signature_result convert(const char *line, char *yaml, char *note)
{
	struct text_buffer yaml_buffer = text_buffer_over(yaml, PSAD_SIGNATURE_YAML_MAX);
	struct text_buffer note_buffer = text_buffer_over(note, PSAD_SIGNATURE_NOTE_MAX);
	uint32_t id = 0;
	enum psad_signature_result result =
		psad_signature_convert(text_slice_of(line), &yaml_buffer, &note_buffer, &id);
	assert_int_equal(result == PSAD_SIGNATURE_CONVERTED, id != 0);
	return result;
}

static void rules_become_items(void **state)
{
	static const struct {
		const char *line, *wanted, *note;
	} rows[] = {
		{"alert tcp $EXTERNAL_NET !80 -> $HOME_NET 99 (msg:\"A b\"; flags:S; "
		 "psad_id:100900; "
		 "psad_dl:3; reference:cve,1999-0001; " TAIL,
			"- id: \"100900\"\n  name: \"A b\"\n  level: \"3\"\n  proto: \"tcp\"\n"
			"  src_ports: [\"!80\"]\n  dst_ports: [\"99\"]\n  flags: \"S\"\n"
			"  reference: \"https://nvd.nist.gov/vuln/detail/CVE-1999-0001\"\n" SUMMARY,
			""},
		{"alert udp any 1:5 -> any [7,:9,99:] (msg:\"p\"; psad_dsize:>4; " TAIL,
			"- id: \"7\"\n  name: \"p\"\n  level: \"2\"\n  proto: \"udp\"\n"
			"  src_ports: [\"1-5\"]\n  dst_ports: [\"7\", \"0-9\", \"99-65535\"]\n"
			"  payload: \">4\"\n" SUMMARY,
			""},
		{"alert icmp any any -> any any (msg:\"i\"; itype:8; icmp_seq:0; ttl:3<>9; "
		 "id:5; " TAIL,
			"- id: \"7\"\n  name: \"i\"\n  level: \"2\"\n  proto: \"icmp\"\n"
			"  itype: \"8\"\n  icmp_seq: \"0\"\n  ttl: \"3-9\"\n  ip_id: "
			"\"5\"\n" SUMMARY,
			""},
		{"alert tcp $HOME_NET 31 -> $EXTERNAL_NET any (msg:\"o\"; flags:SA+; " TAIL,
			"- id: \"7\"\n  name: \"o\"\n  level: \"2\"\n  proto: \"tcp\"\n"
			"  direction: \"out\"\n  src_ports: [\"31\"]\n  flags: \"SA/SA\"\n" SUMMARY,
			""},
		{"alert tcp any any <> $HTTP_SERVERS $HTTP_PORTS (msg:\"q\\\"\\;\"; flags:0; " TAIL,
			"- id: \"7\"\n  name: \"q\\\";\"\n  level: \"2\"\n  proto: \"tcp\"\n"
			"  dst_ports: [\"80\"]\n  flags: \"none\"\n" SUMMARY,
			"both directions (<>) read as ->; any host stands for $HTTP_SERVERS"},
		{"alert ip any any -> [192.0.2.0/24,198.51.100.7] any (msg:\"r\"; "
		 "ipopts:lsrre; " TAIL,
			"- id: \"7\"\n  name: \"r\"\n  level: \"2\"\n  proto: \"ip\"\n"
			"  dst: [\"192.0.2.0/24\", \"198.51.100.7\"]\n"
			"  ip_options: \"lsrr\"\n" SUMMARY,
			""},
		{"alert ip any any -> any any (msg:\"s\"; sameip; reference:url,example.net/a; "
		 "reference:bugtraq,1; " TAIL,
			"- id: \"7\"\n  name: \"s\"\n  level: \"2\"\n  proto: \"ip\"\n"
			"  same_ip: \"true\"\n  reference: \"http://example.net/a\"\n" SUMMARY,
			""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char yaml[PSAD_SIGNATURE_YAML_MAX], note[PSAD_SIGNATURE_NOTE_MAX];
		enum psad_signature_result result = convert(rows[i].line, yaml, note);
		if (result != PSAD_SIGNATURE_CONVERTED || strcmp(yaml, rows[i].wanted) != 0 ||
			strcmp(note, rows[i].note) != 0)
			fail_msg("%s\ngot    %s(%s)\nwanted %s(%s)", rows[i].line, yaml, note,
				rows[i].wanted, rows[i].note);
	}
}

static void what_cannot_come_over_is_refused_with_the_reason(void **state)
{
#define HEAD "alert tcp any any -> any any (msg:\"m\"; "
	static const struct {
		const char *line, *note;
	} rows[] = {
		{HEAD "content:\"x\"; " TAIL, "no counterpart for the option: content"},
		{HEAD "flags:!S; " TAIL, "\"flags\" must be letters of FSRPAUEC or none, with a "
					 "mask such as S/SAFR, not "
					 "\"!S\""},
		{HEAD "ipopts:eol; " TAIL, "no counterpart for ipopts: eol"},
		{HEAD "window:70000; " TAIL, "\"window\" must be a number from 0 to 65535, or n-m, "
					     "\">n\", \"<n\", \"!n\", "
					     "not \"70000\""},
		{HEAD TAIL, "\"name\" stands alone: a signature needs a condition"},
		{HEAD "ttl:1; ttl:2; " TAIL, "\"ttl\" stands here a second time (first in line 5)"},
		{"alert tcp !$HOME_NET any -> any 5 (msg:\"m\"; " TAIL,
			"no counterpart for these addresses: !$HOME_NET"},
		{"alert tcp $MY_NET any -> any 5 (msg:\"m\"; " TAIL, "unknown variable: $MY_NET"},
		{"alert tcp any $MY_PORTS -> any 5 (msg:\"m\"; " TAIL,
			"unknown variable: $MY_PORTS"},
		{"log tcp any any -> any 5 (msg:\"m\"; " TAIL, "not an alert rule: log"},
		{"alert tcp any any to any 5 (msg:\"m\"; " TAIL,
			"no arrow between source and destination: to"},
		{"alert tcp any any -> any 5", "not a rule (action protocol source port -> "
					       "destination port (...))"},
		{"alert tcp any any -> any 5 (msg:\"m\";)",
			"\"id\" must be a number from 0 to 4294967295, not \"\""},
		{"alert tcp any any -> any 5 (sid:7;)",
			"\"name\" must be a text of at least 1 bytes, not \"\""},
		{"alert tcp any any -> any 5 (msg:\"m\"; psad_dl:9; " TAIL,
			"\"level\" must be 0 to 5"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char yaml[PSAD_SIGNATURE_YAML_MAX], note[PSAD_SIGNATURE_NOTE_MAX];
		enum psad_signature_result result = convert(rows[i].line, yaml, note);
		if (result != PSAD_SIGNATURE_REFUSED || strcmp(note, rows[i].note) != 0)
			fail_msg("%s\ngot    %d %s\nwanted %s", rows[i].line, (int)result, note,
				rows[i].note);
	}
}

static void remarks_and_empty_lines_are_nothing(void **state)
{
	char yaml[PSAD_SIGNATURE_YAML_MAX], note[PSAD_SIGNATURE_NOTE_MAX];
	(void)state;
	assert_int_equal(convert("", yaml, note), PSAD_SIGNATURE_BLANK);
	assert_int_equal(convert("  \t\r", yaml, note), PSAD_SIGNATURE_BLANK);
	assert_int_equal(
		convert("# alert tcp any any -> any 5 (sid:1;)", yaml, note), PSAD_SIGNATURE_BLANK);
}

static void a_rule_cannot_smuggle_keys_into_the_item(void **state)
{
	char yaml[PSAD_SIGNATURE_YAML_MAX], note[PSAD_SIGNATURE_NOTE_MAX];
	(void)state;
	convert("alert tcp any any -> any 5 (msg:\"m\"; classtype:x\"\n  alone: true\n; sid:7;)",
		yaml, note);
	assert_null(strstr(yaml, "\n  alone"));
	convert("alert tcp any any -> any 5\"]\n  alone:_true (msg:\"m\"; sid:7;)", yaml, note);
	assert_null(strstr(yaml, "\n  alone"));
}

static void a_rule_longer_than_the_bound_is_refused(void **state)
{
	static char line[PSAD_SIGNATURE_LINE_MAX + 2];
	char yaml[PSAD_SIGNATURE_YAML_MAX], note[PSAD_SIGNATURE_NOTE_MAX];
	(void)state;
	memset(line, 'a', sizeof line - 1);
	assert_int_equal(convert(line, yaml, note), PSAD_SIGNATURE_REFUSED);
	assert_string_equal(note, "longer than a rule may be (8192 bytes)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_become_items),
		cmocka_unit_test(what_cannot_come_over_is_refused_with_the_reason),
		cmocka_unit_test(remarks_and_empty_lines_are_nothing),
		cmocka_unit_test(a_rule_cannot_smuggle_keys_into_the_item),
		cmocka_unit_test(a_rule_longer_than_the_bound_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
