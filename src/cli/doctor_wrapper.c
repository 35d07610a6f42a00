/* SPDX-License-Identifier: ISC */
/*
 * Whether our tcpd and our libwrap can tell a watch what they decide.
 */
#include "access/access_wire.h"
#include "cli/doctor_row.h"
#include "sensor/access_socket.h"
#include "sensor/kernel_settings.h"

#include <errno.h>
#include <string.h>

enum {
	QUEUE_LEAST = 64,  /* decisions of one moment; a reader wakes within milliseconds */
	QUEUE_USUAL = 512, /* as systemd sets it */
};

/* The queue that the next watch will have. */
static void judge_queue(const struct doctor_host *host, struct doctor_answer *a)
{
	long most;
	if (!kernel_settings_read(host->proc_sys, "net/unix/max_dgram_qlen", &most) ||
		most >= QUEUE_LEAST) {
		doctor_say(a, DOCTOR_GOOD,
			"a watch is told what our tcpd and libwrap decide, and by which rule");
		return;
	}
	doctor_say(a, DOCTOR_WEAK,
		"a watch is told what our tcpd and libwrap decide, but no more than %ld wait for it; "
		"after a storm the log lines alone tell the rest",
		most);
	doctor_add_setting(a, "net.unix.max_dgram_qlen", QUEUE_USUAL);
}

static void ask_socket(const struct doctor_host *host, struct doctor_answer *a)
{
	if (access_socket_is_heard(ACCESS_WIRE_PATH))
		judge_queue(host, a);
	else if (errno == ENOENT || errno == ECONNREFUSED)
		doctor_say(a, DOCTOR_NOTE,
			"no watch listens to our tcpd and libwrap; what they decide stands in the log, "
			"without the rule");
	else
		doctor_say(a, DOCTOR_UNKNOWN, ACCESS_WIRE_PATH ": %s", strerror(errno));
}

const struct doctor_row doctor_wrapper_rows[] = {
	{"decisions", ask_socket},
	{NULL, NULL},
};
