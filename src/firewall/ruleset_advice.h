/* SPDX-License-Identifier: ISC */
/*
 * ruleset_advice - a finding in plain words, and what to add so that it is none: a line to paste where there is
 * one.
 *
 * Who writes a table decides how it is changed: what is put beside the rules of firewalld, ufw or another
 * iptables is gone with its next start. Pure. Everything written is printable.
 */
#ifndef KW_FIREWALL_RULESET_ADVICE_H
#define KW_FIREWALL_RULESET_ADVICE_H

#include "base/text_buffer.h"
#include "firewall/ruleset_judge.h"

/* Who wrote a chain, by the names that they use. */
enum ruleset_writer {
	RULESET_WRITER_NFT,
	RULESET_WRITER_IPTABLES,
	RULESET_WRITER_UFW,
	RULESET_WRITER_FIREWALLD,
	RULESET_WRITER_DOCKER,
	RULESET_WRITER_FAIL2BAN,
	RULESET_WRITERS
};

enum ruleset_writer ruleset_advice_writer(const struct ruleset_chain *chain);
/* "nft", "iptables", ... */
const char *ruleset_advice_writer_name(enum ruleset_writer writer);
/* "silent", "log-behind", ...: for JSON. */
const char *ruleset_advice_fault_name(enum ruleset_fault fault);

/* "ip filter INPUT, rule 6: tcp dport 23 drop" */
void ruleset_advice_write_place(const struct ruleset_finding *f, struct text_buffer *out);
/* What is wrong, a sentence without its stop. */
void ruleset_advice_write_fault(const struct ruleset_finding *f, struct text_buffer *out);
/* What to do before the line, in words; empty if the line says it all. */
void ruleset_advice_write_words(
	const struct ruleset_finding *f, uint16_t group, struct text_buffer *out);
/* The line to paste; empty if there is none. */
void ruleset_advice_write_line(
	const struct ruleset_finding *f, uint16_t group, struct text_buffer *out);

#endif
