/* SPDX-License-Identifier: ISC */
#include "cli/elf_needs.h"

#include "base/memory.h"

#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void keep_path(char **place, const char *text)
{
	if (*place == NULL)
		*place = memory_strdup(text);
}

static void read_dynamic(struct elf_needs *e, Elf *elf, Elf_Scn *section, const GElf_Shdr *head)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = data && head->sh_entsize ? data->d_size / head->sh_entsize : 0;
	for (size_t i = 0; i < count && i < INT_MAX; i++) {
		GElf_Dyn entry;
		if (gelf_getdyn(data, (int)i, &entry) == NULL || entry.d_tag == DT_NULL)
			return;
		if (entry.d_tag != DT_NEEDED && entry.d_tag != DT_RUNPATH &&
			entry.d_tag != DT_RPATH)
			continue;
		const char *text = elf_strptr(elf, head->sh_link, entry.d_un.d_val);
		if (text == NULL || text[0] == '\0' ||
			strnlen(text, ELF_NEEDS_TEXT_MAX) == ELF_NEEDS_TEXT_MAX)
			continue;
		if (entry.d_tag == DT_NEEDED && e->count < ELF_NEEDS_NAMES)
			e->names[e->count++] = memory_strdup(text);
		else if (entry.d_tag == DT_RUNPATH)
			keep_path(&e->run_path, text);
		else if (entry.d_tag == DT_RPATH)
			keep_path(&e->old_path, text);
	}
}

static bool read_elf(struct elf_needs *e, Elf *elf)
{
	GElf_Ehdr head;
	if (elf == NULL || elf_kind(elf) != ELF_K_ELF || gelf_getehdr(elf, &head) == NULL)
		return false;
	e->word_bits = gelf_getclass(elf) == ELFCLASS64 ? 64 : 32;
	e->machine = head.e_machine;
	for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
		GElf_Shdr s;
		if (gelf_getshdr(section, &s) != NULL && s.sh_type == SHT_DYNAMIC) {
			read_dynamic(e, elf, section, &s);
			return true; /* the loader knows one, too */
		}
	}
	return true;
}

bool elf_needs_read(const char *path, struct elf_needs *out)
{
	*out = (struct elf_needs){0};
	if (elf_version(EV_CURRENT) == EV_NONE)
		return false;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	Elf *elf = fd >= 0 ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
	bool good = read_elf(out, elf);
	if (elf != NULL)
		elf_end(elf);
	if (fd >= 0)
		close(fd);
	return good;
}

bool elf_needs_read_bytes(const void *bytes, size_t size, struct elf_needs *out)
{
	*out = (struct elf_needs){0};
	if (elf_version(EV_CURRENT) == EV_NONE || size == 0)
		return false;
	char *copy = memory_calloc(1, size); /* libelf may turn its bytes round in place */
	memcpy(copy, bytes, size);
	Elf *elf = elf_memory(copy, size);
	bool good = read_elf(out, elf);
	if (elf != NULL)
		elf_end(elf);
	free(copy);
	return good;
}

void elf_needs_clear(struct elf_needs *e)
{
	for (unsigned i = 0; i < e->count; i++)
		free(e->names[i]);
	free(e->run_path);
	free(e->old_path);
	*e = (struct elf_needs){0};
}

bool elf_needs_name(const struct elf_needs *e, const char *library)
{
	for (unsigned i = 0; i < e->count; i++) {
		if (strcmp(e->names[i], library) == 0)
			return true;
	}
	return false;
}
