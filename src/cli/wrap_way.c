/* SPDX-License-Identifier: ISC */
#include "cli/wrap_way.h"

#include "base/memory.h"
#include "cli/glob_below.h"
#include "cli/program_libraries.h"
#include "tcpd/inetd_conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text);
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static bool is_tcpd(const char *path)
{
	return strcmp(base_of(path), "tcpd") == 0;
}

/* --- files --- */

static bool below(const struct wrap_place *p, const char *path, char full[PATH_MAX])
{
	int n = snprintf(full, PATH_MAX, "%s%s", p->root, path);
	return n > 0 && n < PATH_MAX;
}

bool wrap_way_same_file(const struct wrap_place *place, const char *a, const char *b)
{
	char full_a[PATH_MAX], full_b[PATH_MAX];
	struct stat s, t;
	if (!below(place, a, full_a) || !below(place, b, full_b))
		return false;
	if (stat(full_a, &s) == 0 && stat(full_b, &t) == 0)
		return s.st_dev == t.st_dev && s.st_ino == t.st_ino;
	return strcmp(a, b) == 0;
}

static bool is_program(const struct wrap_place *p, const char *path)
{
	char full[PATH_MAX];
	struct stat s;
	return below(p, path, full) && stat(full, &s) == 0 && S_ISREG(s.st_mode) &&
	       (s.st_mode & 0111);
}

/* A name without a path, where systemd and shells look. */
static void find_program(const struct wrap_place *p, const char *word, char out[PATH_MAX])
{
	static const char *const directories[] = {
		"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"};
	copy(out, PATH_MAX, word);
	if (strchr(word, '/') != NULL)
		return;
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
		char path[PATH_MAX];
		int n = snprintf(path, sizeof path, "%s/%s", directories[i], word);
		if (n > 0 && n < (int)sizeof path && is_program(p, path)) {
			copy(out, PATH_MAX, path);
			return;
		}
	}
}

/* --- one way --- */

static struct wrap_way *add(struct wrap_ways *w, enum wrap_way_kind kind, const char *name,
	const char *file, unsigned line)
{
	w->items = memory_realloc(w->items, (w->count + 1) * sizeof *w->items);
	struct wrap_way *way = &w->items[w->count++];
	*way = (struct wrap_way){.kind = kind, .how = WRAP_NOT, .line = line};
	copy(way->name, sizeof way->name, name);
	copy(way->file, sizeof way->file, file);
	return way;
}

/* The program by itself; with LD_LIBRARY_PATH `path`, null: none. */
static void judge_program(
	const struct wrap_ways *w, struct wrap_way *way, const char *program, const char *path)
{
	struct program_libraries_place found = {0};
	char ours[PATH_MAX];
	const struct wrap_place *p = w->place;
	find_program(p, program, way->program);
	switch (program_libraries_find(p->root, way->program, WRAP_LIBRARY, path, &found)) {
	case PROGRAM_LIBRARIES_NO:
		way->how = WRAP_NOT;
		return;
	case PROGRAM_LIBRARIES_UNKNOWN:
		way->how = WRAP_UNKNOWN;
		return;
	case PROGRAM_LIBRARIES_YES:
		break;
	}
	way->how = WRAP_LINKED;
	way->by_old_path = found.by_old_path;
	way->word_bits = found.word_bits;
	way->machine = found.machine;
	copy(way->uses, sizeof way->uses, found.path[0] ? found.path + strlen(p->root) : "");
	snprintf(ours, sizeof ours, "%s/%s", p->directory, WRAP_LIBRARY);
	way->ours = way->uses[0] && wrap_way_same_file(p, way->uses, ours);
}

/* A tcpd in front of the program that `served` names. */
static void judge_tcpd(
	const struct wrap_ways *w, struct wrap_way *way, const char *tcpd, const char *served)
{
	way->how = WRAP_TCPD;
	copy(way->uses, sizeof way->uses, tcpd);
	way->ours = wrap_way_same_file(w->place, tcpd, w->place->tcpd);
	if (served[0] == '/' || served[0] == '\0')
		copy(way->program, sizeof way->program, served);
	else
		snprintf(way->program, sizeof way->program, "%s/%s", INETD_CONF_DAEMONS, served);
}

/* --- units --- */

static bool take_unit(void *context, const struct systemd_unit *u)
{
	struct wrap_ways *w = context;
	for (unsigned i = 0; i < u->exec_count; i++) {
		const struct systemd_unit_exec *e = &u->execs[i];
		struct wrap_way *way = add(w, WRAP_BY_UNIT, u->name, e->file, e->line);
		if (is_tcpd(e->program) && systemd_unit_served(e)[0] != '\0')
			judge_tcpd(w, way, e->program, systemd_unit_served(e));
		else
			judge_program(w, way, e->program, u->has_path ? u->path : NULL);
		if (way->how == WRAP_NOT || way->how == WRAP_UNKNOWN)
			continue;
		way->unit = memory_calloc(1, sizeof *u);
		*way->unit = *u;
	}
	return true;
}

/* --- inetd.conf --- */

static void copy_slice(char *out, size_t size, struct text_slice s)
{
	snprintf(out, size, "%.*s", (int)s.length, s.start);
}

static void take_inetd_line(
	struct wrap_ways *w, const char *file, unsigned number, const char *line)
{
	struct inetd_conf_service s;
	char name[SYSTEMD_UNIT_NAME], program[PATH_MAX], served[PATH_MAX];
	if (!inetd_conf_read(text_slice_of(line), &s))
		return;
	copy_slice(name, sizeof name, s.service);
	copy_slice(program, sizeof program, s.program);
	copy_slice(served, sizeof served, s.name);
	struct wrap_way *way = add(w, WRAP_BY_INETD, name, file, number);
	if (inetd_conf_is_wrapped(&s))
		judge_tcpd(w, way, program, served);
	else
		judge_program(w, way, program, NULL);
}

