/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as an answer of the DNS, to both questions and for both families. Asserted: a name that is given is a host's
 * name that fits and ends; and without a yes nothing is written.
 */
#include "libwrap/wrap_dns.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
	if (!kept)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct addr four = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}};
	static const struct addr six = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
	uint8_t *exact = malloc(size > 0 ? size : 1);
	require(exact != NULL);
	if (size > 0)
		memcpy(exact, data, size);
	for (int i = 0; i < 2; i++) {
		const struct addr *a = i == 0 ? &four : &six;
		char question[WRAP_DNS_QUESTION_SIZE], name[WRAP_DNS_NAME_SIZE] = "untouched";
		wrap_dns_question(a, question);
		if (wrap_dns_read_name(exact, size, question, name) == WRAP_DNS_YES) {
			require(memchr(name, '\0', sizeof name) != NULL);
			require(wrap_dns_is_host_name(name));
		} else {
			require(strcmp(name, "untouched") == 0);
		}
		(void)wrap_dns_read_address(exact, size, "host.example", a);
	}
	free(exact);
	return 0;
}
