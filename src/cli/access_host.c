/* SPDX-License-Identifier: ISC */
#include "cli/access_host.h"

#include "access/access_text.h"
#include "base/memory.h"
#include "base/text_buffer.h"
#include "cli/program_libraries.h"

#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIBRARY "libwrap.so.0"

enum { NAME_MAX_KEPT = 64, ANSWERS_AT_FIRST = 256 };

enum known {
	NOT_THERE,
	THERE,   /* but it does not ask */
	WRAPPED, /* it asks, or somebody does before it */
	UNSURE,  /* it is there, and what it does cannot be told */
};

/* A service that something starts through tcpd, or that xinetd asks for. */
struct service {
	char name[NAME_MAX_KEPT];
	enum known known;
};

/* "ssh" is sshd, "ftpd" is in.ftpd. */
struct form {
	const char *before, *behind;
};
static const struct form forms[] = {{"", "d"}, {"in.", ""}, {"in.", "d"}, {"rpc.", ""}};

/* What is known of a name that a rule has. */
struct answer {
	char name[NAME_MAX_KEPT]; /* empty: none yet */
	enum known known;
	const struct form *meant; /* the form of it that asks; null: none does */
	bool told;                /* of a daemon that many rules name it is said once */
};

struct access_host {
	const char *root;
	struct service *services; /* of inetd.conf, xinetd and units; owned */
	unsigned count;
	struct answer *answers; /* by hash of the name; owned */
	unsigned answer_count;
	unsigned answer_size; /* a power of two, at least twice the count; 0 at first */
};

/* Daemons that call themselves otherwise than their program. */
static const char *const other_names[][2] = {{"mountd", "rpc.mountd"}, {"statd", "rpc.statd"},
	{"rquotad", "rpc.rquotad"}, {"portmap", "rpcbind"}, {"exim", "exim4"},
	{"stunnel", "stunnel4"}, {"pulseaudio-native", "pulseaudio"}, {"nrpe", "nrpe-ng"}};

static const char *const directories[] = {"/usr/sbin", "/sbin", "/usr/bin", "/bin",
	"/usr/local/sbin", "/usr/local/bin", "/usr/libexec", "/usr/local/libexec"};

static void add_service(struct access_host *h, const char *name, enum known known)
{
	if (*name == '\0')
		return;
	h->services = memory_realloc(h->services, (h->count + 1) * sizeof *h->services);
	struct service *s = &h->services[h->count++];
	snprintf(s->name, sizeof s->name, "%s", name);
	s->known = known;
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

typedef void line_fn(struct access_host *h, char *line, void *context);

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
static void read_lines(struct access_host *h, const char *path, line_fn *take, void *context)
{
	char line[4096];
	FILE *in = open_plain(path);
	while (in != NULL && fgets(line, sizeof line, in) != NULL) {
		if (strchr(line, '\n') == NULL)
			skip_line(in);
		take(h, line, context);
	}
	if (in != NULL)
		fclose(in);
}

/* The root is no part of the pattern, whatever letters it has. */
static void read_all(struct access_host *h, const char *pattern,
	void (*take)(struct access_host *h, const char *path))
{
	char full[PATH_MAX];
	glob_t files = {0};
	struct text_buffer b = text_buffer_over(full, sizeof full);
	for (const char *c = h->root; *c != '\0'; c++) {
		if (strchr("*?[\\", *c) != NULL)
			text_buffer_add(&b, "\\");
		text_buffer_add_bytes(&b, c, 1);
	}
	text_buffer_add(&b, pattern);
	if (!b.cut && glob(full, 0, NULL, &files) == 0) {
		for (size_t i = 0; i < files.gl_pathc; i++)
			take(h, files.gl_pathv[i]);
	}
	globfree(&files);
}

/* --- inetd.conf: service socket protocol wait user path argv[0] ... --- */

static void take_inetd_line(struct access_host *h, char *line, void *context)
{
	char *words[8];
	(void)context;
	unsigned n = split(line, words, 8);
	if (n < 6)
		return;
	const char *program = n > 6 ? words[6] : words[5];
	add_service(h, base_of(program), is_tcpd(words[5]) ? WRAPPED : THERE);
}

static void take_inetd(struct access_host *h, const char *path)
{
	read_lines(h, path, take_inetd_line, NULL);
}

/* --- xinetd: "service NAME", then a block with "server = PATH"; it asks libwrap itself, unless it is told not to --- */

struct xinetd_service {
	char service[NAME_MAX_KEPT], id[NAME_MAX_KEPT], server[NAME_MAX_KEPT];
	char argument[NAME_MAX_KEPT]; /* the first one: the program, where the server is tcpd */
	bool silent;                  /* NOLIBWRAP */
};

static void keep(char name[NAME_MAX_KEPT], const char *path)
{
	snprintf(name, NAME_MAX_KEPT, "%s", base_of(path));
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

static void end_xinetd_service(struct access_host *h, struct xinetd_service *s)
{
	const enum known known = s->silent ? THERE : WRAPPED;
	add_service(h, s->service, known);
	add_service(h, s->id, known);
	add_service(h, s->server, known);
	if (is_tcpd(s->server))
		add_service(h, s->argument, WRAPPED);
	*s = (struct xinetd_service){.silent = false};
}

static void take_xinetd_line(struct access_host *h, char *line, void *context)
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
		end_xinetd_service(h, context);
	} else if (n == 2 && strcmp(words[0], "service") == 0) {
		keep(((struct xinetd_service *)context)->service, words[1]);
	}
}

