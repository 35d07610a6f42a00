/* SPDX-License-Identifier: ISC */
#include "sensor/kernel_settings.h"

#include "support/settings_tree.h"
#include "support/table_check.h"

#include <errno.h>
#include <stdio.h>

static void a_number_is_read_and_nothing_else(void **state)
{
	static const struct {
		const char *text;
		bool good;
		long number;
	} rows[] = {
		{"1\n", true, 1},
		{"-1\n", true, -1},
		{"0", true, 0},
		{"\n", false, 0},
		{"", false, 0},
		{"4096\t131072\t6291456\n", false, 0},
		{"cubic\n", false, 0},
	};
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		long number = 0;
		settings_tree_put("net/x", rows[i].text);
		bool good = kernel_settings_read(settings_tree_root, "net/x", &number);
		faults += table_check_number(rows[i].text, "good", good, rows[i].good);
		faults +=
			table_check_number(rows[i].text, "number", number == rows[i].number, true);
	}
	long number;
	assert_false(kernel_settings_read(settings_tree_root, "net/none", &number));
	assert_int_equal(errno, ENOENT);
	assert_int_equal(faults, 0);
}

static void interfaces_are_those_that_hear_others(void **state)
{
	struct kernel_settings_ifaces out;
	(void)state;
	assert_false(kernel_settings_ifaces_read(settings_tree_root, DOOR_FAMILY_V4, &out));
	static const char *const names[] = {"all", "default", "lo", "eth1", "eth0.7"};
	char path[128];
	for (size_t i = 0; i < 5; i++) {
		snprintf(path, sizeof path, "net/ipv4/conf/%s/rp_filter", names[i]);
		settings_tree_put(path, "0\n");
		snprintf(path, sizeof path, "net/ipv6/conf/%s/disable_ipv6", names[i]);
		settings_tree_put(path, strcmp(names[i], "eth1") == 0 ? "1\n" : "0\n");
	}
	assert_true(kernel_settings_ifaces_read(settings_tree_root, DOOR_FAMILY_V4, &out));
	assert_int_equal(out.count, 2);
	assert_string_equal(out.names[0], "eth0.7");
	assert_string_equal(out.names[1], "eth1");
	assert_true(kernel_settings_ifaces_read(settings_tree_root, DOOR_FAMILY_V6, &out));
	assert_int_equal(out.count, 1);
	assert_string_equal(out.names[0], "eth0.7");
}

/* Documentation/networking/ip-sysctl.rst */
static void all_and_the_interface_make_one(void **state)
{
	static const struct {
		const char *name;
		enum kernel_settings_rule rule;
		int all, own, forwards, wanted;
	} rows[] = {
		{"own, all on", KERNEL_SETTINGS_OWN, 1, 0, 0, 0},
		{"own, own on", KERNEL_SETTINGS_OWN, 0, 1, 0, 1},
		{"or, all on", KERNEL_SETTINGS_OR, 1, 0, 0, 1},
		{"or, own on", KERNEL_SETTINGS_OR, 0, 1, 0, 1},
		{"or, none", KERNEL_SETTINGS_OR, 0, 0, 0, 0},
		{"and, all on", KERNEL_SETTINGS_AND, 1, 0, 0, 0},
		{"and, own on", KERNEL_SETTINGS_AND, 0, 1, 0, 0},
		{"and, both", KERNEL_SETTINGS_AND, 1, 1, 0, 1},
		{"max, all less", KERNEL_SETTINGS_MAX, 1, 2, 0, 2},
		{"max, all more", KERNEL_SETTINGS_MAX, 2, 1, 0, 2},
		{"min", KERNEL_SETTINGS_MIN, -1, 0, 0, -1},
		{"a host takes redirects if either says so", KERNEL_SETTINGS_FORWARDS, 1, 0, 0, 1},
		{"a router only if both do", KERNEL_SETTINGS_FORWARDS, 1, 0, 1, 0},
		{"and then does", KERNEL_SETTINGS_FORWARDS, 1, 1, 1, 1},
	};
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct kernel_setting setting = {DOOR_FAMILY_V4, "x", rows[i].rule};
		char text[16];
		long value = 99;
		snprintf(text, sizeof text, "%d\n", rows[i].all);
		settings_tree_put("net/ipv4/conf/all/x", text);
		snprintf(text, sizeof text, "%d\n", rows[i].own);
		settings_tree_put("net/ipv4/conf/eth0/x", text);
		snprintf(text, sizeof text, "%d\n", rows[i].forwards);
		settings_tree_put("net/ipv4/conf/eth0/forwarding", text);
		assert_true(
			kernel_settings_effective(settings_tree_root, &setting, "eth0", &value));
		faults += table_check_number(rows[i].name, "value", value == rows[i].wanted, true);
	}
	assert_int_equal(faults, 0);
}

static void a_point_in_a_name_does_not_cut_the_key(void **state)
{
	struct kernel_setting setting = {DOOR_FAMILY_V4, "rp_filter", KERNEL_SETTINGS_MAX};
	(void)state;
	assert_string_equal(
		kernel_settings_key_of(&setting, "eth0").text, "net.ipv4.conf.eth0.rp_filter");
	assert_string_equal(
		kernel_settings_key_of(&setting, "eth0.7").text, "net/ipv4/conf/eth0.7/rp_filter");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_number_is_read_and_nothing_else, settings_tree_begin, settings_tree_end),
		cmocka_unit_test_setup_teardown(interfaces_are_those_that_hear_others,
			settings_tree_begin, settings_tree_end),
		cmocka_unit_test_setup_teardown(
			all_and_the_interface_make_one, settings_tree_begin, settings_tree_end),
		cmocka_unit_test(a_point_in_a_name_does_not_cut_the_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
