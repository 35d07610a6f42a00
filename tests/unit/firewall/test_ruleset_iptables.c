/* SPDX-License-Identifier: ISC */
#include "firewall/ruleset_iptables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void conditions_are_said_in_the_other_language_or_not_at_all(void **state)
{
	(void)state;
	static const struct {
		const char *nft, *iptables; /* null = cannot be said */
	} rows[] = {
		{"", ""},
		{"ct state invalid", "-m conntrack --ctstate INVALID "},
		{"tcp dport 22", "-p tcp --dport 22 "},
		{"iifname \"eth0\" ip saddr 192.0.2.0/24", "-i eth0 -s 192.0.2.0/24 "},
		{"ip daddr != 192.0.2.1 udp dport 53", "! -d 192.0.2.1 -p udp --dport 53 "},
		{"fib daddr type broadcast", "-m addrtype --dst-type BROADCAST "},
		{"tcp dport { 22, 80 }", NULL},
		{"ip saddr @bad", NULL},
		{"xt match recent", NULL},
		{"tcp dport", NULL},
		{"iifname \"a;b\"", NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char memory[256];
		struct text_buffer out = text_buffer_over(memory, sizeof memory);
		bool said = ruleset_iptables_write(text_slice_of(rows[i].nft), &out);
		assert_int_equal(said, rows[i].iptables != NULL);
		if (said)
			assert_string_equal(memory, rows[i].iptables);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_are_said_in_the_other_language_or_not_at_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
