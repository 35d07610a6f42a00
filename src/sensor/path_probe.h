/* SPDX-License-Identifier: ISC */
/*
 * path_probe - the ways by which knocks can reach us on this host, which of them work, and what each cannot see.
 *
 * Best first. The kernel hook (with a small packet filter beside it) and the packet socket hear the interfaces;
 * one of them is taken when interfaces are watched. NFLOG and log text hear what a rule of the firewall logs, and
 * are taken where they are asked for. path_probe_look asks the system; the rest is pure.
 */
#ifndef KW_SENSOR_PATH_PROBE_H
#define KW_SENSOR_PATH_PROBE_H

#include <stdbool.h>
#include <stddef.h>

enum path_kind {
	PATH_HOOK,   /* kernel hook, and packets that it does not see */
	PATH_PACKET, /* packet socket alone */
	PATH_NFLOG,
	PATH_LOG,
	PATH_KINDS
};

/* What the system says. */
struct path_facts {
	char hook_fault[256]; /* why the kernel can have no hook; empty = it can */
	bool may_hook;        /* we have CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN */
	bool may_capture;     /* CAP_NET_RAW */
	bool may_nflog;       /* CAP_NET_ADMIN */
};

struct path_report {
	const char *name;  /* as --path takes it */
	const char *words; /* "the kernel hook and odd packets" */
	bool available;
	char reason[320];     /* why not, or why it is good */
	const char *blind[8]; /* what it cannot see, a clause each; ended by null */
};

void path_probe_look(struct path_facts *out);

void path_probe_report(
	enum path_kind kind, const struct path_facts *facts, struct path_report *out);

/* "hook", "packet", "nflog", "log". */
const char *path_probe_name(enum path_kind kind);
/* False if it is none of them. */
bool path_probe_find(const char *name, enum path_kind *out);

#endif
