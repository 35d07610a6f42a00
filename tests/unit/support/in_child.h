/* SPDX-License-Identifier: ISC */
/* in_child - what cannot be undone is done in a child. */
#ifndef KW_TESTS_IN_CHILD_H
#define KW_TESTS_IN_CHILD_H

#include "table_check.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The exit code is what `body` returns; 200 and the signal if one ended the child. */
static inline int in_child(int (*body)(void))
{
	int status = 0;
	fflush(NULL);
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(body());
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 200 + WTERMSIG(status);
}

#endif
