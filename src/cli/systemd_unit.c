/* SPDX-License-Identifier: ISC */
#include "cli/systemd_unit.h"

#include "base/memory.h"
#include "cli/unit_words.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define VARIABLE "LD_LIBRARY_PATH"

enum { FILE_MAX = 1 << 20, DROP_INS_MAX = 64 };

static const char *const directories[] = {"/etc/systemd/system", "/run/systemd/system",
	"/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"};
enum { DIRECTORIES = sizeof directories / sizeof *directories };

/* What a line belongs to. */
struct place {
	const char *root, *file;
	unsigned line;
	bool ours, after; /* our drop-in; a file behind it */
};

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text);
}

/* Of a regular file that is not too long; NUL behind it. The caller frees it. */
static char *read_text(const char *path, size_t *length)
{
	struct stat s;
	FILE *in = stat(path, &s) == 0 && S_ISREG(s.st_mode) && s.st_size <= FILE_MAX
			   ? fopen(path, "re")
			   : NULL;
	if (in == NULL)
		return NULL;
	char *text = memory_calloc(1, (size_t)s.st_size + 1);
	*length = fread(text, 1, (size_t)s.st_size, in);
	fclose(in);
	return text;
}

/* --- values --- */

static void take_exec(struct systemd_unit *u, const struct place *at, const char *value)
{
	if (at->after)
		copy(u->exec_after, sizeof u->exec_after, at->file);
	if (*value == '\0') {
		u->exec_count = 0;
		return;
	}
	u->cut =
		u->cut || u->exec_count == SYSTEMD_UNIT_EXECS || strlen(value) >= SYSTEMD_UNIT_TEXT;
	if (u->exec_count == SYSTEMD_UNIT_EXECS)
		return;
	struct systemd_unit_exec *e = &u->execs[u->exec_count++];
	*e = (struct systemd_unit_exec){.line = at->line, .ours = at->ours};
	copy(e->value, sizeof e->value, value);
	copy(e->file, sizeof e->file, at->file);
	size_t prefix = strspn(value, "@-+!:|");
	u->cut = u->cut || prefix >= sizeof e->prefix;
	snprintf(e->prefix, sizeof e->prefix, "%.*s", (int)prefix, value);
	const char *rest = value + prefix;
	unit_words_next(&rest, e->program, sizeof e->program);
	copy(e->rest, sizeof e->rest, rest);
	if (strchr(e->prefix, '@') != NULL)
		unit_words_next(&rest, e->called, sizeof e->called);
	unit_words_next(&rest, e->second, sizeof e->second);
}

/* tcpd goes by the name that it is called by, unless that is its own. */
const char *systemd_unit_served(const struct systemd_unit_exec *e)
{
	const char *slash = strrchr(e->called, '/');
	const char *base = slash ? slash + 1 : e->called;
	return base[0] != '\0' && strcmp(base, "tcpd") != 0 ? e->called : e->second;
}

static void note_after(struct systemd_unit *u, const struct place *at)
{
	if (at->after)
		copy(u->path_after, sizeof u->path_after, at->file);
}

static void take_environment(struct systemd_unit *u, const struct place *at, const char *value)
{
	char word[SYSTEMD_UNIT_TEXT];
	if (*value == '\0') {
		u->has_path = false;
		note_after(u, at);
	}
	while (unit_words_next(&value, word, sizeof word)) {
		if (strncmp(word, VARIABLE "=", sizeof VARIABLE) != 0)
			continue;
		u->has_path = true;
		u->cut = u->cut || strlen(word) + 1 >= sizeof word;
		copy(u->path, sizeof u->path, word + sizeof VARIABLE);
		note_after(u, at);
	}
}

static void take_unset(struct systemd_unit *u, const struct place *at, const char *value)
{
	char word[SYSTEMD_UNIT_TEXT];
	if (*value == '\0')
		u->path_unset[0] = '\0';
	while (unit_words_next(&value, word, sizeof word)) {
		if (strcmp(word, VARIABLE) == 0 ||
			strncmp(word, VARIABLE "=", sizeof VARIABLE) == 0)
			copy(u->path_unset, sizeof u->path_unset, at->file);
	}
}

/* A file that is not there, or has a pattern for a name, is passed over. */
static void take_environment_file(struct systemd_unit *u, const struct place *at, const char *value)
{
	char path[PATH_MAX];
	size_t length;
	value += *value == '-';
	if (*value == '\0')
		u->path_file[0] = '\0';
	int n = snprintf(path, sizeof path, "%s%s", at->root, value);
	char *text =
		*value == '/' && n > 0 && n < (int)sizeof path ? read_text(path, &length) : NULL;
	for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
		line += strspn(line, " \t");
		if (strncmp(line, VARIABLE "=", sizeof VARIABLE) == 0)
			copy(u->path_file, sizeof u->path_file, path);
	}
	free(text);
}

static void take_root(struct systemd_unit *u, const struct place *at, const char *value)
{
	(void)at;
	copy(u->root_directory, sizeof u->root_directory, strcmp(value, "/") == 0 ? "" : value);
}

static const struct {
	const char *key;
	void (*take)(struct systemd_unit *u, const struct place *at, const char *value);
} keys[] = {
	{"ExecStart", take_exec},
	{"Environment", take_environment},
	{"EnvironmentFile", take_environment_file},
	{"UnsetEnvironment", take_unset},
	{"RootDirectory", take_root},
};

/* --- lines --- */

