/* SPDX-License-Identifier: ISC */
/*
 * elf_needs - what a program's or a library's file asks of the dynamic loader: which libraries, and where to look for them.
 *
 * Bytes in, names out; nothing is run. A name or a path that is no text inside the file's own strings is left out. Of a
 * file that asks for more than ELF_NEEDS_NAMES libraries the first are told.
 *
 * Tests: tests/unit/cli/test_elf_needs.c   Fuzzed: fuzz/cli/fuzz_elf_needs.c
 */
#ifndef KW_CLI_ELF_NEEDS_H
#define KW_CLI_ELF_NEEDS_H

#include <stdbool.h>
#include <stddef.h>

enum {
	ELF_NEEDS_NAMES = 256,
	ELF_NEEDS_TEXT_MAX = 4096, /* bytes of a name or a path; longer ones are left out */
};

struct elf_needs {
	unsigned word_bits;           /* 32 or 64 */
	unsigned machine;             /* EM_X86_64 ... (elf.h) */
	char *names[ELF_NEEDS_NAMES]; /* DT_NEEDED, in order; owned */
	unsigned count;
	char *run_path; /* DT_RUNPATH: looked at after LD_LIBRARY_PATH; owned, null: none */
	char *old_path; /* DT_RPATH: before it, unless there is a DT_RUNPATH; owned, null: none */
};

/* False where it is no ELF file that can be read; `out` is empty then. Clear it in any case. */
bool elf_needs_read(const char *path, struct elf_needs *out);
bool elf_needs_read_bytes(const void *bytes, size_t size, struct elf_needs *out);
void elf_needs_clear(struct elf_needs *e);

/* True if it asks for this library itself. */
bool elf_needs_name(const struct elf_needs *e, const char *library);

#endif
