/* SPDX-License-Identifier: ISC */
/*
 * elf_maker - the smallest program or library that says which libraries it needs. It cannot be run.
 */
#ifndef KW_TESTS_ELF_MAKER_H
#define KW_TESTS_ELF_MAKER_H

#include <elf.h>
#include <stdio.h>
#include <string.h>

struct elf_maker_file {
	Elf64_Ehdr head;
	Elf64_Dyn dynamic[2]; /* the library, and the end */
	char names[64];       /* one NUL, then the library's name */
	Elf64_Shdr sections[3];
};

/* A file that needs `library`; null: none. */
static inline struct elf_maker_file elf_maker_of(const char *library)
{
	struct elf_maker_file f = {
		.head = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
				 __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB, EV_CURRENT},
			.e_type = ET_DYN,
			.e_machine = EM_X86_64,
			.e_version = EV_CURRENT,
			.e_shoff = offsetof(struct elf_maker_file, sections),
			.e_ehsize = sizeof(Elf64_Ehdr),
			.e_shentsize = sizeof(Elf64_Shdr),
			.e_shnum = 3},
		.dynamic = {{.d_tag = library != NULL ? DT_NEEDED : DT_NULL, .d_un = {.d_val = 1}}, {.d_tag = DT_NULL}},
		.sections = {{.sh_type = SHT_NULL},
			{.sh_type = SHT_DYNAMIC,
				.sh_offset = offsetof(struct elf_maker_file, dynamic),
				.sh_size = sizeof(Elf64_Dyn[2]),
				.sh_link = 2,
				.sh_addralign = 8,
				.sh_entsize = sizeof(Elf64_Dyn)},
			{.sh_type = SHT_STRTAB,
				.sh_offset = offsetof(struct elf_maker_file, names),
				.sh_size = sizeof(char[64]),
				.sh_addralign = 1}},
	};
	snprintf(f.names + 1, sizeof f.names - 1, "%s", library != NULL ? library : "");
	return f;
}

#endif