static void take_line(struct systemd_unit *u, const struct place *at, char *line, bool *in_service)
{
	if (*line == '[') {
		*in_service = strncmp(line, "[Service]", 9) == 0;
		return;
	}
	char *equals = strchr(line, '=');
	if (!*in_service || equals == NULL)
		return;
	char *end = equals;
	while (end > line && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (strcmp(line, keys[i].key) == 0)
			keys[i].take(u, at, equals + 1 + strspn(equals + 1, " \t"));
	}
}

void systemd_unit_take(struct systemd_unit *u, const char *root, const char *file,
	struct text_slice text, bool ours, bool after)
{
	struct place at = {.root = root, .file = file, .ours = ours, .after = after};
	char *line = memory_calloc(1, text.length + 1);
	bool in_service = false;
	for (unsigned number = 1; unit_words_line(&text, line, &number, &at.line);)
		take_line(u, &at, line, &in_service);
	free(line);
	u->has_ours = u->has_ours || ours;
}

/* --- files --- */

static void take_file(
	struct systemd_unit *u, const char *root, const char *path, bool ours, bool after)
{
	size_t length;
	char *text = read_text(path, &length);
	if (text != NULL)
		systemd_unit_take(u, root, path, (struct text_slice){text, length}, ours, after);
	free(text);
}

struct drop_in {
	char name[SYSTEMD_UNIT_NAME];
	char path[PATH_MAX];
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct drop_in *)a)->name, ((const struct drop_in *)b)->name);
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n > m && strcmp(text + n - m, end) == 0;
}

static void gather(struct drop_in **drop_ins, unsigned *count, const char *directory)
{
	DIR *d = opendir(directory);
	if (d == NULL)
		return;
	if (*drop_ins == NULL)
		*drop_ins = memory_calloc(DROP_INS_MAX, sizeof **drop_ins);
	struct drop_in *all = *drop_ins;
	for (const struct dirent *e; (e = readdir(d)) != NULL;) {
		unsigned seen = 0;
		if (!ends_with(e->d_name, ".conf") || *count == DROP_INS_MAX)
			continue;
		while (seen < *count && strcmp(all[seen].name, e->d_name) != 0)
			seen++;
		if (seen < *count)
			continue; /* masked by an earlier directory */
		copy(all[*count].name, sizeof all->name, e->d_name);
		int n = snprintf(all[*count].path, sizeof all->path, "%s/%s", directory, e->d_name);
		*count += n > 0 && n < (int)sizeof all->path;
	}
	closedir(d);
}

static void remember_before(struct systemd_unit *u)
{
	memcpy(u->before, u->execs, u->exec_count * sizeof u->execs[0]);
	u->before_count = u->exec_count;
	u->has_path_before = u->has_path;
	memcpy(u->path_before, u->path, sizeof u->path_before);
}

static void read_unit(struct systemd_unit *u, const char *root)
{
	struct drop_in *all = NULL; /* most units have none */
	unsigned count = 0;
	bool reached = false;
	take_file(u, root, u->file, false, false);
	for (unsigned i = 0; i < DIRECTORIES; i++) {
		char path[PATH_MAX];
		int n = snprintf(path, sizeof path, "%s%s/%s.d", root, directories[i], u->name);
		if (n > 0 && n < (int)sizeof path)
			gather(&all, &count, path);
	}
	if (count > 1)
		qsort(all, count, sizeof *all, by_name);
	for (unsigned i = 0; i < count; i++) {
		int order = strcmp(all[i].name, SYSTEMD_UNIT_DROP_IN);
		if (order >= 0 && !reached)
			remember_before(u);
		reached = reached || order >= 0;
		take_file(u, root, all[i].path, order == 0, order > 0);
	}
	if (!reached)
		remember_before(u);
	free(all);
}

/* "sshd.service", a link to "ssh.service": another name. /dev/null: masked. */
static bool is_itself(const char *path, const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof target - 1);
	if (n < 0)
		return true;
	target[n] = '\0';
	const char *slash = strrchr(target, '/');
	return strcmp(target, "/dev/null") != 0 && strcmp(slash ? slash + 1 : target, name) == 0;
}

static bool is_in_earlier(const char *root, unsigned before, const char *name)
{
	for (unsigned i = 0; i < before; i++) {
		char path[PATH_MAX];
		struct stat s;
		snprintf(path, sizeof path, "%s%s/%s", root, directories[i], name);
		if (lstat(path, &s) == 0)
			return true;
	}
	return false;
}

static bool tell(const char *root, unsigned directory, const char *name, systemd_unit_fn *take,
	void *context)
{
	struct systemd_unit *u = memory_calloc(1, sizeof *u);
	int n = snprintf(u->file, sizeof u->file, "%s%s/%s", root, directories[directory], name);
	bool more = true;
	if (n > 0 && n < (int)sizeof u->file && strlen(name) < sizeof u->name &&
		is_itself(u->file, name) && !is_in_earlier(root, directory, name)) {
		copy(u->name, sizeof u->name, name);
		read_unit(u, root);
		more = take(context, u);
	}
	free(u);
	return more;
}

void systemd_unit_each(const char *root, systemd_unit_fn *take, void *context)
{
	bool more = true;
	for (unsigned i = 0; more && i < DIRECTORIES; i++) {
		char path[PATH_MAX];
		struct dirent **names = NULL;
		snprintf(path, sizeof path, "%s%s", root, directories[i]);
		int count = scandir(path, &names, NULL, alphasort);
		for (int k = 0; k < count; k++) {
			if (more && ends_with(names[k]->d_name, ".service"))
				more = tell(root, i, names[k]->d_name, take, context);
			free(names[k]);
		}
		free(names);
	}
}
