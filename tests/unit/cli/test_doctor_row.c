/* SPDX-License-Identifier: ISC */
/*
 * The doctor's rows of the kernel's settings, asked of a directory that looks like /proc/sys of a host with one
 * interface; and the command itself on the host that runs the test, of which only the form is known.
 */
#include "cli/doctor_row.h"

#include "support/settings_tree.h"
#include "support/table_check.h"

#include "command_run.h"

#include <stdio.h>

/* A host where everything is as it should be. */
static void put_sound_host(void)
{
	static const char *const four[] = {"accept_redirects", "secure_redirects", "shared_media",
		"send_redirects", "accept_source_route", "rp_filter", "log_martians", "forwarding"};
	static const char *const six[] = {"accept_redirects", "accept_source_route", "seg6_enabled",
		"accept_ra", "forwarding", "disable_ipv6"};
	static const char *const places[] = {"all", "default", "eth0"};
	char path[160];
	for (size_t p = 0; p < 3; p++) {
		for (size_t i = 0; i < sizeof four / sizeof four[0]; i++) {
			snprintf(path, sizeof path, "net/ipv4/conf/%s/%s", places[p], four[i]);
			settings_tree_put(path, i == 5 ? "1\n" : "0\n");
		}
		for (size_t i = 0; i < sizeof six / sizeof six[0]; i++) {
			snprintf(path, sizeof path, "net/ipv6/conf/%s/%s", places[p], six[i]);
			settings_tree_put(path, "0\n");
		}
	}
	settings_tree_put("net/ipv4/tcp_syncookies", "1\n");
	settings_tree_put("net/ipv4/icmp_echo_ignore_broadcasts", "1\n");
	settings_tree_put("net/ipv4/icmp_ignore_bogus_error_responses", "1\n");
	settings_tree_put("net/ipv6/icmp/echo_ignore_multicast", "1\n");
	settings_tree_put("ipv6_route", "");
}

static const struct doctor_row *find_row(const char *name)
{
	for (const struct doctor_topic *t = doctor_topics; t->title != NULL; t++) {
		for (const struct doctor_row *r = t->rows; r->name != NULL; r++) {
			if (strcmp(r->name, name) == 0)
				return r;
		}
	}
	fail_msg("no row %s", name);
	return NULL;
}

static const char route_of_eth0[] =
	"00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
	"fe800000000000000000000000000001 00000400 00000001 00000000 00450003     eth0\n";

static void what_is_open_is_weak_and_comes_with_its_cure(void **state)
{
	static const struct {
		const char *row, *path, *text;
		enum doctor_grade grade;
		const char *cure; /* a part of the settings; "" = none at all */
	} rows[] = {
		{"redirects, IPv4", "net/ipv4/conf/eth0/x", "0\n", DOCTOR_GOOD, ""},
		{"redirects, IPv4", "net/ipv4/conf/eth0/accept_redirects", "1\n", DOCTOR_WEAK,
			"net.ipv4.conf.eth0.accept_redirects=0\n"},
		{"redirects, IPv4", "net/ipv4/conf/all/accept_redirects", "1\n", DOCTOR_WEAK,
			"net.ipv4.conf.all.accept_redirects=0\n"},
		{"redirects, IPv6", "net/ipv6/conf/all/accept_redirects", "1\n", DOCTOR_GOOD, ""},
		{"redirects, IPv6", "net/ipv6/conf/eth0/accept_redirects", "1\n", DOCTOR_WEAK,
			"net.ipv6.conf.eth0.accept_redirects=0\n"},
		{"source routes, IPv4", "net/ipv4/conf/eth0/accept_source_route", "1\n",
			DOCTOR_GOOD, ""},
		{"routing headers, IPv6", "net/ipv6/conf/eth0/seg6_enabled", "1\n", DOCTOR_GOOD,
			""},
		{"router adverts, IPv6", "net/ipv6/conf/eth0/accept_ra", "1\n", DOCTOR_WEAK,
			"net.ipv6.conf.eth0.accept_ra=0\n"},
		{"forwarding", "net/ipv4/conf/eth0/forwarding", "1\n", DOCTOR_NOTE, ""},
		{"redirects sent, IPv4", "net/ipv4/conf/all/send_redirects", "1\n", DOCTOR_GOOD,
			""},
		{"forged senders, IPv4", "net/ipv4/conf/eth0/rp_filter", "0\n", DOCTOR_GOOD, ""},
		{"forged senders, IPv6", "net/ipv6/conf/eth0/x", "0\n", DOCTOR_NOTE, ""},
		{"impossible senders", "net/ipv4/conf/eth0/log_martians", "1\n", DOCTOR_GOOD, ""},
		{"SYN floods", "net/ipv4/tcp_syncookies", "0\n", DOCTOR_WEAK,
			"net.ipv4.tcp_syncookies=1\n"},
		{"SYN floods", "net/ipv4/tcp_syncookies", "2\n", DOCTOR_GOOD, ""},
		{"pings to all, IPv4", "net/ipv4/icmp_echo_ignore_broadcasts", "0\n", DOCTOR_WEAK,
			"net.ipv4.icmp_echo_ignore_broadcasts=1\n"},
		{"pings to all, IPv6", "net/ipv6/icmp/echo_ignore_multicast", "0\n", DOCTOR_NOTE,
			""},
		{"bogus ICMP errors", "net/ipv4/icmp_ignore_bogus_error_responses", "0\n",
			DOCTOR_WEAK, "net.ipv4.icmp_ignore_bogus_error_responses=1\n"},
	};
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct doctor_host host = {
			.proc_sys = settings_tree_root, .proc_net = settings_tree_root};
		struct doctor_answer a = {0};
		put_sound_host();
		settings_tree_put(rows[i].path, rows[i].text);
		find_row(rows[i].row)->ask(&host, &a);
		faults += table_check_number(rows[i].path, "grade", a.grade, rows[i].grade);
		faults += table_check_number(
			rows[i].path, "says something", a.words[0] != '\0', true);
		bool cured = rows[i].cure[0] == '\0' ? a.settings[0] == '\0'
						     : strstr(a.settings, rows[i].cure) != NULL;
		faults += table_check_number(rows[i].path, "its cure", cured, true);
	}
	assert_int_equal(faults, 0);
}

