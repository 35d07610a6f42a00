/* SPDX-License-Identifier: ISC */
#include "access/access_option.h"

#include "table_check.h"

#include <stdio.h>
#include <syslog.h>

struct option_row {
	const char *text;
	const char *wanted; /* "keyword number name=value;" of each; a fault as "! why" */
};

static const struct option_row option_rows[] = {
	{"allow", "allow 0 =;"},
	{" ALLOW ", "allow 0 =;"},
	{"Deny\r", "deny 0 =;"},
	{"\vallow\f", "allow 0 =;"},
	{"deny \v", "deny 0 =;"},
	{"allow \vx", "! option \"allow\" takes no value"},
	{"a\vllow", "! unknown option \"a\\x0bllow\""},
	{"spawn \va\v", "spawn 0 =\x0b" "a;"},
	{"spawn \v", "! option \"spawn\" needs a value"},
	{"umask \v022", "umask 18 =;"},
	{"nice=\f5\f", "nice 5 =;"},
	{"setenv \vA\v x\v", "setenv 0 A=x;"},
	{"setenv \v x", "! option \"setenv\" cannot be \"\\x0b x\""},
	{"keepalive: allow", "keepalive 0 =;allow 0 =;"},
	{"allow: keepalive", "! option \"allow\" must be the last one"},
	{"allow:", "! option \"allow\" must be the last one"},
	{"twist x: deny", "! option \"twist\" must be the last one"},
	{"keepalive:", "keepalive 0 =;! an option is missing"},
	{"", "! an option is missing"},
	{"  ", "! an option is missing"},
	{"= allow", "! an option is missing"},
	{"keepalive:: allow", "keepalive 0 =;! an option is missing"},
	{"allowed", "! unknown option \"allowed\""},
	{"allo", "! unknown option \"allo\""},
	{"all\x01ow", "! unknown option \"all\\x01ow\""},
	{"allow yes", "! option \"allow\" takes no value"},
	{"allow =", "allow 0 =;"},
	{"spawn", "! option \"spawn\" needs a value"},
	{"spawn =", "! option \"spawn\" needs a value"},
	{"spawn a b", "spawn 0 =a b;"},
	{"spawn=a b", "spawn 0 =a b;"},
	{"spawn = a = b ", "spawn 0 =a = b;"},
	{"spawn == a", "spawn 0 == a;"},
	{"spawn (a \\: b)\\:: allow", "spawn 0 =(a : b):;allow 0 =;"},
	{"spawn a \\ b \\", "spawn 0 =a \\ b \\;"},
	{"twist /bin/echo [x:y]", "! option \"twist\" must be the last one"}, /* no brackets here */
	{"twist /bin/echo %a", "twist 0 =/bin/echo %a;"},
	{"aclexec /bin/check %a", "aclexec 0 =/bin/check %a;"},
	{"banners /etc/banners", "banners 0 =/etc/banners;"},
	{"severity info", "severity 6 =;"},
	{"severity AUTH.Info", "severity 38 =;"},
	{"severity local7.emerg", "severity 184 =;"},
	{"severity kern.debug", "severity 7 =;"},
	{"severity warn", "! option \"severity\" cannot be \"warn\""},
	{"severity authpriv.info", "! option \"severity\" cannot be \"authpriv.info\""},
	{"severity auth.", "! option \"severity\" cannot be \"auth.\""},
	{"severity .info", "! option \"severity\" cannot be \".info\""},
	{"severity auth", "! option \"severity\" cannot be \"auth\""},
	{"severity auth.info.x", "! option \"severity\" cannot be \"auth.info.x\""},
	{"severity", "! option \"severity\" needs a value"},
	{"rfc931", "rfc931 0 =;"},
	{"rfc931 5", "rfc931 5 =;"},
	{"rfc931 0", "! option \"rfc931\" cannot be \"0\""},
	{"rfc931 -5", "! option \"rfc931\" cannot be \"-5\""},
	{"rfc931 5s", "! option \"rfc931\" cannot be \"5s\""},
	{"rfc931 4294967301", "rfc931 5 =;"},
	{"setenv A b c", "setenv 0 A=b c;"},
	{"setenv A", "setenv 0 A=;"},
	{"setenv=A b", "setenv 0 A=b;"},
	{"setenv A = b", "setenv 0 A== b;"},
	{"setenv A=b", "! option \"setenv\" cannot be \"A=b\""},
	{"setenv", "! option \"setenv\" needs a value"},
	{"umask 022", "umask 18 =;"},
	{"umask 777", "umask 511 =;"},
	{"umask 1000", "! option \"umask\" cannot be \"1000\""},
	{"umask 8", "! option \"umask\" cannot be \"8\""},
	{"umask -1", "! option \"umask\" cannot be \"-1\""},
	{"nice", "nice 10 =;"},
	{"nice -5", "nice -5 =;"},
	{"nice 5 5", "! option \"nice\" cannot be \"5 5\""},
	{"keepalive x", "! option \"keepalive\" takes no value"},
	{"linger 0", "linger 0 =;"},
	{"linger -1", "! option \"linger\" cannot be \"-1\""},
	{"linger", "! option \"linger\" needs a value"},
	{"user nobody", "user 0 nobody=;"},
	{"user nobody.www.data", "user 0 nobody=www.data;"},
	{"user nobody.", "! option \"user\" cannot be \"nobody.\""},
	{"user .www", "! option \"user\" cannot be \".www\""},
	{"group www-data", "group 0 www-data=;"},
	{"trap-limit 3/1m per network", "trap-limit 3 =;"},
	{"trap-limit 1000/1d: spawn x", "trap-limit 1000 =;spawn 0 =x;"},
	{"trap-limit 1001/1d", "! option \"trap-limit\" cannot be \"1001/1d\""},
	{"trap-limit 3", "! option \"trap-limit\" cannot be \"3\""},
	{"trap-limit 0/1m", "! option \"trap-limit\" cannot be \"0/1m\""},
	{"at-most 1000", "at-most 1000 =;"},
	{"at-most 1001", "! option \"at-most\" cannot be \"1001\""},
	{"trap-at-most 64", "trap-at-most 64 =;"},
	{"trap-at-most 65", "! option \"trap-at-most\" cannot be \"65\""},
	{"trap-at-most 3 per source", "! option \"trap-at-most\" cannot be \"3 per source\""},
	{"trap-time 10m", "trap-time 0 =;"},
	{"trap-time 10", "! option \"trap-time\" cannot be \"10\""},
	{"trap-time", "! option \"trap-time\" needs a value"},
};

