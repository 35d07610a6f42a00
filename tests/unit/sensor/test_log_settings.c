/* SPDX-License-Identifier: ISC */
#include "sensor/log_settings.h"


#include "part_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool load(const char *text, struct log_settings *s, struct config_faults *faults)
{
	log_settings_init(s);
	return part_load(text, &log_settings_part, s, faults);
}

static void every_key_is_read(void **state)
{
	(void)state;
	struct log_settings s;
	struct config_faults faults;
	assert_true(load("syslog: [\"udp:127.0.0.1:5514\", \"tls:[::1]\"]\n"
			 "syslog_from: [192.0.2.0/24, \"2001:db8::/32\"]\n"
			 "syslog_certificate: /c\nsyslog_key: /k\nsyslog_clients: /a\n"
			 "journal: yes\njournal_units: [a.service, b.service]\n"
			 "journal_identifiers: [ulogd]\n",
		&s, &faults));
	assert_int_equal(s.syslog_count, 2);
	assert_string_equal(syslog_address_to_text(&s.syslog[1]).text, "tls:[::1]:6514");
	assert_int_equal(s.syslog_from.count, 2);
	assert_string_equal(s.syslog_certificate, "/c");
	assert_string_equal(s.syslog_key, "/k");
	assert_string_equal(s.syslog_clients, "/a");
	assert_true(s.journal);
	assert_int_equal(s.journal_units_count, 2);
	assert_string_equal(s.journal_units[1], "b.service");
	assert_string_equal(s.journal_identifiers[0], "ulogd");
	log_settings_clear(&s);
	config_faults_clear(&faults);
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
	(void)state;
	static const struct {
		const char *text, *fault;
		unsigned line;
	} rows[] = {
		{"syslog: [\"udp:127.0.0.1\", \"udp:gate\"]\n", "\"syslog\" must be udp:", 1},
		{"syslog_certificate: /c\nsyslog: [5514]\n", "\"syslog\" must be udp:", 2},
		{"syslog: [\"tls:127.0.0.1\"]\n", "needs a certificate", 1},
		{"journal: 7\n", "journal", 1},
		{"syslog_from: [192.0.2.1/24]\n", "without host bits", 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct log_settings s;
		struct config_faults faults;
		assert_false(load(rows[i].text, &s, &faults));
		assert_int_equal(faults.count, 1);
		assert_int_equal(faults.items[0].line, rows[i].line);
		if (strstr(faults.items[0].text, rows[i].fault) == NULL)
			fail_msg("%s: got %s", rows[i].text, faults.items[0].text);
		assert_int_equal(s.syslog_count, 0);
		log_settings_clear(&s);
		config_faults_clear(&faults);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(what_is_wrong_is_told_with_its_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