static void settings_that_need_each_other_are_weak_together(void **state)
{
	struct doctor_host host = {.proc_sys = settings_tree_root, .proc_net = settings_tree_root};
	struct doctor_answer a = {0};
	(void)state;
	put_sound_host();
	settings_tree_put("net/ipv4/conf/all/accept_source_route", "1\n");
	settings_tree_put("net/ipv4/conf/eth0/accept_source_route", "1\n");
	find_row("source routes, IPv4")->ask(&host, &a);
	assert_int_equal(a.grade, DOCTOR_WEAK);
	assert_non_null(strstr(a.settings, "net.ipv4.conf.all.accept_source_route=0\n"));
	settings_tree_put("net/ipv4/conf/all/rp_filter", "0\n");
	settings_tree_put("net/ipv4/conf/eth0/rp_filter", "0\n");
	a = (struct doctor_answer){0};
	find_row("forged senders, IPv4")->ask(&host, &a);
	assert_int_equal(a.grade, DOCTOR_WEAK);
	assert_string_equal(
		a.settings, "net.ipv4.conf.all.rp_filter=1\nnet.ipv4.conf.default.rp_filter=1\n");
	settings_tree_put("net/ipv4/conf/all/send_redirects", "1\n");
	settings_tree_put("net/ipv4/conf/eth0/forwarding", "1\n");
	a = (struct doctor_answer){0};
	find_row("redirects sent, IPv4")->ask(&host, &a);
	assert_int_equal(a.grade, DOCTOR_WEAK);
}

static void who_lives_on_advertisements_is_not_cut_off(void **state)
{
	struct doctor_host host = {.proc_sys = settings_tree_root, .proc_net = settings_tree_root};
	struct doctor_answer a = {0};
	(void)state;
	put_sound_host();
	settings_tree_put("net/ipv6/conf/eth0/accept_ra", "1\n");
	settings_tree_put("ipv6_route", route_of_eth0);
	find_row("router adverts, IPv6")->ask(&host, &a);
	assert_int_equal(a.grade, DOCTOR_NOTE);
	assert_string_equal(a.settings, "");
}

static void a_family_that_is_not_there_is_no_weakness(void **state)
{
	struct doctor_host host = {.proc_sys = settings_tree_root, .proc_net = settings_tree_root};
	static const char *const names[] = {"redirects, IPv6", "routing headers, IPv6",
		"router adverts, IPv6", "forged senders, IPv6", "pings to all, IPv6"};
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct doctor_answer a = {0};
		find_row(names[i])->ask(&host, &a);
		faults += table_check_number(names[i], "grade", a.grade, DOCTOR_GOOD);
	}
	assert_int_equal(faults, 0);
}

static void names_fit_their_column(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (const struct doctor_topic *t = doctor_topics; t->title != NULL; t++) {
		for (const struct doctor_row *r = t->rows; r->name != NULL; r++)
			faults += table_check_number(r->name, "is short enough",
				strlen(r->name) <= DOCTOR_NAME_COLUMNS, true);
	}
	assert_int_equal(faults, 0);
}

static void the_command_ends_with_what_it_says(void **state)
{
	static struct command_run run;
	(void)state;
	command_run(&run, (const char *[]){"doctor", "--config", "/dev/null", "--state",
				  settings_tree_root, NULL});
	assert_in_range(run.code, 0, 1);
	assert_non_null(strstr(run.out, run.code == 0 ? "Nothing to mend" : " to mend; "));
	assert_int_equal(strstr(run.out, "  WEAK  ") != NULL, run.code);
	assert_string_equal(run.err, "");
	command_run(&run, (const char *[]){"doctor", "nurse", NULL});
	assert_int_equal(run.code, 2);
}

static void a_configuration_with_faults_is_weak(void **state)
{
	static struct command_run run;
	char path[128];
	(void)state;
	settings_tree_put("bad.yaml", "hme: []\n");
	snprintf(path, sizeof path, "%s/bad.yaml", settings_tree_root);
	command_run(&run,
		(const char *[]){"doctor", "--config", path, "--state", settings_tree_root, NULL});
	assert_int_equal(run.code, 1);
	assert_non_null(strstr(run.out, "  WEAK  configuration "));
	assert_non_null(strstr(run.out, "knockwatch check "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_open_is_weak_and_comes_with_its_cure,
			settings_tree_begin, settings_tree_end),
		cmocka_unit_test_setup_teardown(settings_that_need_each_other_are_weak_together,
			settings_tree_begin, settings_tree_end),
		cmocka_unit_test_setup_teardown(who_lives_on_advertisements_is_not_cut_off,
			settings_tree_begin, settings_tree_end),
		cmocka_unit_test_setup_teardown(a_family_that_is_not_there_is_no_weakness,
			settings_tree_begin, settings_tree_end),
		cmocka_unit_test(names_fit_their_column),
		cmocka_unit_test_setup_teardown(
			the_command_ends_with_what_it_says, settings_tree_begin, settings_tree_end),
		cmocka_unit_test_setup_teardown(a_configuration_with_faults_is_weak,
			settings_tree_begin, settings_tree_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
