/* SPDX-License-Identifier: ISC */
#include "sensor/access_socket.h"

#include "access/access_wire.h"
#include "base/clock_now.h"
#include "base/memory.h"
#include "base/text_buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* A user whose word is kept within a pace: "whole" is when all of its allowance is there again. */
struct teller {
	uid_t uid;
	int64_t whole_us;
};

enum { TELLERS = 64 }; /* who comes beyond that takes the place of the one who waits longest */

#define STEP_US (CLOCK_US_PER_S / ACCESS_SOCKET_RATE)
#define CROWD_STEP_US (STEP_US / ACCESS_SOCKET_CROWD)

struct access_socket {
	int fd;
	struct access_socket_options options; /* its path is not used any more */
	struct access_socket_counts counts;
	struct teller tellers[TELLERS];
	int64_t crowd_whole_us; /* of all of them together */
};

/* What the kernel says of a datagram. */
struct postmark {
	struct ucred who;
	struct wall_time time;
	bool has_who;
};

union control {
	char bytes[CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(sizeof(struct ucred))];
	struct cmsghdr align;
};

/* --- where it is --- */

static bool name_of(const char *path, struct sockaddr_un *out)
{
	const size_t length = strlen(path);
	*out = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (length >= sizeof out->sun_path) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(out->sun_path, path, length);
	return true;
}

bool access_socket_is_heard(const char *path)
{
	struct sockaddr_un name;
	if (!name_of(path, &name))
		return false;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	bool heard = connect(fd, (const struct sockaddr *)&name, sizeof name) == 0;
	int kept = errno;
	close(fd);
	errno = kept;
	return heard;
}

/* Every directory on the way to it that is not there. */
static void make_directories(const char *path)
{
	char part[sizeof((struct sockaddr_un *)0)->sun_path];
	const size_t length = strlen(path);
	if (length >= sizeof part)
		return;
	memcpy(part, path, length + 1);
	for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(part, 0755); /* what cannot be made is told when it is bound */
		*slash = '/';
	}
}

/* True if the place is free. */
static bool clear_place(const char *path)
{
	struct stat facts;
	if (access_socket_is_heard(path)) {
		errno = EADDRINUSE;
		return false;
	}
	if (errno == ECONNREFUSED && lstat(path, &facts) == 0 && S_ISSOCK(facts.st_mode))
		return unlink(path) == 0;
	return errno == ENOENT || errno == ECONNREFUSED;
}

/* Options first: nothing may come that the kernel says nothing of. Its mode is that of the descriptor. */
static bool bind_there(int fd, const struct sockaddr_un *name, mode_t mode)
{
	const int on = 1;
	const mode_t before = umask(0);
	make_directories(name->sun_path);
	bool bound = setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 &&
		     setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0 &&
		     fchmod(fd, mode) == 0 && clear_place(name->sun_path) &&
		     bind(fd, (const struct sockaddr *)name, sizeof *name) == 0;
	umask(before);
	return bound;
}

struct access_socket *access_socket_open(
	const struct access_socket_options *options, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	struct sockaddr_un name;
	int fd = -1;
	if (name_of(options->path, &name))
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && bind_there(fd, &name, options->root_alone ? 0600 : 0666)) {
		struct access_socket *s = memory_calloc(1, sizeof *s);
		s->fd = fd;
		s->options = *options;
		s->options.path = NULL;
		return s;
	}
	int kept = errno;
	if (fd >= 0)
		close(fd);
	text_buffer_printf(&message, "%s: %s", options->path,
		kept == EADDRINUSE ? "another watch listens there" : strerror(kept));
	errno = kept;
	return NULL;
}

void access_socket_close(struct access_socket *s)
{
	if (s == NULL)
		return;
	close(s->fd);
	free(s);
}

int access_socket_fd(const struct access_socket *s)
{
	return s->fd;
}

struct access_socket_counts access_socket_counts(const struct access_socket *s)
{
	return s->counts;
}

/* --- who may tell how much --- */

static bool is_vouched_for(const struct access_socket *s, uid_t uid)
{
	for (unsigned i = 0; i < s->options.users_count; i++) {
		if (s->options.users[i] == uid)
			return true;
	}
	return uid == 0;
}

static struct teller *find_teller(struct access_socket *s, uid_t uid)
{
	struct teller *oldest = &s->tellers[0];
	for (unsigned i = 0; i < TELLERS; i++) {
		struct teller *t = &s->tellers[i];
		if (t->uid == uid && t->whole_us != 0)
			return t;
		if (t->whole_us < oldest->whole_us)
			oldest = t;
	}
	*oldest = (struct teller){.uid = uid};
	return oldest;
}

static bool keeps_pace(int64_t whole_us, int64_t now_us, int64_t step_us, unsigned burst)
{
	return whole_us - now_us <= (burst - 1) * step_us;
}

static int64_t spend(int64_t whole_us, int64_t now_us, int64_t step_us)
{
	return (whole_us > now_us ? whole_us : now_us) + step_us;
}

