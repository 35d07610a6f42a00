/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_abi.h"
#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_request.h"

#include "access/access_expand.h"

/* What does not fit becomes empty, and is logged: half a command is not run. (The original ended the process.) */
char *percent_x(char *result, int result_size, char *text, struct request_info *request)
{
	const struct access_request q = wrap_request_of(request);
	const struct access_place at = {
		.file = tcpd_context.file, .line = (unsigned)tcpd_context.line, .sink = wrap_request_log()};
	if (result_size < 1)
		return result;
	struct text_buffer out = text_buffer_over(result, (size_t)result_size);
	if (!access_expand(&out, text_slice_of(text), &q, &at)) {
		libwrap_diag_warn("percent_x: expansion too long: %.30s...", result);
		result[0] = '\0';
	}
	return result;
}
