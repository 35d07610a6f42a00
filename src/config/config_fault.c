/* SPDX-License-Identifier: ISC */
#include "config/config_fault.h"

#include "base/diag.h"
#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void config_faults_init(struct config_faults *faults)
{
	faults->count = 0;
	faults->untold = 0;
}

void config_faults_clear(struct config_faults *faults)
{
	for (unsigned i = 0; i < faults->count; i++)
		free(faults->items[i].file);
	config_faults_init(faults);
}

void config_faults_add(struct config_faults *faults, const char *file, unsigned line,
	unsigned column, const char *format, ...)
{
	if (faults->count == CONFIG_FAULTS_MAX) {
		faults->untold++;
		return;
	}
	struct config_fault *fault = &faults->items[faults->count++];
	fault->file = memory_strdup(file);
	fault->line = line;
	fault->column = column;
	va_list args;
	va_start(args, format);
	vsnprintf(fault->text, sizeof fault->text, format, args);
	va_end(args);
}

void config_fault_write(const struct config_fault *fault, struct text_buffer *out)
{
	text_buffer_add_escaped(out, fault->file, strlen(fault->file));
	if (fault->line)
		text_buffer_printf(out, ":%u", fault->line);
	if (fault->line && fault->column)
		text_buffer_printf(out, ":%u", fault->column);
	text_buffer_printf(out, ": %s", fault->text);
}

void config_faults_report(const struct config_faults *faults)
{
	for (unsigned i = 0; i < faults->count; i++) {
		char memory[CONFIG_FAULT_LENGTH + 512];
		struct text_buffer text = text_buffer_over(memory, sizeof memory);
		config_fault_write(&faults->items[i], &text);
		diag_error("%s", text.text);
	}
	if (faults->untold)
		diag_error("configuration: %u more faults are not shown", faults->untold);
}

struct config_fault_quoted config_fault_quote(const char *text)
{
	struct config_fault_quoted quoted;
	struct text_buffer out = text_buffer_over(quoted.text, sizeof quoted.text);
	size_t length = strnlen(text, CONFIG_FAULT_QUOTED + 1);
	bool cut = length > CONFIG_FAULT_QUOTED;
	text_buffer_add(&out, "\"");
	text_buffer_add_escaped(&out, text, cut ? CONFIG_FAULT_QUOTED : length);
	text_buffer_add(&out, cut ? "...\"" : "\"");
	return quoted;
}
