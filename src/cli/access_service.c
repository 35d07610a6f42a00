/* SPDX-License-Identifier: ISC */
#include "cli/access_service.h"

#include "base/memory.h"
#include "cli/glob_below.h"
#include "cli/systemd_unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void add_service(struct access_services *l, const char *name, bool asks)
{
	if (*name == '\0')
		return;
	l->items = memory_realloc(l->items, (l->count + 1) * sizeof *l->items);
	struct access_service *s = &l->items[l->count++];
	snprintf(s->name, sizeof s->name, "%s", name);
	s->asks = asks;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static bool is_tcpd(const char *path)
{
	const char *base = base_of(path);
	return strcmp(base, "tcpd") == 0 || strcmp(base, "tcpd-whole") == 0;
}

/* Splits a line into words in place; comments end it. */
static unsigned split(char *line, char **words, unsigned most)
{
	unsigned n = 0;
	for (char *at = line; n < most;) {
		at += strspn(at, " \t\r\n");
		if (*at == '\0' || *at == '#')
			break;
		words[n++] = at;
		at += strcspn(at, " \t\r\n");
		if (*at != '\0')
			*at++ = '\0';
	}
	return n;
}

typedef void line_fn(struct access_services *l, char *line, void *context);

/* Null for what is no plain file: a pipe would be waited for. */
static FILE *open_plain(const char *path)
{
	struct stat s;
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	FILE *in = fd >= 0 && fstat(fd, &s) == 0 && S_ISREG(s.st_mode) ? fdopen(fd, "r") : NULL;
	if (in == NULL && fd >= 0)
		close(fd);
	return in;
}

static void skip_line(FILE *in)
{
	int c;
	do
		c = getc(in);
	while (c != '\n' && c != EOF);
}

/* Of a line that is longer the first part is taken: all that is looked for stands there. */
static void read_lines(struct access_services *l, const char *path, line_fn *take, void *context)
{
	char line[4096];
	FILE *in = open_plain(path);
	while (in != NULL && fgets(line, sizeof line, in) != NULL) {
		if (strchr(line, '\n') == NULL)
			skip_line(in);
		take(l, line, context);
	}
	if (in != NULL)
		fclose(in);
}

static void read_all(struct access_services *l, const char *pattern,
	void (*take)(struct access_services *l, const char *path))
{
	glob_t files;
	if (glob_below(l->root, pattern, &files)) {
		for (size_t i = 0; i < files.gl_pathc; i++)
			take(l, files.gl_pathv[i]);
	}
	globfree(&files);
}

/* --- inetd.conf: service socket protocol wait user path argv[0] ... --- */

static void take_inetd_line(struct access_services *l, char *line, void *context)
{
	char *words[8];
	(void)context;
	unsigned n = split(line, words, 8);
	if (n < 6)
		return;
	const char *program = n > 6 ? words[6] : words[5];
	add_service(l, base_of(program), is_tcpd(words[5]));
}

static void take_inetd(struct access_services *l, const char *path)
{
	read_lines(l, path, take_inetd_line, NULL);
}

/* --- xinetd: "service NAME", then a block with "server = PATH"; it asks libwrap itself, unless it is told not to --- */

struct xinetd_service {
	char service[ACCESS_SERVICE_NAME_SIZE], id[ACCESS_SERVICE_NAME_SIZE], server[ACCESS_SERVICE_NAME_SIZE];
	char argument[ACCESS_SERVICE_NAME_SIZE]; /* the first one: the program, where the server is tcpd */
	bool silent;                  /* NOLIBWRAP */
};

static void keep(char name[ACCESS_SERVICE_NAME_SIZE], const char *path)
{
	snprintf(name, ACCESS_SERVICE_NAME_SIZE, "%s", base_of(path));
}

static void take_xinetd_value(struct xinetd_service *s, const char *name, char **values, unsigned count)
{
	for (unsigned i = 0; i < count && strncmp(name, "flags", 5) == 0; i++)
		s->silent = s->silent || strcmp(values[i], "NOLIBWRAP") == 0;
	if (count == 0)
		return;
	if (strcmp(name, "id") == 0)
		keep(s->id, values[0]);
	else if (strcmp(name, "server") == 0)
		keep(s->server, values[0]);
	else if (strcmp(name, "server_args") == 0)
		keep(s->argument, values[0]);
}

static void end_xinetd_service(struct access_services *l, struct xinetd_service *s)
{
	const bool asks = !s->silent;
	add_service(l, s->service, asks);
	add_service(l, s->id, asks);
	add_service(l, s->server, asks);
	if (is_tcpd(s->server))
		add_service(l, s->argument, true);
	*s = (struct xinetd_service){.silent = false};
}

static void take_xinetd_line(struct access_services *l, char *line, void *context)
{
	char *words[16];
	char *equals = strchr(line, '=');
	if (equals != NULL)
		*equals = '\0';
	unsigned n = split(line, words, 2);
	if (n == 0)
		return;
	if (equals != NULL) {
		const char *name = words[0];
		take_xinetd_value(context, name, words, split(equals + 1, words, 16));
	} else if (strcmp(words[0], "}") == 0) {
		end_xinetd_service(l, context);
	} else if (n == 2 && strcmp(words[0], "service") == 0) {
		keep(((struct xinetd_service *)context)->service, words[1]);
	}
}

static void take_xinetd(struct access_services *l, const char *path)
{
	struct xinetd_service s = {.silent = false};
	read_lines(l, path, take_xinetd_line, &s);
}

/* --- units --- */

static bool take_unit(void *context, const struct systemd_unit *u)
{
	for (unsigned i = 0; i < u->exec_count; i++) {
		if (is_tcpd(u->execs[i].program))
			add_service(context, base_of(systemd_unit_served(&u->execs[i])), true);
	}
	return true;
}

void access_services_read(struct access_services *l, const char *root, const char *inetd_conf)
{
	*l = (struct access_services){.root = root};
	if (inetd_conf != NULL)
		take_inetd(l, inetd_conf);
	else
		read_all(l, "/etc/inetd.conf", take_inetd);
	read_all(l, "/etc/inetd.d/*", take_inetd);
	read_all(l, "/etc/xinetd.conf", take_xinetd);
	read_all(l, "/etc/xinetd.d/*", take_xinetd);
	systemd_unit_each(root, take_unit, l);
}

void access_services_clear(struct access_services *l)
{
	free(l->items);
	*l = (struct access_services){0};
}
