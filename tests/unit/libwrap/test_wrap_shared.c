/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_shared.h"

#include "in_child.h"
#include "logged_lines.h"
#include "own_counts.h"
#include "table_check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>

static char folder[] = "/tmp/kw-shared-XXXXXX";

static int make_folder(void **state)
{
	own_counts_begin(state);
	umask(077); /* as strict daemons have it */
	return mkdtemp(folder) ? chdir(folder) : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	char command[100];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command); // NOLINT: a test
}

static struct wrap_shared open_one(const char *name)
{
	return wrap_shared_open_in(WRAP_SHARED_TRAPS, ".", name);
}

static void all_see_the_same(void **state)
{
	(void)state;
	struct wrap_shared a = open_one("one"), b = open_one("one");
	assert_non_null(a.memory);
	assert_false(a.is_own);
	assert_ptr_not_equal(a.memory, b.memory);
	assert_int_equal(*(char *)b.memory, 0);
	*(char *)a.memory = 'x';
	assert_int_equal(*(char *)b.memory, 'x');
	wrap_shared_close(&a);
	wrap_shared_close(&b);
	struct stat st;
	assert_int_equal(stat("one", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true((size_t)st.st_blocks * 512 >= a.size);
	b = open_one("one");
	assert_int_equal(*(char *)b.memory, 'x');
	wrap_shared_close(&b);
}

static void make_file(const char *path, mode_t mode)
{
	const int fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void what_others_can_write_is_not_used(void **state)
{
	(void)state;
	make_file("open", 0666);
	make_file("group", 0620);
	make_file("linked", 0600);
	make_file("aimed", 0600);
	assert_int_equal(link("linked", "linked-too"), 0);
	assert_int_equal(symlink("aimed", "link"), 0);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	static const char *const rows[] = {"open", "group", "linked", "link", "folder", "fifo"};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct wrap_shared s = open_one(rows[i]);
		faults += table_check_number(rows[i], "own", s.is_own, true);
		assert_non_null(s.memory);
		wrap_shared_close(&s);
	}
	assert_int_equal(faults, 0);
}

static void what_belongs_to_another_is_not_used(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	make_file("theirs", 0600);
	assert_int_equal(chown("theirs", 65534, 65534), 0);
	assert_true(open_one("theirs").is_own);
}

static void a_directory_in_which_others_can_take_names_is_not_used(void **state)
{
	(void)state;
	const bool is_root = geteuid() == 0;
	const struct {
		const char *name;
		mode_t mode;
		bool is_own;
	} rows[] = {
		{"shut", 0755, false},
		{"of-group", 0775, true},
		{"of-all", 0777, true},
		{"sticky", 01733, is_root}, /* root's are nobody's to fill */
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		assert_int_equal(mkdir(rows[i].name, 0700), 0);
		assert_int_equal(chmod(rows[i].name, rows[i].mode), 0);
		struct wrap_shared s = wrap_shared_open_in(WRAP_SHARED_TRAPS, rows[i].name, "file");
		faults += table_check_number(rows[i].name, "own", s.is_own, rows[i].is_own);
		wrap_shared_close(&s);
	}
	assert_int_equal(symlink("shut", "to-shut"), 0);
	assert_true(wrap_shared_open_in(WRAP_SHARED_TRAPS, "to-shut", "file").is_own);
	assert_int_equal(faults, 0);
}

static int open_under_a_file_limit(void)
{
	const struct rlimit none = {4096, 4096};
	setrlimit(RLIMIT_FSIZE, &none);
	if (!open_one("limited").is_own)
		return 1;
	return logged_lines_have("limited: this process may write files of 4096 bytes only") ? 0 : 2;
}

static int open_what_is_there_under_a_file_limit(void)
{
	const struct rlimit none = {4096, 4096};
	setrlimit(RLIMIT_FSIZE, &none);
	const struct wrap_shared s = open_one("limited");
	*(char *)s.memory = 'x';
	return s.is_own;
}

/* vsftpd and others set it to 0 for their sessions. */
static void a_limit_of_file_sizes_kills_nobody(void **state)
{
	(void)state;
	assert_int_equal(in_child(open_under_a_file_limit), 0);
	const struct wrap_shared s = open_one("limited");
	assert_false(s.is_own);
	wrap_shared_close(&s);
	assert_int_equal(in_child(open_what_is_there_under_a_file_limit), 0);
}

static int open_on_a_full_file_system(void)
{
	if (unshare(CLONE_NEWNS) != 0 || mkdir("full", 0755) != 0 || mount("tmpfs", "full", "tmpfs", 0, "mode=0755,size=64k") != 0)
		return 77;
	if (!wrap_shared_open_in(WRAP_SHARED_TRAPS, "full", "file").is_own)
		return 1;
	return logged_lines_have("file: No space left on device") ? 0 : 2;
}

static void a_full_file_system_is_told(void **state)
{
	(void)state;
	const int code = in_child(open_on_a_full_file_system);
	if (code == 77)
		skip();
	assert_int_equal(code, 0);
}

/* ---- the places that are there ------------------------------------------------------------------------------ */

static int find_places_made(void)
{
	struct wrap_shared s = wrap_shared_open(WRAP_SHARED_LIMITS);
	struct stat st;
	if (s.is_own || stat("/run/knockwatch/access.limits", &st) != 0 || st.st_uid != 0 || (st.st_mode & 07777) != 0600)
		return 1;
	if (stat("/run/knockwatch", &st) != 0 || st.st_uid != 0 || (st.st_mode & 07777) != 0755)
		return 2;
	if (stat("/run/knockwatch/limits", &st) != 0 || st.st_uid != 0 || (st.st_mode & 07777) != 01733)
		return 3;
	wrap_shared_close(&s);
	return logged_lines[0] == '\0' ? 0 : 4;
}

static int count_as_nobody(void)
{
	struct stat st;
	if (setuid(65534) != 0)
		return 1;
	const struct wrap_shared s = wrap_shared_open(WRAP_SHARED_LIMITS);
	return s.is_own || stat("/run/knockwatch/limits/access.limits.65534", &st) != 0 || st.st_uid != 65534 ? 2 : 0;
}

static int find_the_name_taken(void)
{
	make_file("/run/knockwatch/limits/access.traps.65534", 0666);
	if (chown("/run/knockwatch/limits/access.traps.65534", 1, 1) != 0 || setuid(65534) != 0)
		return 1;
	const struct wrap_shared s = wrap_shared_open(WRAP_SHARED_TRAPS);
	if (!s.is_own || !s.is_fresh)
		return 2;
	return logged_lines_have("3 warning: limits and bounds of commands hold for this process and its children alone: "
				 "access.traps.65534 is taken by user 1\n")
		       ? 0
		       : 3;
}

static int find_no_place(void)
{
	if (setuid(65534) != 0)
		return 1;
	const struct wrap_shared first = wrap_shared_open(WRAP_SHARED_TRAPS), second = wrap_shared_open(WRAP_SHARED_TRAPS);
	const struct wrap_shared other = wrap_shared_open(WRAP_SHARED_LIMITS);
	if (!first.is_own || !first.is_fresh || second.is_fresh || second.memory != first.memory || !other.is_fresh)
		return 2;
	return logged_lines_have("alone: /run/knockwatch/limits: No such file or directory\n") &&
			       strchr(logged_lines, '\n') == strrchr(logged_lines, '\n') /* one line */
		       ? 0
		       : 3;
}

static void root_makes_its_place_and_one_for_others(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(in_child(find_no_place), 0);
	assert_int_equal(in_child(find_places_made), 0);
	assert_int_equal(in_child(count_as_nobody), 0);
	assert_int_equal(in_child(find_the_name_taken), 0);
}

/* ---- memory of its own -------------------------------------------------------------------------------------- */

/* Of a daemon that may write nowhere: once there, it is for the children it forks. */
static void own_memory_is_shared_with_children(void **state)
{
	(void)state;
	struct wrap_shared s = wrap_shared_open_in(WRAP_SHARED_TRAPS, "/no/where", "file");
	assert_true(s.is_own);
	assert_false(s.is_inherited);
	*(char *)s.memory = 'p';
	const pid_t child = fork();
	if (child == 0) {
		struct wrap_shared mine = wrap_shared_open_in(WRAP_SHARED_TRAPS, "/no/where", "file");
		const bool same = mine.is_inherited && !mine.is_fresh && *(char *)mine.memory == 'p';
		*(char *)mine.memory = 'c';
		_exit(same ? 0 : 1);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	wrap_shared_close(&s); /* it stays */
	assert_int_equal(*(char *)s.memory, 'c');
}

/* ---- threads ------------------------------------------------------------------------------------------------ */

enum { THREADS = 3, CHILD_SECONDS = 10 };
static atomic_bool is_over;
static atomic_int fresh;
static pthread_barrier_t at_once;

static void *open_own(void *memory)
{
	pthread_barrier_wait(&at_once);
	const struct wrap_shared s = wrap_shared_open_in(WRAP_SHARED_LIMITS, "/no/where", "file");
	fresh += s.is_fresh;
	*(void **)memory = s.is_inherited ? NULL : s.memory;
	return NULL;
}

static int open_own_at_once(void)
{
	pthread_t threads[THREADS];
	void *memories[THREADS];
	pthread_barrier_init(&at_once, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, open_own, &memories[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < THREADS; i++) {
		if (!memories[i] || memories[i] != memories[0])
			return 1;
	}
	return fresh == 1 ? 0 : 2;
}

static void threads_make_one_memory(void **state)
{
	(void)state;
	for (int i = 0; i < 50; i++)
		assert_int_equal(in_child(open_own_at_once), 0);
}

static void *open_again_and_again(void *unused)
{
	while (!is_over)
		(void)wrap_shared_open_in(WRAP_SHARED_TRAPS, "/no/where", "file");
	return unused;
}

static int open_in_time(void)
{
	alarm(CHILD_SECONDS);
	return wrap_shared_open_in(WRAP_SHARED_TRAPS, "/no/where", "file").memory ? 0 : 1;
}

static void a_child_of_a_program_with_threads_does_not_wait_for_ever(void **state)
{
	(void)state;
	enum { FORKS = 1000 };
	pthread_t threads[THREADS];
	int code = 0;
	is_over = false;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, open_again_and_again, NULL), 0);
	for (int i = 0; i < FORKS && code == 0; i++)
		code = in_child(open_in_time);
	is_over = true;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(code, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_see_the_same),
		cmocka_unit_test(root_makes_its_place_and_one_for_others), /* before there is memory of its own */
		cmocka_unit_test(a_limit_of_file_sizes_kills_nobody),
		cmocka_unit_test(a_full_file_system_is_told),
		cmocka_unit_test(what_others_can_write_is_not_used),
		cmocka_unit_test(what_belongs_to_another_is_not_used),
		cmocka_unit_test(a_directory_in_which_others_can_take_names_is_not_used),
		cmocka_unit_test(threads_make_one_memory), /* nor of the limits, before */
		cmocka_unit_test(own_memory_is_shared_with_children),
		cmocka_unit_test(a_child_of_a_program_with_threads_does_not_wait_for_ever),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
