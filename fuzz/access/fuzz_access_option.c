/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as the options of a rule: all are read, or a fault is told in printable words. Values lie in the text they were
 * read from, and expand to no more than there is room for.
 */
#include "access/access_expand.h"
#include "access/access_option.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_within(struct text_slice part, const char *text, size_t size)
{
	assert(part.length == 0 || (part.start >= text && part.start + part.length <= text + size));
}

static void check_expansion(struct text_slice value)
{
	static char memory[ACCESS_EXPAND_SIZE];
	struct access_known k = {.port = {40000, 22}};
	struct access_place at = {.file = "table", .line = 1};
	memset(k.name[ACCESS_CLIENT], 'n', ACCESS_TEXT_SIZE - 1);
	memset(k.user, '$', ACCESS_TEXT_SIZE - 1);
	struct access_request q = access_request_known("sshd", &k);
	struct text_buffer b = text_buffer_over(memory, sizeof memory);
	bool fitted = access_expand(&b, value, &q, &at);
	assert(fitted == !b.cut && b.used < sizeof memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	if (!text)
		return 0;
	memcpy(text, data, size);
	struct text_slice rest = {text, size};
	struct access_option option;
	struct access_option_fault why;
	enum access_option_result result;
	size_t count = 0;
	while ((result = access_option_next(&rest, &option, &why)) == ACCESS_OPTION_READ) {
		assert(++count <= size + 1 && access_option_keyword(option.kind));
		check_within(option.name, text, size);
		check_within(option.value, text, size);
		check_expansion(option.value);
	}
	if (result == ACCESS_OPTION_FAULT) {
		size_t n = strnlen(why.text, sizeof why.text);
		assert(n > 0 && n < sizeof why.text);
		for (size_t i = 0; i < n; i++)
			assert(why.text[i] >= 0x20 && why.text[i] <= 0x7e);
	}
	free(text);
	return 0;
}