static void take_xinetd(struct access_host *h, const char *path)
{
	struct xinetd_service s = {.silent = false};
	read_lines(h, path, take_xinetd_line, &s);
}

/* --- units and their drop-ins: ExecStart=[@-+!:|]/usr/sbin/tcpd PROGRAM ... --- */

static void take_unit_line(struct access_host *h, char *line, void *context)
{
	static const char key[] = "ExecStart";
	char *words[4];
	(void)context;
	line += strspn(line, " \t");
	if (strncmp(line, key, sizeof key - 1) != 0)
		return;
	line += sizeof key - 1;
	line += strspn(line, " \t");
	if (*line != '=')
		return;
	unsigned n = split(line + 1, words, 4);
	if (n >= 2 && is_tcpd(words[0] + strspn(words[0], "@-+!:|")))
		add_service(h, base_of(words[1]), WRAPPED);
}

static void take_unit(struct access_host *h, const char *path)
{
	read_lines(h, path, take_unit_line, NULL);
}

static void read_units(struct access_host *h)
{
	static const char *const units[] = {"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
		"/usr/lib/systemd/system", "/lib/systemd/system"};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		char pattern[64];
		snprintf(pattern, sizeof pattern, "%s/*.service", units[i]);
		read_all(h, pattern, take_unit);
		snprintf(pattern, sizeof pattern, "%s/*.service.d/*.conf", units[i]);
		read_all(h, pattern, take_unit);
	}
}

struct access_host *access_host_create(const char *root, const char *inetd_conf)
{
	struct access_host *h = memory_calloc(1, sizeof *h);
	h->root = root;
	if (inetd_conf != NULL)
		take_inetd(h, inetd_conf);
	else
		read_all(h, "/etc/inetd.conf", take_inetd);
	read_all(h, "/etc/inetd.d/*", take_inetd);
	read_all(h, "/etc/xinetd.conf", take_xinetd);
	read_all(h, "/etc/xinetd.d/*", take_xinetd);
	read_units(h);
	return h;
}

void access_host_destroy(struct access_host *h)
{
	if (h == NULL)
		return;
	free(h->services);
	free(h->answers);
	free(h);
}

/* --- one name --- */

static enum known program_of(const struct access_host *h, const char *name)
{
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
		char path[PATH_MAX], full[PATH_MAX];
		struct stat s;
		snprintf(path, sizeof path, "%s/%s", directories[i], name);
		int n = snprintf(full, sizeof full, "%s%s", h->root, path);
		if (n < 0 || n >= (int)sizeof full || stat(full, &s) < 0 || !S_ISREG(s.st_mode) ||
			!(s.st_mode & 0111))
			continue;
		switch (program_libraries_uses(h->root, path, LIBRARY)) {
		case PROGRAM_LIBRARIES_YES:
			return WRAPPED;
		case PROGRAM_LIBRARIES_NO:
			return THERE;
		case PROGRAM_LIBRARIES_UNKNOWN:
			return UNSURE;
		}
	}
	return NOT_THERE;
}

