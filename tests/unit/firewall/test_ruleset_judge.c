/* SPDX-License-Identifier: ISC */
#include "firewall/ruleset_judge.h"

#include "base/memory.h"
#include "base/text_buffer.h"
#include "firewall/ruleset_advice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct case_row {
	const char *name;
	const char *json;   /* null: the files of this name */
	const char *wanted; /* "fault chain number; ..." in the order of finding; "" = sees all */
};

static bool only_group_5_is_read(const void *context, uint16_t group)
{
	(void)context;
	return group == 5;
}

static char *read_file(const char *name, const char *kind)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s.%s", RULESETS, name, kind);
	FILE *in = fopen(path, "r");
	if (in == NULL)
		fail_msg("%s is not there", path);
	char *text = memory_calloc(1, 1 << 20);
	assert_true(fread(text, 1, (1 << 20) - 1, in) > 0);
	fclose(in);
	return text;
}

static void describe(const struct ruleset_verdict *v, struct text_buffer *out)
{
	for (unsigned i = 0; i < v->count; i++) {
		const struct ruleset_finding *f = &v->findings[i];
		text_buffer_printf(out, "%s%s %s %u", i ? "; " : "",
			ruleset_advice_fault_name(f->fault), f->chain->name,
			f->rule ? f->rule->number : 0);
	}
	if (v->cut)
		text_buffer_add(out, " cut");
}

/* False with a line of what was wanted and what came. */
static bool judges_as(const struct case_row *row, const char *json, const char *listing)
{
	char error[128], got[4096];
	struct ruleset_model m;
	struct text_buffer text = text_buffer_over(got, sizeof got);
	struct ruleset_judge_options o = {.forwards = true, .is_read = only_group_5_is_read};
	struct ruleset_verdict *v = memory_calloc(1, sizeof *v);
	if (!ruleset_model_read(&m, json, strlen(json), listing, error, sizeof error))
		fail_msg("%s: %s", row->name, error);
	ruleset_judge(&m, &o, v);
	describe(v, &text);
	bool same = strcmp(got, row->wanted) == 0;
	if (!same)
		print_error("%s:\n  got    %s\n  wanted %s\n", row->name, got, row->wanted);
	same &= ruleset_verdict_sees_all(v) == (row->wanted[0] == '\0');
	ruleset_model_clear(&m);
	free(v);
	return same;
}

static void rulesets_of_real_hosts_are_judged(void **state)
{
	(void)state;
	static const struct case_row rows[] = {
		{"psad_article", NULL, ""},
		{"ours", NULL, ""},
		{"iptables_nflog", NULL, "silent FORWARD 0; log-unread INPUT 4; log-tight INPUT 4"},
		{"iptables_xt", NULL, ""},
		{"docker", NULL,
			"silent DOCKER-ISOLATION-STAGE-2 1; silent DOCKER 2; silent FORWARD 0; "
			"silent PREROUTING 1"},
		{"fail2ban", NULL, "silent f2b-chain 1"},
		{"fail2ban_iptables", NULL, "silent f2b-sshd 1"},
		{"workstation", NULL, "silent input 5"},
		{"firewalld_log", NULL, ""},
		{"firewalld", NULL,
			"silent filter_FORWARD 4; silent filter_FORWARD 5; "
			"silent filter_FWD_public 8; silent filter_INPUT 4; "
			"silent filter_IN_public 9; silent filter_PREROUTING 2"},
		{"ufw", NULL,
			"log-tight ufw-after-logging-forward 1; silent ufw-before-input 4; "
			"log-tight ufw-logging-deny 2; silent ufw-skip-to-policy-input 1; "
			"silent ufw6-before-forward 1; log-tight ufw6-after-logging-forward 1; "
			"silent ufw6-before-input 2; silent ufw6-before-input 6; "
			"silent ufw6-skip-to-policy-input 1; log-tight ufw6-after-logging-input 1"},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *json = read_file(rows[i].name, "json"),
		     *text = read_file(rows[i].name, "txt");
		faults += !judges_as(&rows[i], json, text);
		free(json);
		free(text);
	}
	assert_int_equal(faults, 0);
}

