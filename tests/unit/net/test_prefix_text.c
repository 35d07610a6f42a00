/* SPDX-License-Identifier: ISC */
#include "net/prefix.h"

#include "table_check.h"

/* prefix.h: "The address alone where the prefix is one address, else base/length." */
static void the_block_of_everything_is_written_as_it_is_read(void **state)
{
	(void)state;
	struct prefix p;
	assert_true(prefix_parse("::/0", 4, &p, NULL));
	assert_string_equal(prefix_to_text(&p).text, "::/0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_block_of_everything_is_written_as_it_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
