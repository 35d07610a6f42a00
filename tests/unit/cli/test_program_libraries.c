/* SPDX-License-Identifier: ISC */
/*
 * A host of small files below a directory: what the loader would find there. Whether it does is held against the loader itself in
 * tests/system/87_wrap.sh.
 */
#include "cli/program_libraries.h"

#include "support/table_check.h"

#include "command_run.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIBRARY "libx.so.0"

static char root[64];

struct needs {
	const char *names[3];
	const char *run_path, *old_path;
	unsigned machine;
};

static unsigned add_string(char *strings, unsigned *used, const char *text)
{
	unsigned at = *used;
	strcpy(strings + at, text); // NOLINT: it fits
	*used += (unsigned)strlen(text) + 1;
	return at;
}

/* PATH below the root, with its directories. */
static void write_elf(const char *path, struct needs needs)
{
	struct {
		Elf64_Ehdr head;
		char strings[512];
		Elf64_Dyn dynamic[8];
		Elf64_Shdr sections[3];
	} e = {0};
	char full[256];
	unsigned used = 1, count = 0;
	memcpy(e.head.e_ident, ELFMAG "\2\1\1", SELFMAG + 3);
	e.head.e_type = ET_DYN;
	e.head.e_machine = (Elf64_Half)(needs.machine ? needs.machine : EM_X86_64);
	e.head.e_version = EV_CURRENT;
	e.head.e_ehsize = sizeof e.head;
	e.head.e_shoff = (size_t)((char *)e.sections - (char *)&e);
	e.head.e_shentsize = sizeof e.sections[0];
	e.head.e_shnum = 3;
	for (unsigned i = 0; i < 3 && needs.names[i]; i++)
		e.dynamic[count++] = (Elf64_Dyn){DT_NEEDED, {add_string(e.strings, &used, needs.names[i])}};
	if (needs.run_path)
		e.dynamic[count++] = (Elf64_Dyn){DT_RUNPATH, {add_string(e.strings, &used, needs.run_path)}};
	if (needs.old_path)
		e.dynamic[count++] = (Elf64_Dyn){DT_RPATH, {add_string(e.strings, &used, needs.old_path)}};
	e.sections[1] = (Elf64_Shdr){.sh_type = SHT_STRTAB,
		.sh_offset = (size_t)(e.strings - (char *)&e),
		.sh_size = sizeof e.strings};
	e.sections[2] = (Elf64_Shdr){.sh_type = SHT_DYNAMIC,
		.sh_offset = (size_t)((char *)e.dynamic - (char *)&e),
		.sh_size = count * sizeof e.dynamic[0],
		.sh_link = 1,
		.sh_entsize = sizeof e.dynamic[0]};
	snprintf(full, sizeof full, "%s%s", root, path);
	for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	FILE *out = fopen(full, "we");
	assert_non_null(out);
	assert_int_equal(fwrite(&e, sizeof e, 1, out), 1);
	fclose(out);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(root, sizeof root, "/tmp/knockwatch-libs.XXXXXX");
	if (mkdtemp(root) == NULL)
		return -1;
	const struct needs alone = {0}, other = {.machine = EM_386};
	write_elf("/lib/" LIBRARY, alone);
	write_elf("/opt/new/" LIBRARY, alone);
	write_elf("/opt/env/" LIBRARY, alone);
	write_elf("/opt/i386/" LIBRARY, other);
	write_elf("/usr/bin/../lib/beside/" LIBRARY, alone);
	write_elf("/lib/libmiddle.so", (struct needs){.names = {LIBRARY}});
	write_elf("/lib/libloop.so", (struct needs){.names = {"libpool.so"}});
	write_elf("/lib/libpool.so", (struct needs){.names = {"libloop.so"}});
	write_elf("/usr/bin/plain", (struct needs){.names = {"libloop.so", LIBRARY}});
	write_elf("/usr/bin/through", (struct needs){.names = {"libmiddle.so"}});
	write_elf("/usr/bin/without", (struct needs){.names = {"libloop.so"}});
	write_elf("/usr/bin/missing", (struct needs){.names = {"libnowhere.so"}});
	write_elf("/usr/bin/new", (struct needs){.names = {LIBRARY}, .run_path = "/opt/new"});
	write_elf("/usr/bin/old", (struct needs){.names = {LIBRARY}, .old_path = "/opt/new"});
	write_elf("/usr/bin/both",
		(struct needs){.names = {LIBRARY}, .run_path = "/nowhere", .old_path = "/opt/new"});
	write_elf("/usr/bin/old-through",
		(struct needs){.names = {"libmiddle.so"}, .old_path = "/opt/new"});
	write_elf("/usr/bin/origin",
		(struct needs){.names = {LIBRARY}, .run_path = "$ORIGIN/../lib/beside"});
	write_elf("/usr/bin/i386", (struct needs){.names = {LIBRARY}, .machine = EM_386});
	return 0;
}