static void read_inetd(struct wrap_ways *w)
{
	char path[PATH_MAX], *line = NULL;
	size_t size = 0;
	FILE *in = below(w->place, INETD_CONF_PATH, path) ? fopen(path, "re") : NULL;
	if (in == NULL)
		return;
	for (unsigned number = 1; getline(&line, &size, in) > 0; number++) {
		line[strcspn(line, "\n")] = '\0';
		take_inetd_line(w, path, number, line);
	}
	free(line);
	fclose(in);
}

/* --- xinetd --- */

struct xinetd_service {
	char name[SYSTEMD_UNIT_NAME], server[PATH_MAX], arguments[PATH_MAX];
	unsigned line;
	bool disabled;
};

static void end_xinetd(struct wrap_ways *w, const char *file, const struct xinetd_service *s)
{
	char served[PATH_MAX];
	if (s->server[0] == '\0' || s->disabled)
		return;
	struct wrap_way *way = add(w, WRAP_BY_XINETD, s->name, file, s->line);
	snprintf(served, sizeof served, "%.*s", (int)strcspn(s->arguments, " \t"), s->arguments);
	if (is_tcpd(s->server))
		judge_tcpd(w, way, s->server, served);
	else
		judge_program(w, way, s->server, NULL);
}

static void take_xinetd_line(struct wrap_ways *w, const char *file, unsigned number, char *line,
	struct xinetd_service *s)
{
	char key[32] = "", value[PATH_MAX] = "";
	line += strspn(line, " \t");
	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "service %255s", s->name) == 1) {
		s->server[0] = s->arguments[0] = '\0';
		s->disabled = false;
	} else if (*line == '}') {
		end_xinetd(w, file, s);
		s->server[0] = '\0';
	} else if (sscanf(line, "%31[a-z_] = %4095[^\n]", key, value) == 2) {
		if (strcmp(key, "server") == 0) {
			copy(s->server, sizeof s->server, value);
			s->line = number;
		} else if (strcmp(key, "server_args") == 0) {
			copy(s->arguments, sizeof s->arguments, value);
		} else if (strcmp(key, "disable") == 0) {
			s->disabled = strncmp(value, "yes", 3) == 0;
		}
	}
}

static void read_xinetd(struct wrap_ways *w, const char *pattern)
{
	glob_t files;
	if (glob_below(w->place->root, pattern, &files)) {
		for (size_t i = 0; i < files.gl_pathc; i++) {
			struct xinetd_service s = {0};
			char line[4096];
			FILE *in = fopen(files.gl_pathv[i], "re");
			for (unsigned n = 1; in && fgets(line, sizeof line, in); n++)
				take_xinetd_line(w, files.gl_pathv[i], n, line, &s);
			if (in)
				fclose(in);
		}
	}
	globfree(&files);
}

/* --- all --- */

void wrap_ways_read(struct wrap_ways *w, const struct wrap_place *place)
{
	*w = (struct wrap_ways){.place = place};
	systemd_unit_each(place->root, take_unit, w);
	read_inetd(w);
	read_xinetd(w, "/etc/xinetd.conf");
	read_xinetd(w, "/etc/xinetd.d/*");
}

bool wrap_ways_add_program(struct wrap_ways *w, const char *word)
{
	char path[PATH_MAX];
	find_program(w->place, word, path);
	if (path[0] != '/' || !is_program(w->place, path))
		return false;
	judge_program(w, add(w, WRAP_BY_NOBODY, "", "", 0), path, NULL);
	return true;
}

static bool has_unit(const struct wrap_ways *w, const char *name)
{
	for (unsigned i = 0; i < w->count; i++) {
		if (w->items[i].kind == WRAP_BY_UNIT && strcmp(w->items[i].name, name) == 0)
			return true;
	}
	return false;
}

void wrap_ways_add_left_overs(struct wrap_ways *w)
{
	static const char before[] = "/etc/systemd/system/", behind[] = ".d/" SYSTEMD_UNIT_DROP_IN;
	glob_t files;
	if (glob_below(w->place->root, "/etc/systemd/system/*.service.d/" SYSTEMD_UNIT_DROP_IN,
		    &files)) {
		for (size_t i = 0; i < files.gl_pathc; i++) {
			const char *from =
				files.gl_pathv[i] + strlen(w->place->root) + sizeof before - 1;
			char name[SYSTEMD_UNIT_NAME];
			snprintf(name, sizeof name, "%.*s",
				(int)(strlen(from) - (sizeof behind - 1)), from);
			if (!has_unit(w, name))
				add(w, WRAP_BY_UNIT, name, "", 0)->how = WRAP_UNKNOWN;
		}
	}
	globfree(&files);
}

void wrap_ways_clear(struct wrap_ways *w)
{
	for (unsigned i = 0; i < w->count; i++)
		free(w->items[i].unit);
	free(w->items);
	*w = (struct wrap_ways){0};
}

bool wrap_way_is_meant(const struct wrap_place *place, const struct wrap_way *way, const char *word)
{
	size_t n = strlen(word);
	if (strchr(word, '/') != NULL)
		return wrap_way_same_file(place, way->program, word);
	if (strcmp(way->name, word) == 0 || strcmp(base_of(way->program), word) == 0)
		return true;
	return way->kind == WRAP_BY_UNIT && strncmp(way->name, word, n) == 0 &&
	       strcmp(way->name + n, ".service") == 0;
}
