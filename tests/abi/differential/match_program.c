/* SPDX-License-Identifier: ISC */
#include "match_program.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIME_LIMIT_S = 5 };

static bool is_plain_word(const char *text)
{
	return text[0] && text[0] != '-' && !text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.")];
}

static bool is_address(const char *text)
{
	struct in6_addr a;
	return inet_pton(AF_INET, text, &a) == 1 || inet_pton(AF_INET6, text, &a) == 1;
}

static bool speaks_of(const struct access_case *c, const char *word)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct case_file *f = &c->table[i];
		for (size_t at = 0; at + strlen(word) <= f->length; at++) {
			if (strncasecmp(f->bytes + at, word, strlen(word)) == 0)
				return true;
		}
	}
	return false;
}

bool match_program_takes(const struct access_case *c)
{
	const struct case_caller *a = &c->caller[0];
	if (c->rounds != 1 || !is_address(a->address) || !is_plain_word(a->daemon) || (a->user[0] && !is_plain_word(a->user)))
		return false;
	for (unsigned i = 0; i < 2; i++) {
		if (c->table[i].kind != FILE_TEXT && c->table[i].kind != FILE_MISSING)
			return false;
	}
	return c->plain || (!speaks_of(c, "user") && !speaks_of(c, "group") && !speaks_of(c, "aclexec"));
}

static void run_program(const char *program, const char *library, const struct case_caller *a, int out)
{
	char daemon[2 * CASE_WORD_SIZE], client[2 * CASE_WORD_SIZE], directory[500];
	snprintf(daemon, sizeof daemon, "%s", a->daemon);
	snprintf(client, sizeof client, "%s%s%s", a->user, a->user[0] ? "@" : "", a->address);
	dup2(out, 1);
	dup2(out, 2);
	clearenv();
	if (library) {
		snprintf(directory, sizeof directory, "%s", library);
		char *slash = strrchr(directory, '/');
		if (slash)
			*slash = '\0';
		setenv("LD_LIBRARY_PATH", directory, 1);
	}
	alarm(TIME_LIMIT_S);
	execl(program, "tcpdmatch", "-d", "-i", CASE_PLACE "/inetd.conf", daemon, client, (char *)NULL);
	_exit(127);
}

static void read_answer(struct match_answer *out)
{
	static const char *const words[] = {[MATCH_GRANTED] = "granted", [MATCH_DENIED] = "denied", [MATCH_DELEGATED] = "delegated"};
	char word[40];
	for (const char *line = out->text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "access: %39s", word) != 1)
			continue;
		for (int v = MATCH_GRANTED; v <= MATCH_DELEGATED; v++) {
			if (strcmp(word, words[v]) == 0)
				out->verdict = (enum match_verdict)v;
		}
	}
}

bool match_program_ask(const char *program, const char *library, const struct access_case *c, struct match_answer *out)
{
	int pair[2], status = 0;
	size_t used = 0;
	ssize_t n;
	memset(out, 0, sizeof *out);
	if (pipe(pair) != 0)
		return false;
	pid_t child = fork();
	if (child == 0) {
		close(pair[0]);
		run_program(program, library, &c->caller[0], pair[1]);
	}
	close(pair[1]);
	while (used + 1 < sizeof out->text && (n = read(pair[0], out->text + used, sizeof out->text - 1 - used)) > 0)
		used += (size_t)n;
	close(pair[0]);
	if (child < 0 || waitpid(child, &status, 0) != child || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
		return false;
	for (size_t i = 0; i < used; i++) {
		if (out->text[i] == '\0')
			out->text[i] = '?';
	}
	read_answer(out);
	return true;
}
