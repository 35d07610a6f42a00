/* SPDX-License-Identifier: ISC */
/*
 * journal_json - one entry of the journal as "journalctl -o json" writes it: one object a line.
 *
 * Source of fact: systemd's "Journal JSON Format". Values are strings; a value that is no valid
 * UTF-8 or holds control bytes is an array of byte numbers; a field that occurs twice is an array
 * of such. Only the entry's own level is read. Own code instead of a JSON library, for this runs in
 * a process that neither allocates nor opens files, and needs six fields of thirty.
 */
#ifndef KW_LOGLINE_JOURNAL_JSON_H
#define KW_LOGLINE_JOURNAL_JSON_H

#include "base/text_slice.h"

#include <stdint.h>

/* The kernel's own limit of a line is 1024 bytes; what stands behind this is dropped. */
#define JOURNAL_JSON_MESSAGE_MAX 2048

struct journal_json {
	char message[JOURNAL_JSON_MESSAGE_MAX]; /* MESSAGE, decoded, no NUL at its end */
	size_t message_length;                  /* 0 if there is none */
	struct text_slice host; /* _HOSTNAME; this and the next two as they stand in the line */
	struct text_slice identifier; /* SYSLOG_IDENTIFIER */
	struct text_slice transport;  /* _TRANSPORT: the journal's own word, nobody can forge it */
	int64_t time_us;              /* since 1970; -1 if there is none or it is out of range */
};

/* Reads an object that fills the line (spaces around it allowed). False if it is cut or no object;
 * `out` then holds what came before the fault. */
bool journal_json_read(struct text_slice line, struct journal_json *out);

#endif
