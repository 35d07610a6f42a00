/* SPDX-License-Identifier: ISC */
#include "cli/command.h"

#include "support/table_check.h"

#include <stdio.h>
#include <unistd.h>

enum { TERMINAL_COLUMNS = 80 };

/* What is printed between begin and end goes to a file instead of standard output. */
struct catcher {
	FILE *file;
	int stdout_fd;
};

static struct catcher catch_begin(void)
{
	struct catcher c = {tmpfile(), dup(STDOUT_FILENO)};
	assert_non_null(c.file);
	fflush(stdout);
	assert_int_not_equal(dup2(fileno(c.file), STDOUT_FILENO), -1);
	return c;
}

static void catch_end(struct catcher *c)
{
	fflush(stdout);
	assert_int_not_equal(dup2(c->stdout_fd, STDOUT_FILENO), -1);
	close(c->stdout_fd);
	rewind(c->file);
}

/* Help is written in ASCII: a byte is a column. Closes the file. */
static unsigned count_wide_lines(const char *name, FILE *in)
{
	char line[512];
	unsigned faults = 0, lines = 0;
	for (; fgets(line, sizeof line, in) != NULL; lines++) {
		unsigned columns = (unsigned)strcspn(line, "\n");
		faults += columns > TERMINAL_COLUMNS;
		if (columns > TERMINAL_COLUMNS)
			print_error("%s: wider than a terminal: %s", name, line);
	}
	fclose(in);
	return faults + table_check_number(name, "has lines", lines > 5, true);
}

static void help_fits_a_terminal_of_80_columns(void **state)
{
	unsigned faults = 0;
	(void)state;
	struct catcher c = catch_begin();
	command_help_print_all();
	catch_end(&c);
	faults += count_wide_lines("help", c.file);
	for (const struct command *const *of = command_list(); *of != NULL; of++) {
		c = catch_begin();
		command_help_print(*of);
		catch_end(&c);
		faults += count_wide_lines((*of)->name, c.file);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(help_fits_a_terminal_of_80_columns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
