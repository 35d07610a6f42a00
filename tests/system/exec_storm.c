/* SPDX-License-Identifier: ISC */
/*
 * exec_storm - starts programs for the tests of the root audit.
 *
 *   exec_storm spawn COUNT PROGRAM MARK   one after another, each with an argument of its own: MARK-1, MARK-2, ...
 *   exec_storm bomb COUNT PROGRAM MARK    as many at once as it can, all alike
 *   exec_storm big BYTES PROGRAM MARK     one, with so many bytes of arguments
 *   exec_storm patch MARK                 writes over its own arguments and waits a second
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void start(char *const *argv)
{
	pid_t pid;
	if (posix_spawn(&pid, argv[0], NULL, NULL, argv, environ) != 0)
		exit(1);
}

static int spawn(long count, char *program, const char *mark, int alike)
{
	for (long i = 1; i <= count; i++) {
		char arg[128];
		char *argv[] = {program, arg, NULL};
		snprintf(arg, sizeof arg, alike ? "%s" : "%s-%ld", mark, i);
		start(argv);
		if (!alike || i % 64 == 0)
			while (waitpid(-1, NULL, alike ? WNOHANG : 0) > 0)
				continue;
	}
	while (wait(NULL) > 0)
		continue;
	return 0;
}

static int big(long bytes, char *program, char *mark)
{
	enum { EACH = 100000 };
	long count = bytes / EACH;
	char *piece = malloc(EACH), **argv = calloc((size_t)count + 3, sizeof *argv);
	memset(piece, 'x', EACH);
	piece[EACH - 1] = '\0';
	argv[0] = program;
	argv[1] = mark;
	for (long i = 0; i < count; i++)
		argv[2 + i] = piece;
	start(argv);
	wait(NULL);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "patch") == 0) {
		memset(argv[2], 'Z', strlen(argv[2]));
		memset(argv[1], 'Z', strlen(argv[1]));
		sleep(1);
		return 0;
	}
	if (argc != 5)
		return 2;
	if (strcmp(argv[1], "big") == 0)
		return big(atol(argv[2]), argv[3], argv[4]);
	return spawn(atol(argv[2]), argv[3], argv[4], strcmp(argv[1], "bomb") == 0);
}
