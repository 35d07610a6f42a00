/* SPDX-License-Identifier: ISC */
/*
 * library_runner - asks one build of the library, and tells everything that can be seen of its answer.
 *
 * A runner is a process that has loaded the library. A case with options is answered in a child of its own, because the
 * library may replace its process (twist) or change it (user, umask, nice, setenv). What ends, crashes or never comes
 * back is told as that; a runner lost is replaced.
 * What the library logs is caught on its way to syslog(3); its sleeps are left out.
 */
#ifndef KW_ABI_LIBRARY_RUNNER_H
#define KW_ABI_LIBRARY_RUNNER_H

#include "access_case.h"

#include <stdbool.h>
#include <sys/types.h>

enum { OUTCOME_TEXT_SIZE = 3000, OUTCOME_MATCHES = 4 };

enum outcome_end {
	END_RETURNED, /* the library came back */
	END_EXITED,   /* it, or a program it was replaced by, ended with `code` */
	END_KILLED,   /* by signal `code` */
	END_TOO_LONG, /* more than 2 s of processor, or 4 s */
};

/* What one decision was, and by what. */
struct outcome_round {
	int verdict;     /* 1 granted, 0 denied; -1: it never came to it */
	char table;      /* 'a' or 'd': the table whose rule matched, as verbose mode tells; 0 if none */
	unsigned line;   /* of that rule */
	char matches[OUTCOME_MATCHES][16]; /* all of them in order, "d3"; without options taken into account */
	unsigned match_count;
	char asked[700]; /* names and user that stand in the request now: one not asked for is empty */
};

struct outcome {
	enum outcome_end end;
	int code;
	struct outcome_round round[CASE_ROUNDS];
	int mask, nice;
	uid_t uid;
	gid_t gid;
	int allow_severity, deny_severity;
	unsigned warnings;               /* lines logged at LOG_WARNING or above */
	char logged[OUTCOME_TEXT_SIZE];  /* these lines */
	char options[OUTCOME_TEXT_SIZE]; /* the options carried out, as verbose mode tells them */
	char said[OUTCOME_TEXT_SIZE];    /* to the client's socket */
	char ran[OUTCOME_TEXT_SIZE];     /* written by commands to $KW_OUT */
	char environment[OUTCOME_TEXT_SIZE]; /* the variables KW_* */
};

struct library_runner;

/*
 * Loads the library in a process of its own. `c` is the case to be asked, shared memory of library_runner_share;
 * `name` tells its files from those of other runners. Exits with a word on stderr where the library cannot be loaded.
 */
struct library_runner *library_runner_start(const char *library, const char *name, const struct access_case *c);
void library_runner_stop(struct library_runner *r);

/* Memory that is the same in this process and in runners started after it. */
void *library_runner_share(size_t size);

/* Two runners may be asked at once: begin both, then wait for both. The files of the case must be in place. */
void library_runner_begin(struct library_runner *r);
const struct outcome *library_runner_wait(struct library_runner *r);

/* The last answer once more. */
const struct outcome *library_runner_outcome(const struct library_runner *r);

#endif