#define RULE(chain, expr)                                                                          \
	"{\"rule\":{\"family\":\"inet\",\"table\":\"t\",\"chain\":\"" chain                        \
	"\",\"handle\":9,\"expr\":[" expr "]}}"
#define CHAIN(name) "{\"chain\":{\"family\":\"inet\",\"table\":\"t\",\"name\":\"" name "\"}}"
#define INPUT(policy)                                                                              \
	"{\"chain\":{\"family\":\"inet\",\"table\":\"t\",\"name\":\"in\",\"type\":\"filter\","     \
	"\"hook\":\"input\",\"prio\":0,\"policy\":\"" policy "\"}}"
#define TCP                                                                                        \
	"{\"match\":{\"op\":\"==\",\"left\":{\"meta\":{\"key\":\"l4proto\"}},\"right\":\"tcp\"}}"
#define PORT(p)                                                                                        \
	"{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":\"tcp\",\"field\":\"dport\"}}," \
	"\"right\":" p "}}"
#define LOG "{\"log\":{\"prefix\":\"DROP \"}}"
#define DROP "{\"drop\":null}"
#define LIMIT(rate, unit, burst)                                                                   \
	"{\"limit\":{\"rate\":" rate ",\"burst\":" burst ",\"per\":\"" unit "\"}}"
#define JUMP(to) "{\"jump\":{\"target\":\"" to "\"}}"
#define GOTO(to) "{\"goto\":{\"target\":\"" to "\"}}"
#define OF(...) "{\"nftables\":[" __VA_ARGS__ "]}"

