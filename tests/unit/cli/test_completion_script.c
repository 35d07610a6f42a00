/* SPDX-License-Identifier: ISC */
/*
 * The script for bash is given to bash: each row is a command line whose last word is being typed,
 * and what is offered for it. It runs in a directory with two files and two directories.
 */
#include "cli/completion_script.h"

#include "support/table_check.h"

#include "cli/command.h"
#include "command_run.h"

#include <stdio.h>
#include <sys/stat.h>

static char directory[64];

/* Not inlined: GCC 12 would take what open_memstream() stores for a pointer to this function's stack. */
__attribute__((noinline)) static char *print_script(enum completion_script_shell shell)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	assert_non_null(out);
	completion_script_print(shell, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static int set_up(void **state)
{
	char path[128];
	(void)state;
	command_run_make_directory(directory);
	char *script = print_script(COMPLETION_SCRIPT_BASH);
	command_run_write(directory, "script", script);
	free(script);
	command_run_write(directory, "kern.log", "");
	snprintf(path, sizeof path, "%s/old logs", directory);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/state", directory);
	return mkdir(path, 0700);
}

static int tear_down(void **state)
{
	(void)state;
	command_run_remove_directory(directory);
	return 0;
}

/* `line` is quoted for the shell already, a word each. The answers come sorted, with blanks. */
static void complete(const char *line, char *answer, size_t size)
{
	char command[1024];
	snprintf(command, sizeof command,
		"cd %s && LC_ALL=C bash --norc --noprofile -uc '"
		"source ./script; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _knockwatch; "
		"printf \"%%s\\n\" ${COMPREPLY[@]+\"${COMPREPLY[@]}\"} | sort' bash %s 2>&1",
		directory, line);
	FILE *in = popen(command, "re");
	assert_non_null(in);
	size_t n = fread(answer, 1, size - 1, in);
	answer[n] = '\0';
	assert_int_equal(pclose(in), 0);
	while (n > 0 && answer[n - 1] == '\n')
		answer[--n] = '\0';
	for (char *c = answer; *c != '\0'; c++)
		*c = *c == '\n' ? ',' : *c;
}

static const struct {
	const char *line, *offered;
} lines[] = {
	{"knockwatch wat", "watch"},
	{"knockwatch s", "send,show,signatures,status"},
	{"knockwatch --v", "--version"},
	{"knockwatch xyz", ""},
	{"knockwatch help comp", "completion"},
	{"knockwatch help watch ''", ""},
	{"knockwatch watch --st", "--state"},
	{"knockwatch watch ''", ""},
	{"knockwatch watch --state ''", "old logs,state"},
	{"knockwatch watch --state = st", "state"},
	{"knockwatch watch --log ke", "kern.log"},
	{"knockwatch watch -l ke", "kern.log"},
	{"knockwatch watch -i ''", ""},
	{"knockwatch watch --for ''", ""},
	{"knockwatch read ke", "kern.log"},
	{"knockwatch read kern.log ''", "kern.log,old logs,script,state"},
	{"knockwatch read --utc o", "old logs"},
	{"knockwatch read --year ''", ""},
	{"knockwatch incidents --class ''", "attack,flood,noise,scan"},
	{"knockwatch incidents --class = f", "flood"},
	{"knockwatch incidents --class =", "attack,flood,noise,scan"},
	{"knockwatch ports --by m", "month"},
	{"knockwatch signatures ''", "check,convert"},
	{"knockwatch signatures --json c", "check,convert"},
	{"knockwatch signatures check ke", "kern.log"},
	{"knockwatch signatures --config ke", "kern.log"},
	{"knockwatch check s", "script,state"},
	{"knockwatch access ''", "add,check,compile,export,list,log,remove,test"},
	{"knockwatch access che", "check"},
	{"knockwatch access --json l", "list,log"},
	{"knockwatch access check ke", "kern.log"},
	{"knockwatch access check --fix ke", "kern.log"},
	{"knockwatch access compile ''", "kern.log,old logs,script,state"},
	{"knockwatch access log kern.log s", "script,state"},
	{"knockwatch access export ''", "nft"},
	{"knockwatch access test ''", ""},
	{"knockwatch access list ''", ""},
	{"knockwatch access check --tables ''", "old logs,state"},
	{"knockwatch wrap s", "status"},
	{"knockwatch wrap enable ''", ""},
	{"knockwatch wrap enable --root s", "state"},
	{"knockwatch config ''", "check,show"},
	{"knockwatch config show ''", ""},
	{"knockwatch config check ke", "kern.log"},
	{"knockwatch completion ''", "bash,fish,zsh"},
	{"knockwatch completion bash ''", ""},
	{"knockwatch nonsense --", ""},
};

static void bash_offers_what_fits_the_word(void **state)
{
	unsigned faults = 0;
	char answer[4096];
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(lines); i++) {
		complete(lines[i].line, answer, sizeof answer);
		faults += table_check_text(lines[i].line, "offered", answer, lines[i].offered);
	}
	assert_int_equal(faults, 0);
}

