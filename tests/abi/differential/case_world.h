/* SPDX-License-Identifier: ISC */
/*
 * case_world - the hosts, users and daemons that the cases speak of.
 *
 * Small, so that rules and callers meet often. The same facts stand in the private /etc/hosts, so that a name
 * looked up is the name that is told.
 */
#ifndef KW_ABI_CASE_WORLD_H
#define KW_ABI_CASE_WORLD_H

#include <stddef.h>

struct world_host {
	const char *address;
	const char *name; /* "unknown" and "paranoid" as the library would say */
};

extern const struct world_host world_hosts[];
extern const size_t world_host_count;
extern const struct world_host world_servers[]; /* our side */
extern const size_t world_server_count;
extern const char *const world_daemons[];
extern const size_t world_daemon_count;
extern const char *const world_users[];
extern const size_t world_user_count;

extern const char world_hosts_file[];
extern const char world_netgroups[];

#endif
