/* SPDX-License-Identifier: ISC */
#include "input/event_source.h"

#include "capture_bytes.h"
#include "memory_file.h"
#include "packed_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PACKETS 5

static const char log_text[] =
	"Feb 25 12:11:24 gate kernel: [ 1.000000] DROP IN=eth0 OUT= SRC=192.0.2.1 DST=203.0.113.5 "
	"LEN=60 "
	"TOS=0x00 PREC=0x00 TTL=52 ID=1 DF PROTO=TCP SPT=40001 DPT=1 WINDOW=1024 RES=0x00 SYN "
	"URGP=0 \n"
	"Feb 25 12:11:25 gate sshd[99]: Connection closed by 192.0.2.77 port 52314\n";

static void fill_pcap(struct capture_bytes *c)
{
	*c = (struct capture_bytes){0};
	capture_bytes_pcap_head(c, 0xa1b2c3d4, 1);
	for (uint16_t n = 1; n <= PACKETS; n++)
		capture_bytes_pcap_record(c, n, 0, n);
}

static void fill_pcapng(struct capture_bytes *c)
{
	*c = (struct capture_bytes){0};
	capture_bytes_ng_head(c);
	capture_bytes_ng_interface(c, 1, 6);
	for (uint16_t n = 1; n <= PACKETS; n++)
		capture_bytes_ng_packet(c, 0, n * 1000000u, n);
}

static struct event_source *open_bytes(
	const void *bytes, size_t size, struct name_table *names, char *error, size_t error_size)
{
	struct memory_file f = memory_file_create(bytes, size);
	const struct event_source_options options = {.names = names, .year = 2026};
	struct event_source *s = event_source_open(f.path, &options, error, error_size);
	memory_file_close(&f);
	return s;
}

static void check_packets(struct event_source *s, const char *name)
{
	struct event events[PACKETS + 1];
	size_t n = event_source_read(s, events, 2);
	n += event_source_read(s, events + n, PACKETS + 1 - n);
	if (n != PACKETS)
		fail_msg("%s: got %zu events", name, n);
	for (uint16_t i = 0; i < PACKETS; i++) {
		assert_int_equal(events[i].dst_port, i + 1);
		assert_int_equal(wall_time_seconds(events[i].time), i + 1);
		assert_int_equal(events[i].origin, EVENT_ORIGIN_PACKET);
	}
	assert_int_equal(event_source_read(s, events, 1), 0);
}

static void captures_are_read_however_they_are_packed(void **state)
{
	(void)state;
	static void (*const fills[])(struct capture_bytes *) = {fill_pcap, fill_pcapng};
	struct name_table *names = name_table_create();
	for (size_t kind = 0; kind < 2; kind++) {
		for (int form = 0; form < PACKED_BYTES_FORMS; form++) {
			struct capture_bytes c;
			struct packed_bytes p = {0};
			char error[256];
			fills[kind](&c);
			packed_bytes_add(&p, (enum packed_bytes_form)form, c.bytes, c.size / 2);
			packed_bytes_add(&p, (enum packed_bytes_form)form, c.bytes + c.size / 2,
				c.size - c.size / 2);
			struct event_source *s =
				open_bytes(p.bytes, p.size, names, error, sizeof error);
			if (s == NULL)
				fail_msg("%zu %d: %s", kind, form, error);
			check_packets(s, packed_bytes_form_name((enum packed_bytes_form)form));
			const struct event_source_report *r = event_source_report(s);
			assert_int_equal(r->bytes, p.size);
			assert_int_equal(r->bytes_all, p.size);
			assert_false(r->ended_early);
			assert_int_equal(r->faults_kept, 0);
			event_source_close(s);
			packed_bytes_clear(&p);
		}
	}
	name_table_destroy(names);
}

