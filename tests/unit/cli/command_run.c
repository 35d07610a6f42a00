/* SPDX-License-Identifier: ISC */
#include "command_run.h"

#include "cli/command.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void run_in_child(const char *const *words, FILE *out, FILE *err)
{
	char *argv[COMMAND_RUN_WORDS + 1] = {NULL};
	int argc = 0;
	for (; words[argc] != NULL && argc < COMMAND_RUN_WORDS; argc++)
		argv[argc] = strdup(words[argc]);
	dup2(fileno(out), STDOUT_FILENO);
	dup2(fileno(err), STDERR_FILENO);
	const struct command *c = command_list_find(argv[0]);
	int code = c != NULL ? (int)c->run(c, argc, argv) : 99;
	fflush(stdout);
	fflush(stderr);
	_exit(code);
}

static void read_back(FILE *in, char *text, size_t size)
{
	rewind(in);
	size_t n = fread(text, 1, size - 1, in);
	text[n] = '\0';
	fclose(in);
}

void command_run(struct command_run *run, const char *const *words)
{
	FILE *out = tmpfile(), *err = tmpfile();
	int status = 0;
	if (out == NULL || err == NULL)
		abort();
	fflush(stdout);
	fflush(stderr);
	pid_t child = fork();
	if (child == 0)
		run_in_child(words, out, err);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		abort();
	run->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	read_back(out, run->out, sizeof run->out);
	read_back(err, run->err, sizeof run->err);
}

void command_run_make_directory(char *path)
{
	snprintf(path, 64, "/tmp/knockwatch-cli.XXXXXX");
	if (mkdtemp(path) == NULL)
		abort();
}

void command_run_remove_directory(const char *path)
{
	DIR *directory = opendir(path);
	char name[PATH_MAX];
	for (struct dirent *e; directory != NULL && (e = readdir(directory)) != NULL;) {
		snprintf(name, sizeof name, "%s/%s", path, e->d_name);
		if (e->d_name[0] != '.' && remove(name) != 0)
			perror(name);
	}
	if (directory != NULL)
		closedir(directory);
	rmdir(path);
}

void command_run_write(const char *directory, const char *name, const char *text)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%s/%s", directory, name);
	FILE *out = fopen(path, "we");
	if (out == NULL || fputs(text, out) == EOF || fclose(out) != 0)
		abort();
}
