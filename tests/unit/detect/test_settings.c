/* SPDX-License-Identifier: ISC */
#include "detect/settings.h"

#include "net/ip_proto.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool load(struct settings *s, const char *text, char *faults_text, size_t size)
{
	struct config_faults faults;
	struct text_buffer out = text_buffer_over(faults_text, size);
	config_faults_init(&faults);
	const struct config_part *const parts[] = {&settings_part};
	void *const options[] = {s};
	struct config_file *file = config_file_from_text("k.yaml", text, strlen(text), &faults);
	bool good = config_parts_load(parts, options, 1, file, NULL, &faults);
	config_file_close(file);
	for (unsigned i = 0; i < faults.count; i++) {
		config_fault_write(&faults.items[i], &out);
		text_buffer_add(&out, "\n");
	}
	assert_int_equal(good, faults.count == 0);
	config_faults_clear(&faults);
	return good;
}

static void every_option_arrives(void **state)
{
	static const char text[] =
		"home: [203.0.113.0/28, 2001:db8:7::/48]\ndark: [203.0.113.8/29]\n"
		"trusted: [198.51.100.30]\nresearch: [198.51.100.64/26]\ntrap_ports: [tcp/23, udp/5060-5062]\n"
		"interfaces: [eth0, wg0]\nlog: /var/log/kern.log\nstate: /srv/kw\nmemory: 32M\n"
		"report_interval: 30m\nclose_after: 2d\nsignatures: [/etc/a.yaml]\n"
		"addresses:\n  - {prefix: 192.0.2.0/24, level: 3}\n"
		"  - {prefix: 192.0.2.66, level: 0, ports: [udp/161]}\n"
		"level_rules:\n  - {name: targets, at: 100.5, level: 3}\n";
	struct settings s;
	char faults[256];
	(void)state;
	settings_init(&s);
	assert_true(load(&s, text, faults, sizeof faults));
	assert_string_equal(s.file, "k.yaml");
	assert_int_equal(s.home.count, 2);
	assert_string_equal(prefix_to_text(&s.dark.items[0]).text, "203.0.113.8/29");
	assert_string_equal(prefix_to_text(&s.trusted.items[0]).text, "198.51.100.30");
	assert_string_equal(prefix_to_text(&s.research.items[0]).text, "198.51.100.64/26");
	assert_true(s.has_trap_ports);
	assert_true(port_set_holds(&s.trap_ports, PORT_SET_TCP, 23));
	assert_true(port_set_holds(&s.trap_ports, PORT_SET_UDP, 5061));
	assert_int_equal(port_set_count(&s.trap_ports, PORT_SET_UDP), 3);
	assert_string_equal(s.interfaces[1], "wg0");
	assert_string_equal(s.log, "/var/log/kern.log");
	assert_string_equal(s.state, "/srv/kw");
	assert_int_equal(s.memory_bytes, 32 << 20);
	assert_int_equal(s.report_interval_us, INT64_C(1800) * 1000000);
	assert_int_equal(s.close_after_us, INT64_C(172800) * 1000000);
	assert_string_equal(s.signatures[0], "/etc/a.yaml");
	assert_string_equal(s.level_rules[0].name, "targets");
	assert_true(s.level_rules[0].at > 100.4 && s.level_rules[0].at < 100.6);
	assert_int_equal(s.level_rules[0].level, 3);
	assert_int_equal(s.level_rules[0].line, 17);
	assert_int_equal(s.level_rules[0].column, 12);
	settings_clear(&s);
}

static void an_empty_file_leaves_the_defaults(void **state)
{
	struct settings s;
	char faults[256];
	(void)state;
	settings_init(&s);
	assert_true(load(&s, "# nothing\n", faults, sizeof faults));
	assert_int_equal(s.memory_bytes, 76 << 20);
	assert_int_equal(s.report_interval_us, INT64_C(86400) * 1000000);
	assert_int_equal(s.close_after_us, INT64_C(86400) * 1000000);
	assert_string_equal(s.state, "/var/lib/knockwatch");
	assert_null(s.log);
	assert_int_equal(s.home.count + s.dark.count + s.trusted.count, 0);
	assert_false(s.has_trap_ports);
	settings_clear(&s);
}

