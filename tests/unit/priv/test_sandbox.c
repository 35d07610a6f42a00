/* SPDX-License-Identifier: ISC */
#include "priv/sandbox.h"

#include "priv/drop_privileges.h"
#include "priv/state_directory.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* base/log/kern.log may be read, base/state written, base/other neither; all are the user's own, so
 * that only the sandbox stands in the way. */
static char base[64], log_directory[96], state_path[96], other[96];

static const char *in(const char *directory, const char *name)
{
	static char paths[4][192];
	static unsigned next;
	char *path = paths[next++ % 4];
	snprintf(path, sizeof paths[0], "%s/%s", directory, name);
	return path;
}

/* Each deed returns 0 or an errno. */
typedef int deed(void);

static int outcome(long result)
{
	return result < 0 ? errno : 0;
}

static int write_state(void)
{
	int fd = open(in(state_path, "new"), O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, "x", 1) != 1 || fdatasync(fd) < 0 || ftruncate(fd, 0) < 0)
		return errno;
	close(fd);
	int result = rename(in(state_path, "new"), in(state_path, "old"));
	return result < 0 ? errno : outcome(unlink(in(state_path, "old")));
}

static int use_sqlite(void)
{
	sqlite3 *db = NULL;
	int result = sqlite3_open(in(state_path, "store.db"), &db);
	if (result == SQLITE_OK)
		result = sqlite3_exec(db,
			"PRAGMA journal_mode=WAL; PRAGMA temp_store=MEMORY; CREATE TABLE t(a, b); "
			"BEGIN;"
			"INSERT INTO t VALUES (1, randomblob(100000)), (2, 'x'); COMMIT; CREATE "
			"INDEX i ON t(b);"
			"DELETE FROM t WHERE a = 1; PRAGMA wal_checkpoint(TRUNCATE); VACUUM;",
			NULL, NULL, NULL);
	if (result != SQLITE_OK)
		fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
	sqlite3_close(db);
	return result == SQLITE_OK ? 0 : EIO;
}

static int read_log(void)
{
	return outcome(open(in(log_directory, "kern.log"), O_RDONLY));
}

static int watch_log(void)
{
	int fd = inotify_init1(IN_CLOEXEC);
	return fd < 0 ? errno : outcome(inotify_add_watch(fd, log_directory, IN_MODIFY));
}

static int wait_a_little(void)
{
	struct timespec ms = {0, 1000000};
	if (poll(NULL, 0, 1) < 0 || nanosleep(&ms, NULL) < 0)
		return errno;
	time_t now = time(NULL);
	struct tm local;
	return localtime_r(&now, &local) ? 0 : EINVAL;
}

static int use_memory(void)
{
	char *memory = malloc(8 << 20);
	if (!memory)
		return ENOMEM;
	memset(memory, 1, 8 << 20);
	free(memory);
	return 0;
}

static int abort_on_a_broken_promise(void)
{
	abort();
}

static int write_log(void)
{
	return outcome(open(in(log_directory, "kern.log"), O_WRONLY));
}

static int truncate_log(void)
{
	return outcome(open(in(log_directory, "kern.log"), O_RDONLY | O_TRUNC));
}

static int make_file_elsewhere(void)
{
	return outcome(open(in(other, "new"), O_WRONLY | O_CREAT, 0600));
}

static int read_elsewhere(void)
{
	return outcome(open(in(other, "secret"), O_RDONLY));
}

static int read_passwd(void)
{
	return outcome(open("/etc/passwd", O_RDONLY));
}

static int move_out(void)
{
	return outcome(rename(in(state_path, "kept"), in(other, "kept")));
}

static int link_in_state(void)
{
	return outcome(symlink("/etc", in(state_path, "link")));
}

static int unlink_log(void)
{
	return outcome(unlink(in(log_directory, "kern.log")));
}

static int change_mode(void)
{
	return outcome(chmod(in(other, "secret"), 0777));
}

static int start_child(void)
{
	return outcome(fork());
}

