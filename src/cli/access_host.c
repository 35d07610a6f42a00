/* SPDX-License-Identifier: ISC */
#include "cli/access_host.h"

#include "access/access_text.h"
#include "base/memory.h"
#include "cli/access_account.h"
#include "cli/access_service.h"
#include "cli/program_libraries.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define LIBRARY "libwrap.so.0"

enum { NAME_MAX_KEPT = ACCESS_SERVICE_NAME_SIZE, ANSWERS_AT_FIRST = 256 };

enum known {
	NOT_THERE,
	THERE,   /* but it does not ask */
	WRAPPED, /* it asks, or somebody does before it */
	UNSURE,  /* it is there, and what it does cannot be told */
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
	struct access_services services;
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

struct access_host *access_host_create(const char *root, const char *inetd_conf)
{
	struct access_host *h = memory_calloc(1, sizeof *h);
	h->root = root;
	access_services_read(&h->services, root, inetd_conf);
	return h;
}

void access_host_destroy(struct access_host *h)
{
	if (h == NULL)
		return;
	access_services_clear(&h->services);
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
	for (; n < sizeof small - 1 && name[n] != '\0'; n++)
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
	for (unsigned i = 0; i < h->services.count && best != WRAPPED; i++) {
		const struct access_service *s = &h->services.items[i];
		if (strcasecmp(name, s->name) == 0)
			best = s->asks ? WRAPPED : THERE;
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

bool access_host_lacks(void *self, enum access_lint_fact fact, struct text_slice name)
{
	const struct access_host *h = self;
	char text[NAME_MAX_KEPT];
	if (name.length == 0 || name.length >= sizeof text || memchr(name.start, '\0', name.length))
		return false;
	memcpy(text, name.start, name.length);
	text[name.length] = '\0';
	if (fact != ACCESS_LINT_FACT_FILE)
		return access_account_lacks(h->root, text, fact == ACCESS_LINT_FACT_GROUP);
	char path[PATH_MAX], programs[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s%s", h->root, text);
	struct stat s;
	/* A root that has /etc alone is a copy of the tables, and no host. */
	if (snprintf(programs, sizeof programs, "%s/usr", h->root) >= (int)sizeof programs || lstat(programs, &s) < 0)
		return false;
	/* A link that leads nowhere may lead somewhere on the host itself. */
	return n > 0 && n < (int)sizeof path && lstat(path, &s) < 0 && (errno == ENOENT || errno == ENOTDIR);
}
