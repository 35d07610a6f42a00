/* SPDX-License-Identifier: ISC */
#include "priv/file_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights and fields younger than the oldest headers we build with (linux/landlock.h of 6.1). */
#define ACCESS_FS_REFER (UINT64_C(1) << 13)     /* ABI 2 */
#define ACCESS_FS_TRUNCATE (UINT64_C(1) << 14)  /* ABI 3 */
#define ACCESS_FS_IOCTL_DEV (UINT64_C(1) << 15) /* ABI 5 */
#define ACCESS_NET_CONNECT UINT64_C(2)
#define RULE_NET_PORT 2
#define ACCESS_NET_TCP UINT64_C(3) /* ABI 4: bind and connect */
#define SCOPE_ALL UINT64_C(3)      /* ABI 6: abstract sockets and signals of others */
#define ACCESS_FS_FIRST ((UINT64_C(1) << 13) - 1) /* ABI 1 */

struct ruleset {
	uint64_t files, net, scoped;
};

/* What each version of the interface can refuse, and how much of the struct it knows. */
static const struct {
	struct ruleset handled;
	size_t size;
} by_version[] = {
	{{ACCESS_FS_FIRST, 0, 0}, 8},
	{{ACCESS_FS_FIRST | ACCESS_FS_REFER, 0, 0}, 8},
	{{ACCESS_FS_FIRST | ACCESS_FS_REFER | ACCESS_FS_TRUNCATE, 0, 0}, 8},
	{{ACCESS_FS_FIRST | ACCESS_FS_REFER | ACCESS_FS_TRUNCATE, ACCESS_NET_TCP, 0}, 16},
	{{ACCESS_FS_FIRST | ACCESS_FS_REFER | ACCESS_FS_TRUNCATE | ACCESS_FS_IOCTL_DEV,
		 ACCESS_NET_TCP, 0},
		16},
	{{ACCESS_FS_FIRST | ACCESS_FS_REFER | ACCESS_FS_TRUNCATE | ACCESS_FS_IOCTL_DEV,
		 ACCESS_NET_TCP, SCOPE_ALL},
		24},
};

#define FILE_RIGHTS                                                                                \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |                            \
		LANDLOCK_ACCESS_FS_EXECUTE | ACCESS_FS_TRUNCATE | ACCESS_FS_IOCTL_DEV)

static const uint64_t rights_of[] = {
	[FILE_SANDBOX_READ] = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	[FILE_SANDBOX_WRITE] = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
			       LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
			       LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
			       LANDLOCK_ACCESS_FS_MAKE_DIR | ACCESS_FS_REFER | ACCESS_FS_TRUNCATE,
};

/* 0 or -1 with errno; a path that does not exist is no failure. */
static int allow_path(int ruleset, const struct file_sandbox_path *path, uint64_t handled)
{
	struct stat facts;
	int fd = open(path->path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -1;
	uint64_t rights = rights_of[path->access] & handled;
	if (fstat(fd, &facts) == 0 && !S_ISDIR(facts.st_mode))
		rights &= FILE_RIGHTS;
	struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
	long result = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	int kept = errno;
	close(fd);
	errno = kept;
	return (int)result;
}

/* landlock_net_port_attr */
struct port_rule {
	uint64_t access, port;
};

static bool allow_ports(int ruleset, const uint16_t *ports, size_t count)
{
	bool allowed = true;
	for (size_t i = 0; i < count; i++) {
		struct port_rule rule = {ACCESS_NET_CONNECT, ports[i]};
		allowed &= syscall(SYS_landlock_add_rule, ruleset, RULE_NET_PORT, &rule, 0) == 0;
	}
	return allowed;
}

static bool enforce(int ruleset, const struct file_sandbox_path *paths, size_t count,
	uint64_t handled, struct text_buffer *message)
{
	for (size_t i = 0; i < count; i++) {
		if (allow_path(ruleset, &paths[i], handled) < 0) {
			text_buffer_printf(message, "%s: cannot be allowed: %s", paths[i].path,
				strerror(errno));
			return false;
		}
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		syscall(SYS_landlock_restrict_self, ruleset, 0) == 0)
		return true;
	text_buffer_printf(message, "file sandbox refused by the kernel: %s", strerror(errno));
	return false;
}

static void write_report(struct text_buffer *report, const struct file_sandbox_path *paths,
	size_t count, long version)
{
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		if (paths[i].access != FILE_SANDBOX_WRITE)
			continue;
		text_buffer_printf(report, "%s %s", any ? "," : "writes only below", paths[i].path);
		any = true;
	}
	text_buffer_printf(report, "%s (Landlock %ld)", any ? "" : "writes to no file", version);
}

enum file_sandbox_result file_sandbox_enter(const struct file_sandbox_path *paths, size_t count,
	const uint16_t *ports, size_t port_count, struct text_buffer *report, char *error,
	size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (version < 1) {
		text_buffer_printf(report, "paths are not fenced: this kernel has no Landlock (%s)",
			strerror(errno));
		return FILE_SANDBOX_ABSENT;
	}
	size_t known = sizeof by_version / sizeof by_version[0];
	size_t row = (size_t)version < known ? (size_t)version - 1 : known - 1;
	const struct ruleset *handled = &by_version[row].handled;
	long ruleset = syscall(SYS_landlock_create_ruleset, handled, by_version[row].size, 0);
	if (ruleset < 0) {
		text_buffer_printf(&message, "file sandbox: %s", strerror(errno));
		return FILE_SANDBOX_FAILED;
	}
	bool done = handled->net == 0 || allow_ports((int)ruleset, ports, port_count);
	if (!done)
		text_buffer_printf(&message, "a port cannot be allowed: %s", strerror(errno));
	done = done && enforce((int)ruleset, paths, count, handled->files, &message);
	close((int)ruleset);
	if (!done)
		return FILE_SANDBOX_FAILED;
	write_report(report, paths, count, version);
	return FILE_SANDBOX_ON;
}