static int open_unix_socket(void)
{
	return outcome(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int open_netlink_socket(void)
{
	return outcome(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int kill_parent(void)
{
	return outcome(kill(getppid(), SIGTERM));
}

static int raise_limit(void)
{
	struct rlimit limit = {1, 1};
	return outcome(setrlimit(RLIMIT_NOFILE, &limit));
}

static int map_code(void)
{
	void *at = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return at == MAP_FAILED ? errno : 0;
}

static int push_terminal_input(void)
{
	return outcome(ioctl(0, TIOCSTI, "x"));
}

static int run_program(void)
{
	char *const nothing[] = {NULL};
	return outcome(execve("/bin/true", nothing, nothing));
}

static int run_shell(void)
{
	return outcome(syscall(SYS_execveat, -1, "/bin/sh", NULL, NULL, 0));
}

static int open_internet_socket(void)
{
	return outcome(socket(AF_INET, SOCK_STREAM, 0));
}

static int open_internet6_socket(void)
{
	return outcome(socket(AF_INET6, SOCK_DGRAM, 0));
}

static int open_packet_socket(void)
{
	return outcome(socket(AF_PACKET, SOCK_RAW, 0));
}

static int trace_parent(void)
{
	return outcome(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int load_bpf(void)
{
	return outcome(syscall(SYS_bpf, 0, NULL, 0));
}

static int load_module(void)
{
	return outcome(syscall(SYS_init_module, NULL, 0, ""));
}

static int mount_something(void)
{
	return outcome(mount("none", "/tmp", "tmpfs", 0, NULL));
}

static int leave_namespace(void)
{
	return outcome(unshare(CLONE_NEWUSER));
}

#define DIES (-1)
#define ABORTS (-2)

/* Who is fenced in. */
enum fence { ENGINE, SENSOR_OF_LOGS, SENSOR, FENCES };
static const char *const fence_names[FENCES] = {"engine", "sensor of logs", "sensor"};

static const struct row {
	const char *name;
	deed *what;
	int expected[FENCES]; /* 0, an errno, DIES of SIGSYS, ABORTS of SIGABRT */
	bool needs_landlock;
} rows[] = {
	{"write, rename and remove in the state directory", write_state, {0, EACCES, EPERM}, false},
	{"use SQLite in the state directory", use_sqlite, {0, EIO, EIO}, false},
	{"read a log", read_log, {0, 0, EPERM}, false},
	{"watch a log directory", watch_log, {0, 0, EPERM}, false},
	{"wait, and tell the time", wait_a_little, {0, 0, 0}, false},
	{"use memory", use_memory, {0, 0, 0}, false},
	{"abort on a broken promise", abort_on_a_broken_promise, {ABORTS, ABORTS, ABORTS}, false},
	{"write a log", write_log, {EACCES, EACCES, EPERM}, true},
	{"truncate a log", truncate_log, {EACCES, EACCES, EPERM}, true},
	{"remove a log", unlink_log, {EACCES, EPERM, EPERM}, true},
	{"make a file elsewhere", make_file_elsewhere, {EACCES, EACCES, EPERM}, true},
	{"read a file elsewhere", read_elsewhere, {EACCES, EACCES, EPERM}, true},
	{"read /etc/passwd", read_passwd, {EACCES, EACCES, EPERM}, true},
	{"move a file out of the state directory", move_out, {EACCES, EPERM, EPERM}, true},
	{"make a symbolic link", link_in_state, {EPERM, EPERM, EPERM}, false},
	{"change a mode by name", change_mode, {EPERM, EPERM, EPERM}, false},
	{"fork", start_child, {EPERM, EPERM, EPERM}, false},
	{"open a Unix socket", open_unix_socket, {EPERM, EPERM, EPERM}, false},
	{"open a netlink socket", open_netlink_socket, {EPERM, EPERM, EPERM}, false},
	{"signal another process", kill_parent, {EPERM, EPERM, EPERM}, false},
	{"change a limit", raise_limit, {EPERM, EPERM, EPERM}, false},
	{"map memory as code", map_code, {EPERM, EPERM, EPERM}, false},
	{"push input into the terminal", push_terminal_input, {EPERM, EPERM, EPERM}, false},
	{"run a program", run_program, {DIES, DIES, DIES}, false},
	{"run a shell by descriptor", run_shell, {DIES, DIES, DIES}, false},
	{"open an Internet socket", open_internet_socket, {DIES, DIES, DIES}, false},
	{"open an IPv6 socket", open_internet6_socket, {DIES, DIES, DIES}, false},
	{"open a packet socket", open_packet_socket, {DIES, DIES, DIES}, false},
	{"trace another process", trace_parent, {DIES, DIES, DIES}, false},
	{"load a BPF program", load_bpf, {DIES, DIES, DIES}, false},
	{"load a kernel module", load_module, {DIES, DIES, DIES}, false},
	{"mount", mount_something, {DIES, DIES, DIES}, false},
	{"leave a namespace", leave_namespace, {DIES, DIES, DIES}, false},
};

/* The whole way down, as the daemon goes it. */
static bool go_down(enum fence fence, char *said, size_t said_size)
{
	char error[256] = "";
	struct drop_identity to;
	struct text_buffer report = text_buffer_over(said, said_size);
	const char *const logs[] = {log_directory};
	bool done = drop_privileges_choose("nobody", &to, error, sizeof error) &&
		    drop_privileges_now(&to, NULL, 0, &report, error, sizeof error);
	text_buffer_add(&report, "; ");
	const struct sandbox_options options[FENCES] = {[ENGINE] = {.role = SYSCALL_ROLE_ENGINE,
								.state_directory = state_path,
								.read_paths = logs,
								.read_path_count = 1},
		[SENSOR_OF_LOGS] = {.role = SYSCALL_ROLE_SENSOR,
			.read_paths = logs,
			.read_path_count = 1},
		[SENSOR] = {.role = SYSCALL_ROLE_SENSOR}};
	done = done && sandbox_enter(&options[fence], &report, error, sizeof error);
	if (!done)
		fprintf(stderr, "%s\n", error);
	return done;
}

/* What became of a deed in the sandbox, in the terms of the table. 1000 = the sandbox itself
 * failed. */
static int try(enum fence fence, deed *what)
{
	pid_t child = fork();
	if (child == 0) {
		char said[1024];
		signal(SIGABRT, SIG_DFL);
		if (!go_down(fence, said, sizeof said))
			raise(SIGUSR1);
		_exit(what());
	}
	int status = 0;
	waitpid(child, &status, 0);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return WTERMSIG(status) == SIGSYS ? DIES : WTERMSIG(status) == SIGABRT ? ABORTS : 1000;
}

static bool landlock_is_there(void)
{
	return syscall(444 /* landlock_create_ruleset */, NULL, 0, 1) > 0;
}

static unsigned try_all(enum fence fence, bool landlock)
{
	unsigned wrong = 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].needs_landlock && !landlock) {
			print_message("skipped: %s: no Landlock here\n", rows[i].name);
			continue;
		}
		int got = try(fence, rows[i].what);
		if (got == rows[i].expected[fence])
			continue;
		print_error("%s: %s: got %d (%s), wanted %d\n", fence_names[fence], rows[i].name,
			got, got > 0 ? strerror(got) : "", rows[i].expected[fence]);
		wrong++;
	}
	return wrong;
}

static void each_role_can_do_what_it_needs_and_nothing_else(void **state)
{
	(void)state;
	unsigned wrong = 0;
	for (enum fence fence = 0; fence < FENCES; fence++)
		wrong += try_all(fence, landlock_is_there());
	assert_int_equal(wrong, 0);
}

static void what_holds_is_said(void **state)
{
	(void)state;
	int out[2];
	char said[1024] = "";
	assert_int_equal(pipe(out), 0);
	pid_t child = fork();
	if (child == 0) {
		char text[1024];
		if (go_down(ENGINE, text, sizeof text) && write(out[1], text, strlen(text)) > 0)
			_exit(0);
		_exit(1);
	}
	close(out[1]);
	assert_true(read(out[0], said, sizeof said - 1) > 0);
	waitpid(child, NULL, 0);
	close(out[0]);
	print_message("%s\n", said);
	assert_non_null(strstr(said, "runs as nobody"));
	assert_non_null(strstr(
		said, landlock_is_there() ? "writes only below /tmp/kw_sandbox_" : "no Landlock"));
	assert_non_null(strstr(said, "system calls of its list (seccomp)"));
}

static void make_users_own(const char *path)
{
	if (chown(path, 65534, 65534) < 0)
		abort();
}

static int set_up(void **state)
{
	(void)state;
	strcpy(base, "/tmp/kw_sandbox_XXXXXX");
	if (!mkdtemp(base) || chmod(base, 0755) < 0)
		return -1;
	snprintf(log_directory, sizeof log_directory, "%s/log", base);
	snprintf(state_path, sizeof state_path, "%s/state", base);
	snprintf(other, sizeof other, "%s/other", base);
	static const char *const directories[] = {log_directory, state_path, other};
	for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++) {
		if (mkdir(directories[i], 0755) < 0)
			return -1;
		make_users_own(directories[i]);
	}
	const char *const files[] = {
		in(log_directory, "kern.log"), in(other, "secret"), in(state_path, "kept")};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		int fd = open(files[i], O_WRONLY | O_CREAT, 0644);
		if (fd < 0)
			return -1;
		close(fd);
		make_users_own(files[i]);
	}
	return 0;
}

static int tear_down(void **state)
{
	char line[128];
	(void)state;
	snprintf(line, sizeof line, "rm -rf '%s'", base);
	return system(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_role_can_do_what_it_needs_and_nothing_else),
		cmocka_unit_test(what_holds_is_said),
	};
	if (geteuid() != 0) {
		printf("skipped: sandbox: needs root, to be able to drop it\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
