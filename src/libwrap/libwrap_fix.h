/* SPDX-License-Identifier: ISC */
/*
 * libwrap_fix - what fix_options() does, for who wants to know what came of it.
 */
#ifndef KW_LIBWRAP_LIBWRAP_FIX_H
#define KW_LIBWRAP_LIBWRAP_FIX_H

#include "libwrap/libwrap_abi.h"

enum libwrap_fix_result {
	LIBWRAP_FIX_DONE,    /* there are no options, or none any more */
	LIBWRAP_FIX_REFUSED, /* the client told the route, or its options stay: logged, and the connection is shut down */
};

enum libwrap_fix_result libwrap_fix_options(struct request_info *request);

#endif
