/* SPDX-License-Identifier: ISC */
#include "sensor/access_socket.h"

#include "access/access_wire.h"
#include "base/clock_now.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOBODY = 65534, OTHER = 12345 };

static char folder[] = "/tmp/kw-socket-XXXXXX";
static char path[100];

static struct access_socket *open_it(struct access_socket_options *o)
{
	char error[256] = "";
	o->path = path;
	struct access_socket *s = access_socket_open(o, error, sizeof error);
	if (s == NULL)
		fail_msg("%s", error);
	return s;
}

static size_t sample(uint8_t bytes[ACCESS_WIRE_MAX], uint32_t missed)
{
	struct access_wire w = {.client_port = 40000, .server_port = 23, .line = 2, .missed = missed, .proto = 6};
	static const char *const texts[] = {"in.telnetd", "joe", "a.example", "/etc/hosts.deny", "ALL: ALL: deny", "deny"};
	for (unsigned i = 0; i < ACCESS_WIRE_TEXTS; i++)
		w.texts[i] = text_slice_of(texts[i]);
	(void)addr_parse("198.51.100.20", 13, &w.client);
	(void)addr_parse("203.0.113.5", 11, &w.server);
	return access_wire_write(&w, bytes);
}

/* How many of so many datagrams found room. */
static int send_some(unsigned count, const void *bytes, size_t size)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0), sent = 0;
	memcpy(to.sun_path, path, strlen(path));
	for (unsigned i = 0; i < count; i++)
		sent += sendto(fd, bytes, size, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof to) == (ssize_t)size;
	close(fd);
	return sent;
}

static int send_as(uid_t uid, unsigned count, uint32_t missed)
{
	uint8_t bytes[ACCESS_WIRE_MAX];
	size_t size = sample(bytes, missed);
	int status = 0;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(setuid(uid) == 0 ? send_some(count, bytes, size) : 255);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Reads what there is; how many decisions. The last one stands in `out`. */
static unsigned read_all(struct access_socket *s, int64_t now_us, struct access_event *out)
{
	unsigned decisions = 0;
	bool is_decision;
	struct access_event a;
	while (access_socket_read(s, now_us, &a, &is_decision)) {
		if (is_decision)
			*out = a;
		decisions += is_decision;
	}
	return decisions;
}

static void what_a_wrapper_tells_becomes_a_decision(void **state)
{
	(void)state;
	struct access_socket_options o = {0};
	struct access_socket *s = open_it(&o);
	struct access_event a;
	uint8_t bytes[ACCESS_WIRE_MAX];
	struct wall_time before = clock_now();
	assert_int_equal(send_some(1, bytes, sample(bytes, 3)), 1);
	assert_int_equal(read_all(s, 1, &a), 1);
	assert_true(access_event_is_sound(&a));
	assert_in_range(a.time.us, before.us, clock_now().us);
	assert_int_equal(a.pid, getpid());
	assert_int_equal(a.uid, 0);
	assert_int_equal(a.has_uid, 1);
	assert_int_equal(a.unvouched, 0);
	assert_int_equal(a.origin, EVENT_ORIGIN_WRAPPER);
	assert_int_equal(a.access, EVENT_ACCESS_REFUSED);
	assert_int_equal(a.why, ACCESS_WHY_RULE);
	assert_int_equal(a.client_port, 40000);
	assert_int_equal(a.server_port, 23);
	assert_int_equal(a.line, 2);
	assert_string_equal(a.service, "in.telnetd");
	assert_string_equal(a.user, "joe");
	assert_string_equal(a.name, "a.example");
	assert_string_equal(a.table, "/etc/hosts.deny");
	assert_string_equal(a.rule, "ALL: ALL: deny");
	assert_string_equal(a.options, "deny");
	assert_int_equal(access_socket_counts(s).told, 1);
	assert_int_equal(access_socket_counts(s).missed, 3);
	access_socket_close(s);
}

static void the_kernel_says_who_it_was(void **state)
{
	(void)state;
	struct access_socket_options o = {.users = {OTHER}, .users_count = 1};
	struct access_socket *s = open_it(&o);
	struct access_event a;
	struct stat facts;
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0666);
	assert_int_equal(send_as(NOBODY, 1, 1000), 1);
	assert_int_equal(read_all(s, 1, &a), 1);
	assert_int_equal(a.uid, NOBODY);
	assert_int_equal(a.unvouched, 1);
	assert_int_equal(access_socket_counts(s).missed, 0); /* nobody's word */
	assert_int_equal(send_as(OTHER, 1, 5), 1);
	assert_int_equal(read_all(s, 1, &a), 1);
	assert_int_equal(a.uid, OTHER);
	assert_int_equal(a.unvouched, 0);
	assert_int_equal(access_socket_counts(s).missed, 5);
	access_socket_close(s);
}

/* Whatever the queue of this system holds, it is sent in pieces. */
static unsigned tell_much(struct access_socket *s, uid_t uid, unsigned count, int64_t now_us)
{
	unsigned taken = 0;
	struct access_event a;
	for (unsigned i = 0; i < count; i += 5) {
		assert_int_equal(send_as(uid, 5, 0), 5);
		taken += read_all(s, now_us, &a);
	}
	return taken;
}