static int tear_down(void **state)
{
	char command[128];
	(void)state;
	snprintf(command, sizeof command, "rm -r '%s'", root);
	return system(command); // NOLINT: a path of ours
}

static const struct {
	const char *program, *library_path;
	enum program_libraries_answer answer;
	const char *path; /* null: not asked */
	bool by_old_path;
} rows[] = {
	{"/usr/bin/plain", NULL, PROGRAM_LIBRARIES_YES, "/lib/" LIBRARY, false},
	{"/usr/bin/plain", "", PROGRAM_LIBRARIES_YES, "/lib/" LIBRARY, false},
	{"/usr/bin/plain", "/opt/env", PROGRAM_LIBRARIES_YES, "/opt/env/" LIBRARY, false},
	{"/usr/bin/plain", "/nowhere::/opt/env:/opt/new", PROGRAM_LIBRARIES_YES, "/opt/env/" LIBRARY, false},
	{"/usr/bin/plain", "/opt/i386", PROGRAM_LIBRARIES_YES, "/lib/" LIBRARY, false},
	{"/usr/bin/plain", "relative", PROGRAM_LIBRARIES_YES, "/lib/" LIBRARY, false},
	{"/usr/bin/through", NULL, PROGRAM_LIBRARIES_YES, "/lib/" LIBRARY, false},
	{"/usr/bin/through", "/opt/env", PROGRAM_LIBRARIES_YES, "/opt/env/" LIBRARY, false},
	{"/usr/bin/without", NULL, PROGRAM_LIBRARIES_NO, NULL, false},
	{"/usr/bin/missing", NULL, PROGRAM_LIBRARIES_NO, NULL, false},
	{"/usr/bin/new", NULL, PROGRAM_LIBRARIES_YES, "/opt/new/" LIBRARY, false},
	{"/usr/bin/new", "/opt/env", PROGRAM_LIBRARIES_YES, "/opt/env/" LIBRARY, false},
	{"/usr/bin/old", "/opt/env", PROGRAM_LIBRARIES_YES, "/opt/new/" LIBRARY, true},
	{"/usr/bin/both", "/opt/env", PROGRAM_LIBRARIES_YES, "/opt/env/" LIBRARY, false},
	{"/usr/bin/both", NULL, PROGRAM_LIBRARIES_YES, "/lib/" LIBRARY, false},
	{"/usr/bin/old-through", "/opt/env", PROGRAM_LIBRARIES_YES, "/opt/new/" LIBRARY, true},
	{"/usr/bin/origin", NULL, PROGRAM_LIBRARIES_YES, "/usr/bin/../lib/beside/" LIBRARY, false},
	{"/usr/bin/i386", "/opt/i386", PROGRAM_LIBRARIES_YES, "/opt/i386/" LIBRARY, false},
	{"/usr/bin/i386", NULL, PROGRAM_LIBRARIES_YES, "", false},
	{"/nowhere", NULL, PROGRAM_LIBRARIES_UNKNOWN, NULL, false},
	{"/usr/bin", NULL, PROGRAM_LIBRARIES_UNKNOWN, NULL, false},
};

static void the_loader_s_order_is_kept(void **state)
{
	static struct program_libraries_place place;
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		const char *path = rows[i].library_path;
		char name[256], in_root[256] = "";
		/* LD_LIBRARY_PATH is the host's own: without the root. */
		snprintf(name, sizeof name, "%s with %s", rows[i].program, path ? path : "nothing");
		place = (struct program_libraries_place){0};
		enum program_libraries_answer answer =
			program_libraries_find(root, rows[i].program, LIBRARY, path, &place);
		faults += table_check_number(name, "answer", answer, rows[i].answer);
		faults += table_check_number(name, "uses",
			program_libraries_uses(root, rows[i].program, LIBRARY), rows[i].answer);
		if (rows[i].path == NULL)
			continue;
		if (rows[i].path[0] != '\0')
			snprintf(in_root, sizeof in_root, "%s%s", root, rows[i].path);
		faults += table_check_text(name, "path", place.path, in_root);
		faults += table_check_number(name, "by old path", place.by_old_path, rows[i].by_old_path);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_loader_s_order_is_kept),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
