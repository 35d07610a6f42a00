/* SPDX-License-Identifier: ISC */
#include "cli/signature_conversion.h"

#include "base/diag.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "detect/psad_signature_file.h"
#include "version.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	READ_STEP = 65536,
	REASONS_OF_A_STRANGER = 3, /* where nothing could be converted */
};

struct conversion {
	char name[512]; /* of the file, printable */
	FILE *out;
	unsigned notes_left; /* to tell */
};

/* Reads all of a file; null with a message. The caller frees it. */
static char *read_whole(const char *name, FILE *in, size_t *length)
{
	char *text = NULL;
	size_t room = 0, used = 0, got;
	do {
		if (room - used < READ_STEP)
			text = memory_realloc(text, room += room + READ_STEP);
		got = fread(text + used, 1, READ_STEP, in);
		used += got;
	} while (got > 0 && used <= SIGNATURE_CONVERSION_SIZE_MAX);
	if (ferror(in))
		diag_error("%s: %m", name);
	else if (used > SIGNATURE_CONVERSION_SIZE_MAX)
		diag_error("%s: larger than 4 MiB; that is no file of signatures", name);
	else {
		*length = used;
		return text;
	}
	free(text);
	return NULL;
}

static char *read_path(const char *path, const char *name, size_t *length)
{
	FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	if (in == NULL) {
		diag_error("%s: %m", name);
		return NULL;
	}
	char *text = read_whole(name, in, length);
	if (in != stdin)
		fclose(in);
	return text;
}

static void drop_item(void *context, const char *yaml)
{
	(void)context;
	(void)yaml;
}

static void drop_note(
	void *context, unsigned line, enum psad_signature_result result, const char *note)
{
	(void)context;
	(void)line;
	(void)result;
	(void)note;
}

static void print_item(void *context, const char *yaml)
{
	const struct conversion *c = context;
	fprintf(c->out, "\n%s", yaml);
}

static void say_note(
	void *context, unsigned line, enum psad_signature_result result, const char *note)
{
	struct conversion *c = context;
	if (c->notes_left == 0)
		return;
	c->notes_left--;
	diag_warn("%s:%u: %s%s", c->name, line,
		result == PSAD_SIGNATURE_REFUSED ? "left out: " : "", note);
}

static void print_head(const struct conversion *c, const struct psad_signature_file_counts *counts)
{
	fprintf(c->out,
		"# Converted from %s by knockwatch %s: %u of %u rules.\n"
		"# Name this file under \"signatures:\" in knockwatch.yaml.\n",
		c->name, KNOCKWATCH_VERSION, counts->converted, counts->rules);
}

static void say_sum(const struct conversion *c, const struct psad_signature_file_counts *counts)
{
	if (counts->converted == 0)
		diag_error("%s: %s and none that could be converted; psad's own file is "
			   "/etc/psad/signatures",
			c->name, number_text_with(counts->rules, "line").text);
	else
		diag_note("%s: %s, %u converted (%u with a remark), %u left out", c->name,
			number_text_with(counts->rules, "rule").text, counts->converted,
			counts->noted, counts->refused);
}

static enum stop_code convert(struct conversion *c, struct text_slice text)
{
	struct psad_signature_file_sink look = {drop_item, drop_note, c};
	struct psad_signature_file_sink tell = {print_item, say_note, c};
	struct psad_signature_file_counts counts = psad_signature_file_convert(text, &look);
	if (counts.rules == 0) {
		diag_error("%s: there is no rule in it", c->name);
		return STOP_NO;
	}
	if (counts.converted > 0)
		print_head(c, &counts);
	else
		c->notes_left = REASONS_OF_A_STRANGER;
	psad_signature_file_convert(text, &tell);
	say_sum(c, &counts);
	return counts.refused > 0 ? STOP_SKIPPED : STOP_DONE;
}

enum stop_code signature_conversion_run(const char *path, FILE *out)
{
	struct conversion c = {.out = out, .notes_left = UINT32_MAX};
	struct text_buffer name = text_buffer_over(c.name, sizeof c.name);
	size_t length = 0;
	if (strcmp(path, "-") == 0)
		text_buffer_add(&name, "standard input");
	else
		text_buffer_add_escaped(&name, path, strlen(path));
	char *text = read_path(path, c.name, &length);
	if (text == NULL)
		return STOP_USAGE;
	enum stop_code code = convert(&c, (struct text_slice){text, length});
	free(text);
	return code;
}
