/* SPDX-License-Identifier: ISC */
#include "event/event_json.h"

#include "base/text_buffer.h"
#include "net/ip_proto.h"
#include "sample_incident.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct event sample_knock(void)
{
	struct event e = {.time = sample_time("2026-11-20T14:02:11.000210Z"),
		.src = sample_addr("198.51.100.20"),
		.dst = sample_addr("203.0.113.5"),
		.src_port = 40000,
		.dst_port = 8728,
		.has = EVENT_HAS_PORTS | EVENT_HAS_TCP_FLAGS | EVENT_HAS_TTL |
		       EVENT_HAS_TCP_WINDOW | EVENT_HAS_IP_ID | EVENT_HAS_TCP_OPTIONS |
		       EVENT_HAS_LENGTH,
		.proto = IP_PROTO_TCP,
		.tcp_flags = EVENT_TCP_SYN,
		.ttl = 52,
		.window = 1024,
		.ip_id = 54321,
		.length = 44,
		.tcp_option_layout = 0x3}; /* mss alone */
	event_name_probe(&e);
	return e;
}

/* The id follows from all bytes of the event, so `form` has @ID in its place. */
static void check_line(
	const struct event *e, const struct event_json_names *names, const char *form)
{
	struct json_line line = {0};
	event_json_write(&line, e, names);
	const char *got = line.text, *id = strstr(got, "\"id\":\"") + 6;
	char wanted[1024];
	const char *hole = strstr(form, "@ID");
	struct text_buffer b = text_buffer_over(wanted, sizeof wanted);
	assert_int_equal(strcspn(id, "\""), 26);
	text_buffer_add_bytes(&b, form, (size_t)(hole - form));
	text_buffer_add_bytes(&b, id, 26);
	text_buffer_add(&b, hole + 3);
	if (strcmp(got, wanted) != 0)
		fail_msg("got    %s\nwanted %s", got, wanted);
	json_line_clear(&line);
}

static void a_knock_is_one_line_in_the_order_of_the_contract(void **state)
{
	(void)state;
	struct event e = sample_knock();
	check_line(&e,
		&(struct event_json_names){
			"minnie", "eth0", "mikrotik", "masscan", EVENT_JSON_ANSWER_RST},
		"{\"v\":1,\"timestamp\":\"2026-11-20T14:02:11.000210Z\",\"id\":\"@ID\","
		"\"host\":\"minnie\",\"event_type\":\"knock\",\"src_ip\":\"198.51.100.20\","
		"\"src_port\":40000,\"dest_ip\":\"203.0.113.5\",\"dest_port\":8728,\"proto\":"
		"\"TCP\","
		"\"in_iface\":\"eth0\",\"community_id\":\"1:+MDhMYtleAVhPyKjtCY4DWUs8Gw=\","
		"\"origin\":\"packet\",\"knock\":{\"probe\":\"syn\",\"flags\":\"S\",\"ttl\":52,"
		"\"window\":1024,\"ip_id\":54321,\"tcp_options\":\"mss\",\"length\":44,"
		"\"service\":\"mikrotik\",\"answer\":\"rst\",\"tool\":\"masscan\"}}");
}

static void what_the_input_did_not_tell_is_absent(void **state)
{
	(void)state;
	struct event e = {.time = sample_time("2026-11-20T14:02:11Z"),
		.src = sample_addr("2001:db8::20"),
		.dst = sample_addr("2001:db8:1::5"),
		.proto = IP_PROTO_TCP,
		.origin = EVENT_ORIGIN_LOG};
	event_name_probe(&e);
	check_line(&e, &(struct event_json_names){.host = ""},
		"{\"v\":1,\"timestamp\":\"2026-11-20T14:02:11.000000Z\",\"id\":\"@ID\","
		"\"event_type\":\"knock\",\"src_ip\":\"2001:db8::20\",\"dest_ip\":\"2001:db8:1::"
		"5\","
		"\"proto\":\"TCP\",\"origin\":\"log\",\"knock\":{\"probe\":\"syn\",\"answer\":"
		"\"unknown\"}}");
}

static void outside_text_never_leaves_printable_ascii(void **state)
{
	(void)state;
	struct event e = sample_knock();
	struct json_line line = {0};
	event_json_write(&line, &e,
		&(struct event_json_names){
			"h\x1b[31m\xff\x80", "\xc3\xa9th\x7f\xc2\x9b", NULL, NULL, 0});
	const char *got = line.text;
	for (const char *p = got; *p; p++)
		assert_true(*p >= 0x20 && *p <= 0x7e);
	assert_non_null(strstr(got, "\"host\":\"h\\\\x1b[31m\\\\xff\\\\x80\""));
	json_line_clear(&line);
}

static void equal_packets_have_equal_ids_whatever_their_interface_number(void **state)
{
	(void)state;
	struct event a = sample_knock(), b = a, c = a;
	b.iface = 7;
	c.src_port++;
	struct json_line la = {0}, lb = {0}, lc = {0};
	event_json_write(&la, &a, &(struct event_json_names){0});
	event_json_write(&lb, &b, &(struct event_json_names){0});
	event_json_write(&lc, &c, &(struct event_json_names){0});
	assert_string_equal(la.text, lb.text);
	assert_memory_not_equal(strstr(la.text, "\"id\":\""), strstr(lc.text, "\"id\":\""), 32);
	json_line_clear(&la);
	json_line_clear(&lb);
	json_line_clear(&lc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_knock_is_one_line_in_the_order_of_the_contract),
		cmocka_unit_test(what_the_input_did_not_tell_is_absent),
		cmocka_unit_test(outside_text_never_leaves_printable_ascii),
		cmocka_unit_test(equal_packets_have_equal_ids_whatever_their_interface_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