static void each_fault_is_told_and_nothing_else(void **state)
{
	(void)state;
	static const struct case_row rows[] = {
		{"nothing loaded", OF(""), ""},
		{"nothing refused", OF(INPUT("accept")), ""},
		{"a policy without a log", OF(INPUT("drop")), "silent in 0"},
		{"a policy behind a log", OF(INPUT("drop") "," RULE("in", LOG)), ""},
		{"a drop without a log", OF(INPUT("accept") "," RULE("in", TCP "," DROP)),
			"silent in 1"},
		{"log and drop in one rule",
			OF(INPUT("accept") "," RULE("in", TCP "," LOG "," DROP)), ""},
		{"a log of more than is dropped",
			OF(INPUT("accept") "," RULE("in", LOG) "," RULE("in", TCP "," DROP)), ""},
		{"a log of all TCP, a drop of one port",
			OF(INPUT("accept") "," RULE("in", TCP "," LOG) "," RULE(
				"in", PORT("23") "," DROP)),
			""},
		{"a log of less than is dropped",
			OF(INPUT("accept") "," RULE("in", PORT("23") "," LOG) "," RULE(
				"in", TCP "," DROP)),
			"silent in 2"},
		{"a log of a set, a drop of one of it",
			OF(INPUT("accept") "," RULE(
				"in", PORT("{\"set\":[22,23]}") "," LOG) "," RULE("in",
				PORT("23") "," DROP)),
			""},
		{"a log of a set, a drop of another",
			OF(INPUT("accept") "," RULE(
				"in", PORT("{\"set\":[22,23]}") "," LOG) "," RULE("in",
				PORT("24") "," DROP)),
			"silent in 2"},
		{"a log behind the drop",
			OF(INPUT("accept") "," RULE("in", TCP "," DROP) "," RULE(
				"in", TCP "," LOG)),
			"silent in 1; log-behind in 2"},
		{"a log behind a drop of all",
			OF(INPUT("accept") "," RULE("in", DROP) "," RULE("in", LOG)),
			"silent in 1; log-behind in 2"},
		{"a group nobody reads",
			OF(INPUT("drop") "," RULE("in", "{\"log\":{\"group\":3}}")),
			"log-unread in 1"},
		{"a group that is read",
			OF(INPUT("drop") "," RULE("in", "{\"log\":{\"group\":5}}")), ""},
		{"one log that is read is enough",
			OF(INPUT("drop") "," RULE("in", "{\"log\":{\"group\":3}}") "," RULE(
				"in", LOG)),
			""},
		{"a limit that hides",
			OF(INPUT("drop") "," RULE("in", LIMIT("3", "minute", "10") "," LOG)),
			"log-tight in 1"},
		{"a limit with room",
			OF(INPUT("drop") "," RULE("in", LIMIT("100", "second", "5") "," LOG)), ""},
		{"a burst that holds a scan",
			OF(INPUT("drop") "," RULE("in", LIMIT("1", "second", "1000") "," LOG)), ""},
		{"a limit on the way to the log",
			OF(INPUT("drop") "," CHAIN("l") "," RULE("l", LOG) "," RULE(
				"in", LIMIT("3", "minute", "10") "," JUMP("l"))),
			"log-tight l 1"},
		{"a prefix that calls it accepted",
			OF(INPUT("drop") "," RULE("in", "{\"log\":{\"prefix\":\"ACCEPT \"}}")),
			"log-let-in in 1"},
		{"log and drop in a chain of their own",
			OF(INPUT("drop") "," CHAIN("l") "," RULE("l", LOG) "," RULE("l",
				DROP) "," RULE("in", TCP "," GOTO("l")) "," RULE("in", JUMP("l"))),
			""},
		{"some return before the log",
			OF(INPUT("drop") "," CHAIN("l") "," RULE("l", TCP
				",{\"return\":null}") "," RULE("l", LOG) "," RULE("in", JUMP("l"))),
			"log-skips l 2"},
		{"and are dropped by name",
			OF(INPUT("accept") "," CHAIN("l") "," RULE(
				"l", TCP ",{\"return\":null}") "," RULE("l", LOG) "," RULE("in",
				JUMP("l")) "," RULE("in", TCP "," DROP)),
			"silent in 2"},
		{"a log on another way does not count",
			OF(INPUT("drop") "," CHAIN("l") "," RULE("l", LOG) "," RULE(
				"l", DROP) "," RULE("in", TCP "," JUMP("l"))),
			"silent in 0"},
		{"a map of verdicts",
			OF(INPUT("accept") "," CHAIN("l") "," RULE("l", DROP) "," RULE("in",
				"{\"vmap\":{\"key\":{\"meta\":{\"key\":\"iif\"}},\"data\":{\"set\":[["
				"\"eth0\",{\"jump\":{\"target\":\"l\"}}],[\"eth1\",{\"accept\":null}]]}}}")),
			"silent l 1"},
		{"loopback is ours",
			OF(INPUT("accept") "," RULE("in",
				"{\"match\":{\"op\":\"==\",\"left\":{\"meta\":{\"key\":\"iif\"}},\"right\":"
				"\"lo\"}}," DROP)),
			""},
		{"chains that jump to each other end somewhere",
			OF(INPUT("accept") "," CHAIN("a") "," CHAIN("b") "," RULE(
				"a", JUMP("b")) "," RULE("b", JUMP("a")) "," RULE("in", JUMP("a"))),
			" cut"},
		{"an extension without words is no log for others",
			OF(INPUT("accept") "," RULE("in",
				"{\"xt\":{\"type\":\"match\",\"name\":\"conntrack\"}}," LOG) "," RULE("in",
				"{\"xt\":{\"type\":\"match\",\"name\":\"conntrack\"}}," DROP)),
			"silent in 2"},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		faults += !judges_as(&rows[i], rows[i].json, NULL);
	assert_int_equal(faults, 0);
}

static void what_is_no_ruleset_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "nonsense", "[]", "{}", "{\"nftables\":3}"};
	char error[128];
	struct ruleset_model m;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_false(ruleset_model_read(
			&m, texts[i], strlen(texts[i]), NULL, error, sizeof error));
}