static void a_log_is_known_by_its_text(void **state)
{
	(void)state;
	struct name_table *names = name_table_create();
	char error[256] = "";
	struct event_source *s = open_bytes(log_text, strlen(log_text), names, error, sizeof error);
	struct event e[4];
	assert_non_null(s);
	assert_int_equal(event_source_read(s, e, 4), 1);
	assert_int_equal(e[0].origin, EVENT_ORIGIN_LOG);
	assert_string_equal(name_table_name(names, e[0].host), "gate");
	assert_int_equal(event_source_report(s)->records, 2);
	assert_int_equal(event_source_report(s)->other, 1);
	event_source_close(s);
	name_table_destroy(names);
}

static void an_empty_file_is_an_empty_source(void **state)
{
	(void)state;
	char error[256];
	struct event e;
	for (int form = 0; form < PACKED_BYTES_FORMS; form++) {
		struct packed_bytes p = {0};
		packed_bytes_add(&p, (enum packed_bytes_form)form, "", 0);
		struct event_source *s = open_bytes(p.bytes, p.size, NULL, error, sizeof error);
		assert_non_null(s);
		assert_int_equal(event_source_read(s, &e, 1), 0);
		assert_int_equal(event_source_report(s)->records, 0);
		assert_false(event_source_report(s)->ended_early);
		event_source_close(s);
		packed_bytes_clear(&p);
	}
}

static void what_cannot_be_read_gets_a_clear_word(void **state)
{
	(void)state;
	static const struct {
		const char *path, *wanted;
	} rows[] = {
		{"/", "/: is a directory; give the files in it"},
		{"/nowhere/at/all", "/nowhere/at/all: cannot be opened: No such file or directory; "
				    "check the name"},
		{"/nowhere\n\x1b[31m", "/nowhere\\x0a\\x1b[31m: cannot be opened"},
	};
	char error[256];
	const struct event_source_options options = {0};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_null(event_source_open(rows[i].path, &options, error, sizeof error));
		if (strncmp(error, rows[i].wanted, strlen(rows[i].wanted)) != 0)
			fail_msg("got '%s', wanted '%s'", error, rows[i].wanted);
	}
	assert_null(open_bytes("\x7f"
			       "ELF\2\1\1\0\0\0\0\0\0\0",
		14, NULL, error, sizeof error));
	assert_non_null(strstr(error, "is neither a capture (pcap, pcapng) nor a log text"));
	assert_null(open_bytes("\x1f\x8b\x08\0", 4, NULL, error, sizeof error));
	assert_non_null(strstr(error, ": gzip: cut off before its end"));
	char tiny[8];
	assert_null(event_source_open("/", &options, tiny, sizeof tiny));
	assert_string_equal(tiny, "/: is a");
	event_source_close(NULL);
}

static void a_cut_packing_keeps_what_came_before(void **state)
{
	(void)state;
	struct capture_bytes c;
	char error[256];
	struct event events[PACKETS];
	fill_pcap(&c);
	for (int form = PACKED_BYTES_GZIP; form < PACKED_BYTES_FORMS; form++) {
		const char *name = packed_bytes_form_name((enum packed_bytes_form)form);
		struct packed_bytes p = {0};
		packed_bytes_add(&p, (enum packed_bytes_form)form, c.bytes, 24 + 2 * 70 + 5);
		packed_bytes_add(&p, (enum packed_bytes_form)form, c.bytes, 100);
		struct event_source *s =
			open_bytes(p.bytes, p.size - 100, NULL, error, sizeof error);
		if (s == NULL) { /* so short that nothing could be unpacked */
			assert_non_null(strstr(error, name));
			packed_bytes_clear(&p);
			continue;
		}
		assert_true(event_source_read(s, events, PACKETS) <= 2);
		const struct event_source_report *r = event_source_report(s);
		assert_true(r->ended_early);
		assert_int_equal(r->faults_kept, 1); /* the cause, and not its consequence */
		if (strstr(r->faults[0], name) == NULL)
			fail_msg("%s: got '%s'", name, r->faults[0]);
		event_source_close(s);
		packed_bytes_clear(&p);
	}
}

