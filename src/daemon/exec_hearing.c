/* SPDX-License-Identifier: ISC */
#include "daemon/exec_hearing.h"

#include "base/diag.h"
#include "priv/held_capability.h"

enum {
	RECORDS = 2000, /* in one turn: packets and the clock wait no longer, whatever comes */
	RECORDS_LAST = 100000,
};

/* A service has what it needs without being root. */
static bool may_hear(void)
{
	return held_capability_has(CAP_BPF) || held_capability_has(CAP_AUDIT_READ);
}

bool exec_hearing_open(struct exec_hearing *h, const struct exec_hearing_request *request)
{
	h->mask = request->mask;
	if (request->wish == EXEC_EAR_OFF || (!may_hear() && !request->named))
		return true;
	h->ear = exec_ear_open(request->wish, h->passed_over, sizeof h->passed_over);
	if (h->ear.ops != NULL || !request->named)
		return true;
	diag_error("watch: programs started as root cannot be heard: %s", h->passed_over);
	return false;
}

void exec_hearing_close(struct exec_hearing *h)
{
	exec_ear_close(&h->ear);
}

void exec_hearing_say(const struct exec_hearing *h)
{
	static const char *const ways[EXEC_VIAS] = {[EXEC_VIA_HOOK] = "the hook in exec",
		[EXEC_VIA_AUDIT] = "the records of the audit system",
		[EXEC_VIA_PROC] = "the process connector"};
	if (h->ear.ops == NULL && h->passed_over[0])
		diag_note("programs started as root are not heard: %s", h->passed_over);
	if (h->ear.ops == NULL)
		return;
	diag_note("programs started as root are heard by %s: %s%s%s%s", ways[h->ear.via],
		h->ear.limits, h->passed_over[0] ? " (" : "", h->passed_over,
		h->passed_over[0] ? ")" : "");
}

int exec_hearing_fd(const struct exec_hearing *h)
{
	return h->ear.ops != NULL ? exec_ear_fd(&h->ear) : -1;
}

void exec_hearing_hear(struct exec_hearing *h, bool all,
	void (*take)(void *context, const struct exec_event *e), void *context)
{
	bool is_start;
	for (unsigned i = 0; h->ear.ops != NULL && i < (all ? RECORDS_LAST : RECORDS) &&
			     exec_ear_read(&h->ear, &h->event, &is_start);
		i++) {
		if (!is_start)
			continue;
		secret_mask_event(&h->event, &h->mask);
		take(context, &h->event);
	}
}

uint64_t exec_hearing_lost(const struct exec_hearing *h)
{
	struct ear_counts c = {0};
	if (h->ear.ops != NULL)
		c = exec_ear_counts(&h->ear);
	return c.lost + c.broken;
}

unsigned exec_hearing_read_paths(const struct exec_hearing *h, const char **out, size_t max)
{
	if (h->ear.ops == NULL || !h->ear.needs_proc || max == 0)
		return 0;
	out[0] = "/proc";
	return 1;
}
