/* SPDX-License-Identifier: ISC */
#include "priv/syscall_filter.h"

#include <errno.h>
#include <linux/sockios.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* A name that this machine's architecture does not have is passed over. */
static const char *const common[] = {
	/* reading and writing what is open */
	"read",
	"write",
	"readv",
	"writev",
	"pread64",
	"preadv",
	"preadv2",
	"lseek",
	"_llseek",
	"close",
	"close_range",
	"fcntl",
	"fcntl64",
	"fstat",
	"fstat64",
	"newfstatat",
	"fstatat64",
	/* waiting and time */
	"poll",
	"ppoll",
	"ppoll_time64",
	"select",
	"pselect6",
	"pselect6_time64",
	"epoll_create1",
	"epoll_ctl",
	"epoll_wait",
	"epoll_pwait",
	"epoll_pwait2",
	"timerfd_create",
	"timerfd_settime",
	"timerfd_gettime",
	"eventfd2",
	"signalfd4",
	"nanosleep",
	"clock_nanosleep",
	"clock_gettime",
	"clock_gettime64",
	"clock_getres",
	"gettimeofday",
	"time",
	"restart_syscall",
	/* the channel between our processes */
	"recvmsg",
	"sendmsg",
	/* memory, threads' locks, signals, ourselves */
	"brk",
	"munmap",
	"mremap",
	"madvise",
	"msync",
	"mlock",
	"munlock",
	"membarrier",
	"futex",
	"futex_time64",
	"set_robust_list",
	"rseq",
	"sched_yield",
	"sched_getaffinity",
	"getcpu",
	"rt_sigaction",
	"rt_sigprocmask",
	"rt_sigreturn",
	"sigreturn",
	"rt_sigtimedwait",
	"rt_sigpending",
	"rt_sigsuspend",
	"sigaltstack",
	"getpid",
	"gettid",
	"getppid",
	"getuid",
	"geteuid",
	"getgid",
	"getegid",
	"getresuid",
	"getresgid",
	"getgroups",
	"getuid32",
	"geteuid32",
	"getgid32",
	"getegid32",
	"getrandom",
	"getrusage",
	"getrlimit",
	"ugetrlimit",
	"times",
	"uname",
	"sysinfo",
	"exit",
	"exit_group",
};

/* Of who may open files at all: which ones, the file sandbox decides. */
static const char *const of_files[] = {
	"open",
	"openat",
	"openat2",
	"stat",
	"stat64",
	"lstat",
	"lstat64",
	"statx",
	"fstatfs",
	"statfs",
	"access",
	"faccessat",
	"faccessat2",
	"readlink",
	"readlinkat",
	"getdents64",
	"getcwd",
	"inotify_init1",
	"inotify_add_watch",
	"inotify_rm_watch",
};

/* Sockets that are open: packets, netlink, who logs to us. */
static const char *const of_sensor[] = {
	"recvfrom",
	"recvmmsg",
	"recv",
	"sendto",
	"sendmmsg",
	"send",
	"getsockopt",
	"setsockopt",
	"bind",
	"accept",
	"accept4",
	"getsockname",
	"getpeername",
	"shutdown",
};

/* Files that are written, and a sensor that comes and ends. */
static const char *const of_engine[] = {
	"pwrite64",
	"pwritev",
	"pwritev2",
	"dup",
	"dup2",
	"dup3",
	"flock",
	"fsync",
	"fdatasync",
	"sync_file_range",
	"ftruncate",
	"ftruncate64",
	"fallocate",
	"fadvise64",
	"fadvise64_64",
	"fchmod",
	"pipe2",
	"unlink",
	"unlinkat",
	"rename",
	"renameat",
	"renameat2",
	"mkdir",
	"mkdirat",
	"rmdir",
	"umask",
	"accept4",
	"wait4",
	"waitid",
};

/* A connection to another machine and the search for its address; one file that is open. Which families of sockets
 * may be made stands below. */
static const char *const of_courier[] = {
	"recvfrom",
	"recv",
	"sendto",
	"sendmmsg",
	"send",
	"getsockopt",
	"setsockopt",
	"bind",
	"connect",
	"getsockname",
	"getpeername",
	"shutdown",
	"pwrite64",
};

/* What only an intruder would do. */
static const char *const hostile[] = {
	"execve",
	"execveat",
	"ptrace",
	"process_vm_readv",
	"process_vm_writev",
	"bpf",
	"perf_event_open",
	"init_module",
	"finit_module",
	"delete_module",
	"kexec_load",
	"kexec_file_load",
	"reboot",
	"mount",
	"umount",
	"umount2",
	"move_mount",
	"open_tree",
	"fsopen",
	"fsmount",
	"pivot_root",
	"chroot",
	"setns",
	"unshare",
	"userfaultfd",
	"io_uring_setup",
	"add_key",
	"keyctl",
	"request_key",
	"open_by_handle_at",
	"name_to_handle_at",
	"swapon",
	"swapoff",
	"acct",
	"iopl",
	"ioperm",
	"modify_ldt",
};

