/* SPDX-License-Identifier: ISC */
/*
 * corner_list - every documented corner of the language by name, with the verdict of the original and of ours.
 */
#ifndef KW_ABI_CORNER_LIST_H
#define KW_ABI_CORNER_LIST_H

#include "access_case.h"

#include <stddef.h>

enum corner_verdict {
	CORNER_DENIED,
	CORNER_GRANTED,
	CORNER_LOST, /* the process ended or crashed instead of an answer */
};

struct corner_text {
	enum file_kind kind; /* FILE_TEXT without bytes: an empty file */
	const char *bytes;
	size_t length;
};

struct corner {
	const char *name;               /* a sentence */
	struct corner_text allow, deny; /* left out: an empty file */
	struct corner_text list;        /* /mnt/f0 */
	enum corner_verdict original, ours; /* of the last decision */
	const char *row;                /* of docs/access-differences.md, where they differ or ours does otherwise */
	const char *shows;              /* a text that something of the outcome shows, in both; null: not looked at */
	/* The caller; null or 0: that of the list (corner_list.c). */
	enum caller_form form;
	const char *daemon, *address, *client_name, *user, *server, *server_name;
	int server_port;
	void (*arrange)(struct access_case *c); /* for what does not fit here; null mostly */
};

extern const struct corner corner_list[];
extern const size_t corner_list_count;

/* The case of a corner. */
void corner_list_make(const struct corner *k, struct access_case *c);

#endif
