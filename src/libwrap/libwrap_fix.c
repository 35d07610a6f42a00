/* SPDX-License-Identifier: ISC */
/*
 * fix_options: IP options of a connection are taken off, for our answers would carry them; a client that told the
 * route is not served at all. IPv4 only: nothing in IPv6 does this by itself.
 *
 * Linux gives the options as they stand in the header, from the first byte on. (The original skipped four bytes, the
 * next hop that BSD puts before them, and so could miss a route.)
 */
#include "libwrap/libwrap_fix.h"

#include "libwrap/libwrap_diag.h"

#include "base/text_buffer.h"

#include <netinet/in.h>
#include <netinet/ip.h>
#include <syslog.h>

enum { OPTIONS_MAX = 40 }; /* bytes an IPv4 header has for them */

static bool tell_route(const unsigned char *options, size_t size)
{
	for (size_t i = 0; i < size && options[i] != IPOPT_EOL;) {
		if (options[i] == IPOPT_LSRR || options[i] == IPOPT_SSRR)
			return true;
		if (options[i] == IPOPT_NOP) {
			i++;
			continue;
		}
		if (i + 1 >= size || options[i + 1] < 2)
			break;
		i += options[i + 1];
	}
	return false;
}

static enum libwrap_fix_result take_off(struct request_info *request, const unsigned char *options, size_t size)
{
	char hex[3 * OPTIONS_MAX + 1];
	struct text_buffer b = text_buffer_over(hex, sizeof hex);
	for (size_t i = 0; i < size; i++)
		text_buffer_printf(&b, " %02x", options[i]);
	libwrap_diag_log(LOG_NOTICE, "connect from %s with IP options (ignored):%s", eval_client(request), hex);
	if (setsockopt(request->fd, IPPROTO_IP, IP_OPTIONS, NULL, 0) == 0)
		return LIBWRAP_FIX_DONE;
	libwrap_diag_log(LOG_ERR, "setsockopt IP_OPTIONS NULL: %m");
	shutdown(request->fd, SHUT_RDWR);
	return LIBWRAP_FIX_REFUSED;
}

enum libwrap_fix_result libwrap_fix_options(struct request_info *request)
{
	struct sockaddr_storage ours = {.ss_family = AF_UNSPEC};
	socklen_t size = sizeof ours;
	if (getsockname(request->fd, (struct sockaddr *)&ours, &size) < 0) {
		libwrap_diag_log(LOG_ERR, "getpeername: %m"); /* no socket: no options */
		return LIBWRAP_FIX_DONE;
	}
	unsigned char options[OPTIONS_MAX];
	size = sizeof options;
	if (ours.ss_family != AF_INET || getsockopt(request->fd, IPPROTO_IP, IP_OPTIONS, options, &size) != 0 || size == 0)
		return LIBWRAP_FIX_DONE;
	if (!tell_route(options, size))
		return take_off(request, options, size);
	libwrap_diag_log(LOG_WARNING, "refused connect from %s with IP source routing options", eval_client(request));
	shutdown(request->fd, SHUT_RDWR);
	return LIBWRAP_FIX_REFUSED;
}

void fix_options(struct request_info *request)
{
	libwrap_fix_options(request);
}