/* Allowed with one argument only: (argument & mask) == value. */
static const struct {
	const char *name;
	unsigned argument;
	uint64_t mask, value;
} narrow[] = {
	/* memory that cannot be executed */
	{"mmap", 2, PROT_EXEC, 0},
	{"mmap2", 2, PROT_EXEC, 0},
	{"mprotect", 2, PROT_EXEC, 0},
	/* questions to interfaces, terminals and pipes */
	{"ioctl", 1, UINT32_MAX, SIOCGIFINDEX},
	{"ioctl", 1, UINT32_MAX, SIOCGIFNAME},
	{"ioctl", 1, UINT32_MAX, SIOCGIFFLAGS},
	{"ioctl", 1, UINT32_MAX, FIONREAD},
	{"ioctl", 1, UINT32_MAX, SIOCOUTQ},
	{"ioctl", 1, UINT32_MAX, TCGETS},
	{"ioctl", 1, UINT32_MAX, TIOCGWINSZ},
	/* reading a limit, never setting one */
	{"prlimit64", 2, UINT64_MAX, 0},
};

/* Socket families whose sockets an intruder would want; the others fail with EPERM. */
static const int hostile_families[] = {AF_PACKET, AF_ALG, AF_VSOCK, AF_INET, AF_INET6};
/* Of these the courier needs some: the Internet's, and what the resolver asks with. */
static const int courier_families[] = {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK};

struct name_list {
	const char *const *names;
	size_t count;
};

#define LIST(list)                                                                                 \
	{                                                                                          \
		(list), sizeof(list) / sizeof(list)[0]                                             \
	}

static const struct name_list every_role = LIST(common), opening = LIST(of_files),
			      intruder = LIST(hostile);
static const struct name_list of_role[SYSCALL_ROLES] = {[SYSCALL_ROLE_SENSOR] = LIST(of_sensor),
	[SYSCALL_ROLE_ENGINE] = LIST(of_engine),
	[SYSCALL_ROLE_COURIER] = LIST(of_courier)};

static int add_names(scmp_filter_ctx filter, uint32_t action, struct name_list list)
{
	for (size_t i = 0; i < list.count; i++) {
		int number = seccomp_syscall_resolve_name(list.names[i]);
		if (number < 0)
			continue;
		int result = seccomp_rule_add(filter, action, number, 0);
		if (result < 0)
			return result;
	}
	return 0;
}

static int add_families(scmp_filter_ctx filter, uint32_t action, const int *families, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct scmp_arg_cmp family = {
			0, SCMP_CMP_MASKED_EQ, UINT32_MAX, (scmp_datum_t)families[i]};
		int result = seccomp_rule_add_array(filter, action, SCMP_SYS(socket), 1, &family);
		if (result < 0)
			return result;
	}
	return 0;
}

static int add_sockets(scmp_filter_ctx filter, enum syscall_role role)
{
	size_t hostiles = sizeof hostile_families / sizeof hostile_families[0];
	if (role != SYSCALL_ROLE_COURIER)
		return add_families(filter, SCMP_ACT_KILL_PROCESS, hostile_families, hostiles);
	int result = add_families(filter, SCMP_ACT_ALLOW, courier_families,
		sizeof courier_families / sizeof courier_families[0]);
	return result < 0 ? result
			  : add_families(filter, SCMP_ACT_KILL_PROCESS, hostile_families,
				    hostiles - 2); /* all but the Internet's */
}

static int add_narrow(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++) {
		int number = seccomp_syscall_resolve_name(narrow[i].name);
		struct scmp_arg_cmp only = {
			narrow[i].argument, SCMP_CMP_MASKED_EQ, narrow[i].mask, narrow[i].value};
		int result = number < 0 ? 0
					: seccomp_rule_add_array(
						  filter, SCMP_ACT_ALLOW, number, 1, &only);
		if (result < 0)
			return result;
	}
	/* A signal to ourselves is how abort() ends a program whose promise was broken. */
	struct scmp_arg_cmp self = {0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0};
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &self);
}

/* A negative errno where it fails. */
static int load(scmp_filter_ctx filter, enum syscall_role role, bool opens_files)
{
	int result = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (result == 0)
		result = seccomp_attr_set(
			filter, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree, not a list */
	if (result == 0)
		result = add_names(filter, SCMP_ACT_ALLOW, every_role);
	if (result == 0)
		result = add_names(filter, SCMP_ACT_ALLOW, of_role[role]);
	if (result == 0 && opens_files)
		result = add_names(filter, SCMP_ACT_ALLOW, opening);
	if (result == 0)
		result = add_names(filter, SCMP_ACT_KILL_PROCESS, intruder);
	if (result == 0)
		result = add_narrow(filter);
	if (result == 0)
		result = add_sockets(filter, role);
	return result == 0 ? seccomp_load(filter) : result;
}

bool syscall_filter_enter(enum syscall_role role, bool opens_files, struct text_buffer *report,
	char *error, size_t error_size)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int result = filter ? load(filter, role, opens_files) : -ENOMEM;
	if (filter)
		seccomp_release(filter);
	if (result < 0) {
		struct text_buffer message = text_buffer_over(error, error_size);
		text_buffer_printf(
			&message, "system calls cannot be fenced: %s", strerror(-result));
		return false;
	}
	text_buffer_printf(report, "makes only the %zu system calls of its list (seccomp)",
		every_role.count + of_role[role].count + (opens_files ? opening.count : 0) +
			sizeof narrow / sizeof narrow[0]);
	return true;
}