/* Rules name a daemon in letters of any case; files have, nearly always, small ones. */
static enum known program_in_any_case(const struct access_host *h, const char *name)
{
	char small[NAME_MAX_KEPT];
	size_t n = 0;
	for (; name[n] != '\0' && n < sizeof small - 1; n++)
		small[n] = access_text_lower(name[n]);
	small[n] = '\0';
	const enum known known = program_of(h, name);
	return known == NOT_THERE && strcmp(name, small) != 0 ? program_of(h, small) : known;
}

static enum known find(const struct access_host *h, const char *name)
{
	enum known best = program_in_any_case(h, name);
	for (size_t i = 0; best == NOT_THERE && i < sizeof other_names / sizeof *other_names; i++) {
		if (strcasecmp(name, other_names[i][0]) == 0)
			best = program_of(h, other_names[i][1]);
	}
	for (unsigned i = 0; i < h->count && best != WRAPPED; i++) {
		if (strcasecmp(name, h->services[i].name) == 0)
			best = h->services[i].known > best || best == UNSURE ? h->services[i].known
									     : best;
	}
	return best;
}

/* A client of the same name ("ssh") is no daemon that asks, where one with a d is. */
static const struct form *guess(const struct access_host *h, const char *name)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		char other[NAME_MAX_KEPT];
		int n = snprintf(other, sizeof other, "%s%s%s", forms[i].before, name, forms[i].behind);
		if (n > 0 && n < (int)sizeof other && find(h, other) == WRAPPED)
			return &forms[i];
	}
	return NULL;
}

/* The answer of this name, or the empty one where it belongs. */
static struct answer *answer_at(const struct access_host *h, const char *name)
{
	unsigned hash = 5381;
	for (const char *c = name; *c != '\0'; c++)
		hash = hash * 33 + (unsigned char)*c;
	for (unsigned i = hash;; i++) {
		struct answer *a = &h->answers[i & (h->answer_size - 1)];
		if (a->name[0] == '\0' || strcmp(a->name, name) == 0)
			return a;
	}
}

static void make_room(struct access_host *h)
{
	struct answer *old = h->answers;
	const unsigned size = h->answer_size;
	if (2 * (h->answer_count + 1) <= size)
		return;
	h->answer_size = size > 0 ? size * 2 : ANSWERS_AT_FIRST;
	h->answers = memory_calloc(h->answer_size, sizeof *h->answers);
	for (unsigned i = 0; i < size; i++) {
		if (old[i].name[0] != '\0')
			*answer_at(h, old[i].name) = old[i];
	}
	free(old);
}

/* Each name is looked for once. */
static struct answer *know(struct access_host *h, const char *name)
{
	make_room(h);
	struct answer *a = answer_at(h, name);
	if (a->name[0] == '\0') {
		snprintf(a->name, sizeof a->name, "%s", name);
		a->known = find(h, name);
		a->meant = a->known == NOT_THERE || a->known == THERE ? guess(h, name) : NULL;
		h->answer_count++;
	}
	return a;
}

enum access_lint_code access_host_know_daemon(
	void *self, struct text_slice name, struct access_draft *hint)
{
	char text[NAME_MAX_KEPT];
	if (name.length == 0 || name.length >= sizeof text || memchr(name.start, '/', name.length) ||
		memchr(name.start, '\0', name.length))
		return ACCESS_LINT_CODES;
	memcpy(text, name.start, name.length);
	text[name.length] = '\0';
	struct answer *a = know(self, text);
	if (a->meant != NULL) {
		access_draft_printf(hint, "%s%s%s", a->meant->before, text, a->meant->behind);
		return ACCESS_LINT_DAEMON_UNKNOWN;
	}
	if (a->known == WRAPPED || a->known == UNSURE || a->told)
		return ACCESS_LINT_CODES;
	a->told = true;
	return a->known == THERE ? ACCESS_LINT_DAEMON_UNWRAPPED : ACCESS_LINT_DAEMON_UNKNOWN;
}
