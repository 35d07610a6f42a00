/* SPDX-License-Identifier: ISC */
#include "detect/signature_condition.h"

#include "event/event.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void numbers_hold_what_they_say(void **state)
{
	static const struct {
		const char *text;
		bool good;
		uint8_t holds[3], misses[3]; /* repeated where there are fewer than three */
	} rows[] = {
		{"5", true, {5, 5, 5}, {4, 6, 255}},
		{"0x10", true, {16, 16, 16}, {15, 17, 10}},
		{"0", true, {0, 0, 0}, {1, 2, 255}},
		{"3-7", true, {3, 5, 7}, {2, 8, 255}},
		{">250", true, {251, 254, 255}, {250, 249, 0}},
		{"<5", true, {0, 1, 4}, {5, 6, 255}},
		{"!5", true, {4, 6, 255}, {5, 5, 5}},
		{"!3-7", true, {0, 2, 8}, {3, 5, 7}},
		{"!>250", true, {0, 249, 250}, {251, 254, 255}},
		{"", false, {0}, {0}},
		{"!", false, {0}, {0}},
		{"-5", false, {0}, {0}},
		{"5-", false, {0}, {0}},
		{"7-3", false, {0}, {0}},
		{"256", false, {0}, {0}},
		{"0x100", false, {0}, {0}},
		{"0x", false, {0}, {0}},
		{"5 ", false, {0}, {0}},
		{" 5", false, {0}, {0}},
		{"5a", false, {0}, {0}},
		{"!!5", false, {0}, {0}},
		{">5-7", false, {0}, {0}},
		{"0-255", false, {0}, {0}},  /* always */
		{"!0-255", false, {0}, {0}}, /* never */
		{">255", false, {0}, {0}},
		{"<0", false, {0}, {0}},
		{"99999999999999999999", false, {0}, {0}},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct signature_number n = {0};
		bool good = signature_condition_number(rows[i].text, 255, &n);
		if (good != rows[i].good)
			fail_msg("\"%s\": got %d, wanted %d", rows[i].text, good, rows[i].good);
		for (size_t k = 0; good && k < 3; k++) {
			if (!signature_number_holds(&n, rows[i].holds[k]))
				fail_msg("\"%s\" should hold %d", rows[i].text, rows[i].holds[k]);
			if (signature_number_holds(&n, rows[i].misses[k]))
				fail_msg("\"%s\" should not hold %d", rows[i].text,
					rows[i].misses[k]);
		}
	}
}

static void numbers_reach_to_32_bits(void **state)
{
	struct signature_number n;
	(void)state;
	assert_true(signature_condition_number("4294967295", UINT32_MAX, &n));
	assert_true(signature_number_holds(&n, UINT32_MAX));
	assert_false(signature_number_holds(&n, 0));
	assert_false(signature_condition_number("4294967296", UINT32_MAX, &n));
}

