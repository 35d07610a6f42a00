/* SPDX-License-Identifier: ISC */
#include "cli/pending_keys.h"

#include "table_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void load(struct run_settings *r, const char *text)
{
	char path[] = "/tmp/kw_pending_XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(dprintf(fd, "%s", text), (int)strlen(text));
	close(fd);
	assert_int_equal(run_settings_load(r, path), STOP_DONE);
	unlink(path);
}

static struct pending_keys find(
	const struct watch_request *request, const char *before, const char *after)
{
	struct run_settings running, fresh;
	struct pending_keys found;
	load(&running, before);
	load(&fresh, after);
	pending_keys_find(request, &running, &fresh, &found);
	run_settings_clear(&running);
	run_settings_clear(&fresh);
	return found;
}

static void what_was_opened_or_sized_at_the_start_is_named(void **state)
{
	static const struct {
		const char *name, *before, *after, *at_start, *by_command;
		bool several;
	} rows[] = {
		{"nothing", "exec: off\n", "exec: off\n", "", "", false},
		{"said or left out", "exec: auto\n", "{}\n", "", "", false},
		{"another order of keys", "exec: off\nmemory: 80M\n", "memory: 80M\nexec: off\n",
			"", "", false},
		{"exec", "{}\n", "exec: off\n", "exec", "", false},
		{"exec, taken away", "exec: off\n", "{}\n", "exec", "", false},
		{"secrets", "exec_secrets: [pin]\n", "exec_secrets: [pin, key]\n", "exec_secrets",
			"", false},
		{"both", "{}\n", "exec_secrets: [pin]\nexec: proc\n", "exec and exec_secrets", "",
			true},
		{"three", "{}\n", "home: [192.0.2.0/24]\nmemory: 80M\nsyslog: [\"udp:127.0.0.1\"]\n",
			"home, memory and syslog", "", true},
		{"one more prefix of many", "home: [192.0.2.0/24, 2001:db8::/32]\n",
			"home: [192.0.2.0/24, 2001:db8::/31]\n", "home", "", false},
		{"what a reload takes", "{}\n",
			"dark: [192.0.2.0/28]\nclose_after: 2h\njournal_keep: 30d\n", "", "", false},
		{"what the sender takes", "{}\n", "send_to: logs.example.org\nsend_ca: /ca.pem\n",
			"", "send_to and send_ca", false},
	};
	const struct watch_request request = {0};
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct pending_keys p = find(&request, rows[i].before, rows[i].after);
		faults += table_check_text(rows[i].name, "at_start", p.at_start, rows[i].at_start);
		faults += table_check_text(
			rows[i].name, "by_command", p.by_command, rows[i].by_command);
		faults += table_check_number(
			rows[i].name, "several", p.several_at_start, rows[i].several);
	}
	assert_int_equal(faults, 0);
}

static void what_the_command_line_decides_is_no_matter_of_the_file(void **state)
{
	static const struct {
		const char *name, *after;
		struct watch_request request;
	} rows[] = {
		{"exec", "exec: off\n", {.named_exec = true}},
		{"memory", "memory: 80M\n", {.memory = 1}},
		{"state", "state: /srv/kw\n", {.named_state = true}},
		{"no state at all", "state: /srv/kw\n", {.no_store = true}},
		{"path", "path: packet\n", {.named_path = true}},
		{"containers", "containers: true\n", {.path = {.containers = true}}},
		{"ears", "interfaces: [eth7]\nlog: /x\nnflog: 5\njournal: yes\n",
			{.named_ears = true}},
	};
	const struct watch_request silent = {0};
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct pending_keys p = find(&rows[i].request, "{}\n", rows[i].after);
		faults += table_check_text(rows[i].name, "at_start", p.at_start, "");
		p = find(&silent, "{}\n", rows[i].after);
		faults += table_check_number(
			rows[i].name, "named else", p.at_start[0] != '\0', true);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_opened_or_sized_at_the_start_is_named),
		cmocka_unit_test(what_the_command_line_decides_is_no_matter_of_the_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
