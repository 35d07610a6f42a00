/* SPDX-License-Identifier: ISC */
/*
 * One writer a shell, all of the same outline: the commands, then for each command what the values
 * of its options may be, its options, and its operands.
 *
 * Names of commands and options, and the words of completion_value, are letters, digits and dashes
 * (a test holds the tables to it), so they stand in scripts as they are. Help texts are free: they
 * go through print_quoted.
 */
#include "cli/completion_script.h"

#include "cli/command.h"
#include "cli/completion_value.h"

#include <assert.h>
#include <string.h>

typedef void option_fn(FILE *out, const struct command *c, const struct option_row *o);

static void each_option(FILE *out, const struct command *c, option_fn *fn)
{
	for (const struct option_row *o = c->options; o->name != NULL; o++)
		fn(out, c, o);
}

typedef void word_fn(FILE *out, const struct command *c, const char *word);

/* Each word that a command may begin with. */
static void each_word(FILE *out, const struct command *c, word_fn *fn)
{
	struct completion_value v = completion_value_of_operands(c->operands);
	for (char *next = v.words, *word; (word = strsep(&next, " ")) != NULL;) {
		if (*word != '\0')
			fn(out, c, word);
	}
}

/* A text between single quotes it cannot end; a backslash goes before each of `marks`. */
static void print_quoted(FILE *out, const char *text, const char *marks)
{
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '\'')
			fputs("'\\''", out);
		else if (strchr(marks, *c) != NULL)
			fprintf(out, "\\%c", *c);
		else
			fputc(*c, out);
	}
}

static void print_command_names(FILE *out)
{
	for (const struct command *const *c = command_list(); *c != NULL; c++)
		fprintf(out, "%s%s", c == command_list() ? "" : " ", (*c)->name);
}

static bool is_repeatable(const struct option_row *o)
{
	return strstr(o->help, "repeatable") != NULL;
}

/* bash: one function, two tables in the form of case statements. */

static const char bash_head[] =
	"# bash completion of knockwatch, written by 'knockwatch completion bash'\n"
	"_knockwatch()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	"\tlocal command=${COMP_WORDS[1]} options='' words='' paths='' value='' behind='' i\n"
	"\tCOMPREPLY=()\n"
	"\t# readline takes --option=value for three words\n"
	"\tif [[ $cur == '=' ]]; then\n"
	"\t\tcur=''\n"
	"\telif [[ $prev == '=' ]]; then\n"
	"\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
	"\tfi\n";

static const char bash_behind[] =
	"\tif [[ -z $value && $cur == -* ]]; then\n"
	"\t\twords=$options paths=''\n"
	"\telif [[ -z $value && -n $words && $COMP_CWORD -gt 1 ]]; then\n"
	"\t\t# one of the words is enough; each has its own behind it\n"
	"\t\tfor ((i = 2; i < COMP_CWORD; i++)); do\n"
	"\t\t\tif [[ \" $words \" == *\" ${COMP_WORDS[i]} \"* ]]; then\n"
	"\t\t\t\twords='' paths='' behind=yes\n"
	"\t\t\t\tcase $command,${COMP_WORDS[i]} in\n";

static const char bash_tail[] = "\t\t\t\tesac\n"
				"\t\t\t\tbreak\n"
				"\t\t\tfi\n"
				"\t\tdone\n"
				"\t\t[[ -z $behind ]] && paths=''\n"
				"\tfi\n"
				"\tif [[ -n $words ]]; then\n"
				"\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
				"\telif [[ -n $paths ]]; then\n"
				"\t\tcompopt -o filenames 2>/dev/null\n"
				"\t\tmapfile -t COMPREPLY < <(compgen -A \"$paths\" -- \"$cur\")\n"
				"\tfi\n"
				"}\n"
				"complete -F _knockwatch knockwatch\n";

static const char *bash_action(const struct completion_value *v)
{
	return v->files ? "file" : v->directories ? "directory" : "";
}

static void bash_print_value(FILE *out, const struct command *c, const struct option_row *o)
{
	struct completion_value v = completion_value_of_option(o);
	if (o->value == NULL)
		return;
	fprintf(out, "\t%s,--%s", c->name, o->name);
	if (o->letter)
		fprintf(out, " | %s,-%c", c->name, o->letter);
	fprintf(out, ") value=yes words='%s' paths='%s' ;;\n", v.words, bash_action(&v));
}

static void bash_print_option(FILE *out, const struct command *c, const struct option_row *o)
{
	fprintf(out, "%s--%s", o == c->options ? "" : " ", o->name);
}

static void bash_print_behind(FILE *out, const struct command *c, const char *word)
{
	struct completion_value v = completion_value_behind(c->operands, word);
	if (!completion_value_is_free(&v))
		fprintf(out, "\t\t\t\t%s,%s) words='%s' paths='%s' ;;\n", c->name, word, v.words, bash_action(&v));
}

