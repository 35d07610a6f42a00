/* SPDX-License-Identifier: ISC */
/*
 * psad_signature - turns psad's signatures (Snort rules with psad's own options) into ours.
 *
 * One rule a line in, one item of a signature file out. A rule comes over whole or not at all: what
 * has no counterpart (an option, a negated address) refuses the rule, with the reason. Small losses
 * that do not change what matches in practice are told as a note. What is converted always loads:
 * every item is read back with signature_file before it is handed out.
 *
 * Known variables: $HOME_NET and $EXTERNAL_NET mean any address ($HOME_NET as the only source: sent
 * by this host), *_SERVERS any address, *_PORTS the values psad ships. A converted signature is
 * never `alone`. Source of fact: psad 2.4.6, /etc/psad/signatures, and the Snort manual 2.9.
 */
#ifndef KW_DETECT_PSAD_SIGNATURE_H
#define KW_DETECT_PSAD_SIGNATURE_H

#include "base/text_buffer.h"
#include "base/text_slice.h"

#include <stdint.h>

#define PSAD_SIGNATURE_LINE_MAX 8192 /* bytes of a rule; psad's longest has 500 */
#define PSAD_SIGNATURE_YAML_MAX 4096 /* bytes that hold any converted rule */
#define PSAD_SIGNATURE_NOTE_MAX 480

enum psad_signature_result {
	PSAD_SIGNATURE_BLANK,     /* a comment or nothing */
	PSAD_SIGNATURE_CONVERTED, /* the note may tell what was left out */
	PSAD_SIGNATURE_REFUSED,   /* the note tells why */
};

/* Converts one line. Both buffers should be empty; `id` gets the signature's id if converted. */
enum psad_signature_result psad_signature_convert(
	struct text_slice line, struct text_buffer *yaml, struct text_buffer *note, uint32_t *id);

#endif