static void a_file_that_shrinks_is_a_cut_file(void **state)
{
	(void)state;
	static uint8_t bytes[24 + 70 * 20000];
	struct capture_bytes c;
	struct event e[64];
	char error[256];
	fill_pcap(&c);
	memcpy(bytes, c.bytes, 24);
	for (size_t i = 0; i < 20000; i++)
		memcpy(bytes + 24 + 70 * i, c.bytes + 24, 70);
	struct memory_file f = memory_file_create(bytes, sizeof bytes);
	const struct event_source_options options = {0};
	struct event_source *s = event_source_open(f.path, &options, error, sizeof error);
	assert_non_null(s);
	assert_int_equal(event_source_read(s, e, 64), 64);
	assert_int_equal(ftruncate(f.fd, 1000), 0);
	while (event_source_read(s, e, 64) > 0)
		continue;
	const struct event_source_report *r = event_source_report(s);
	assert_true(r->records >= 64 && r->records < 20000);
	assert_true(r->ended_early);
	event_source_close(s);
	memory_file_close(&f);
}

static void standard_input_may_be_a_pipe(void **state)
{
	(void)state;
	int ends[2], kept = dup(STDIN_FILENO);
	struct capture_bytes c;
	char error[256];
	fill_pcap(&c);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], c.bytes, c.size), (int)c.size);
	close(ends[1]);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	const struct event_source_options options = {0};
	struct event_source *s = event_source_open("-", &options, error, sizeof error);
	assert_non_null(s);
	assert_string_equal(event_source_name(s), "standard input");
	assert_int_equal(event_source_report(s)->bytes_all, 0);
	check_packets(s, "a pipe");
	event_source_close(s);
	if (kept >= 0) {
		dup2(kept, STDIN_FILENO);
		close(kept);
	}
}

static void of_many_faults_the_end_is_kept(void **state)
{
	(void)state;
	struct capture_bytes c = {0};
	struct event e[16];
	char error[256];
	capture_bytes_pcap_head(&c, 0xa1b2c3d4, 1);
	for (uint16_t n = 1; n <= 10; n++)
		capture_bytes_pcap_record(&c, n, 5000000, n); /* five seconds in the fraction */
	struct event_source *s = open_bytes(c.bytes, c.size - 1, NULL, error, sizeof error);
	assert_non_null(s);
	assert_int_equal(event_source_read(s, e, 16), 0);
	const struct event_source_report *r = event_source_report(s);
	assert_int_equal(r->broken, 9);
	assert_int_equal(r->faults_kept, EVENT_SOURCE_FAULTS_KEPT);
	assert_non_null(strstr(r->faults[0], "packet 1 "));
	assert_non_null(strstr(r->faults[1], "packet 2 "));
	assert_non_null(strstr(r->faults[2], "is cut"));
	event_source_close(s);
}

static void files_at_once_share_a_budget(void **state)
{
	(void)state;
	struct memory_file f = memory_file_create(log_text, sizeof log_text - 1);
	struct input_budget b = {.most = 1u << 20};
	const struct event_source_options options = {.year = 2026, .budget = &b};
	struct event_source *open[8];
	char error[256] = "";
	unsigned n = 0;
	while (n < 8 &&
		(open[n] = event_source_open(f.path, &options, error, sizeof error)) != NULL)
		n++;
	assert_in_range(n, 2, 4);
	assert_non_null(strstr(error, "--memory"));
	assert_true(b.used <= b.most);
	uint64_t full = b.used;
	event_source_close(open[--n]);
	open[n++] = event_source_open(f.path, &options, error, sizeof error);
	assert_non_null(open[n - 1]);
	assert_int_equal(b.used, full);
	while (n > 0)
		event_source_close(open[--n]);
	assert_int_equal(b.used, 0);
	memory_file_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captures_are_read_however_they_are_packed),
		cmocka_unit_test(a_log_is_known_by_its_text),
		cmocka_unit_test(an_empty_file_is_an_empty_source),
		cmocka_unit_test(what_cannot_be_read_gets_a_clear_word),
		cmocka_unit_test(a_cut_packing_keeps_what_came_before),
		cmocka_unit_test(a_file_that_shrinks_is_a_cut_file),
		cmocka_unit_test(standard_input_may_be_a_pipe),
		cmocka_unit_test(files_at_once_share_a_budget),
		cmocka_unit_test(of_many_faults_the_end_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
