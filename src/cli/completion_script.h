/* SPDX-License-Identifier: ISC */
/*
 * completion_script - what a shell needs to know to complete the words of this program.
 *
 * Written from the list of commands and their rows of options, never by hand: a new option is
 * completed the moment it exists. The scripts need no helper of a distribution: bash 4.4, zsh 5
 * and fish 3.1 each alone are enough. They run nothing of ours and read no file.
 *
 * Tests: tests/unit/cli/test_completion_script.c (bash itself runs the script there)
 */
#ifndef KW_CLI_COMPLETION_SCRIPT_H
#define KW_CLI_COMPLETION_SCRIPT_H

#include <stdio.h>

enum completion_script_shell {
	COMPLETION_SCRIPT_BASH,
	COMPLETION_SCRIPT_ZSH,
	COMPLETION_SCRIPT_FISH,
	COMPLETION_SCRIPT_SHELLS
};

/* "bash", "zsh", "fish". */
const char *completion_script_shell_name(enum completion_script_shell shell);

void completion_script_print(enum completion_script_shell shell, FILE *out);

#endif