static void forwarding_is_looked_at_only_where_it_is_done(void **state)
{
	(void)state;
	char *json = read_file("docker", "json"), error[128];
	struct ruleset_model m;
	struct ruleset_judge_options o = {.forwards = false};
	struct ruleset_verdict *v = memory_calloc(1, sizeof *v);
	assert_true(ruleset_model_read(&m, json, strlen(json), NULL, error, sizeof error));
	ruleset_judge(&m, &o, v);
	assert_int_equal(v->count, 1);
	assert_string_equal(v->findings[0].chain->name, "PREROUTING");
	ruleset_model_clear(&m);
	free(v);
	free(json);
}

struct advice_row {
	const char *file;
	unsigned finding;
	const char *place, *line;
};

static void what_to_add_can_be_pasted(void **state)
{
	(void)state;
	static const struct advice_row rows[] = {
		{"workstation", 0, "inet filter input, rule 5: counter packets 0 bytes 0 drop",
			"nft 'insert rule inet filter input handle 8 limit rate 5000/second burst 10000 "
			"packets log prefix \"knockwatch drop: \" group 5'"},
		{"docker", 3,
			"ip raw PREROUTING, rule 1: iifname != \"docker0\" ip daddr 172.17.0.2 counter "
			"packets 0 bytes 0 drop",
			"iptables -t raw -I PREROUTING 1 ! -i docker0 -d 172.17.0.2 -j NFLOG "
			"--nflog-group 5 --nflog-prefix \"knockwatch drop: \""},
		{"iptables_nflog", 0, "ip filter FORWARD, policy drop",
			"iptables -A FORWARD -j NFLOG --nflog-group 5 --nflog-prefix \"knockwatch drop: "
			"\""},
		{"firewalld", 3, "inet firewalld filter_INPUT, rule 4: ct state invalid drop",
			"firewall-cmd --set-log-denied=all"},
		{"ufw", 1,
			"ip filter ufw-before-input, rule 4: ct state invalid counter packets 0 bytes 0 "
			"drop",
			"-A ufw-before-input -m conntrack --ctstate INVALID -j NFLOG --nflog-group 5 "
			"--nflog-prefix \"[UFW BLOCK] \""},
		{"fail2ban", 0,
			"inet f2b-table f2b-chain, rule 1: tcp dport 22 ip saddr @addr-set-sshd reject "
			"with icmp port-unreachable",
			""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *json = read_file(rows[i].file, "json"),
		     *text = read_file(rows[i].file, "txt");
		char error[128], place[1024], line[1024];
		struct text_buffer p = text_buffer_over(place, sizeof place),
				   l = text_buffer_over(line, sizeof line);
		struct ruleset_model m;
		struct ruleset_judge_options o = {.forwards = true};
		struct ruleset_verdict *v = memory_calloc(1, sizeof *v);
		assert_true(ruleset_model_read(&m, json, strlen(json), text, error, sizeof error));
		ruleset_judge(&m, &o, v);
		assert_true(v->count > rows[i].finding);
		ruleset_advice_write_place(&v->findings[rows[i].finding], &p);
		ruleset_advice_write_line(&v->findings[rows[i].finding], 5, &l);
		assert_string_equal(place, rows[i].place);
		assert_string_equal(line, rows[i].line);
		ruleset_model_clear(&m);
		free(v);
		free(json);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rulesets_of_real_hosts_are_judged),
		cmocka_unit_test(each_fault_is_told_and_nothing_else),
		cmocka_unit_test(what_is_no_ruleset_is_refused),
		cmocka_unit_test(forwarding_is_looked_at_only_where_it_is_done),
		cmocka_unit_test(what_to_add_can_be_pasted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
