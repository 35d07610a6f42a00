/* SPDX-License-Identifier: ISC */
#include "tcpd/inetd_conf.h"

#include "table_check.h"

struct line_row {
	const char *line;
	const char *daemon; /* null: no service that runs a program */
	const char *path;
	bool wrapped;
};

#define TCPD "/usr/libexec/knockwatch/tcpd"

static const struct line_row line_rows[] = {
	{"finger stream tcp nowait nobody /usr/sbin/tcpd in.fingerd -w", "in.fingerd", "/usr/sbin/in.fingerd", true},
	{"finger\tstream tcp nowait\tnobody " TCPD " /opt/fd/fingerd", "fingerd", "/opt/fd/fingerd", true},
	{"finger stream tcp nowait nobody /usr/sbin/in.fingerd in.fingerd", "in.fingerd", "/usr/sbin/in.fingerd", false},
	{" tftp dgram udp wait root /usr/sbin/in.tftpd in.tftpd /srv", "in.tftpd", "/usr/sbin/in.tftpd", false},
	{"smtp stream tcp nowait mail /usr/sbin/exim4 exim -bs", "exim4", "/usr/sbin/exim4", false},
	{"x stream tcp nowait root /usr/sbin/tcpd sub/in.x", "sub/in.x", "/usr/sbin/sub/in.x", true},
	{"x stream tcp nowait root in.x", "in.x", "/usr/sbin/in.x", false},
	{"daytime stream tcp nowait root internal", NULL, NULL, false},
	{"# finger stream tcp nowait nobody /usr/sbin/tcpd in.fingerd", NULL, NULL, false},
	{"#<off># finger stream tcp nowait nobody /usr/sbin/tcpd in.fingerd", NULL, NULL, false},
	{"  ", NULL, NULL, false},
	{"", NULL, NULL, false},
	{"finger stream tcp nowait nobody", NULL, NULL, false},
	{"127.0.0.1:", NULL, NULL, false},
};

static void a_line_tells_which_program_serves(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(line_rows); i++) {
		const struct line_row *r = &line_rows[i];
		struct inetd_conf_service s;
		char memory[200];
		const bool read = inetd_conf_read(text_slice_of(r->line), &s);
		faults += table_check_number(r->line, "read", read, r->daemon != NULL);
		if (!read || !r->daemon)
			continue;
		struct text_buffer path = text_buffer_over(memory, sizeof memory);
		faults += table_check_number(r->line, "wrapped", inetd_conf_is_wrapped(&s), r->wrapped);
		faults += table_check_number(r->line, r->daemon, text_slice_equals(inetd_conf_daemon(&s), r->daemon), true);
		inetd_conf_served_path(&s, &path);
		faults += table_check_text(r->line, "path", memory, r->path);
	}
	assert_int_equal(faults, 0);
}

struct wrap_row {
	const char *plain, *wrapped; /* null: refused */
};

static const struct wrap_row wrap_rows[] = {
	{"finger  stream\ttcp nowait nobody  /usr/sbin/in.fingerd  in.fingerd  -w  # x",
		"finger  stream\ttcp nowait nobody  " TCPD "  /usr/sbin/in.fingerd  -w  # x"},
	{"a b c d e /opt/f f", "a b c d e " TCPD " /opt/f"},
	{"a b c d e /opt/f g", NULL},
	{"a b c d e /opt/f", NULL},
	{"a b c d e f f", NULL},
	{"a b c d e /usr/sbin/tcpd f", NULL},
	{"a b c d e internal", NULL},
	{"#a b c d e /opt/f f", NULL},
};

static void a_line_is_wrapped_and_unwrapped_and_else_left_alone(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(wrap_rows); i++) {
		const struct wrap_row *r = &wrap_rows[i];
		char memory[200], back[200];
		struct text_buffer out = text_buffer_over(memory, sizeof memory);
		const bool done = inetd_conf_wrap(text_slice_of(r->plain), TCPD, &out);
		faults += table_check_number(r->plain, "wrapped", done, r->wrapped != NULL);
		if (!done)
			continue;
		faults += table_check_text(r->plain, "line", memory, r->wrapped);
		struct text_buffer again = text_buffer_over(back, sizeof back);
		faults += table_check_number(r->plain, "unwrapped", inetd_conf_unwrap(text_slice_of(memory), &again), true);
		faults += table_check_text(r->plain, "as it was", back, r->plain);
	}
	assert_int_equal(faults, 0);
}

static void the_distribution_s_tcpd_is_taken_away_as_well(void **state)
{
	(void)state;
	char memory[100];
	struct text_buffer out = text_buffer_over(memory, sizeof memory);
	assert_true(inetd_conf_unwrap(text_slice_of("a b c d e /usr/sbin/tcpd in.f -x"), &out));
	assert_string_equal(memory, "a b c d e /usr/sbin/in.f in.f -x");
	out = text_buffer_over(memory, sizeof memory);
	assert_false(inetd_conf_unwrap(text_slice_of("a b c d e /usr/sbin/in.f in.f -x"), &out));
	out = text_buffer_over(memory, sizeof memory);
	assert_false(inetd_conf_unwrap(text_slice_of("a b c d e /usr/sbin/tcpd"), &out));
	out = text_buffer_over(memory, 20);
	assert_false(inetd_conf_unwrap(text_slice_of("a b c d e /usr/sbin/tcpd in.f -x"), &out));
}

static void one_tcpd_is_changed_for_another(void **state)
{
	(void)state;
	char memory[100];
	struct text_buffer out = text_buffer_over(memory, sizeof memory);
	assert_true(inetd_conf_set_tcpd(text_slice_of("a b c d e  /usr/sbin/tcpd\tin.f -x"), TCPD, &out));
	assert_string_equal(memory, "a b c d e  " TCPD "\tin.f -x");
	out = text_buffer_over(memory, sizeof memory);
	assert_true(inetd_conf_set_tcpd(text_slice_of("a b c d e /usr/sbin/tcpd"), TCPD, &out));
	assert_string_equal(memory, "a b c d e " TCPD);
	out = text_buffer_over(memory, sizeof memory);
	assert_false(inetd_conf_set_tcpd(text_slice_of("a b c d e /usr/sbin/in.f in.f"), TCPD, &out));
	out = text_buffer_over(memory, 12);
	assert_false(inetd_conf_set_tcpd(text_slice_of("a b c d e /usr/sbin/tcpd in.f"), TCPD, &out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_tells_which_program_serves),
		cmocka_unit_test(a_line_is_wrapped_and_unwrapped_and_else_left_alone),
		cmocka_unit_test(the_distribution_s_tcpd_is_taken_away_as_well),
		cmocka_unit_test(one_tcpd_is_changed_for_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
