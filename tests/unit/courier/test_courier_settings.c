/* SPDX-License-Identifier: ISC */
#include "courier/courier_settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_target_is_a_host_and_maybe_a_port(void **state)
{
	(void)state;
	static const struct {
		const char *text, *host, *port; /* host null = refused */
	} rows[] = {
		{"logs.example.org", "logs.example.org", "6514"},
		{"logs.example.org:10514", "logs.example.org", "10514"},
		{"192.0.2.7:6514", "192.0.2.7", "6514"},
		{"2001:db8::7", "2001:db8::7", "6514"},
		{"[2001:db8::7]", "2001:db8::7", "6514"},
		{"[2001:db8::7]:99", "2001:db8::7", "99"},
		{"", NULL, NULL},
		{":6514", NULL, NULL},
		{"host:", NULL, NULL},
		{"host:0", NULL, NULL},
		{"host:65536", NULL, NULL},
		{"host:syslog", NULL, NULL},
		{"[2001:db8::7", NULL, NULL},
		{"[2001:db8::7]6514", NULL, NULL},
		{"a host:1", NULL, NULL},
		{"tls://host:1", NULL, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct courier_target t;
		bool taken = courier_target_parse(rows[i].text, &t);
		if (taken != (rows[i].host != NULL))
			fail_msg("%s: %s", rows[i].text, taken ? "taken" : "refused");
		if (taken) {
			assert_string_equal(t.host, rows[i].host);
			assert_string_equal(t.port, rows[i].port);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_target_is_a_host_and_maybe_a_port),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
