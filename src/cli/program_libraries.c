/* SPDX-License-Identifier: ISC */
/*
 * The names of libraries are followed breadth first from the program: each file gives its DT_NEEDED names, and each
 * new name is looked for in the run path of whoever named it, then where the loader looks by itself.
 */
#include "cli/program_libraries.h"

#include "base/memory.h"

#include <fcntl.h>
#include <gelf.h>
#include <glob.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	NAMES_MAX = 256,      /* libraries of one program that are followed */
	DIRECTORIES_MAX = 64, /* in which they are looked for */
};

struct search {
	const char *root, *library;
	char *names[NAMES_MAX]; /* sonames met so far, owned */
	unsigned count;
	char *directories[DIRECTORIES_MAX]; /* owned */
	unsigned directory_count;
	bool found;
};

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
	char pattern[PATH_MAX];
	glob_t files = {0};
	snprintf(pattern, sizeof pattern, "%s/etc/ld.so.conf.d/*.conf", s->root);
	if (glob(pattern, 0, NULL, &files) == 0) {
		for (size_t i = 0; i < files.gl_pathc; i++)
			read_loader_file(s, files.gl_pathv[i]);
	}
	globfree(&files);
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		add_directory(s, usual[i], strlen(usual[i]));
}

static void add_name(struct search *s, const char *name)
{
	s->found = s->found || strcmp(name, s->library) == 0;
	for (unsigned i = 0; i < s->count; i++) {
		if (strcmp(s->names[i], name) == 0)
			return;
	}
	if (s->count < NAMES_MAX)
		s->names[s->count++] = memory_strdup(name);
}

static void add_run_path(struct search *s, const char *path)
{
	while (*path != '\0') {
		size_t n = strcspn(path, ":");
		if (!memchr(path, '$', n))
			add_directory(s, path, n);
		path += n + (path[n] == ':');
	}
}

static void read_dynamic(struct search *s, Elf *elf, Elf_Scn *section, const GElf_Shdr *head)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = data && head->sh_entsize ? head->sh_size / head->sh_entsize : 0;
	for (size_t i = 0; i < count && i < INT_MAX; i++) {
		GElf_Dyn entry;
		if (gelf_getdyn(data, (int)i, &entry) == NULL)
			return;
		bool needed = entry.d_tag == DT_NEEDED,
		     path = entry.d_tag == DT_RUNPATH || entry.d_tag == DT_RPATH;
		const char *text =
			needed || path ? elf_strptr(elf, head->sh_link, entry.d_un.d_val) : NULL;
		if (text != NULL && needed)
			add_name(s, text);
		else if (text != NULL)
			add_run_path(s, text);
	}
}

/* False where it is no ELF file that can be read. */
static bool read_file(struct search *s, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	Elf *elf = fd >= 0 ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
	bool is_elf = elf != NULL && elf_kind(elf) == ELF_K_ELF;
	for (Elf_Scn *section = NULL; is_elf && (section = elf_nextscn(elf, section)) != NULL;) {
		GElf_Shdr head;
		if (gelf_getshdr(section, &head) != NULL && head.sh_type == SHT_DYNAMIC)
			read_dynamic(s, elf, section, &head);
	}
	if (elf != NULL)
		elf_end(elf);
	if (fd >= 0)
		close(fd);
	return is_elf;
}

static void read_library(struct search *s, const char *name)
{
	char path[PATH_MAX];
	for (unsigned i = 0; i < s->directory_count; i++) {
		int n = snprintf(path, sizeof path, "%s%s/%s", s->root, s->directories[i], name);
		if (n > 0 && n < (int)sizeof path && read_file(s, path))
			return;
	}
}

enum program_libraries_answer program_libraries_uses(
	const char *root, const char *path, const char *library)
{
	struct search *s = memory_calloc(1, sizeof *s);
	char full[PATH_MAX];
	enum program_libraries_answer answer = PROGRAM_LIBRARIES_UNKNOWN;
	s->root = root;
	s->library = library;
	snprintf(full, sizeof full, "%s%s", root, path);
	if (elf_version(EV_CURRENT) != EV_NONE && read_file(s, full)) {
		read_loader_files(s);
		for (unsigned i = 0; i < s->count && !s->found; i++)
			read_library(s, s->names[i]);
		answer = s->found ? PROGRAM_LIBRARIES_YES : PROGRAM_LIBRARIES_NO;
	}
	for (unsigned i = 0; i < s->count; i++)
		free(s->names[i]);
	for (unsigned i = 0; i < s->directory_count; i++)
		free(s->directories[i]);
	free(s);
	return answer;
}