static void a_user_keeps_a_pace(void **state)
{
	(void)state;
	struct access_socket_options o = {0};
	struct access_socket *s = open_it(&o);
	const int64_t now = 5000000000;
	assert_int_equal(tell_much(s, NOBODY, 200, now), ACCESS_SOCKET_BURST);
	assert_int_equal(access_socket_counts(s).held, 200 - ACCESS_SOCKET_BURST);
	assert_int_equal(access_socket_counts(s).held_uid, NOBODY);
	assert_int_equal(tell_much(s, NOBODY, 200, now + CLOCK_US_PER_S), ACCESS_SOCKET_RATE);
	assert_int_equal(tell_much(s, OTHER, 50, now + CLOCK_US_PER_S), 50); /* another has his own */
	assert_int_equal(tell_much(s, 0, 500, now), 500);                      /* root has none */
	access_socket_close(s);
}

static void so_do_all_users_together(void **state)
{
	(void)state;
	struct access_socket_options o = {0};
	struct access_socket *s = open_it(&o);
	unsigned taken = 0;
	for (unsigned i = 0; i < 100; i++) /* more than are remembered one by one */
		taken += tell_much(s, 20000 + i, 10, 5000000000);
	assert_int_equal(taken, ACCESS_SOCKET_BURST * ACCESS_SOCKET_CROWD);
	access_socket_close(s);
}

static void what_is_no_decision_is_counted(void **state)
{
	(void)state;
	struct access_socket_options o = {0};
	struct access_socket *s = open_it(&o);
	struct access_event a;
	char much[4000] = "KWA1";
	assert_int_equal(send_some(1, "", 0), 1);
	assert_int_equal(send_some(1, "KWA2", 4), 1);
	assert_int_equal(send_some(1, much, sizeof much), 1);
	assert_int_equal(read_all(s, 1, &a), 0);
	assert_int_equal(access_socket_counts(s).broken, 3);
	access_socket_close(s);
}

static void descriptors_are_not_taken(void **state)
{
	(void)state;
	struct access_socket_options o = {0};
	struct access_socket *s = open_it(&o);
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	uint8_t bytes[ACCESS_WIRE_MAX];
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {{0}};
	struct iovec part = {bytes, sample(bytes, 0)};
	struct access_event a;
	struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof control};
	int sender = socket(AF_UNIX, SOCK_DGRAM, 0);
	*CMSG_FIRSTHDR(&m) = (struct cmsghdr){
		.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
	memcpy(CMSG_DATA(CMSG_FIRSTHDR(&m)), &sender, sizeof sender);
	memcpy(to.sun_path, path, strlen(path));
	int free_before = dup(0);
	close(free_before);
	assert_int_equal(sendmsg(sender, &m, 0), part.iov_len);
	assert_int_equal(read_all(s, 1, &a), 1);
	int free_after = dup(0);
	close(free_after);
	assert_int_equal(free_after, free_before);
	close(sender);
	access_socket_close(s);
}

static void one_is_for_root_alone(void **state)
{
	(void)state;
	struct access_socket_options o = {.root_alone = true};
	struct access_socket *s = open_it(&o);
	struct access_event a;
	assert_int_equal(send_as(NOBODY, 3, 0), 0);
	assert_int_equal(send_as(0, 3, 0), 3);
	assert_int_equal(read_all(s, 1, &a), 3);
	access_socket_close(s);
}

static void one_listens_at_a_time(void **state)
{
	(void)state;
	struct access_socket_options o = {0};
	char error[256];
	assert_false(access_socket_is_heard(path)); /* left by the tests before, and dead */
	assert_int_equal(errno, ECONNREFUSED);
	struct access_socket *s = open_it(&o);
	assert_true(access_socket_is_heard(path));
	assert_null(access_socket_open(&o, error, sizeof error));
	assert_int_equal(errno, EADDRINUSE);
	assert_non_null(strstr(error, "another watch"));
	access_socket_close(s);
}

static void what_is_no_socket_stays(void **state)
{
	(void)state;
	struct access_socket_options o = {.path = path};
	struct stat facts;
	char error[256];
	unlink(path);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	assert_null(access_socket_open(&o, error, sizeof error));
	assert_int_equal(stat(path, &facts), 0);
	assert_true(S_ISREG(facts.st_mode));
	unlink(path);
}

static int begin(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL || chmod(folder, 0755) < 0)
		return -1;
	snprintf(path, sizeof path, "%s/run/deeper/access.sock", folder);
	umask(077); /* as the units have it; users must get there all the same */
	return 0;
}

static int end(void **state)
{
	(void)state;
	char command[200];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command); // NOLINT: a test
}

int main(void)
{
	if (geteuid() != 0) {
		printf("skipped: needs root: it sends as other users\n");
		return 77;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_wrapper_tells_becomes_a_decision),
		cmocka_unit_test(the_kernel_says_who_it_was),
		cmocka_unit_test(a_user_keeps_a_pace),
		cmocka_unit_test(so_do_all_users_together),
		cmocka_unit_test(what_is_no_decision_is_counted),
		cmocka_unit_test(descriptors_are_not_taken),
		cmocka_unit_test(one_is_for_root_alone),
		cmocka_unit_test(one_listens_at_a_time),
		cmocka_unit_test(what_is_no_socket_stays),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
