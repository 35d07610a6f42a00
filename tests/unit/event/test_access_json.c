/* SPDX-License-Identifier: ISC */
#include "event/access_json.h"

#include "event/event_id.h"
#include "net/ip_proto.h"
#include "table_check.h"

static struct access_event make(void)
{
	struct access_event a;
	access_event_clear(&a);
	a.time = (struct wall_time){INT64_C(1795183780120311)};
	a.access = EVENT_ACCESS_REFUSED;
	a.why = ACCESS_WHY_RULE;
	a.origin = EVENT_ORIGIN_WRAPPER;
	a.line = 3;
	a.pid = 7;
	a.server_port = 22;
	a.client_port = 4242;
	assert_true(addr_parse("192.0.2.7", 9, &a.client));
	assert_true(addr_parse("203.0.113.5", 11, &a.server));
	ACCESS_EVENT_SET(&a, service, text_slice_of("sshd"));
	ACCESS_EVENT_SET(&a, user, text_slice_of("root"));
	ACCESS_EVENT_SET(&a, name, text_slice_of("evil.example"));
	ACCESS_EVENT_SET(&a, table, text_slice_of("/etc/hosts.deny"));
	ACCESS_EVENT_SET(&a, rule, text_slice_of("sshd: .example"));
	return a;
}

static void a_decision_is_written_as_the_contract_has_it(void **state)
{
	(void)state;
	struct access_event a = make();
	struct json_line line = {0};
	access_json_write(&line, &a, "gate");
	static const char start[] = "{\"v\":1,\"timestamp\":\"2026-11-20T14:09:40.120311Z\",\"id\":\"";
	static const char rest[] =
		"\",\"host\":\"gate\",\"event_type\":\"access\",\"src_ip\":\"192.0.2.7\",\"src_port\":4242,"
		"\"dest_ip\":\"203.0.113.5\",\"dest_port\":22,\"proto\":\"TCP\",\"origin\":\"wrapper\","
		"\"access\":{\"service\":\"sshd\",\"decision\":\"refused\",\"reason\":\"rule\","
		"\"client\":\"root@evil.example\",\"user\":\"root\",\"name\":\"evil.example\","
		"\"rule\":\"sshd: .example\",\"file\":\"/etc/hosts.deny\",\"line\":3,\"pid\":7}}";
	assert_memory_equal(line.text, start, sizeof start - 1);
	assert_string_equal(line.text + sizeof start - 1 + EVENT_ID_LENGTH, rest);
	json_line_clear(&line);
}

static void what_was_not_told_leaves_no_trace(void **state)
{
	(void)state;
	struct access_event a;
	struct json_line line = {0};
	access_event_clear(&a);
	a.time = (struct wall_time){INT64_C(1795183780120311)};
	ACCESS_EVENT_SET(&a, service, text_slice_of("tftpd"));
	access_json_write(&line, &a, NULL);
	assert_null(strstr(line.text, "src_ip"));
	assert_null(strstr(line.text, "dest_port"));
	assert_null(strstr(line.text, "reason"));
	assert_null(strstr(line.text, "host"));
	assert_null(strstr(line.text, "pid"));
	assert_non_null(strstr(line.text, "\"client\":\"unknown\""));
	json_line_clear(&line);
}

static void what_is_written_is_read_back(void **state)
{
	(void)state;
	struct access_event a = make(), back;
	struct json_line line = {0};
	ACCESS_EVENT_SET(&a, host, text_slice_of("gate"));
	ACCESS_EVENT_SET(&a, options, text_slice_of("twist /bin/echo \"no\"\\"));
	a.why = ACCESS_WHY_LIMIT;
	access_json_write(&line, &a, NULL);
	assert_true(access_json_read(line.text, line.used, &back));
	assert_memory_equal(&back, &a, sizeof a);
	json_line_clear(&line);
}

static void who_told_it_is_read_back(void **state)
{
	(void)state;
	struct access_event a = make(), back;
	struct json_line line = {0};
	a.has_uid = 1;
	access_json_write(&line, &a, NULL);
	assert_non_null(strstr(line.text, "\"pid\":7,\"uid\":0}}"));
	assert_true(access_json_read(line.text, line.used, &back));
	assert_memory_equal(&back, &a, sizeof a);
	a.uid = 65534;
	a.unvouched = 1;
	access_json_write(&line, &a, NULL);
	assert_non_null(strstr(line.text, "\"uid\":65534,\"vouched\":false}}"));
	assert_true(access_json_read(line.text, line.used, &back));
	assert_memory_equal(&back, &a, sizeof a);
	json_line_clear(&line);
}

static void equal_decisions_have_equal_ids_and_others_do_not(void **state)
{
	(void)state;
	struct access_event a = make(), b = make();
	struct json_line one = {0}, two = {0};
	access_json_write(&one, &a, "gate");
	access_json_write(&two, &b, "gate");
	assert_string_equal(one.text, two.text);
	b.pid = 8;
	access_json_write(&two, &b, "gate");
	assert_int_not_equal(memcmp(one.text, two.text, 90), 0);
	json_line_clear(&one);
	json_line_clear(&two);
}

#define HEAD "{\"v\":1,\"timestamp\":\"2026-11-20T14:09:40Z\",\"event_type\":\"access\","

static void what_is_no_decision_is_not_read(void **state)
{
	(void)state;
	static const char *const lines[] = {"", "{}", "x",
		"{\"event_type\":\"knock\",\"knock\":{}}",
		HEAD "\"access\":{\"service\":\"sshd\"}}",
		HEAD "\"access\":{\"decision\":\"refused\"}}",
		HEAD "\"access\":{\"service\":\"\",\"decision\":\"refused\"}}",
		HEAD "\"access\":{\"service\":\"sshd\",\"decision\":\"perhaps\"}}",
		HEAD "\"access\":{\"service\":\"sshd\",\"decision\":\"refused\"}",
		HEAD "\"access\":7}",
		"{\"event_type\":\"access\",\"access\":{\"service\":\"sshd\",\"decision\":\"refused\"}}"};
	struct access_event a;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(lines); i++) {
		if (access_json_read(lines[i], strlen(lines[i]), &a))
			fail_msg("read all the same: %s", lines[i]);
	}
	static const char good[] = HEAD
		"\"proto\":17,\"src_ip\":\"nobody\",\"src_port\":70000,\"dest_port\":-1,"
		"\"access\":{\"service\":\"sshd\",\"decision\":\"granted\",\"line\":\"x\",\"new\":1}}";
	assert_true(access_json_read(good, sizeof good - 1, &a));
	assert_int_equal(a.access, EVENT_ACCESS_GRANTED);
	assert_true(addr_is_none(&a.client));
	assert_int_equal(a.client_port, 0);
	assert_int_equal(a.origin, EVENT_ORIGIN_FILE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_decision_is_written_as_the_contract_has_it),
		cmocka_unit_test(what_was_not_told_leaves_no_trace),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(who_told_it_is_read_back),
		cmocka_unit_test(equal_decisions_have_equal_ids_and_others_do_not),
		cmocka_unit_test(what_is_no_decision_is_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
