/* SPDX-License-Identifier: ISC */
#include "cli/access_host.h"

#include "access/access_text.h"
#include "base/memory.h"
#include "cli/program_libraries.h"

#include <glob.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#define LIBRARY "libwrap.so.0"

enum { NAME_MAX_KEPT = 64, CACHE = 256 };

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
	bool told; /* of a daemon that many rules name it is said once */
};

struct access_host {
	const char *root;
	struct service *services; /* of inetd.conf, xinetd and units */
	unsigned count;
	struct service cache[CACHE]; /* what was answered before, by hash of the name */
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

static void read_lines(struct access_host *h, const char *path, line_fn *take, void *context)
{
	char line[4096];
	FILE *in = fopen(path, "re");
	while (in != NULL && fgets(line, sizeof line, in) != NULL)
		take(h, line, context);
	if (in != NULL)
		fclose(in);
}

static void read_all(struct access_host *h, const char *pattern,
	void (*take)(struct access_host *h, const char *path))
{
	char full[PATH_MAX];
	glob_t files = {0};
	snprintf(full, sizeof full, "%s%s", h->root, pattern);
	if (glob(full, 0, NULL, &files) == 0) {
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

/* --- xinetd: "service NAME", "server = PATH", "id = NAME"; it asks libwrap itself --- */

static void take_xinetd_line(struct access_host *h, char *line, void *context)
{
	char *words[4];
	(void)context;
	unsigned n = split(line, words, 4);
	if (n >= 2 && strcmp(words[0], "service") == 0)
		add_service(h, words[1], WRAPPED);
	else if (n >= 3 && (strcmp(words[0], "server") == 0 || strcmp(words[0], "id") == 0))
		add_service(h, base_of(words[2]), WRAPPED);
}

static void take_xinetd(struct access_host *h, const char *path)
{
	read_lines(h, path, take_xinetd_line, NULL);
}

/* --- units: ExecStart=[@-+!:]/usr/sbin/tcpd PROGRAM ... --- */

static void take_unit_line(struct access_host *h, char *line, void *context)
{
	char *words[4];
	(void)context;
	if (strncmp(line, "ExecStart=", 10) != 0)
		return;
	unsigned n = split(line + 10, words, 4);
	if (n >= 2 && is_tcpd(words[0] + strspn(words[0], "@-+!:")))
		add_service(h, base_of(words[1]), WRAPPED);
}

static void take_unit(struct access_host *h, const char *path)
{
	read_lines(h, path, take_unit_line, NULL);
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
	read_all(h, "/etc/systemd/system/*.service", take_unit);
	read_all(h, "/usr/lib/systemd/system/*.service", take_unit);
	read_all(h, "/lib/systemd/system/*.service", take_unit);
	return h;
}

void access_host_destroy(struct access_host *h)
{
	if (h == NULL)
		return;
	free(h->services);
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

/* As find, but the same name is looked for once. */
static struct service *know(struct access_host *h, const char *name)
{
	unsigned hash = 5381;
	for (const char *c = name; *c != '\0'; c++)
		hash = hash * 33 + (unsigned char)*c;
	struct service *s = &h->cache[hash % CACHE];
	if (strcmp(s->name, name) != 0) {
		snprintf(s->name, sizeof s->name, "%s", name);
		s->known = find(h, name);
		s->told = false;
	}
	return s;
}

/* "ssh" for sshd, "ftpd" for in.ftpd. */
static void guess(struct access_host *h, const char *name, struct access_draft *hint)
{
	static const char *const forms[][2] = {{"", "d"}, {"in.", ""}, {"in.", "d"}, {"rpc.", ""}};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		char other[NAME_MAX_KEPT];
		int n = snprintf(other, sizeof other, "%s%s%s", forms[i][0], name, forms[i][1]);
		if (n > 0 && n < (int)sizeof other && know(h, other)->known == WRAPPED) {
			access_draft_add_text(hint, other);
			return;
		}
	}
}

enum access_lint_code access_host_know_daemon(
	void *self, struct text_slice name, struct access_draft *hint)
{
	struct access_host *h = self;
	char text[NAME_MAX_KEPT];
	if (name.length == 0 || name.length >= sizeof text || memchr(name.start, '/', name.length))
		return ACCESS_LINT_CODES;
	memcpy(text, name.start, name.length);
	text[name.length] = '\0';
	enum known known = know(h, text)->known;
	/* A client of the same name ("ssh") is no daemon that asks, where one with a d is. */
	if (known == NOT_THERE || known == THERE)
		guess(h, text, hint);
	if (hint->used > 0)
		return ACCESS_LINT_DAEMON_UNKNOWN;
	struct service *s = know(h, text);
	if (known == WRAPPED || known == UNSURE || s->told)
		return ACCESS_LINT_CODES;
	s->told = true;
	return known == THERE ? ACCESS_LINT_DAEMON_UNWRAPPED : ACCESS_LINT_DAEMON_UNKNOWN;
}
