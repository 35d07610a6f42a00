/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_restore.h"

#include "libwrap/libwrap_abi.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct variable {
	char *name;   /* owned */
	char *before; /* owned; null: there was none */
	char *given;  /* owned */
};

struct memory {
	bool has_severity;
	int allow_before, deny_before, severity;
	bool has_umask;
	mode_t mask_before, mask;
	struct variable variables[WRAP_RESTORE_VARIABLES];
	unsigned variable_count;
};

/* Not a mutex: a signal handler that comes here while its own thread holds it must not wait for ever. */
enum { TRIES = 2000, TRIES_AT_ONCE = 1000 }; /* after which a try is a millisecond */
static atomic_flag taken = ATOMIC_FLAG_INIT;
static atomic_bool filled;
static atomic_bool is_lost; /* in a child: who held it is not here */
static atomic_int forkers; /* they go first: nothing is lost where another thread comes late */
static struct memory kept;

static bool take_as(bool forks)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	for (int i = 0; i < TRIES && !atomic_load_explicit(&is_lost, memory_order_relaxed); i++) {
		if ((forks || atomic_load_explicit(&forkers, memory_order_relaxed) == 0) &&
			!atomic_flag_test_and_set_explicit(&taken, memory_order_acquire))
			return true;
		if (i < TRIES_AT_ONCE)
			sched_yield();
		else
			nanosleep(&pause, NULL);
	}
	return false;
}

static bool take(void)
{
	return take_as(false);
}

static void release(void)
{
	atomic_flag_clear_explicit(&taken, memory_order_release);
}

/* ---- over a fork ------------------------------------------------------------------------------------------ */

static _Thread_local bool has_forker;
static atomic_bool forks_wait;

static void before_fork(void)
{
	atomic_fetch_add(&forkers, 1);
	has_forker = take_as(true);
}

static void in_parent(void)
{
	atomic_fetch_sub(&forkers, 1);
	if (has_forker)
		release();
}

static void in_child(void)
{
	atomic_store(&forkers, 0);
	if (has_forker)
		release();
	else
		atomic_store_explicit(&is_lost, true, memory_order_relaxed);
}

__attribute__((constructor)) static void let_forks_wait(void)
{
	atomic_store(&forks_wait, pthread_atfork(before_fork, in_parent, in_child) == 0);
}

/* ---- undone ----------------------------------------------------------------------------------------------- */

static void put_back(int *severity, int before)
{
	if (__atomic_load_n(severity, __ATOMIC_RELAXED) == kept.severity)
		__atomic_store_n(severity, before, __ATOMIC_RELAXED);
}

static void undo_severity(void)
{
	put_back(&allow_severity, kept.allow_before);
	put_back(&deny_severity, kept.deny_before);
	kept.has_severity = false;
}

static void undo_umask(void)
{
	const mode_t now = umask(kept.mask_before);
	if (now != kept.mask)
		umask(now);
	kept.has_umask = false;
}

static void undo_variables(void)
{
	while (kept.variable_count > 0) {
		struct variable *v = &kept.variables[--kept.variable_count];
		const char *now = getenv(v->name);
		if (now && strcmp(now, v->given) == 0) {
			if (v->before)
				setenv(v->name, v->before, 1);
			else
				unsetenv(v->name);
		}
		free(v->name);
		free(v->before);
		free(v->given);
	}
}

void wrap_restore_undo(void)
{
	if (!atomic_load_explicit(&filled, memory_order_acquire) || !take())
		return;
	if (kept.has_severity)
		undo_severity();
	if (kept.has_umask)
		undo_umask();
	undo_variables();
	atomic_store_explicit(&filled, false, memory_order_release);
	release();
}

/* ---- set -------------------------------------------------------------------------------------------------- */

void wrap_restore_set_severity(int severity)
{
	if (take()) {
		if (!kept.has_severity) {
			kept.has_severity = true;
			kept.allow_before = __atomic_load_n(&allow_severity, __ATOMIC_RELAXED);
			kept.deny_before = __atomic_load_n(&deny_severity, __ATOMIC_RELAXED);
		}
		kept.severity = severity;
		atomic_store_explicit(&filled, true, memory_order_release);
		release();
	}
	__atomic_store_n(&allow_severity, severity, __ATOMIC_RELAXED);
	__atomic_store_n(&deny_severity, severity, __ATOMIC_RELAXED);
}

void wrap_restore_set_umask(mode_t mask)
{
	const mode_t before = umask(mask);
	if (!take())
		return;
	if (!kept.has_umask) {
		kept.has_umask = true;
		kept.mask_before = before;
	}
	kept.mask = mask;
	atomic_store_explicit(&filled, true, memory_order_release);
	release();
}

static void keep_variable(const char *name, const char *value)
{
	struct variable *v = &kept.variables[kept.variable_count];
	const char *before = getenv(name);
	v->name = strdup(name);
	v->given = strdup(value);
	v->before = before ? strdup(before) : NULL;
	if (v->name && v->given && (v->before || !before)) {
		kept.variable_count++;
		return;
	}
	free(v->name);
	free(v->given);
	free(v->before);
}

bool wrap_restore_set_variable(const char *name, const char *value, const char **why)
{
	*why = "memory allocation failure";
	if (!atomic_load(&forks_wait))
		return false;
	if (!take()) {
		*why = "another thread holds the environment";
		return false;
	}
	bool set = false;
	if (kept.variable_count < WRAP_RESTORE_VARIABLES) {
		keep_variable(name, value);
		set = setenv(name, value, 1) == 0;
		atomic_store_explicit(&filled, true, memory_order_release);
	} else {
		*why = "too many variables";
	}
	release();
	return set;
}
