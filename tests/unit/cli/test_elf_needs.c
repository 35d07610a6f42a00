/* SPDX-License-Identifier: ISC */
#include "cli/elf_needs.h"

#include "support/table_check.h"

#include <elf.h>
#include <stdlib.h>

/* A file as small as can be: its head, a table of strings, a dynamic section, and their three headers. */
struct small_elf {
	Elf64_Ehdr head;
	char strings[128];
	Elf64_Dyn dynamic[16];
	Elf64_Shdr sections[3];
};

static const char strings[] = "\0libone.so.1\0libtwo.so.2\0/opt/lib:$ORIGIN\0/old";
enum { ONE = 1, TWO = 13, RUN = 25, OLD = 42 };

static struct small_elf make(const Elf64_Dyn *dynamic, unsigned count)
{
	struct small_elf e = {0};
	memcpy(e.head.e_ident, ELFMAG, SELFMAG);
	e.head.e_ident[EI_CLASS] = ELFCLASS64;
	e.head.e_ident[EI_DATA] = ELFDATA2LSB;
	e.head.e_ident[EI_VERSION] = EV_CURRENT;
	e.head.e_type = ET_DYN;
	e.head.e_machine = EM_X86_64;
	e.head.e_version = EV_CURRENT;
	e.head.e_ehsize = sizeof e.head;
	e.head.e_shoff = offsetof(struct small_elf, sections);
	e.head.e_shentsize = sizeof e.sections[0];
	e.head.e_shnum = 3;
	e.head.e_shstrndx = 1;
	memcpy(e.strings, strings, sizeof strings);
	memcpy(e.dynamic, dynamic, count * sizeof *dynamic);
	e.sections[1] = (Elf64_Shdr){.sh_type = SHT_STRTAB,
		.sh_offset = offsetof(struct small_elf, strings),
		.sh_size = sizeof e.strings,
		.sh_addralign = 1};
	e.sections[2] = (Elf64_Shdr){.sh_type = SHT_DYNAMIC,
		.sh_offset = offsetof(struct small_elf, dynamic),
		.sh_size = count * sizeof *dynamic,
		.sh_link = 1,
		.sh_entsize = sizeof *dynamic,
		.sh_addralign = 8};
	return e;
}

static const Elf64_Dyn usual[] = {{DT_NEEDED, {ONE}}, {DT_RUNPATH, {RUN}}, {DT_NEEDED, {TWO}},
	{DT_RPATH, {OLD}}, {DT_NULL, {0}}, {DT_NEEDED, {RUN}}};

static void names_and_paths_are_told_in_their_order(void **state)
{
	struct elf_needs n;
	struct small_elf e = make(usual, TABLE_CHECK_ROWS(usual));
	(void)state;
	assert_true(elf_needs_read_bytes(&e, sizeof e, &n));
	assert_int_equal(n.word_bits, 64);
	assert_int_equal(n.machine, EM_X86_64);
	assert_int_equal(n.count, 2);
	assert_string_equal(n.names[0], "libone.so.1");
	assert_string_equal(n.names[1], "libtwo.so.2");
	assert_string_equal(n.run_path, "/opt/lib:$ORIGIN");
	assert_string_equal(n.old_path, "/old");
	assert_true(elf_needs_name(&n, "libtwo.so.2"));
	assert_false(elf_needs_name(&n, "libtwo.so"));
	elf_needs_clear(&n);
	assert_int_equal(n.count, 0);
}

static void a_name_outside_the_strings_is_left_out(void **state)
{
	static const Elf64_Dyn wild[] = {
		{DT_NEEDED, {127}}, {DT_NEEDED, {128}}, {DT_NEEDED, {UINT64_MAX}}, {DT_NEEDED, {TWO}}};
	struct elf_needs n;
	struct small_elf e = make(wild, TABLE_CHECK_ROWS(wild));
	(void)state;
	assert_true(elf_needs_read_bytes(&e, sizeof e, &n));
	assert_int_equal(n.count, 1);
	assert_string_equal(n.names[0], "libtwo.so.2");
	elf_needs_clear(&n);
}

static void every_beginning_of_a_file_is_survived(void **state)
{
	struct small_elf e = make(usual, TABLE_CHECK_ROWS(usual));
	(void)state;
	for (size_t size = 0; size <= sizeof e; size++) {
		struct elf_needs n;
		elf_needs_read_bytes(&e, size, &n);
		elf_needs_clear(&n);
	}
}

static void what_is_no_program_is_said_to_be_none(void **state)
{
	static const char script[] = "#!/bin/sh\nexit 0\n";
	struct elf_needs n;
	(void)state;
	assert_false(elf_needs_read_bytes(script, sizeof script, &n));
	elf_needs_clear(&n);
	assert_false(elf_needs_read_bytes("", 0, &n));
	elf_needs_clear(&n);
	assert_false(elf_needs_read("/nowhere", &n));
	elf_needs_clear(&n);
	assert_false(elf_needs_read("/etc", &n));
	elf_needs_clear(&n);
}

static void this_very_program_needs_the_c_library(void **state)
{
	struct elf_needs n;
	(void)state;
	assert_true(elf_needs_read("/proc/self/exe", &n));
	assert_true(elf_needs_name(&n, "libc.so.6"));
	elf_needs_clear(&n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_paths_are_told_in_their_order),
		cmocka_unit_test(a_name_outside_the_strings_is_left_out),
		cmocka_unit_test(every_beginning_of_a_file_is_survived),
		cmocka_unit_test(what_is_no_program_is_said_to_be_none),
		cmocka_unit_test(this_very_program_needs_the_c_library),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
