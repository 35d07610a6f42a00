/* SPDX-License-Identifier: ISC */
/*
 * service_notify - tells who started us as a service how we are (the protocol of sd_notify(3)).
 *
 * Opened before the sandbox, used inside it: the socket is connected once. Where nobody asked to be told
 * (no NOTIFY_SOCKET) everything here does nothing. Never waits: a word that finds no room is not said.
 *
 * Source of fact: sd_notify(3), sd_watchdog_enabled(3).
 */
#ifndef KW_PRIV_SERVICE_NOTIFY_H
#define KW_PRIV_SERVICE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

struct service_notify {
	int socket;                /* -1 = nobody wants to hear */
	int64_t watchdog_every_ms; /* 0 = nobody waits for a sign of life */
	int64_t next_ms;           /* when the next sign is due (monotonic) */
};

void service_notify_open(struct service_notify *n);
void service_notify_close(struct service_notify *n);

/* All is open; `status` is a line for people. */
void service_notify_ready(struct service_notify *n, const char *status);
/* What we do now, a line for people. */
void service_notify_status(struct service_notify *n, const char *status);
/* The configuration is being read again; service_notify_ready follows. */
void service_notify_reloading(struct service_notify *n, int64_t now_ms);
void service_notify_stopping(struct service_notify *n);
/* A sign of life where one is due; to be called every second at least. */
void service_notify_alive(struct service_notify *n, int64_t now_ms);

#endif
