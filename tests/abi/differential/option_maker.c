/* SPDX-License-Identifier: ISC */
#include "option_maker.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

enum { GOOD_VALUES = 8, BAD_VALUES = 10 };

/* A value that is null ends its list; "" is an option without a value. */
struct option_form {
	const char *keyword;
	const char *good[GOOD_VALUES];
	const char *bad[BAD_VALUES];
};

static const struct option_form forms[] = {
	{"allow", {""}, {"x", "=", "all"}},
	{"deny", {""}, {"x", "=", "0"}},
	{"severity", {"mail.info", "auth.warning", "local3.debug", "notice", "kern.emerg", "daemon.crit", "info", "LOCAL7.Err"},
		{"authpriv.info", "daemon.warn", "bogus.info", "mail.bogus", "mail", ".info", "mail.", "mail.info.x", "", "ftp.info"}},
	{"rfc931", {"", "5", "1", "030"}, {"0", "-1", "abc", "10x", "5 5", "99999999999"}},
	{"banners", {CASE_PLACE "/banners", CASE_PLACE "/none"}, {"", "/"}},
	{"setenv", {"KW_A value %h %a", "KW_B  spaced  value  ", "KW_C %c", "KW_D a\\:b", "KW_E %n/%N/%H/%A", "KW_F %d %s %u %p %%",
			   "KW_G %r:%R", "KW_H tail%"},
		{"KW_I", "", "KW_J %z", "KW_K= x", "KW_L=x y", "KW_M %", "KW_N %%%", "KW_O\tvalue", "KW_P (%U)", "KW_Q \"%h\" '%u'"}},
	{"umask", {"022", "077", "0777", "0", "7"}, {"1000", "8", "-1", "abc", "22x", "", "0x1f", "022 022"}},
	{"nice", {"", "5", "0", "12"}, {"-3", "abc", "5x", "99", "1 2", "1.5"}},
	{"keepalive", {""}, {"x", "1"}},
	{"linger", {"5", "0", "30"}, {"-1", "abc", "", "5x", "99999999999"}},
};

/* With their own rules of when they may be used. */
static const struct option_form user_forms[] = {
	{"user", {"nobody", "nobody.nogroup", "daemon"},
		{"nosuchuser", "nobody.nosuchgroup", "", ".nogroup", "nobody.", "nobody nogroup", "65534", "root.root.root"}},
	{"group", {"nogroup", "daemon"}, {"nosuchgroup", "", "65534"}},
};

static const struct option_form command_forms[] = {
	{"spawn",
		{"echo %a %c %d %h >>$KW_OUT", "(echo %n; echo %u) >>$KW_OUT", "exit 3", "true &", "echo '%r %R %s %H' >>$KW_OUT",
			"echo $HOME a\\:b >>$KW_OUT", "cat >>$KW_OUT", "printf %%s\\\\n %A %p %% >>$KW_OUT"},
		{"", "%a", "echo %z%q >>$KW_OUT"}},
	{"twist", {"echo 421 %h", "exit 5", "exec echo %u %a", "echo %d; exit 0", "exit 9", "echo a\\:b"}, {"", "echo 1 : allow"}},
	{"aclexec", {"true", "exit 0", "test %a != %h", "echo ok >>$KW_OUT"}, {""}},
};

static const char *const false_commands[] = {"false", "exit 1", "exit 255", "exit 256", "nosuchcommand 2>/dev/null", "test %a = x"};

static const char *const nonsense[] = {"alow", "permit", "=allow", "", " ", "\t", "spawn", "allow deny", "%a", "\\:", "allow\\:", "#comment",
	"allow=", "deny x", "=", "ALL", "rfc", "sever mail.info", "user", "spawn=", "\\", "allow \\", "set env", "options"};

static void add_text(struct case_file *out, const char *text)
{
	case_file_add(out, text, strlen(text));
}

static const char *choose_value(struct word_maker *m, const struct option_form *f, unsigned percent_good)
{
	const bool good = word_maker_chance(m, percent_good);
	const char *const *values = good ? f->good : f->bad;
	const size_t most = good ? GOOD_VALUES : BAD_VALUES;
	size_t n = 0;
	while (n < most && values[n])
		n++;
	return word_maker_pick(m, values, n);
}

static void add_option(struct word_maker *m, const char *keyword, const char *value, struct case_file *out)
{
	static const char *const joints[] = {" ", " ", " ", "=", " = ", "\t", "  ", "= "};
	char word[40];
	snprintf(word, sizeof word, "%s", keyword);
	if (word_maker_chance(m, 20))
		word_maker_shake_case(m, word);
	add_text(out, word);
	if (value[0])
		add_text(out, WORD_MAKER_PICK(m, joints));
	add_text(out, value);
}

static void add_form(struct word_maker *m, const struct option_form *f, unsigned percent_good, struct case_file *out)
{
	add_option(m, f->keyword, choose_value(m, f, percent_good), out);
}

static void add_aclexec(struct word_maker *m, const struct option_limits *limits, struct case_file *out)
{
	if (limits->ends_falsely && word_maker_chance(m, 50)) {
		add_option(m, "aclexec", WORD_MAKER_PICK(m, false_commands), out);
	} else {
		add_form(m, &command_forms[2], 95, out);
	}
}

static void add_last(struct word_maker *m, const struct option_limits *limits, struct case_file *out)
{
	unsigned d = word_maker_below(m, 100);
	if (d < 45)
		add_option(m, "allow", "", out);
	else if (d < 90 || !limits->runs_commands)
		add_option(m, "deny", "", out);
	else
		add_form(m, &command_forms[1], 90, out);
}

static void add_middle(struct word_maker *m, const struct option_limits *limits, struct case_file *out)
{
	unsigned d = word_maker_below(m, 100);
	if (d < 12 && limits->runs_commands)
		add_form(m, &command_forms[0], 90, out);
	else if (d < 24 && limits->runs_commands)
		add_aclexec(m, limits, out);
	else if (d < 32 && limits->changes_user)
		add_form(m, &user_forms[word_maker_below(m, 2)], 75, out);
	else if (d < 36)
		add_text(out, WORD_MAKER_PICK(m, nonsense));
	else
		add_form(m, &forms[2 + word_maker_below(m, COUNT(forms) - 2)], 80, out);
}

void option_maker_add(struct word_maker *m, const struct option_limits *limits, struct case_file *out)
{
	static const char *const colons[] = {":", " : ", ": ", " :", "\t:\t", ": \t "};
	unsigned middle = word_maker_chance(m, 50) ? 1 : word_maker_below(m, 4);
	bool last = word_maker_chance(m, 50);
	if (middle == 0 && !last)
		last = true;
	for (unsigned i = 0; i < middle; i++) {
		add_text(out, WORD_MAKER_PICK(m, colons));
		add_middle(m, limits, out);
	}
	if (last) {
		add_text(out, WORD_MAKER_PICK(m, colons));
		add_last(m, limits, out);
		if (word_maker_chance(m, 4)) { /* which must be the last one */
			add_text(out, WORD_MAKER_PICK(m, colons));
			add_middle(m, limits, out);
		}
	}
	if (word_maker_chance(m, 5))
		add_text(out, WORD_MAKER_PICK(m, colons));
}
