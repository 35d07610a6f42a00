/* SPDX-License-Identifier: ISC */
/* The promise that holds the rooms sensor and priv together: what is opened as root goes on working
 * for a user without rights inside the sandbox. */
#include "sensor/live_capture.h"
#include "sensor/log_tail.h"

#include "base/diag.h"
#include "base/memory.h"
#include "net/ip_proto.h"
#include "net_lab.h"
#include "priv/drop_privileges.h"
#include "priv/sandbox.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define LOG_GROUP 4321

static char directory[64], log_path[96];

/* The watching process, and the two pipes by which it is told to go on. */
struct watch {
	struct listening_reader *reader;
	struct live_capture *capture;
	struct log_tail *tail;
	struct listening_set set;
	struct capture_filter filter;
	struct event events[64];
	char error[512];
	int from_parent, to_parent;
};

static void expect(struct watch *w, bool right, const char *what)
{
	if (right)
		return;
	dprintf(w->to_parent, "%s %s", what, w->error);
	_exit(1);
}

/* Tells the parent to do its next deed, and waits until it is done. */
static void next_deed(struct watch *w)
{
	char byte = '.';
	if (write(w->to_parent, &byte, 1) != 1 || read(w->from_parent, &byte, 1) != 1)
		_exit(3);
}

static void build_filter(struct watch *w)
{
	expect(w, listening_set_read(w->reader, &w->set), "listening set");
	capture_filter_build(
		&w->filter, &w->set, &(struct capture_filter_options){.scope = CAPTURE_SCOPE_HOST});
}

static size_t read_packets(struct watch *w)
{
	struct pollfd ready = {live_capture_fd(w->capture), POLLIN, 0};
	(void)poll(&ready, 1, 500);
	return live_capture_read(w->capture, w->events, 64);
}

static void open_all(struct watch *w)
{
	struct name_table *names = name_table_create();
	w->reader = listening_reader_open(false, w->error, sizeof w->error);
	expect(w, w->reader, "reader");
	build_filter(w);
	w->capture =
		live_capture_open(&(struct live_capture_options){.iface = "kw2", .names = names},
			&w->filter, w->error, sizeof w->error);
	expect(w, w->capture, "capture");
	w->tail = log_tail_open(
		&(struct log_tail_options){log_path, false, names, NULL}, w->error, sizeof w->error);
	expect(w, w->tail, "tail");
}

static void go_down(struct watch *w)
{
	char memory[1024];
	struct text_buffer report = text_buffer_over(memory, sizeof memory);
	struct drop_identity to;
	gid_t group = 0;
	const char *const logs[] = {directory};
	expect(w, log_tail_group(w->tail, &group) && group == LOG_GROUP, "group of the log");
	expect(w, drop_privileges_choose("nobody", &to, w->error, sizeof w->error), "choose");
	expect(w, drop_privileges_now(&to, &group, 1, &report, w->error, sizeof w->error), "drop");
	expect(w,
		sandbox_enter(&(struct sandbox_options){.role = SYSCALL_ROLE_SENSOR,
				      .read_paths = logs,
				      .read_path_count = 1},
			&report, w->error, sizeof w->error),
		"sandbox");
}

static void watch(struct watch *w)
{
	open_all(w);
	go_down(w);
	next_deed(w); /* a line is appended */
	expect(w, log_tail_read(w->tail, w->events, 64) == 1, "line before rotation");
	next_deed(w); /* the log is rotated, and one line is in the new file */
	expect(w, log_tail_read(w->tail, w->events, 64) == 1, "line after rotation");
	next_deed(w); /* a SYN and an ACK to port 8088 */
	expect(w, read_packets(w) == 2, "two packets");
	next_deed(w); /* port 8088 is opened */
	build_filter(w);
	expect(w, live_capture_set_filter(w->capture, &w->filter, w->error, sizeof w->error),
		"filter");
	next_deed(w); /* both again */
	expect(w, read_packets(w) == 1 && w->events[0].probe == EVENT_PROBE_SYN, "the SYN alone");
	next_deed(w); /* the interface is removed */
	expect(w, !live_capture_check(w->capture), "gone");
	next_deed(w); /* and made again */
	expect(w, live_capture_check(w->capture), "back");
	next_deed(w); /* both again */
	expect(w, read_packets(w) == 1, "the SYN on the new interface");
	expect(w, live_capture_read_counts(w->capture).dropped == 0, "counts");
	_exit(0);
}

