/* SPDX-License-Identifier: ISC */
/*
 * What knockwatch itself needs: a configuration without faults, the right to capture, a user and a place of its
 * own, room on the disk, a clock that others would believe.
 */
#include "base/number_text.h"
#include "cli/doctor_row.h"
#include "priv/drop_privileges.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <linux/if_ether.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

/* A day of a busy host is some tens of MiB of evidence; this much gives its admin time to see the mail. */
#define FREE_BYTES_LEAST (UINT64_C(512) << 20)
#define FREE_FILES_LEAST 1000

static void ask_configuration(const struct doctor_host *host, struct doctor_answer *a)
{
	if (host->settings_path == NULL) {
		doctor_say(a, DOCTOR_GOOD, "there is no file, so the defaults hold");
	} else if (host->settings_good) {
		doctor_say(a, DOCTOR_GOOD, "%s has no fault", host->settings_path);
	} else if (access(host->settings_path, R_OK) < 0 && errno == EACCES) {
		doctor_say(a, DOCTOR_UNKNOWN, "only another user may read %s", host->settings_path);
	} else {
		doctor_say(a, DOCTOR_WEAK, "%s has faults; a watch will not start with it",
			host->settings_path);
		doctor_add_line(a, "knockwatch check %s", host->settings_path);
	}
}

static void ask_capture(const struct doctor_host *host, struct doctor_answer *a)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	int error = errno;
	if (fd >= 0) {
		close(fd);
		doctor_say(a, DOCTOR_GOOD, "packets can be captured here");
	} else if (!host->is_root && error == EPERM) {
		doctor_say(a, DOCTOR_UNKNOWN,
			"this user may not; root may, who gives the right up again once a watch "
			"has begun");
	} else {
		doctor_say(a, DOCTOR_WEAK,
			"packets cannot be captured here, not even by root (%s); only logs can be "
			"followed",
			strerror(error));
	}
}

static void ask_user(const struct doctor_host *host, struct doctor_answer *a)
{
	(void)host;
	if (getpwnam("knockwatch") == NULL) {
		doctor_say(a, DOCTOR_WEAK,
			"there is no user knockwatch; a watch becomes nobody, whom other programs "
			"may be as well");
		doctor_add_line(a, "useradd --system --shell /usr/sbin/nologin knockwatch");
	} else {
		doctor_say(a, DOCTOR_GOOD, "a watch becomes the user knockwatch");
	}
}

static void judge_state(const struct doctor_host *host, const struct stat *facts,
	const struct drop_identity *id, struct doctor_answer *a)
{
	if (!S_ISDIR(facts->st_mode)) {
		doctor_say(a, DOCTOR_WEAK, "%s is not a directory", host->state);
	} else if ((facts->st_mode & 0027) != 0) {
		doctor_say(a, DOCTOR_WEAK, "%s is open to other users (mode %04o)", host->state,
			facts->st_mode & 07777);
		doctor_add_line(a, "chmod 0700 %s", host->state);
	} else if (host->is_root && facts->st_uid != id->uid) {
		doctor_say(a, DOCTOR_WEAK, "%s belongs to uid %lu, but a watch becomes %s",
			host->state, (unsigned long)facts->st_uid, id->user);
		doctor_add_line(a, "chown -R %s: %s", id->user, host->state);
	} else {
		doctor_say(a, DOCTOR_GOOD, "%s is ours alone%s", host->state,
			(facts->st_mode & 0070) != 0 ? ", and may be read by our group" : "");
	}
}

static void ask_state(const struct doctor_host *host, struct doctor_answer *a)
{
	struct stat facts;
	struct drop_identity id = {0};
	char error[256];
	if (host->is_root && !drop_privileges_choose(NULL, &id, error, sizeof error))
		doctor_say(a, DOCTOR_WEAK, "%s", error);
	else if (lstat(host->state, &facts) == 0)
		judge_state(host, &facts, &id, a);
	else if (errno == ENOENT)
		doctor_say(a, DOCTOR_NOTE, "%s is not there yet; the first watch makes it",
			host->state);
	else
		doctor_say(a, DOCTOR_UNKNOWN, "%s: %s", host->state, strerror(errno));
}

/* The file system of the state directory, or of where it will be made. */
static bool look_at_disk(const char *state, struct statvfs *out)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%s", state);
	while (statvfs(path, out) < 0) {
		char *end = strrchr(path, '/');
		if (errno != ENOENT || end == NULL)
			return false;
		end[end == path] = '\0';
	}
	return true;
}

static void ask_disk(const struct doctor_host *host, struct doctor_answer *a)
{
	struct statvfs disk;
	if (!look_at_disk(host->state, &disk)) {
		doctor_say(a, DOCTOR_UNKNOWN, "%s: %s", host->state, strerror(errno));
		return;
	}
	uint64_t free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
	bool files_left = disk.f_files == 0 || disk.f_favail >= FREE_FILES_LEAST;
	bool good = free_bytes >= FREE_BYTES_LEAST && files_left;
	doctor_say(a, good ? DOCTOR_GOOD : DOCTOR_WEAK, "%s left where evidence is kept (%s)%s",
		number_text_bytes(free_bytes).text, host->state,
		files_left ? "" : ", and hardly room for another file");
	if (!good)
		doctor_add_line(a, "du -xh --max-depth=2 %s | sort -h | tail", host->state);
}

/* Evidence of two hosts is compared by time. */
static void ask_clock(const struct doctor_host *host, struct doctor_answer *a)
{
	struct timex t = {0};
	int state = adjtimex(&t);
	(void)host;
	if (state < 0) {
		doctor_say(a, DOCTOR_UNKNOWN, "the kernel does not say: %s", strerror(errno));
	} else if (state == TIME_ERROR || (t.status & STA_UNSYNC)) {
		doctor_say(a, DOCTOR_WEAK,
			"no time service sets the clock; times in the evidence may be doubted");
		doctor_add_line(a, "apt-get install systemd-timesyncd && timedatectl set-ntp true");
	} else {
		doctor_say(a, DOCTOR_GOOD, "a time service sets it; at most %ld ms off",
			t.maxerror / 1000 + 1);
	}
}

const struct doctor_row doctor_host_rows[] = {
	{"configuration", ask_configuration},
	{"capture", ask_capture},
	{"user", ask_user},
	{"state directory", ask_state},
	{"disk", ask_disk},
	{"clock", ask_clock},
	{NULL, NULL},
};