static void print_bash(FILE *out)
{
	fputs(bash_head, out);
	fputs("\tif ((COMP_CWORD == 1)); then\n\t\toptions='--help --version' words='", out);
	print_command_names(out);
	fputs(" help'\n\t\tcommand=''\n\tfi\n\tcase $command,$prev in\n", out);
	for (const struct command *const *c = command_list(); *c != NULL; c++)
		each_option(out, *c, bash_print_value);
	fputs("\thelp,*) ((COMP_CWORD == 2)) && words='", out);
	print_command_names(out);
	fputs("' ;;\n\tesac\n\t[[ -z $value ]] && case $command in\n", out);
	for (const struct command *const *c = command_list(); *c != NULL; c++) {
		struct completion_value v = completion_value_of_operands((*c)->operands);
		fprintf(out, "\t%s) words='%s' paths='%s' options='", (*c)->name, v.words,
			bash_action(&v));
		each_option(out, *c, bash_print_option);
		fputs("' ;;\n", out);
	}
	fputs("\tesac\n", out);
	fputs(bash_behind, out);
	for (const struct command *const *c = command_list(); *c != NULL; c++)
		each_word(out, *c, bash_print_behind);
	fputs(bash_tail, out);
}

/* zsh: a specification of _arguments for each command. */

static const char zsh_head[] =
	"#compdef knockwatch\n"
	"# zsh completion of knockwatch, written by 'knockwatch completion zsh'\n"
	"_knockwatch() {\n"
	"\tlocal curcontext=$curcontext state line ret=1\n"
	"\ttypeset -A opt_args\n"
	"\tlocal -a commands=(\n";

static const char zsh_middle[] =
	"\t)\n"
	"\t_arguments -C '(- *)--help[list the commands]' '(- *)--version[tell the version]' \\\n"
	"\t\t'1:command:->command' '*::argument:->argument' && ret=0\n"
	"\tcase $state in\n"
	"\tcommand) _describe -t commands command commands && ret=0 ;;\n"
	"\targument)\n"
	"\t\tcurcontext=${curcontext%:*:*}:knockwatch-$words[1]:\n"
	"\t\tcase $words[1] in\n"
	"\t\thelp) _describe -t commands command commands && ret=0 ;;\n";

static const char zsh_tail[] = "\t\tesac ;;\n"
			       "\tesac\n"
			       "\treturn ret\n"
			       "}\n"
			       "if [[ $funcstack[1] == _knockwatch ]]; then\n"
			       "\t_knockwatch \"$@\"\n"
			       "else\n"
			       "\tcompdef _knockwatch knockwatch\n"
			       "fi\n";

/* The action behind a message: words, files, directories, or a blank: only the message. */
static void zsh_print_action(FILE *out, const struct completion_value *v)
{
	if (v->words[0] != '\0')
		fprintf(out, "(%s)", v->words);
	else
		fputs(v->files ? "_files" : v->directories ? "_files -/" : " ", out);
}

static void zsh_print_option(FILE *out, const struct command *c, const struct option_row *o)
{
	struct completion_value v = completion_value_of_option(o);
	const char *equals = o->value ? "=" : "", *plus = o->value ? "+" : "";
	(void)c;
	fputs(" \\\n\t\t\t\t", out);
	if (is_repeatable(o))
		fputs("'*'", out);
	else if (strcmp(o->name, "help") == 0)
		fputs("'(- *)'", out);
	else if (o->letter)
		fprintf(out, "'(-%c --%s)'", o->letter, o->name);
	if (o->letter)
		fprintf(out, "{-%c%s,--%s%s}'[", o->letter, plus, o->name, equals);
	else
		fprintf(out, "'--%s%s[", o->name, equals);
	print_quoted(out, o->help, "[]\\");
	fputc(']', out);
	if (o->value != NULL) {
		fputc(':', out);
		print_quoted(out, o->value, ":\\");
		fputc(':', out);
		zsh_print_action(out, &v);
	}
	fputc('\'', out);
}

static void zsh_print_operands(FILE *out, const struct command *c)
{
	struct completion_value v = completion_value_of_operands(c->operands);
	if (v.words[0] != '\0')
		fprintf(out, " \\\n\t\t\t\t'1:what:(%s)'", v.words);
	v.words[0] = '\0';
	if (c->operands[0] == '\0' || (completion_value_is_free(&v) && strchr(c->operands, '|')))
		return;
	fputs(" \\\n\t\t\t\t'*:", out);
	print_quoted(out, c->operands, ":\\");
	fputc(':', out);
	zsh_print_action(out, &v);
	fputc('\'', out);
}

static void print_zsh(FILE *out)
{
	fputs(zsh_head, out);
	for (const struct command *const *c = command_list(); *c != NULL; c++) {
		fprintf(out, "\t\t'%s:", (*c)->name);
		print_quoted(out, (*c)->summary, "\\");
		fputs("'\n", out);
	}
	fputs("\t\t'help:tell about a command'\n", out);
	fputs(zsh_middle, out);
	for (const struct command *const *c = command_list(); *c != NULL; c++) {
		fprintf(out, "\t\t%s)\n\t\t\t_arguments -s -S", (*c)->name);
		each_option(out, *c, zsh_print_option);
		zsh_print_operands(out, *c);
		fputs(" && ret=0 ;;\n", out);
	}
	fputs(zsh_tail, out);
}

