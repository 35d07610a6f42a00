/* SPDX-License-Identifier: ISC */
#include "cli/shell_word.h"

#include <string.h>

struct shell_word_text shell_word_show(const char *word)
{
	struct shell_word_text shown;
	struct text_buffer b = text_buffer_over(shown.text, sizeof shown.text);
	text_buffer_add_escaped(&b, word, strlen(word));
	return shown;
}

void shell_word_add(struct text_buffer *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:,@%";
	size_t length = strlen(word);
	if (length > 0 && strspn(word, plain) == length) {
		text_buffer_add_bytes(out, word, length);
		return;
	}
	text_buffer_add(out, "'");
	for (; *word != '\0'; word++)
		text_buffer_add_bytes(out, *word == '\'' ? "'\\''" : word, *word == '\'' ? 4 : 1);
	text_buffer_add(out, "'");
}

void shell_word_add_option(struct text_buffer *out, const char *name, const char *word)
{
	if (word == NULL)
		return;
	text_buffer_printf(out, " --%s ", name);
	shell_word_add(out, word);
}
