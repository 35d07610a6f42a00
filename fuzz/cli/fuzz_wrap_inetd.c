/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as inetd.conf: a line that is changed is put back byte for byte, and one that was not ours stays.
 */
#include "cli/wrap_inetd.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const struct text_slice whole = {text, size};
	for (unsigned line = 1; line <= 4; line++) {
		struct access_draft out = {0}, back = {0};
		if (wrap_inetd_enable(whole, line, "/x/tcpd", &out) == WRAP_INETD_DONE) {
			assert(wrap_inetd_disable(access_draft_slice(&out), line + 1, "/x/tcpd", &back) ==
				WRAP_INETD_DONE);
			assert(back.used == size && memcmp(back.text, text, size) == 0);
		} else {
			assert(out.used == 0);
		}
		access_draft_clear(&back);
		if (wrap_inetd_disable(whole, line, "/x/tcpd", &back) != WRAP_INETD_DONE)
			assert(back.used == 0);
		access_draft_free(&out);
		access_draft_free(&back);
	}
	return 0;
}
