/* SPDX-License-Identifier: ISC */
#include "cli/completion_command.h"

#include "base/diag.h"
#include "cli/completion_script.h"

#include <stddef.h>
#include <string.h>

static const struct option_row options[] = {
	{"help", 0, NULL, "this text"},
	{0},
};

static bool set_option(void *target, unsigned index, const char *value)
{
	(void)target;
	(void)index;
	(void)value;
	return true;
}

static enum stop_code run_completion(const struct command *self, int argc, char **argv)
{
	int first;
	if (!option_row_parse(self->options, argc, argv, set_option, NULL, &first))
		return STOP_USAGE;
	if (argc - first != 1) {
		diag_error("completion: expected one shell: bash, zsh or fish");
		return STOP_USAGE;
	}
	for (unsigned i = 0; i < COMPLETION_SCRIPT_SHELLS; i++) {
		enum completion_script_shell shell = (enum completion_script_shell)i;
		if (strcmp(argv[first], completion_script_shell_name(shell)) == 0) {
			completion_script_print(shell, stdout);
			return STOP_DONE;
		}
	}
	diag_error("completion: %s: no shell we know; there are bash, zsh and fish", argv[first]);
	return STOP_USAGE;
}

const struct command completion_command = {
	.name = "completion",
	.operands = "bash|zsh|fish",
	.summary = "print what a shell needs to complete these words",
	.text = "Prints a script that lets a shell complete commands, options and their values.\n"
		"Packages install it; without one:\n"
		"\n"
		"  source <(knockwatch completion bash)       a line for ~/.bashrc\n"
		"  source <(knockwatch completion zsh)        a line for ~/.zshrc, after compinit\n"
		"  knockwatch completion fish >~/.config/fish/completions/knockwatch.fish",
	.options = options,
	.run = run_completion,
};