static bool may_tell(struct access_socket *s, uid_t uid, int64_t now_us)
{
	struct teller *t = find_teller(s, uid);
	if (!keeps_pace(t->whole_us, now_us, STEP_US, ACCESS_SOCKET_BURST) ||
		!keeps_pace(s->crowd_whole_us, now_us, CROWD_STEP_US,
			ACCESS_SOCKET_BURST * ACCESS_SOCKET_CROWD)) {
		s->counts.held++;
		s->counts.held_uid = uid;
		return false;
	}
	t->whole_us = spend(t->whole_us, now_us, STEP_US);
	s->crowd_whole_us = spend(s->crowd_whole_us, now_us, CROWD_STEP_US);
	return true;
}

/* --- what they tell --- */

static enum access_why why_of(uint8_t wire)
{
	static const enum access_why whys[ACCESS_WIRE_WHYS] = {
		[ACCESS_WIRE_RULE] = ACCESS_WHY_RULE,
		[ACCESS_WIRE_DEFAULT] = ACCESS_WHY_DEFAULT,
		[ACCESS_WIRE_FAULT] = ACCESS_WHY_FAULT,
		[ACCESS_WIRE_UNREADABLE] = ACCESS_WHY_UNREADABLE,
		[ACCESS_WIRE_MEMORY] = ACCESS_WHY_MEMORY,
		[ACCESS_WIRE_LIMIT] = ACCESS_WHY_LIMIT,
		[ACCESS_WIRE_IP_OPTIONS] = ACCESS_WHY_IP_OPTIONS,
		[ACCESS_WIRE_NAME_UNANSWERED] = ACCESS_WHY_NAME_UNANSWERED,
	};
	return whys[wire];
}

static void describe(
	const struct access_wire *w, const struct postmark *by, struct access_event *out)
{
	access_event_clear(out);
	out->time = by->time;
	out->client = w->client;
	out->server = w->server;
	out->client_port = w->client_port;
	out->server_port = w->server_port;
	out->proto = w->proto;
	out->line = w->line;
	out->access = w->granted ? EVENT_ACCESS_GRANTED : EVENT_ACCESS_REFUSED;
	out->why = (uint8_t)why_of(w->why);
	out->origin = EVENT_ORIGIN_WRAPPER;
	out->pid = (uint32_t)by->who.pid;
	out->uid = by->who.uid;
	out->has_uid = 1;
	ACCESS_EVENT_SET(out, service, w->texts[ACCESS_WIRE_SERVICE]);
	ACCESS_EVENT_SET(out, user, w->texts[ACCESS_WIRE_USER]);
	ACCESS_EVENT_SET(out, name, w->texts[ACCESS_WIRE_NAME]);
	ACCESS_EVENT_SET(out, table, w->texts[ACCESS_WIRE_FILE]);
	ACCESS_EVENT_SET(out, rule, w->texts[ACCESS_WIRE_LINE_TEXT]);
	ACCESS_EVENT_SET(out, options, w->texts[ACCESS_WIRE_OPTIONS]);
}

/* There is no room for descriptors, so the kernel closes those that somebody sends; were there any, we would. */
static void close_all(const struct cmsghdr *c)
{
	size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	for (size_t i = 0; i < count; i++) {
		int fd;
		memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
		close(fd);
	}
}

static void read_postmark(struct msghdr *m, struct postmark *out)
{
	*out = (struct postmark){.time = clock_now()};
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		struct timespec t;
		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SCM_CREDENTIALS) {
			memcpy(&out->who, CMSG_DATA(c), sizeof out->who);
			out->has_who = true;
		} else if (c->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&t, CMSG_DATA(c), sizeof t);
			out->time = wall_time_from_parts(t.tv_sec, t.tv_nsec / 1000);
		} else if (c->cmsg_type == SCM_RIGHTS) {
			close_all(c);
		}
	}
}

static bool take(struct access_socket *s, const void *bytes, size_t size, const struct postmark *by,
	int64_t now_us, struct access_event *out)
{
	struct access_wire w;
	const bool vouched = by->has_who && is_vouched_for(s, by->who.uid);
	if (by->has_who && !vouched && !may_tell(s, by->who.uid, now_us))
		return false;
	if (!by->has_who || !access_wire_read(bytes, size, &w)) {
		s->counts.broken++;
		return false;
	}
	if (vouched)
		s->counts.missed += w.missed;
	describe(&w, by, out);
	out->unvouched = !vouched;
	s->counts.told++;
	return access_event_is_sound(out);
}

bool access_socket_read(
	struct access_socket *s, int64_t now_us, struct access_event *out, bool *is_decision)
{
	char bytes[ACCESS_WIRE_MAX + 1]; /* one that is longer is none */
	union control control;
	struct iovec part = {bytes, sizeof bytes};
	struct msghdr m = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control};
	struct postmark by;
	ssize_t size = recvmsg(s->fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	*is_decision = false;
	if (size < 0)
		return false;
	read_postmark(&m, &by);
	*is_decision = take(s, bytes, (size_t)size, &by, now_us, out);
	return true;
}