static void append_knock(void)
{
	int fd = open(log_path, O_WRONLY | O_APPEND | O_CREAT, 0640);
	assert_true(fd >= 0);
	assert_int_equal(fchown(fd, 0, LOG_GROUP), 0);
	dprintf(fd,
		"Nov 20 14:09:40 minnie kernel: IN=eth0 OUT= SRC=198.51.100.7 DST=192.0.2.1 LEN=40 "
		"TOS=0x00 PREC=0x00 TTL=50 ID=1 PROTO=TCP SPT=4000 DPT=23 WINDOW=1024 RES=0x00 SYN "
		"URGP=0\n");
	close(fd);
}

static void rotate_and_append(void)
{
	char rotated[128];
	snprintf(rotated, sizeof rotated, "%s.1", log_path);
	assert_int_equal(rename(log_path, rotated), 0);
	append_knock();
}

static void send_both(void)
{
	struct net_lab_wire wire = net_lab_open_wire("kw3", 3);
	struct packet_plan plan = {.src = "198.51.100.7",
		.dst = NET_LAB_OWN4,
		.proto = IP_PROTO_TCP,
		.src_port = 4000,
		.dst_port = 8088,
		.flags = 2};
	net_lab_send(&wire, &plan);
	plan.flags = 16;
	net_lab_send(&wire, &plan);
	net_lab_close_wire(&wire);
	usleep(200000); /* both in one reading */
}

static void open_port(void)
{
	int server = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(8088)};
	assert_int_equal(bind(server, (struct sockaddr *)&in, sizeof in), 0);
	assert_int_equal(listen(server, 1), 0);
}

static void remove_interface(void)
{
	net_lab_run("ip link del kw2");
}

static void make_interface(void)
{
	net_lab_add_pair("kw2", "kw3", 3);
}

static void sensors_go_on_without_rights(void **state)
{
	(void)state;
	static void (*const deeds[])(void) = {append_knock, rotate_and_append, send_both, open_port,
		send_both, remove_interface, make_interface, send_both};
	int down[2], up[2], status = -1;
	char text[600] = "";
	append_knock();
	make_interface();
	assert_int_equal(pipe(down) + pipe(up), 0);
	pid_t child = fork();
	if (child == 0) {
		struct watch *w = memory_calloc(1, sizeof *w);
		w->from_parent = down[0];
		w->to_parent = up[1];
		watch(w);
	}
	close(up[1]);
	for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
		ssize_t got = read(up[0], text, sizeof text - 1);
		if (got != 1)
			break;
		deeds[i]();
		assert_int_equal(write(down[1], ".", 1), 1);
	}
	size_t used = text[0] == '.' ? 0 : strlen(text);
	while (used < sizeof text - 1 && read(up[0], text + used, 1) == 1)
		used++;
	waitpid(child, &status, 0);
	if (status != 0)
		fail_msg("%s (status %x)", text, status);
}

static int set_up(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/kw_sensors_XXXXXX");
	if (!mkdtemp(directory) || chmod(directory, 0755) < 0)
		return -1;
	snprintf(log_path, sizeof log_path, "%s/kern.log", directory);
	return 0;
}

static int tear_down(void **state)
{
	char line[128];
	(void)state;
	snprintf(line, sizeof line, "rm -rf '%s'", directory);
	return system(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sensors_go_on_without_rights, set_up, tear_down),
	};
	if (!net_lab_may_run("sandboxed sensors, for they need root to give up"))
		return 77;
	net_lab_enter();
	diag_set_quiet(1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
