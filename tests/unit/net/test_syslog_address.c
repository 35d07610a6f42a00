/* SPDX-License-Identifier: ISC */
#include "net/syslog_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void an_address_is_transport_number_and_port(void **state)
{
	(void)state;
	static const struct {
		const char *text, *wanted; /* null = refused */
	} rows[] = {
		{"udp:127.0.0.1:5514", "udp:127.0.0.1:5514"},
		{"udp:127.0.0.1", "udp:127.0.0.1:514"},
		{"tcp:[::1]", "tcp:[::1]:601"},
		{"tcp:[::]:601", "tcp:[::]:601"},
		{"tls:0.0.0.0", "tls:0.0.0.0:6514"},
		{"tls:[2001:db8::1]:65535", "tls:[2001:db8::1]:65535"},
		{"", NULL},
		{"udp", NULL},
		{"udp:", NULL},
		{"udp:5514", NULL},
		{"udp:localhost:5514", NULL},
		{"udp:127.0.0.1:", NULL},
		{"udp:127.0.0.1:0", NULL},
		{"udp:127.0.0.1:65536", NULL},
		{"udp:127.0.0.1:5514x", NULL},
		{"udp:127.0.0.1:055", NULL},
		{"udp:::1", NULL},
		{"udp:[::1", NULL},
		{"udp:[::1]5514", NULL},
		{"udp:[127.0.0.1]:5514", NULL},
		{"dccp:127.0.0.1:5514", NULL},
		{"UDP:127.0.0.1:5514", NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct syslog_address a;
		bool good = syslog_address_parse(rows[i].text, strlen(rows[i].text), &a);
		if (good != (rows[i].wanted != NULL))
			fail_msg("\"%s\": %s", rows[i].text, good ? "taken" : "refused");
		if (good)
			assert_string_equal(syslog_address_to_text(&a).text, rows[i].wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_transport_number_and_port),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