/* True if `list`, with commas, has the word. */
static bool has(const char *list, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = list; (at = strstr(at, word)) != NULL; at += length) {
		bool begins = at == list || at[-1] == ',';
		if (begins && (at[length] == ',' || at[length] == '\0'))
			return true;
	}
	return false;
}

static void bash_offers_every_command_and_every_option(void **state)
{
	unsigned faults = 0;
	char answer[4096], line[128], word[64];
	(void)state;
	complete("knockwatch ''", answer, sizeof answer);
	for (const struct command *const *c = command_list(); *c != NULL; c++)
		faults += table_check_number((*c)->name, "offered", has(answer, (*c)->name), true);
	for (const struct command *const *c = command_list(); *c != NULL; c++) {
		snprintf(line, sizeof line, "knockwatch %s --", (*c)->name);
		complete(line, answer, sizeof answer);
		for (const struct option_row *o = (*c)->options; o->name != NULL; o++) {
			snprintf(word, sizeof word, "--%s", o->name);
			faults += table_check_number(line, word, has(answer, word), true);
		}
	}
	assert_int_equal(faults, 0);
}

/* Counts the lines of `script` that hold all three texts. */
static unsigned count_lines(const char *script, const char *a, const char *b, const char *c)
{
	unsigned count = 0;
	for (const char *at = script; *at != '\0';) {
		size_t length = strcspn(at, "\n");
		char *line = strndup(at, length);
		assert_non_null(line);
		count += strstr(line, a) && strstr(line, b) && strstr(line, c);
		free(line);
		at += length + (at[length] != '\0');
	}
	return count;
}

static void fish_has_one_line_for_every_option(void **state)
{
	unsigned faults = 0;
	char *script = print_script(COMPLETION_SCRIPT_FISH), is[64], name[64];
	(void)state;
	for (const struct command *const *c = command_list(); *c != NULL; c++) {
		snprintf(is, sizeof is, "__knockwatch_is %s'", (*c)->name);
		for (const struct option_row *o = (*c)->options; o->name != NULL; o++) {
			snprintf(name, sizeof name, " -l %s ", o->name);
			faults += table_check_number(
				(*c)->name, name, count_lines(script, is, name, "-d '"), 1);
		}
	}
	free(script);
	assert_int_equal(faults, 0);
}

/* The part of the zsh script that is about one command. */
static char *zsh_part(const char *script, const char *command)
{
	char begin[64];
	snprintf(begin, sizeof begin, "\n\t\t%s)\n", command);
	const char *at = strstr(script, begin);
	assert_non_null(at);
	const char *end = strstr(at, ";;");
	assert_non_null(end);
	return strndup(at, (size_t)(end - at));
}

static void zsh_has_one_specification_for_every_option(void **state)
{
	unsigned faults = 0;
	char *script = print_script(COMPLETION_SCRIPT_ZSH), name[64];
	(void)state;
	for (const struct command *const *c = command_list(); *c != NULL; c++) {
		char *part = zsh_part(script, (*c)->name);
		for (const struct option_row *o = (*c)->options; o->name != NULL; o++) {
			snprintf(name, sizeof name, "--%s%s%s[", o->name, o->value ? "=" : "",
				o->letter ? "}'" : "");
			faults += table_check_number(
				(*c)->name, name, count_lines(part, name, "]", ""), 1);
		}
		free(part);
	}
	free(script);
	assert_int_equal(faults, 0);
}

static void names_of_commands_and_options_need_no_quotes(void **state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	unsigned faults = 0;
	(void)state;
	for (const struct command *const *c = command_list(); *c != NULL; c++) {
		const char *name = (*c)->name;
		faults += table_check_text(name, "the rest", name + strspn(name, letters), "");
		for (const struct option_row *o = (*c)->options; o->name != NULL; o++)
			faults += table_check_text(
				o->name, "the rest", o->name + strspn(o->name, letters), "");
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bash_offers_what_fits_the_word),
		cmocka_unit_test(bash_offers_every_command_and_every_option),
		cmocka_unit_test(fish_has_one_line_for_every_option),
		cmocka_unit_test(zsh_has_one_specification_for_every_option),
		cmocka_unit_test(names_of_commands_and_options_need_no_quotes),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
