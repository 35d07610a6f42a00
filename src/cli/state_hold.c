/* SPDX-License-Identifier: ISC */
#include "cli/state_hold.h"

#include "base/diag.h"
#include "priv/state_directory.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool state_hold_choose_user(
	const char *directory, struct drop_identity *id, char *error, size_t error_size)
{
	struct stat facts;
	if (geteuid() == 0 && lstat(directory, &facts) == 0 && S_ISDIR(facts.st_mode) &&
		facts.st_uid != 0 && facts.st_gid != 0) {
		*id = (struct drop_identity){facts.st_uid, facts.st_gid, "", true};
		snprintf(id->user, sizeof id->user, "uid %lu", (unsigned long)facts.st_uid);
		return true;
	}
	return drop_privileges_choose(NULL, id, error, error_size);
}

static enum stop_code take_lock(struct state_hold *h, const char *who, const char *directory)
{
	char error[512];
	bool held;
	if (!state_lock_look(directory, &held, h->line, sizeof h->line))
		h->line[0] = '\0';
	switch (state_lock_take(directory, &h->lock, error, sizeof error)) {
	case STATE_LOCK_TAKEN:
		return STOP_DONE;
	case STATE_LOCK_HELD:
		diag_error("%s: %s: a watch writes there; stop it first, or name another directory "
			   "with --state DIR",
			who, directory);
		return STOP_NOT_PERMITTED;
	case STATE_LOCK_FAILED:
		break;
	}
	diag_error("%s: %s", who, error);
	return STOP_NOT_PERMITTED;
}

enum stop_code state_hold_take(struct state_hold *h, const char *who, const char *directory)
{
	struct drop_identity id;
	char error[512], report[512];
	struct text_buffer said = text_buffer_over(report, sizeof report);
	*h = (struct state_hold){.lock = -1};
	if (!state_hold_choose_user(directory, &id, error, sizeof error)) {
		diag_error("%s: %s", who, error);
		return STOP_INTERNAL;
	}
	enum stop_code code = take_lock(h, who, directory);
	if (code != STOP_DONE)
		return code;
	if (state_directory_prepare(directory, id.uid, id.gid, error, sizeof error) &&
		drop_privileges_now(&id, NULL, 0, &said, error, sizeof error))
		return STOP_DONE;
	diag_error("%s: %s", who, error);
	state_hold_release(h);
	return STOP_NOT_PERMITTED;
}

void state_hold_release(struct state_hold *h)
{
	if (h->lock < 0)
		return;
	if (h->line[0] != '\0')
		(void)state_lock_write(h->lock, h->line);
	close(h->lock);
	h->lock = -1;
}
