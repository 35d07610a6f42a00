/* SPDX-License-Identifier: ISC */
#include "firewall/ruleset_text.h"

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct door_set offered;
static struct port_set allowed, doubtful;

static const char *owner_of(const void *context, enum port_set_proto proto, uint16_t port)
{
	(void)context;
	if (proto == PORT_SET_TCP && port == 22)
		return "sshd";
	return proto == PORT_SET_TCP && (port == 80 || port == 81) ? "nginx" : "";
}

static void add(const char *address, enum port_set_proto proto, uint16_t port)
{
	struct addr a = {{0}};
	if (strcmp(address, "::") != 0)
		assert_true(addr_parse(address, strlen(address), &a));
	door_set_add(&offered, &a, false, proto, port);
}

static char *write_plan(enum ruleset_log log)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct ruleset_plan plan = {.log = log,
		.group = 7,
		.offered = &offered,
		.allowed = &allowed,
		.doubtful = &doubtful,
		.owner = owner_of};
	ruleset_text_write(&plan, out);
	fclose(out);
	return text;
}

static int begin(void **state)
{
	(void)state;
	door_set_clear(&offered);
	port_set_clear(&allowed);
	port_set_clear(&doubtful);
	return 0;
}

static void has(const char *text, const char *line)
{
	if (strstr(text, line) == NULL)
		fail_msg("no line \"%s\" in\n%s", line, text);
}

static void doors_are_opened_where_they_are(void **state)
{
	(void)state;
	add("::", PORT_SET_TCP, 22);
	add("0.0.0.0", PORT_SET_TCP, 80);
	add("0.0.0.0", PORT_SET_TCP, 81);
	add("203.0.113.5", PORT_SET_UDP, 53);
	add("2001:db8::5", PORT_SET_UDP, 53);
	char *text = write_plan(RULESET_LOG_NFLOG);
	has(text, "\n\t\ttcp dport 22 accept comment \"sshd\"\n");
	has(text, "\n\t\tmeta nfproto ipv4 tcp dport 80-81 accept comment \"nginx\"\n");
	has(text, "\n\t\tip daddr 203.0.113.5 udp dport 53 accept\n");
	has(text, "\n\t\tip6 daddr 2001:db8::5 udp dport 53 accept\n");
	free(text);
}

static void what_is_asked_for_is_opened_too(void **state)
{
	(void)state;
	port_set_add_range(&allowed, PORT_SET_UDP, 5000, 5010);
	port_set_add(&allowed, PORT_SET_TCP, 65535);
	char *text = write_plan(RULESET_LOG_NFLOG);
	has(text, "\n\t\tudp dport 5000-5010 accept\n");
	has(text, "\n\t\ttcp dport 65535 accept\n");
	free(text);
}

static void a_host_that_offers_nothing_says_so(void **state)
{
	(void)state;
	add("::", PORT_SET_UDP, 68); /* a DHCP client; it has a line of its own */
	char *text = write_plan(RULESET_LOG_NFLOG);
	has(text, "(Nothing: ");
	assert_null(strstr(text, "udp dport 68 accept comment"));
	assert_null(strstr(text, "\n\t\tudp dport 68 accept\n"));
	free(text);
}

static void doubtful_ports_stay_closed_and_are_named(void **state)
{
	(void)state;
	port_set_add(&doubtful, PORT_SET_UDP, 51820);
	char *text = write_plan(RULESET_LOG_NFLOG);
	has(text, "\n\t\t# udp dport 51820 accept\n");
	assert_null(strstr(text, "\n\t\tudp dport 51820"));
	free(text);
}

static void the_log_goes_where_it_is_wanted(void **state)
{
	(void)state;
	char *group = write_plan(RULESET_LOG_NFLOG), *kernel = write_plan(RULESET_LOG_KERNEL);
	has(group, "log prefix \"knockwatch drop: \" group 7\n");
	has(group, "knockwatch watch --nflog 7\n");
	has(kernel, "log prefix \"knockwatch drop: \" flags tcp sequence,options\n");
	assert_null(strstr(kernel, " group "));
	free(group);
	free(kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(doors_are_opened_where_they_are, begin),
		cmocka_unit_test_setup(what_is_asked_for_is_opened_too, begin),
		cmocka_unit_test_setup(a_host_that_offers_nothing_says_so, begin),
		cmocka_unit_test_setup(doubtful_ports_stay_closed_and_are_named, begin),
		cmocka_unit_test_setup(the_log_goes_where_it_is_wanted, begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
