/* SPDX-License-Identifier: ISC */
#include "private_place.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static bool failed(const char *what)
{
	fprintf(stderr, "private_place: %s: %s\n", what, strerror(errno));
	return false;
}

void private_place_write(const char *path, const char *text)
{
	size_t n = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, text, n) != (ssize_t)n) {
		failed(path);
		exit(7);
	}
	close(fd);
}

static bool copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
	bool copied = false;
	if (in >= 0 && (out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)) >= 0) {
		ssize_t n = 0;
		while ((n = sendfile(out, in, NULL, 1 << 20)) > 0)
			;
		copied = n == 0;
	}
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return copied || failed(from);
}

/* An /etc of our own with the little of the real one that is needed, so that the real one is left alone. */
static bool make_etc(const char *hosts, const char *netgroups)
{
	static const char *const kept[] = {"passwd", "group", "services", "protocols", "ld.so.cache"};
	if (mkdir("/mnt/etc", 0755) != 0)
		return failed("/mnt/etc");
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		char from[64], to[64];
		snprintf(from, sizeof from, "/etc/%s", kept[i]);
		snprintf(to, sizeof to, "/mnt/etc/%s", kept[i]);
		if (!copy_file(from, to))
			return false;
	}
	if (mount("/mnt/etc", "/etc", NULL, MS_BIND, NULL) != 0)
		return failed("/etc");
	private_place_write("/etc/hosts", hosts);
	private_place_write("/etc/netgroup", netgroups);
	private_place_write("/etc/resolv.conf", "nameserver 127.0.0.1\n");
	private_place_write("/etc/host.conf", "multi on\n");
	private_place_write("/etc/nsswitch.conf",
		"passwd: files\ngroup: files\nhosts: files\nnetgroup: files\nservices: files\nprotocols: files\n");
	return true;
}

/* A /dev with nothing but what a shell needs. The node is the real one: who may not make any (mknod(2)) can still bind it. */
static bool make_dev(void)
{
	if (mkdir("/mnt/dev", 0755) != 0 || mkdir("/mnt/dev/shm", 0755) != 0)
		return failed("/mnt/dev");
	private_place_write("/mnt/dev/null", "");
	return (mount("/dev/null", "/mnt/dev/null", NULL, MS_BIND, NULL) == 0 &&
		       mount("/mnt/dev", "/dev", NULL, MS_BIND | MS_REC, NULL) == 0) ||
	       failed("/dev");
}

/* The command of a line that was spoilt may write to another path than it was to ("2>/dev/nul:l"), as root. */
static bool shut_the_rest(void)
{
	return mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) == 0 || failed("/");
}

static void loopback_up(void)
{
	struct ifreq r = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (ioctl(fd, SIOCSIFFLAGS, &r) != 0)
		failed("lo");
	close(fd);
}

/* Commands are counted over all processes, in a file (wrap_shared); here each case must be the first one. */
static bool forget_counts(void)
{
	return (mount("tmpfs", "/dev/shm", "tmpfs", MS_RDONLY, NULL) == 0 && mount("tmpfs", "/run", "tmpfs", MS_RDONLY, NULL) == 0) ||
	       failed("/dev/shm");
}

bool private_place_enter(const char *hosts, const char *netgroups)
{
	if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS) != 0)
		return failed("unshare");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("tmpfs", "/mnt", "tmpfs", 0, "mode=0755") != 0)
		return failed("mount");
	if (setdomainname("example", 7) != 0)
		return failed("setdomainname");
	loopback_up();
	return make_dev() && forget_counts() && make_etc(hosts, netgroups) && shut_the_rest();
}
