/* SPDX-License-Identifier: ISC */
/*
 * The names of libraries are followed breadth first from the program: each file gives its DT_NEEDED names, and each
 * new name is looked for as the loader does: in the old run path of whoever named it, in LD_LIBRARY_PATH, in the new run path, then
 * where the loader looks by itself. Files for another kind of machine are passed over.
 */
#include "cli/program_libraries.h"

#include "base/memory.h"
#include "cli/elf_needs.h"
#include "cli/glob_below.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FILES_MAX = 256,      /* of one program that are followed */
	DIRECTORIES_MAX = 64, /* of the loader's own */
};

struct file {
	char path[PATH_MAX]; /* without `root` */
	struct elf_needs needs;
};

struct search {
	const char *root, *library, *library_path;
	struct file *files[FILES_MAX]; /* owned; the program is the first */
	unsigned count;
	char *names[FILES_MAX]; /* sonames met so far, owned */
	unsigned name_count;
	char *directories[DIRECTORIES_MAX]; /* owned */
	unsigned directory_count;
};

/* --- directories --- */

static void add_directory(struct search *s, const char *path, size_t length)
{
	if (s->directory_count == DIRECTORIES_MAX || length == 0 || path[0] != '/')
		return;
	char *copy = memory_calloc(1, length + 1);
	memcpy(copy, path, length);
	s->directories[s->directory_count++] = copy;
}

static void read_loader_file(struct search *s, const char *path)
{
	char line[PATH_MAX];
	FILE *in = fopen(path, "re");
	while (in != NULL && fgets(line, sizeof line, in) != NULL)
		add_directory(s, line, strcspn(line, " \t\r\n#"));
	if (in != NULL)
		fclose(in);
}

/* What ld.so.conf includes lies in one directory everywhere. */
static void read_loader_files(struct search *s)
{
	static const char *const usual[] = {"/lib", "/usr/lib", "/lib64", "/usr/lib64"};
	glob_t files;
	if (glob_below(s->root, "/etc/ld.so.conf.d/*.conf", &files)) {
		for (size_t i = 0; i < files.gl_pathc; i++)
			read_loader_file(s, files.gl_pathv[i]);
	}
	globfree(&files);
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		add_directory(s, usual[i], strlen(usual[i]));
}

/* --- files --- */

static bool read_file(const struct search *s, const char *path, struct file *out)
{
	char full[PATH_MAX];
	int n = snprintf(full, sizeof full, "%s%s", s->root, path);
	if (n < 0 || n >= (int)sizeof full || !elf_needs_read(full, &out->needs))
		return false;
	snprintf(out->path, sizeof out->path, "%s", path);
	return true;
}

static bool is_alike(const struct search *s, const struct file *f)
{
	const struct elf_needs *first = &s->files[0]->needs;
	return f->needs.machine == first->machine && f->needs.word_bits == first->word_bits;
}

/* The file of this name in the directory, if the program can use it. */
static bool look_in(const struct search *s, const char *directory, size_t length, const char *name,
	struct file *out)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%.*s/%s", (int)length, directory, name);
	if (n < 0 || n >= (int)sizeof path || !read_file(s, path, out))
		return false;
	if (is_alike(s, out))
		return true;
	elf_needs_clear(&out->needs);
	return false;
}

/* "$ORIGIN/../lib" for the file whose path it is. False where it has another word. */
static bool expand_origin(
	const char *path, size_t length, const struct file *asker, char out[PATH_MAX])
{
	static const char *const words[] = {"$ORIGIN", "${ORIGIN}"};
	size_t skipped = 0;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i]);
		if (length >= n && memcmp(path, words[i], n) == 0)
			skipped = n;
	}
	if (memchr(path + skipped, '$', length - skipped) != NULL)
		return false;
	const char *slash = strrchr(asker->path, '/');
	int before = skipped > 0 && slash ? (int)(slash - asker->path) : 0;
	int n = snprintf(out, PATH_MAX, "%.*s%.*s", before, asker->path, (int)(length - skipped),
		path + skipped);
	return n > 0 && n < PATH_MAX && out[0] == '/';
}

