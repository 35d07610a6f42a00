/* SPDX-License-Identifier: ISC */
#include "access/access_wire.h"

#include "table_check.h"

static struct access_wire sample(void)
{
	struct access_wire w = {.client_port = 40000,
		.server_port = 22,
		.line = 70000,
		.missed = 3,
		.granted = true,
		.why = ACCESS_WIRE_LIMIT,
		.proto = 6,
		.texts = {text_slice_of("sshd"), text_slice_of("joe"), text_slice_of("a.example"),
			text_slice_of("/etc/hosts.allow"), text_slice_of("sshd: ALL: limit 1/1m"),
			text_slice_of(" limit 1/1m")}};
	bool good = addr_parse("2001:db8::7", 11, &w.client) && addr_parse("192.0.2.1", 9, &w.server);
	assert_true(good);
	return w;
}

static void what_is_written_is_read(void **state)
{
	(void)state;
	uint8_t bytes[ACCESS_WIRE_MAX];
	const struct access_wire w = sample();
	struct access_wire back;
	const size_t size = access_wire_write(&w, bytes);
	assert_true(access_wire_read(bytes, size, &back));
	assert_true(addr_equal(&back.client, &w.client) && addr_equal(&back.server, &w.server));
	assert_int_equal(back.client_port, w.client_port);
	assert_int_equal(back.server_port, w.server_port);
	assert_int_equal(back.line, w.line);
	assert_int_equal(back.missed, w.missed);
	assert_int_equal(back.granted, w.granted);
	assert_int_equal(back.why, w.why);
	assert_int_equal(back.proto, w.proto);
	for (unsigned i = 0; i < ACCESS_WIRE_TEXTS; i++) {
		assert_int_equal(back.texts[i].length, w.texts[i].length);
		assert_memory_equal(back.texts[i].start, w.texts[i].start, w.texts[i].length);
	}
}

/* Programs that were built years ago must be understood: the bytes themselves. */
static void the_bytes_are_these(void **state)
{
	(void)state;
	static const char head[] = "KWA1\1\5\6\0\0\1\x11\x70\0\0\0\3\x9c\x40\0\x16";
	static const char texts[] = "\0\4sshd\0\3joe\0\11a.example\0\20/etc/hosts.allow"
				    "\0\25sshd: ALL: limit 1/1m\0\13 limit 1/1m";
	uint8_t bytes[ACCESS_WIRE_MAX];
	const struct access_wire w = sample();
	assert_int_equal(access_wire_write(&w, bytes), 52 + sizeof texts - 1);
	assert_memory_equal(bytes, head, sizeof head - 1);
	assert_memory_equal(bytes + 20, w.client.bytes, 16);
	assert_memory_equal(bytes + 36, w.server.bytes, 16);
	assert_memory_equal(bytes + 52, texts, sizeof texts - 1);
}

static void long_texts_are_cut(void **state)
{
	(void)state;
	static char much[5000];
	uint8_t bytes[ACCESS_WIRE_MAX];
	struct access_wire w = {.proto = 17}, back;
	memset(much, 'x', sizeof much);
	for (unsigned i = 0; i < ACCESS_WIRE_TEXTS; i++)
		w.texts[i] = (struct text_slice){much, sizeof much};
	assert_int_equal(access_wire_write(&w, bytes), ACCESS_WIRE_MAX);
	assert_true(access_wire_read(bytes, ACCESS_WIRE_MAX, &back));
	assert_int_equal(back.texts[ACCESS_WIRE_SERVICE].length, ACCESS_WIRE_NAME_MAX);
	assert_int_equal(back.texts[ACCESS_WIRE_NAME].length, ACCESS_WIRE_HOST_MAX);
	assert_int_equal(back.texts[ACCESS_WIRE_OPTIONS].length, ACCESS_WIRE_RULE_MAX);
}

static void a_text_ends_at_a_nul_and_a_service_is_never_empty(void **state)
{
	(void)state;
	uint8_t bytes[ACCESS_WIRE_MAX];
	struct access_wire w = {.proto = 6}, back;
	w.texts[ACCESS_WIRE_USER] = (struct text_slice){"jo\0e", 4};
	assert_true(access_wire_read(bytes, access_wire_write(&w, bytes), &back));
	assert_int_equal(back.texts[ACCESS_WIRE_USER].length, 2);
	assert_true(text_slice_equals(back.texts[ACCESS_WIRE_SERVICE], "unknown"));
}

static void what_is_not_whole_is_refused(void **state)
{
	(void)state;
	uint8_t bytes[ACCESS_WIRE_MAX + 1] = {0};
	const struct access_wire w = sample();
	struct access_wire back;
	const size_t size = access_wire_write(&w, bytes);
	for (size_t i = 0; i < size; i++)
		assert_false(access_wire_read(bytes, i, &back));
	assert_false(access_wire_read(bytes, size + 1, &back));
}

static void what_is_out_of_order_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		size_t at;
		uint8_t value;
	} rows[] = {{"another mark", 0, 'k'}, {"another version", 3, '2'}, {"a third decision", 4, 2},
		{"a reason that there is not", 5, ACCESS_WIRE_WHYS}, {"a protocol that wrappers do not know", 6, 1},
		{"the spare byte", 7, 1}, {"a text that is longer than the rest", 52, 0xff},
		{"a text with a NUL", 55, 0}};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		uint8_t bytes[ACCESS_WIRE_MAX];
		const struct access_wire w = sample();
		struct access_wire back;
		const size_t size = access_wire_write(&w, bytes);
		bytes[rows[i].at] = rows[i].value;
		faults += table_check_number(rows[i].name, "read", access_wire_read(bytes, size, &back), false);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_bytes_are_these),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(a_text_ends_at_a_nul_and_a_service_is_never_empty),
		cmocka_unit_test(what_is_not_whole_is_refused),
		cmocka_unit_test(what_is_out_of_order_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
