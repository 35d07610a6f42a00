/* SPDX-License-Identifier: ISC */
/*
 * Any text as a value. The line must be printable ASCII, and jansson must read from it the text that
 * went in, or its escaped form where that was not printable ASCII; of an item, where it was no UTF-8. Eight
 * bytes at the front are a float as well.
 */
#include "event/json_line.h"

#include "base/text_buffer.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static json_t *expected_text(const char *text)
{
	size_t length = strlen(text), size = 4 * length + 1;
	char *clean = malloc(size);
	struct text_buffer b = text_buffer_over(clean, size);
	bool odd = false;
	for (size_t i = 0; i < length; i++)
		odd |= text[i] < ' ' || text[i] > '~';
	text_buffer_add_escaped(&b, text, length);
	json_t *value = json_string(odd ? clean : text);
	free(clean);
	return value;
}

static json_t *expected_item(const char *text)
{
	char clean[JSON_LINE_TEXT_MAX];
	struct text_buffer b = text_buffer_over(clean, sizeof clean);
	size_t length = strlen(text);
	json_t *value = json_string(text);
	if (value != NULL)
		return value;
	text_buffer_add_escaped(&b, text, length < sizeof clean ? length : sizeof clean);
	return json_string(clean);
}

static void check_line(const struct json_line *j, const char *text, double real)
{
	json_t *line = json_loads(j->text, JSON_REJECT_DUPLICATES, NULL);
	json_t *wanted = expected_text(text), *item = expected_item(text), *got = json_object_get(line, "text");
	const json_t *list = json_object_get(line, "list");
	for (const char *c = j->text; *c; c++)
		assert(*c >= 0x20 && *c <= 0x7e);
	assert(strlen(j->text) == j->used && json_is_object(line));
	assert(*text == '\0' ? got == NULL : json_equal(got, wanted));
	assert(json_array_size(list) == 1 && json_equal(json_array_get(list, 0), item));
	const json_t *number = json_object_get(line, "real");
	assert(isfinite(real) ? json_is_real(number) : number == NULL);
	if (isfinite(real))
		assert(fabs(json_real_value(number) - real) <= fabs(real) * 1e-8);
	json_decref(wanted);
	json_decref(item);
	json_decref(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_line j = {0};
	double real = 0;
	char *text = calloc(1, size + 1);
	memcpy(text, data, size);
	memcpy(&real, data, size < sizeof real ? 0 : sizeof real);
	if (fabs(real) > 1e308 || (real != 0 && fabs(real) < 1e-300))
		real = 0; /* nine digits may round beyond what a double holds */
	json_line_start(&j);
	json_line_put_text(&j, "text", text);
	json_line_put_real(&j, "real", real);
	json_line_open_list(&j, "list");
	json_line_put_item(&j, text);
	json_line_close(&j);
	json_line_close(&j);
	check_line(&j, text, real);
	json_line_clear(&j);
	free(text);
	return 0;
}