/* fish: one line for everything that can be said. */

static const char fish_head[] =
	"# fish completion of knockwatch, written by 'knockwatch completion fish'\n"
	"function __knockwatch_is --description 'the command is one of these'\n"
	"\tset -l words (commandline -opc)\n"
	"\ttest (count $words) -gt 1; and contains -- $words[2] $argv\n"
	"end\n"
	"function __knockwatch_has --description 'one of these follows the command'\n"
	"\tset -l words (commandline -opc)\n"
	"\tfor word in $words[3..]\n"
	"\t\tcontains -- $word $argv; and return 0\n"
	"\tend\n"
	"\treturn 1\n"
	"end\n"
	"function __knockwatch_has_none --description 'there is no command yet'\n"
	"\ttest (count (commandline -opc)) -eq 1\n"
	"end\n"
	"complete -c knockwatch -e\n"
	"complete -c knockwatch -f\n"
	"complete -c knockwatch -n __knockwatch_has_none -l help -d 'list the commands'\n"
	"complete -c knockwatch -n __knockwatch_has_none -l version -d 'tell the version'\n"
	"complete -c knockwatch -n __knockwatch_has_none -a help -d 'tell about a command'\n";

/* fish knows two escapes inside single quotes. */
static void fish_print_text(FILE *out, const char *text)
{
	fputc('\'', out);
	for (const char *c = text; *c != '\0'; c++)
		fprintf(out, *c == '\'' || *c == '\\' ? "\\%c" : "%c", *c);
	fputc('\'', out);
}

static void fish_print_option(FILE *out, const struct command *c, const struct option_row *o)
{
	struct completion_value v = completion_value_of_option(o);
	fprintf(out, "complete -c knockwatch -n '__knockwatch_is %s' -l %s", c->name, o->name);
	if (o->letter)
		fprintf(out, " -s %c", o->letter);
	if (v.files)
		fputs(" -r -F", out);
	else if (o->value != NULL)
		fputs(" -x", out);
	if (v.directories)
		fputs(" -a '(__fish_complete_directories)'", out);
	else if (v.words[0] != '\0')
		fprintf(out, " -a '%s'", v.words);
	fputs(" -d ", out);
	fish_print_text(out, o->help);
	fputc('\n', out);
}

static void fish_print_behind(FILE *out, const struct command *c, const char *word)
{
	struct completion_value v = completion_value_behind(c->operands, word);
	if (completion_value_is_free(&v))
		return;
	fprintf(out, "complete -c knockwatch -n '__knockwatch_is %s; and __knockwatch_has %s' ", c->name, word);
	if (v.files)
		fputs("-F\n", out);
	else if (v.directories)
		fputs("-a '(__fish_complete_directories)'\n", out);
	else
		fprintf(out, "-a '%s'\n", v.words);
}

static void fish_print_operands(FILE *out, const struct command *c)
{
	struct completion_value v = completion_value_of_operands(c->operands);
	if (v.words[0] != '\0')
		fprintf(out,
			"complete -c knockwatch -n '__knockwatch_is %s; and not __knockwatch_has "
			"%s' -a '%s'\n",
			c->name, v.words, v.words);
	else if (v.files)
		fprintf(out, "complete -c knockwatch -n '__knockwatch_is %s' -F\n", c->name);
	each_word(out, c, fish_print_behind);
}

static void print_fish(FILE *out)
{
	fputs(fish_head, out);
	for (const struct command *const *c = command_list(); *c != NULL; c++) {
		fprintf(out, "complete -c knockwatch -n __knockwatch_has_none -a %s -d ",
			(*c)->name);
		fish_print_text(out, (*c)->summary);
		fprintf(out, "\ncomplete -c knockwatch -n '__knockwatch_is help' -a %s -d ",
			(*c)->name);
		fish_print_text(out, (*c)->summary);
		fputc('\n', out);
		each_option(out, *c, fish_print_option);
		fish_print_operands(out, *c);
	}
}

static const struct {
	const char *name;
	void (*print)(FILE *out);
} shells[COMPLETION_SCRIPT_SHELLS] = {
	[COMPLETION_SCRIPT_BASH] = {"bash", print_bash},
	[COMPLETION_SCRIPT_ZSH] = {"zsh", print_zsh},
	[COMPLETION_SCRIPT_FISH] = {"fish", print_fish},
};

const char *completion_script_shell_name(enum completion_script_shell shell)
{
	assert(shell < COMPLETION_SCRIPT_SHELLS);
	return shells[shell].name;
}

void completion_script_print(enum completion_script_shell shell, FILE *out)
{
	assert(shell < COMPLETION_SCRIPT_SHELLS);
	shells[shell].print(out);
}
