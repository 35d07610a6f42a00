/* SPDX-License-Identifier: ISC */
/*
 * doctor_command - `knockwatch doctor`: what is open on this host, and how to close it.
 *
 * Goes through the rows of doctor_list.c, group by group. Ends with 0 where nothing is weak, else with 1.
 */
#ifndef KW_CLI_DOCTOR_COMMAND_H
#define KW_CLI_DOCTOR_COMMAND_H

#include "cli/command.h"

extern const struct command doctor_command;

#endif