static void flags_are_letters_with_a_mask(void **state)
{
	enum {
		SIX = EVENT_TCP_SIX,
		S = EVENT_TCP_SYN,
		F = EVENT_TCP_FIN,
		A = EVENT_TCP_ACK,
		R = EVENT_TCP_RST,
		E = EVENT_TCP_ECE,
		C = EVENT_TCP_CWR
	};
	static const struct {
		const char *text;
		bool good;
		uint8_t mask, wanted;
	} rows[] = {
		{"S", true, SIX, S},
		{"none", true, SIX, 0},
		{"FS", true, SIX, S | F},
		{"SEC", true, SIX | E | C, S | E | C},
		{"SEW", true, SIX | E | C, S | E | C},
		{"S/SAFR", true, S | A | F | R, S},
		{"none/S", true, S, 0},
		{"", false, 0, 0},
		{"/S", false, 0, 0},
		{"S/", false, 0, 0},
		{"S/A", false, 0, 0}, /* wants what it does not look at */
		{"SS", false, 0, 0},
		{"X", false, 0, 0},
		{"s", false, 0, 0},
		{"S/S/S", false, 0, 0},
		{"noneS", false, 0, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct signature_flags f = {0, 0};
		bool good = signature_condition_flags(rows[i].text, &f);
		if (good != rows[i].good || f.mask != rows[i].mask || f.wanted != rows[i].wanted)
			fail_msg("\"%s\": got %d %02x/%02x, wanted %d %02x/%02x", rows[i].text,
				good, f.wanted, f.mask, rows[i].good, rows[i].wanted, rows[i].mask);
	}
}

static void tcp_options_become_the_layout_of_events(void **state)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t layout;
	} rows[] = {
		{"none", true, 0},
		{"mss", true, 0x3},
		{"mss,sok,ts,nop,ws", true, 0x42953},
		{"ws,nop,mss,ts,sok", true, 0x59324},
		{"eol", true, 0x1},
		{"13,14,253", true, 0xffe},
		{"nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop", true,
			UINT64_C(0x2222222222222222)},
		{"nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop", false, 0},
		{"", false, 0},
		{"mss,", false, 0},
		{",mss", false, 0},
		{"mss ,ts", false, 0},
		{"MSS", false, 0},
		{"256", false, 0},
		{"none,mss", false, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint64_t layout = 0;
		bool good = signature_condition_tcp_options(rows[i].text, &layout);
		if (good != rows[i].good || layout != rows[i].layout)
			fail_msg("\"%s\": got %d %" PRIx64 ", wanted %d %" PRIx64, rows[i].text,
				good, layout, rows[i].good, rows[i].layout);
	}
}

static void ip_options_are_any_of_the_named(void **state)
{
	uint8_t mask = 0;
	(void)state;
	assert_true(signature_condition_ip_options("lsrr,ssrr", &mask));
	assert_int_equal(mask, EVENT_IP_OPTION_LOOSE_ROUTE | EVENT_IP_OPTION_STRICT_ROUTE);
	assert_true(signature_condition_ip_options("any", &mask));
	assert_int_equal(mask, 0xff);
	assert_false(signature_condition_ip_options("", &mask));
	assert_false(signature_condition_ip_options("lsrr,", &mask));
	assert_false(signature_condition_ip_options("eol", &mask));
}

static void ports_add_up_and_a_negation_is_the_rest(void **state)
{
	struct signature_ports ports = {.count = 0};
	(void)state;
	assert_true(signature_ports_hold(&ports, 80));
	assert_true(signature_condition_add_port("22", &ports));
	assert_true(signature_condition_add_port("5060-5062", &ports));
	assert_true(signature_ports_hold(&ports, 22));
	assert_true(signature_ports_hold(&ports, 5061));
	assert_false(signature_ports_hold(&ports, 80));
	assert_false(signature_condition_add_port("65536", &ports));

	struct signature_ports rest = {.count = 0};
	assert_true(signature_condition_add_port("!80", &rest));
	assert_false(signature_ports_hold(&rest, 80));
	assert_true(signature_ports_hold(&rest, 0));
	assert_true(signature_ports_hold(&rest, 81));
	assert_true(signature_ports_hold(&rest, 65535));

	struct signature_ports upper = {.count = 0};
	assert_true(signature_condition_add_port("!<1024", &upper));
	assert_false(signature_ports_hold(&upper, 1023));
	assert_true(signature_ports_hold(&upper, 1024));
}

static void more_port_ranges_than_fit_are_refused(void **state)
{
	struct signature_ports ports = {.count = 0};
	(void)state;
	for (unsigned i = 0; i < SIGNATURE_CONDITION_RANGES; i++)
		assert_true(signature_condition_add_port("1", &ports));
	assert_false(signature_condition_add_port("1", &ports));
	assert_false(signature_condition_add_port("!5", &ports));
	assert_int_equal(ports.count, SIGNATURE_CONDITION_RANGES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_hold_what_they_say),
		cmocka_unit_test(numbers_reach_to_32_bits),
		cmocka_unit_test(flags_are_letters_with_a_mask),
		cmocka_unit_test(tcp_options_become_the_layout_of_events),
		cmocka_unit_test(ip_options_are_any_of_the_named),
		cmocka_unit_test(ports_add_up_and_a_negation_is_the_rest),
		cmocka_unit_test(more_port_ranges_than_fit_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