static void tell_option(const struct access_option *o, char *told, size_t size)
{
	size_t used = strlen(told);
	snprintf(told + used, size - used, "%s %d %.*s=%.*s;", access_option_keyword(o->kind), o->number,
		(int)o->name.length, o->name.length ? o->name.start : "", (int)o->value.length,
		o->value.length ? o->value.start : "");
}

static void options_are_read_or_told(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(option_rows); i++) {
		const struct option_row *row = &option_rows[i];
		char text[256], told[256] = "";
		struct text_slice rest = {text, strlen(row->text)};
		struct access_option option;
		struct access_option_fault why;
		enum access_option_result result;
		memcpy(text, row->text, rest.length);
		while ((result = access_option_next(&rest, &option, &why)) == ACCESS_OPTION_READ)
			tell_option(&option, told, sizeof told);
		if (result == ACCESS_OPTION_FAULT) {
			size_t used = strlen(told);
			char *colon = strchr(why.text, ':');
			if (colon)
				*colon = '\0';
			snprintf(told + used, sizeof told - used, "! %s", why.text);
		}
		faults += table_check_text(row->text, "options", told, row->wanted);
	}
	assert_int_equal(faults, 0);
}

static void a_long_fault_is_cut(void **state)
{
	(void)state;
	char text[2000];
	struct text_slice rest = {text, sizeof text};
	struct access_option option;
	struct access_option_fault why;
	memset(text, '\x02', sizeof text);
	assert_int_equal(access_option_next(&rest, &option, &why), ACCESS_OPTION_FAULT);
	assert_true(strlen(why.text) < sizeof why.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_read_or_told),
		cmocka_unit_test(a_long_fault_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
