/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_abi.h"
#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_act.h"
#include "libwrap/wrap_cache.h"
#include "libwrap/wrap_request.h"
#include "libwrap/wrap_restore.h"

#include <syslog.h>

/* -1, 0, 1: the second decision of a process makes it a resident one. Programs may set it, too. */
static void count_decision(void)
{
	if (__atomic_load_n(&resident, __ATOMIC_RELAXED) <= 0)
		__atomic_fetch_add(&resident, 1, __ATOMIC_RELAXED);
}

int hosts_access(struct request_info *request)
{
	struct access_tables tables = wrap_request_tables();
	const struct access_request q = wrap_request_of(request);
	struct access_decision decision;
	count_decision();
	wrap_restore_undo();
	tables.cache = wrap_cache_take();
	access_decision_make(&tables, &q, wrap_request_log(), &decision);
	wrap_cache_give_back(tables.cache);
	const enum access_verdict verdict = wrap_act_decision(&decision, request, &q);
	access_decision_clear(&decision);
	return verdict == ACCESS_GRANT;
}

int hosts_ctl(char *daemon, char *client_name, char *client_addr, char *client_user)
{
	struct request_info request;
	request_init(&request, RQ_DAEMON, daemon, RQ_CLIENT_NAME, client_name, RQ_CLIENT_ADDR, client_addr, RQ_USER,
		client_user, 0);
	return hosts_access(&request);
}

static struct wrap_act act_here(struct request_info *request, const struct access_request *q)
{
	return (struct wrap_act){.request = request,
		.q = q,
		.at = {.file = tcpd_context.file, .line = (unsigned)tcpd_context.line, .sink = wrap_request_log()}};
}

void process_options(char *options, struct request_info *request)
{
	struct text_slice rest = {options[0] != '\0' ? options : NULL, strlen(options)};
	const struct access_request q = wrap_request_of(request);
	struct wrap_act act = act_here(request, &q);
	for (;;) {
		struct access_option option;
		struct access_option_fault why;
		enum wrap_act_result result = WRAP_ACT_GO_ON;
		switch (access_option_next(&rest, &option, &why)) {
		case ACCESS_OPTION_END:
			return;
		case ACCESS_OPTION_READ:
			result = wrap_act_option(&act, &option);
			break;
		case ACCESS_OPTION_FAULT:
			tcpd_jump((char *)"%s", why.text);
			return;
		}
		if (result == WRAP_ACT_GRANT)
			longjmp(tcpd_buf, AC_PERMIT);
		if (result == WRAP_ACT_DENY)
			longjmp(tcpd_buf, AC_DENY);
	}
}
