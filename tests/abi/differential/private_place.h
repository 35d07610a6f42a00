/* SPDX-License-Identifier: ISC */
/*
 * private_place - a corner of the machine where names, users and files are what the cases say.
 *
 * Own mounts, own NIS domain, no network but a loopback: a tmpfs on /mnt, and an /etc with hosts and netgroups of our own
 * that nothing but files answers for; a /dev of our own, and a root that cannot be written. Nothing of it is seen outside, all of
 * it ends with the process.
 */
#ifndef KW_ABI_PRIVATE_PLACE_H
#define KW_ABI_PRIVATE_PLACE_H

#include <stdbool.h>

/* Moves the calling process there. False with a word on stderr where that is not allowed. */
bool private_place_enter(const char *hosts, const char *netgroups);

/* Writes a file there. Exits where it cannot. */
void private_place_write(const char *path, const char *text);

#endif
