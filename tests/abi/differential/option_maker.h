/* SPDX-License-Identifier: ISC */
/*
 * option_maker - what stands behind the second ':' of a rule: every option, with good and bad values.
 *
 * The commands are harmless even where a line is spoilt: they print, write to $KW_OUT, or end with a code.
 */
#ifndef KW_ABI_OPTION_MAKER_H
#define KW_ABI_OPTION_MAKER_H

#include "access_case.h"
#include "word_maker.h"

struct option_limits {
	bool changes_user;  /* user and group may be used */
	bool ends_falsely;  /* aclexec may end with a fault */
	bool runs_commands; /* spawn, twist, aclexec may be used: they cost a millisecond each */
};

/* Adds ": option : option"... of one rule. */
void option_maker_add(struct word_maker *m, const struct option_limits *limits, struct case_file *out);

#endif
