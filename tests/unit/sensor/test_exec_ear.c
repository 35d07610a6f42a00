/* SPDX-License-Identifier: ISC */
/*
 * The real kernel: programs are started, and what the ear tells of them is compared. Other programs are started
 * on this machine meanwhile, so ours are known by an argument of their own.
 */
#include "sensor/exec_ear.h"

#include "sensor/exec_audit.h"
#include "sensor/exec_proc.h"
#include "sensor/proc_facts.h"

#include "../support/table_check.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <poll.h>
#include <spawn.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 5000, SKIPPED = 77 };

static char mark[64]; /* an argument that only ours have */
static struct exec_event got;

static pid_t start(const char *const *argv)
{
	extern char **environ;
	pid_t pid;
	assert_int_equal(
		posix_spawn(&pid, argv[0], NULL, NULL, (char *const *)(uintptr_t)argv, environ), 0);
	return pid;
}

static void wait_for(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

static bool is_ours(void)
{
	return got.args_size > 0 && memmem(got.args, got.args_size, mark, strlen(mark)) != NULL;
}

/* The next start of ours; false where none came in time. */
static bool hear(struct exec_ear *ear)
{
	for (int waited = 0; waited < PATIENCE_MS; waited += 50) {
		struct pollfd p = {.fd = exec_ear_fd(ear), .events = POLLIN};
		bool is_start;
		while (exec_ear_read(ear, &got, &is_start)) {
			if (is_start && is_ours())
				return true;
		}
		poll(&p, 1, 50);
	}
	return false;
}

static struct exec_ear open_ear(enum exec_ear_wish wish)
{
	char error[512];
	struct exec_ear ear = exec_ear_open(wish, error, sizeof error);
	if (ear.ops == NULL)
		print_message("not here: %s\n", error);
	return ear;
}

static void the_hook_tells_who_started_what_with_all_arguments(void **state)
{
	(void)state;
	struct exec_ear ear = open_ear(EXEC_EAR_HOOK);
	const char *argv[] = {"/bin/true", mark, "", "a b\x01", NULL};
	char cwd[PATH_MAX], exe[PATH_MAX], comm[32] = "";
	if (ear.ops == NULL)
		skip();
	assert_non_null(getcwd(cwd, sizeof cwd));
	assert_non_null(realpath("/bin/true", exe));
	int fd = open("/proc/self/comm", O_RDONLY);
	assert_true(read(fd, comm, sizeof comm - 1) > 0);
	close(fd);
	comm[strcspn(comm, "\n")] = '\0';
	pid_t pid = start(argv);
	wait_for(pid);
	assert_true(hear(&ear));
	size_t at = 0;
	for (unsigned i = 0; i < 4; i++)
		assert_string_equal(exec_event_next_arg(&got, &at), argv[i]);
	assert_null(exec_event_next_arg(&got, &at));
	assert_false(exec_event_is_cut(&got));
	assert_int_equal(got.pid, pid);
	assert_int_equal(got.ppid, getpid());
	assert_int_equal(got.euid, 0);
	assert_string_equal(got.parent, comm);
	assert_string_equal(got.exe, exe);
	assert_string_equal(got.cwd, cwd);
	exec_ear_close(&ear);
}

static void a_million_bytes_of_arguments_are_cut_and_counted(void **state)
{
	(void)state;
	struct exec_ear ear = open_ear(EXEC_EAR_HOOK);
	enum { EACH = 100000, ARGS = 10 };
	static char big[EACH + 1];
	const char *argv[ARGS + 3] = {"/bin/true", mark};
	if (ear.ops == NULL)
		skip();
	memset(big, 'x', EACH);
	for (unsigned i = 0; i < ARGS; i++)
		argv[2 + i] = big;
	wait_for(start(argv));
	assert_true(hear(&ear));
	assert_int_equal(got.args_size, EXEC_ARGS_MAX);
	assert_int_equal(got.args_true, sizeof "/bin/true" + strlen(mark) + 1 + ARGS * (EACH + 1));
	exec_ear_close(&ear);
}

static void a_file_without_a_name_is_told_as_such(void **state)
{
	(void)state;
	struct exec_ear ear = open_ear(EXEC_EAR_HOOK);
	static char bytes[1 << 20];
	char path[64];
	if (ear.ops == NULL)
		skip();
	int from = open("/bin/true", O_RDONLY), memory = memfd_create("hidden", 0);
	ssize_t n = read(from, bytes, sizeof bytes);
	assert_true(n > 0 && write(memory, bytes, (size_t)n) == n);
	close(from);
	snprintf(path, sizeof path, "/proc/self/fd/%d", memory);
	const char *argv[] = {path, mark, NULL};
	pid_t pid = fork();
	if (pid == 0) {
		execv(path, (char *const *)(uintptr_t)argv);
		_exit(1);
	}
	wait_for(pid);
	assert_true(hear(&ear));
	assert_string_equal(got.exe, "/memfd:hidden (deleted)");
	close(memory);
	exec_ear_close(&ear);
}

static pid_t start_as_another(const char *program)
{
	pid_t pid = fork();
	if (pid == 0) {
		if (setuid(65534) == 0)
			execl(program, program, mark, (char *)NULL);
		_exit(1);
	}
	return pid;
}

static void programs_of_others_are_not_told(void **state)
{
	(void)state;
	struct exec_ear ear = open_ear(EXEC_EAR_HOOK);
	const char *argv[] = {"/bin/true", mark, NULL};
	if (ear.ops == NULL)
		skip();
	pid_t pid = start_as_another(argv[0]);
	wait_for(pid);
	wait_for(start(argv));
	assert_true(hear(&ear));
	assert_int_not_equal(got.pid, pid);
	exec_ear_close(&ear);
}

static void the_process_connector_tells_of_what_still_runs(void **state)
{
	(void)state;
	struct exec_ear ear = open_ear(EXEC_EAR_PROC);
	const char *argv[] = {"/bin/sh", "-c", "sleep 5; :", mark, NULL};
	if (ear.ops == NULL)
		skip();
	pid_t pid = start(argv);
	assert_true(hear(&ear));
	assert_int_equal(got.pid, pid);
	assert_int_equal(got.ppid, getpid());
	assert_int_equal(got.via, EXEC_VIA_PROC);
	kill(pid, SIGKILL);
	wait_for(pid);
	exec_ear_close(&ear);
}

static void a_storm_of_another_user_is_passed_over_record_by_record(void **state)
{
	(void)state;
	struct exec_ear ear = open_ear(EXEC_EAR_PROC);
	enum { STORM = 20 };
	struct exec_event out;
	unsigned passed_over = 0;
	bool is_start;
	if (ear.ops == NULL)
		skip();
	for (unsigned i = 0; i < STORM; i++)
		wait_for(start_as_another("/bin/true"));
	while (exec_ear_read(&ear, &out, &is_start))
		passed_over += !is_start;
	assert_in_range(passed_over, STORM, UINT_MAX); /* one call each */
	exec_ear_close(&ear);
}

struct rule_row {
	const char *name;
	enum exec_audit_cover cover;
	struct audit_rule_data rule; /* last: its end is open */
};

/* Bits of the calls we ask for. */
static struct audit_rule_data rule_of(bool at, uint32_t action, uint32_t list)
{
	struct audit_rule_data r = {.flags = list, .action = action};
	r.mask[AUDIT_WORD(SYS_execve)] |= AUDIT_BIT(SYS_execve);
	if (at)
		r.mask[AUDIT_WORD(SYS_execveat)] |= AUDIT_BIT(SYS_execveat);
	return r;
}

static void with(struct audit_rule_data *r, uint32_t field, uint32_t value)
{
	r->fields[r->field_count] = field;
	r->values[r->field_count] = value;
	r->fieldflags[r->field_count++] = AUDIT_EQUAL;
}

static void a_rule_tells_what_it_lets_us_hear(void **state)
{
	(void)state;
	struct rule_row rows[] = {
		{"all", EXEC_AUDIT_ALL, rule_of(true, AUDIT_ALWAYS, AUDIT_FILTER_EXIT)},
		{"of root", EXEC_AUDIT_ALL, rule_of(true, AUDIT_ALWAYS, AUDIT_FILTER_EXIT)},
		{"no execveat", EXEC_AUDIT_SOME, rule_of(false, AUDIT_ALWAYS, AUDIT_FILTER_EXIT)},
		{"a person's", EXEC_AUDIT_SOME, rule_of(true, AUDIT_ALWAYS, AUDIT_FILTER_EXIT)},
		{"never", EXEC_AUDIT_NOTHING, rule_of(true, AUDIT_NEVER, AUDIT_FILTER_EXIT)},
		{"user list", EXEC_AUDIT_NOTHING, rule_of(true, AUDIT_ALWAYS, AUDIT_FILTER_USER)},
		{"other word size", EXEC_AUDIT_NOTHING,
			rule_of(true, AUDIT_ALWAYS, AUDIT_FILTER_EXIT)},
		{"other call", EXEC_AUDIT_NOTHING,
			{.flags = AUDIT_FILTER_EXIT, .action = AUDIT_ALWAYS}},
	};
	with(&rows[1].rule, AUDIT_EUID, 0);
	with(&rows[3].rule, AUDIT_EUID, 1000);
	with(&rows[6].rule, AUDIT_ARCH, sizeof(long) == 8 ? 3 : 62 | __AUDIT_ARCH_64BIT);
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		faults += table_check_number(rows[i].name, "cover",
			exec_audit_rule_cover(&rows[i].rule, sizeof rows[i].rule), rows[i].cover);
	assert_int_equal(exec_audit_rule_cover(&rows[0].rule, 100), EXEC_AUDIT_NOTHING);
	assert_int_equal(faults, 0);
}

static void a_message_of_the_connector_names_a_process_only_for_exec(void **state)
{
	(void)state;
	uint8_t bytes[sizeof(struct cn_msg) + 40] = {0};
	struct cn_msg head = {.id = {.idx = CN_IDX_PROC, .val = CN_VAL_PROC}, .len = 40};
	uint32_t event[] = {2, 0, 0, 0, 78, 77};
	memcpy(bytes, &head, sizeof head);
	memcpy(bytes + sizeof head, event, sizeof event);
	assert_int_equal(exec_proc_message_pid(bytes, sizeof bytes), 77);
	assert_int_equal(exec_proc_message_pid(bytes, sizeof head + sizeof event - 1), 0);
	bytes[sizeof head] = 1; /* a fork */
	assert_int_equal(exec_proc_message_pid(bytes, sizeof bytes), 0);
}

struct group_row {
	const char *text, *group;
};

static void the_group_is_that_of_version_2_or_of_systemd(void **state)
{
	(void)state;
	static const struct group_row rows[] = {
		{"0::/system.slice/x.service\n", "/system.slice/x.service"},
		{"5:cpu:/\n1:name=systemd:/init.scope\n0::/\n", "/init.scope"},
		{"1:name=systemd:/a\n0::/b\n", "/b"},
		{"0::/no-newline", "/no-newline"},
		{"5:cpu:/x\n", NULL},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char group[EXEC_PATH_MAX];
		bool found = proc_facts_group_of(
			rows[i].text, strlen(rows[i].text), group, sizeof group);
		faults += table_check_text(
			rows[i].text, "group", found ? group : NULL, rows[i].group);
	}
	assert_int_equal(faults, 0);
}

static void terminals_have_the_names_that_people_know(void **state)
{
	(void)state;
	static const struct {
		uint32_t number;
		const char *name;
	} rows[] = {{0, ""}, {136 << 8 | 3, "pts3"}, {137 << 8 | 1, "pts257"}, {4 << 8 | 1, "tty1"},
		{4 << 8 | 64, "ttyS0"}, {5 << 8 | 1, ""}};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char name[EXEC_TTY_MAX];
		proc_facts_tty_name(rows[i].number, name);
		assert_string_equal(name, rows[i].name);
	}
}

int main(void)
{
	snprintf(mark, sizeof mark, "--kw-mark-%d", getpid());
	if (geteuid() != 0) {
		puts("skipped: exec_ear needs root");
		return SKIPPED;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hook_tells_who_started_what_with_all_arguments),
		cmocka_unit_test(a_million_bytes_of_arguments_are_cut_and_counted),
		cmocka_unit_test(a_file_without_a_name_is_told_as_such),
		cmocka_unit_test(programs_of_others_are_not_told),
		cmocka_unit_test(the_process_connector_tells_of_what_still_runs),
		cmocka_unit_test(a_storm_of_another_user_is_passed_over_record_by_record),
		cmocka_unit_test(a_rule_tells_what_it_lets_us_hear),
		cmocka_unit_test(a_message_of_the_connector_names_a_process_only_for_exec),
		cmocka_unit_test(the_group_is_that_of_version_2_or_of_systemd),
		cmocka_unit_test(terminals_have_the_names_that_people_know),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