static void all_faults_are_told_and_the_old_settings_stay(void **state)
{
	struct settings s;
	char faults[2048];
	(void)state;
	settings_init(&s);
	assert_true(load(&s, "memory: 32M\nlog: /a\n", faults, sizeof faults));
	assert_false(load(&s,
		"home: [192.0.2.1/24, x]\nmemory: 1M\nreport_interval: 1x\nclose_after: 0\n"
		"trap_ports: [tcp/99999]\nlog: /b\n"
		"addresses:\n  - {prefix: 192.0.2.0/24, level: 6, proto: foo}\n"
		"  - {prefix: 192.0.2.1, level: 1, proto: udp, ports: [udp/1, tcp/1]}\n"
		"level_rules:\n  - {name: a, at: -1, level: 1}\n",
		faults, sizeof faults));
	assert_string_equal(faults,
		"k.yaml:1:8: \"home\" must be a block of addresses without host bits, not "
		"\"192.0.2.1/24\"\n"
		"k.yaml:1:22: \"home\" must be an address or a block such as 192.0.2.0/24 or "
		"2001:db8::/32, not \"x\"\n"
		"k.yaml:5:14: \"trap_ports\" must be ports such as tcp/23 or udp/5060-5062, not "
		"\"tcp/99999\"\n"
		"k.yaml:8:35: \"level\" must be 0 (ignore) to 5, not 6\n"
		"k.yaml:8:45: \"proto\" must be a protocol such as tcp, udp, icmp or 0-255, not "
		"\"foo\"\n"
		"k.yaml:9:62: \"ports\" must be ports such as tcp/23 or udp/5060-5062, of the "
		"row's "
		"protocol, not \"tcp/1\"\n"
		"k.yaml:11:5: a rule needs a level from 0 to 5, and \"at\" must not be negative\n"
		"k.yaml:2:9: \"memory\" must be from 24M to 64G, 17M of them for the program itself, not \"1M\"\n"
		"k.yaml:3:18: \"report_interval\" must be a duration such as 90s, 30m, 1h30m or "
		"7d, "
		"not \"1x\"\n"
		"k.yaml:4:14: \"close_after\" must be at least 1s, not \"0\"\n");
	assert_int_equal(s.memory_bytes, 32 << 20);
	assert_string_equal(s.log, "/a");
	settings_clear(&s);
}

static void a_fault_of_form_hides_no_fault_of_meaning(void **state)
{
	struct settings s;
	char faults[1024];
	(void)state;
	settings_init(&s);
	assert_false(load(&s,
		"memroy: 32M\nhome: [192.0.2.1/24]\nlog: [a, b]\nclose_after: soon\n"
		"addresses:\n  - {prefix: 192.0.2.0/24, level: 6}\n"
		"level_rules:\n  - {name: a, at: -1, level: 1, lvl: 2}\n"
		"report_interval: 0\nreport_interval: 1h\n",
		faults, sizeof faults));
	assert_string_equal(faults,
		"k.yaml:1:1: unknown key \"memroy\"; did you mean \"memory\"?\n"
		"k.yaml:3:6: \"log\" must be a single value, found a list\n"
		"k.yaml:8:33: unknown key \"lvl\"; known here: name, at, level\n"
		"k.yaml:10:1: \"report_interval\" stands here a second time (first in line 9)\n"
		"k.yaml:2:8: \"home\" must be a block of addresses without host bits, not "
		"\"192.0.2.1/24\"\n"
		"k.yaml:6:35: \"level\" must be 0 (ignore) to 5, not 6\n"
		"k.yaml:4:14: \"close_after\" must be a duration such as 90s, 30m, 1h30m or 7d, "
		"not \"soon\"\n");
	settings_clear(&s);
}

static void a_misspelt_option_is_guessed(void **state)
{
	struct settings s;
	char faults[512];
	(void)state;
	settings_init(&s);
	assert_false(load(&s, "memry: 16M\n", faults, sizeof faults));
	assert_string_equal(
		faults, "k.yaml:1:1: unknown key \"memry\"; did you mean \"memory\"?\n");
	settings_clear(&s);
}

static void the_most_specific_row_decides(void **state)
{
	static const char text[] = "addresses:\n"
				   "  - {prefix: 192.0.2.0/24, level: 1}\n"
				   "  - {prefix: 192.0.2.66, level: 2}\n"
				   "  - {prefix: 192.0.2.66, level: 3, proto: udp}\n"
				   "  - {prefix: 192.0.2.66, level: 4, ports: [udp/161]}\n"
				   "  - {prefix: 2001:db8::/32, level: 5}\n";
	static const struct {
		const char *source;
		uint8_t proto;
		bool has_ports;
		uint16_t port;
		int wanted; /* -1 = no row */
	} rows[] = {
		{"192.0.2.1", IP_PROTO_TCP, true, 22, 1},
		{"192.0.2.66", IP_PROTO_TCP, true, 161, 2},
		{"192.0.2.66", IP_PROTO_UDP, true, 162, 3},
		{"192.0.2.66", IP_PROTO_UDP, true, 161, 4},
		{"192.0.2.66", IP_PROTO_UDP, false, 161, 3},
		{"192.0.2.66", IP_PROTO_ICMP, false, 0, 2},
		{"2001:db8::1", IP_PROTO_ICMPV6, false, 0, 5},
		{"198.51.100.1", IP_PROTO_TCP, true, 22, -1},
	};
	struct settings s;
	char faults[256];
	(void)state;
	settings_init(&s);
	assert_true(load(&s, text, faults, sizeof faults));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct addr source;
		assert_true(addr_parse(rows[i].source, strlen(rows[i].source), &source));
		const struct settings_address *row = settings_find_address(
			&s, &source, rows[i].proto, rows[i].has_ports, rows[i].port);
		int got = row ? row->level : -1;
		if (got != rows[i].wanted)
			fail_msg("row %zu: got %d, wanted %d", i, got, rows[i].wanted);
	}
	settings_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_option_arrives),
		cmocka_unit_test(an_empty_file_leaves_the_defaults),
		cmocka_unit_test(all_faults_are_told_and_the_old_settings_stay),
		cmocka_unit_test(a_fault_of_form_hides_no_fault_of_meaning),
		cmocka_unit_test(a_misspelt_option_is_guessed),
		cmocka_unit_test(the_most_specific_row_decides),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
