/* SPDX-License-Identifier: ISC */
#include "report/terminal.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_set(const char *value)
{
	return value != NULL && *value != '\0';
}

/* A plain decimal number; 0 for anything else. */
static unsigned read_columns(const char *text)
{
	size_t length = text != NULL ? strspn(text, "0123456789") : 0;
	if (length == 0 || length > 5 || text[length] != '\0')
		return 0;
	return (unsigned)strtoul(text, NULL, 10);
}

static bool decide_colour(const struct terminal_facts *f)
{
	if (is_set(f->no_color))
		return false;
	if (is_set(f->clicolor_force) && strcmp(f->clicolor_force, "0") != 0)
		return true;
	return f->is_terminal && is_set(f->term) && strcmp(f->term, "dumb") != 0;
}

struct terminal terminal_decide(const struct terminal_facts *f)
{
	unsigned width = read_columns(f->columns);
	if (width == 0)
		width = f->window_columns;
	if (width == 0)
		width = TERMINAL_WIDTH_USUAL;
	if (width < TERMINAL_WIDTH_MIN)
		width = TERMINAL_WIDTH_MIN;
	if (width > TERMINAL_WIDTH_MAX)
		width = TERMINAL_WIDTH_MAX;
	bool utf8 = f->charset != NULL &&
		    (strcasecmp(f->charset, "UTF-8") == 0 || strcasecmp(f->charset, "utf8") == 0);
	return (struct terminal){width, decide_colour(f), utf8};
}

struct terminal terminal_of(FILE *out)
{
	struct winsize size = {0};
	int fd = fileno(out);
	bool is_terminal = fd >= 0 && isatty(fd);
	if (is_terminal && ioctl(fd, TIOCGWINSZ, &size) != 0)
		size.ws_col = 0;
	struct terminal_facts facts = {
		.is_terminal = is_terminal,
		.window_columns = size.ws_col,
		.columns = getenv("COLUMNS"),
		.no_color = getenv("NO_COLOR"),
		.term = getenv("TERM"),
		.clicolor_force = getenv("CLICOLOR_FORCE"),
		.charset = nl_langinfo(CODESET),
	};
	return terminal_decide(&facts);
}