/* Directories apart by colons; null: none. */
static bool look_along(const struct search *s, const char *path, const struct file *asker,
	const char *name, struct file *out)
{
	while (path != NULL && *path != '\0') {
		size_t n = strcspn(path, ":");
		char directory[PATH_MAX];
		if (n > 0 && expand_origin(path, n, asker, directory) &&
			look_in(s, directory, strlen(directory), name, out))
			return true;
		path += n + (path[n] == ':');
	}
	return false;
}

static bool find_file(const struct search *s, const struct file *asker, const char *name,
	struct file *out, bool *by_old_path)
{
	*by_old_path = true;
	if (name[0] == '/')
		return read_file(s, name, out);
	if (asker->needs.run_path == NULL && look_along(s, asker->needs.old_path, asker, name, out))
		return true;
	if (asker->needs.run_path == NULL && asker != s->files[0] &&
		s->files[0]->needs.run_path == NULL &&
		look_along(s, s->files[0]->needs.old_path, s->files[0], name, out))
		return true;
	*by_old_path = false;
	if (look_along(s, s->library_path, asker, name, out) ||
		look_along(s, asker->needs.run_path, asker, name, out))
		return true;
	for (unsigned i = 0; i < s->directory_count; i++) {
		if (look_in(s, s->directories[i], strlen(s->directories[i]), name, out))
			return true;
	}
	return false;
}

/* --- the walk --- */

static bool is_new(struct search *s, const char *name)
{
	for (unsigned i = 0; i < s->name_count; i++) {
		if (strcmp(s->names[i], name) == 0)
			return false;
	}
	if (s->name_count == FILES_MAX)
		return false;
	s->names[s->name_count++] = memory_strdup(name);
	return true;
}

static void follow(struct search *s, const struct file *asker)
{
	for (unsigned i = 0; i < asker->needs.count && s->count < FILES_MAX; i++) {
		bool by_old_path;
		if (!is_new(s, asker->needs.names[i]))
			continue;
		struct file *f = memory_calloc(1, sizeof *f);
		if (find_file(s, asker, asker->needs.names[i], f, &by_old_path))
			s->files[s->count++] = f;
		else
			free(f);
	}
}

static void tell(
	const struct search *s, const struct file *asker, struct program_libraries_place *out)
{
	struct file *found = memory_calloc(1, sizeof *found);
	bool by_old_path = false;
	*out = (struct program_libraries_place){
		.word_bits = s->files[0]->needs.word_bits, .machine = s->files[0]->needs.machine};
	snprintf(out->asked_by, sizeof out->asked_by, "%s", asker->path);
	if (find_file(s, asker, s->library, found, &by_old_path)) {
		int n = snprintf(out->path, sizeof out->path, "%s%s", s->root, found->path);
		if (n < 0 || n >= (int)sizeof out->path)
			out->path[0] = '\0';
		out->by_old_path = by_old_path;
		elf_needs_clear(&found->needs);
	}
	free(found);
}

static enum program_libraries_answer walk(struct search *s, struct program_libraries_place *out)
{
	for (unsigned i = 0; i < s->count; i++) {
		if (elf_needs_name(&s->files[i]->needs, s->library)) {
			if (out != NULL)
				tell(s, s->files[i], out);
			return PROGRAM_LIBRARIES_YES;
		}
		follow(s, s->files[i]);
	}
	return PROGRAM_LIBRARIES_NO;
}

enum program_libraries_answer program_libraries_find(const char *root, const char *path,
	const char *library, const char *library_path, struct program_libraries_place *out)
{
	struct search *s = memory_calloc(1, sizeof *s);
	enum program_libraries_answer answer = PROGRAM_LIBRARIES_UNKNOWN;
	*s = (struct search){.root = root, .library = library, .library_path = library_path};
	s->files[0] = memory_calloc(1, sizeof *s->files[0]);
	s->count = 1;
	if (read_file(s, path, s->files[0])) {
		read_loader_files(s);
		answer = walk(s, out);
	}
	for (unsigned i = 0; i < s->count; i++) {
		elf_needs_clear(&s->files[i]->needs);
		free(s->files[i]);
	}
	for (unsigned i = 0; i < s->name_count; i++)
		free(s->names[i]);
	for (unsigned i = 0; i < s->directory_count; i++)
		free(s->directories[i]);
	free(s);
	return answer;
}

enum program_libraries_answer program_libraries_uses(
	const char *root, const char *path, const char *library)
{
	return program_libraries_find(root, path, library, NULL, NULL);
}
