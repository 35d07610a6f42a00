/* SPDX-License-Identifier: ISC */
/*
 * tool_mark - which scanner's handwriting a packet shows, and what the sum of packets says.
 *
 * Facts (measured on the tools' own packets): masscan puts low16(destination ^ port ^ sequence) into
 * the IP id of every SYN, nobody else does; zmap up to 2.x sends id 54321, window 65535 and no
 * options; nmap -sS sends window 1024 with MSS 1460 alone; Mirai's sequence number is the destination;
 * hping3 sends window 512, no options, and a source port that climbs by one.
 */
#ifndef KW_DETECT_TOOL_MARK_H
#define KW_DETECT_TOOL_MARK_H

#include "event/event.h"
#include "track/dossier.h"

#include <stdbool.h>
#include <stdint.h>

/* The marks this one packet carries: bits of enum dossier_mark. hping3's is a suspicion until the source
 * ports are seen to climb. */
uint32_t tool_mark_of(const struct event *e);

/* The same of a TCP event whose probe is a SYN, which the caller knows already. */
uint32_t tool_mark_of_syn(const struct event *e);

/* True where they hold one that no ordinary stack leaves. */
bool tool_mark_is_certain(uint32_t marks);

/* Counts the packet's marks into the dossier. */
void tool_mark_count(struct dossier *d, const struct event *e, uint32_t marks);

/* "nmap", "masscan", "zmap", "hping", "mirai", "unicornscan", "6000-256"; null while undecided. */
const char *tool_mark_name(const struct dossier *d);

/* How many different probes of nmap's system fingerprinting were seen. */
unsigned tool_mark_os_probes(const struct dossier *d);

struct nmap_options {
	char text[64]; /* "-sS -O"; empty if no nmap option sends such packets */
};

/* The nmap options that would send what was seen, whatever the tool was. */
struct nmap_options tool_mark_nmap_options(const struct dossier *d);

#endif
