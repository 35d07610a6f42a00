/* SPDX-License-Identifier: ISC */
/*
 * system_journal - speaks to the system's journal in its own protocol, so that a message keeps its number,
 * its weight and its fields (journalctl -x, -p, KNOCKWATCH_LEVEL=4).
 *
 * Only where our standard error goes there anyway. Opened once, before the sandbox; the socket belongs to the
 * process. Sending never waits and never allocates: what finds no room is for the caller to say elsewhere.
 *
 * Source of fact: https://systemd.io/JOURNAL_NATIVE_PROTOCOL/, JOURNAL_STREAM in systemd.exec(5).
 */
#ifndef KW_BASE_SYSTEM_JOURNAL_H
#define KW_BASE_SYSTEM_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#define SYSTEM_JOURNAL_SOCKET "/run/systemd/journal/socket"
#define SYSTEM_JOURNAL_BYTES 4096 /* of a message with all its fields */

/* How much it weighs, as syslog counts. */
enum system_journal_weight {
	SYSTEM_JOURNAL_ERROR = 3,
	SYSTEM_JOURNAL_WARNING = 4,
	SYSTEM_JOURNAL_NOTICE = 5,
	SYSTEM_JOURNAL_INFO = 6,
};

struct system_journal_field {
	const char *name; /* capital letters, digits, underscores */
	const char *value;
};

struct system_journal_message {
	enum system_journal_weight weight;
	const char *id;   /* 32 hexadecimal digits, of the catalog; null = none */
	const char *text; /* any bytes but NUL */
	const struct system_journal_field *fields;
	size_t fields_count;
};

/* `stream` is what JOURNAL_STREAM says ("8:4711": device and inode) or null. True if standard error is that
 * stream and the journal listens at `path`. */
bool system_journal_open(const char *stream, const char *path);
void system_journal_close(void);
bool system_journal_is_open(void);

/* False if it is not open, has no room, or the message is longer than SYSTEM_JOURNAL_BYTES. errno is kept. */
bool system_journal_send(const struct system_journal_message *message);

#endif
