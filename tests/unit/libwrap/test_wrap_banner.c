/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_banner.h"

#include "base/clock_now.h"
#include "table_files.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

static struct access_known known = {
	.user = "joe", .name = {"host.example", ""}, .address = {"192.0.2.1", ""}, .port = {-1, -1}};
static const struct access_place nowhere;

static bool send_to(int fd, const char *daemon)
{
	const struct access_request q = access_request_known(daemon, &known);
	return wrap_banner_send(fd, "banners", &q, &nowhere);
}

/* What the client gets of the file with this text. */
static size_t received(const char *daemon, const char *text, size_t length, char *got, size_t size)
{
	int fds[2];
	char path[100];
	mkdir("banners", 0777);
	snprintf(path, sizeof path, "banners/%s", daemon);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fwrite(text, 1, length, f);
	fclose(f);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_true(send_to(fds[0], daemon));
	close(fds[0]);
	ssize_t n = read(fds[1], got, size);
	close(fds[1]);
	assert_true(n >= 0);
	return (size_t)n;
}

static void lines_are_expanded_and_end_in_cr_lf(void **state)
{
	(void)state;
	static const struct {
		const char *text, *sent;
		size_t text_length, sent_length;
	} rows[] = {
		{"hello %a\nfrom %d\n", "hello 192.0.2.1\r\nfrom ftpd\r\n", 17, 28},
		{"no end", "no end", 6, 6},
		{"\n\n", "\r\n\r\n", 2, 4},
		{"\0\0telnet\n", "\0\0telnet\r\n", 9, 10},
		{"", "", 0, 0},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char got[200];
		size_t n = received("ftpd", rows[i].text, rows[i].text_length, got, sizeof got);
		faults += table_check_number(rows[i].text, "length", (long long)n, (long long)rows[i].sent_length);
		faults += table_check_number(rows[i].text, "bytes", memcmp(got, rows[i].sent, rows[i].sent_length), 0);
	}
	assert_int_equal(faults, 0);
}

static void a_folder_without_the_daemons_file_is_no_fault(void **state)
{
	(void)state;
	mkdir("banners", 0777);
	assert_true(send_to(-1, "nobody"));
	assert_true(send_to(-1, "../hosts.allow"));
	rename("banners", "gone");
	assert_false(send_to(-1, "ftpd"));
	rename("gone", "banners");
}

/* Who does not read gets a part, and holds nobody up. */
static void a_client_that_takes_nothing_costs_two_seconds(void **state)
{
	(void)state;
	int fds[2], size = 4096;
	FILE *f = fopen("banners/big", "w");
	for (int i = 0; i < 4000; i++)
		fputs("a line of a very long banner\n", f);
	fclose(f);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	const int64_t begin = clock_now_monotonic_ms();
	assert_true(send_to(fds[0], "big"));
	assert_in_range(clock_now_monotonic_ms() - begin, 0, 3500);
	close(fds[1]);
	assert_true(send_to(fds[0], "big")); /* no SIGPIPE */
	close(fds[0]);
}

static void what_is_no_socket_is_written_to(void **state)
{
	(void)state;
	char text[400];
	mkdir("banners", 0777);
	table_files_write("banners/filed", "hello\n");
	const int fd = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(send_to(fd, "filed"));
	close(fd);
	assert_string_equal(table_files_read("out", text), "hello\r\n");
}

static void what_is_no_plain_file_is_not_waited_for(void **state)
{
	(void)state;
	char text[400];
	const int fd = open("out", O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(mkfifo("banners/piped", 0600), 0);
	assert_int_equal(mkdir("banners/folderd", 0700), 0);
	const int64_t begin = clock_now_monotonic_ms();
	assert_true(send_to(fd, "piped"));
	assert_true(send_to(fd, "folderd"));
	assert_in_range(clock_now_monotonic_ms() - begin, 0, 1000);
	close(fd);
	assert_string_equal(table_files_read("out", text), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_expanded_and_end_in_cr_lf),
		cmocka_unit_test(a_folder_without_the_daemons_file_is_no_fault),
		cmocka_unit_test(a_client_that_takes_nothing_costs_two_seconds),
		cmocka_unit_test(what_is_no_socket_is_written_to),
		cmocka_unit_test(what_is_no_plain_file_is_not_waited_for),
	};
	return cmocka_run_group_tests(tests, table_files_begin, table_files_end);
}
