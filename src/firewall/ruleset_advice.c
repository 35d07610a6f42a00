/* SPDX-License-Identifier: ISC */
#include "firewall/ruleset_advice.h"

#include "firewall/ruleset_iptables.h"
#include "firewall/ruleset_text.h"

#include <string.h>

static bool begins_with(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool is_one_of(const char *word, const char *const *list)
{
	while (*list != NULL && strcmp(*list, word) != 0)
		list++;
	return *list != NULL;
}

/* The tables that iptables knows, and its chains: those of the kernel are written large. */
static bool is_of_iptables(const struct ruleset_chain *c)
{
	static const char *const tables[] = {"filter", "nat", "mangle", "raw", "security", NULL};
	static const char *const chains[] = {"INPUT", "FORWARD", "PREROUTING", NULL};
	bool old = strcmp(c->family, "ip") == 0 || strcmp(c->family, "ip6") == 0;
	if (!old || !is_one_of(c->table, tables))
		return false;
	return c->hook == NULL || is_one_of(c->name, chains);
}

enum ruleset_writer ruleset_advice_writer(const struct ruleset_chain *c)
{
	if (strcmp(c->table, "firewalld") == 0)
		return RULESET_WRITER_FIREWALLD;
	if (begins_with(c->table, "f2b-") || begins_with(c->name, "f2b-"))
		return RULESET_WRITER_FAIL2BAN;
	if (begins_with(c->name, "ufw-") || begins_with(c->name, "ufw6-"))
		return RULESET_WRITER_UFW;
	if (begins_with(c->name, "DOCKER") || begins_with(c->table, "docker"))
		return RULESET_WRITER_DOCKER;
	if (!is_of_iptables(c))
		return RULESET_WRITER_NFT;
	/* ufw leaves the kernel's chains to their names, and jumps from them into its own. */
	for (unsigned i = 0; i < c->count; i++) {
		struct text_slice t = c->rules[i].text;
		static const char sign[] = "jump ufw-", sign6[] = "jump ufw6-";
		if (t.length == 0)
			continue;
		if (memmem(t.start, t.length, sign, sizeof sign - 1) ||
			memmem(t.start, t.length, sign6, sizeof sign6 - 1))
			return RULESET_WRITER_UFW;
	}
	return RULESET_WRITER_IPTABLES;
}

const char *ruleset_advice_writer_name(enum ruleset_writer writer)
{
	static const char *const names[RULESET_WRITERS] = {
		"nft", "iptables", "ufw", "firewalld", "docker", "fail2ban"};
	return names[writer];
}

const char *ruleset_advice_fault_name(enum ruleset_fault fault)
{
	static const char *const names[RULESET_FAULTS] = {[RULESET_SILENT] = "silent",
		[RULESET_LOG_BEHIND] = "log-behind",
		[RULESET_LOG_UNREAD] = "log-unread",
		[RULESET_LOG_TIGHT] = "log-tight",
		[RULESET_LOG_SKIPS] = "log-skips",
		[RULESET_LOG_LET_IN] = "log-let-in"};
	return names[fault];
}

static void add_text(struct text_buffer *out, struct text_slice text)
{
	text_buffer_add_escaped(out, text.start, text.length);
}

static void add_name(struct text_buffer *out, const char *name)
{
	text_buffer_add_escaped(out, name, strlen(name));
}

static void add_chain(struct text_buffer *out, const struct ruleset_chain *c)
{
	add_name(out, c->family);
	text_buffer_add(out, " ");
	add_name(out, c->table);
	text_buffer_add(out, " ");
	add_name(out, c->name);
}

void ruleset_advice_write_place(const struct ruleset_finding *f, struct text_buffer *out)
{
	add_chain(out, f->chain);
	if (f->rule == NULL) {
		text_buffer_add(out, ", policy drop");
		return;
	}
	text_buffer_printf(out, ", rule %u", f->rule->number);
	if (f->rule->text.length > 0) {
		text_buffer_add(out, ": ");
		add_text(out, f->rule->text);
	}
}

void ruleset_advice_write_fault(const struct ruleset_finding *f, struct text_buffer *out)
{
	switch (f->fault) {
	case RULESET_SILENT:
		text_buffer_add(
			out, f->rule ? "refuses packets that nothing before it has logged"
				     : "drops what no rule accepted, and nothing has logged it");
		break;
	case RULESET_LOG_BEHIND:
		text_buffer_add(out, "logs nothing: its packets are dropped before they come here");
		break;
	case RULESET_LOG_UNREAD:
		text_buffer_printf(out, "logs to group %u, which no program reads", f->group);
		break;
	case RULESET_LOG_TIGHT:
		text_buffer_add(out, "logs so little that a scan can hide in what is left out");
		break;
	case RULESET_LOG_SKIPS:
		text_buffer_add(out, "is passed by: some packets leave its chain before it and are "
				     "refused later");
		break;
	case RULESET_LOG_LET_IN:
		text_buffer_add(out, "calls the packets accepted, but they are refused");
		break;
	case RULESET_FAULTS:
		break;
	}
}

static const char *file_of_ufw(const struct ruleset_finding *f)
{
	bool v6 = strcmp(f->chain->family, "ip6") == 0;
	if (strstr(f->chain->name, "before") || strstr(f->chain->name, "not-local"))
		return v6 ? "/etc/ufw/before6.rules" : "/etc/ufw/before.rules";
	return v6 ? "/etc/ufw/after6.rules" : "/etc/ufw/after.rules";
}

static void write_words_for_ufw(const struct ruleset_finding *f, struct text_buffer *out)
{
	bool end = f->rule == NULL || strcmp(file_of_ufw(f), "/etc/ufw/after.rules") == 0 ||
		   strcmp(file_of_ufw(f), "/etc/ufw/after6.rules") == 0;
	text_buffer_printf(out, "put this into %s, %s, then say ufw reload", file_of_ufw(f),
		end ? "above its other rules" : "above the line that drops");
}

void ruleset_advice_write_words(
	const struct ruleset_finding *f, uint16_t group, struct text_buffer *out)
{
	enum ruleset_writer writer = ruleset_advice_writer(f->chain);
	(void)group;
	if (f->fault == RULESET_LOG_UNREAD)
		text_buffer_add(out, "read it");
	else if (writer == RULESET_WRITER_FIREWALLD)
		text_buffer_add(out, "let firewalld log what it refuses");
	else if (writer == RULESET_WRITER_UFW)
		write_words_for_ufw(f, out);
	else if (writer == RULESET_WRITER_DOCKER)
		text_buffer_add(out, "docker writes this chain; what it drops there is between its "
				     "networks, and can be logged in DOCKER-USER only");
	else if (writer == RULESET_WRITER_FAIL2BAN)
		text_buffer_add(out, "what addresses do that fail2ban has shut out is not seen; to "
				     "see it, log before its chain");
	else if (f->fault == RULESET_LOG_SKIPS)
		text_buffer_add(out, "log again where they are refused");
	else if (f->fault == RULESET_LOG_BEHIND)
		text_buffer_add(out, "move it before the rule that drops");
}

/* In nft's words, where these can be pasted: extensions of iptables cannot. */
static bool has_plain_matches(const struct ruleset_rule *rule)
{
	struct text_slice m = ruleset_model_matches(rule);
	return rule->text.length > 0 && memmem(m.start, m.length, "xt match", 8) == NULL &&
	       memchr(m.start, '\\', m.length) == NULL &&
	       memchr(rule->text.start, '\'', rule->text.length) == NULL;
}

static void write_log_words(struct text_buffer *out, uint16_t group)
{
	text_buffer_printf(
		out, RULESET_LOG_LIMIT " log prefix \"" RULESET_LOG_PREFIX "\" group %u", group);
}

static void write_new_rule(const struct ruleset_finding *f, uint16_t group, struct text_buffer *out)
{
	text_buffer_add(out, f->rule ? "nft 'insert rule " : "nft 'add rule ");
	add_chain(out, f->chain);
	text_buffer_add(out, " ");
	if (f->rule != NULL) {
		struct text_slice matches = ruleset_model_matches(f->rule);
		text_buffer_printf(out, "handle %lld ", (long long)f->rule->handle);
		add_text(out, matches);
		text_buffer_add(out, matches.length > 0 ? " " : "");
	}
	write_log_words(out, group);
	text_buffer_add(out, "'");
}

/* The conditions of a rule; those of a log are not repeated: what it misses is to be heard whole. False where they
 * cannot be said. */
static bool write_conditions(const struct ruleset_finding *f, struct text_buffer *out)
{
	if (f->rule == NULL || f->fault != RULESET_SILENT)
		return true;
	return f->rule->text.length > 0 &&
	       ruleset_iptables_write(ruleset_model_matches(f->rule), out);
}

static void write_iptables(const struct ruleset_finding *f, uint16_t group, struct text_buffer *out)
{
	char memory[512];
	struct text_buffer conditions = text_buffer_over(memory, sizeof memory);
	if (!write_conditions(f, &conditions))
		return;
	text_buffer_add(out, strcmp(f->chain->family, "ip6") == 0 ? "ip6tables " : "iptables ");
	if (strcmp(f->chain->table, "filter") != 0) {
		text_buffer_add(out, "-t ");
		add_name(out, f->chain->table);
		text_buffer_add(out, " ");
	}
	text_buffer_add(out, f->rule ? "-I " : "-A ");
	add_name(out, f->chain->name);
	if (f->rule != NULL)
		text_buffer_printf(out, " %u", f->rule->number);
	text_buffer_printf(out,
		" %s-j NFLOG --nflog-group %u --nflog-prefix \"" RULESET_LOG_PREFIX "\"", memory,
		group);
}

/* Its chains for logging, and where it jumps to the policy: told of in the chain before them. */
static bool is_place_for_ufw(const struct ruleset_chain *c)
{
	return strncmp(c->name, "ufw", 3) == 0 && strstr(c->name, "logging") == NULL &&
	       strstr(c->name, "policy") == NULL;
}

static void write_ufw(const struct ruleset_finding *f, uint16_t group, struct text_buffer *out)
{
	const char *v6 = strcmp(f->chain->family, "ip6") == 0 ? "ufw6" : "ufw";
	bool forward =
		strstr(f->chain->name, "forward") != NULL || strcmp(f->chain->name, "FORWARD") == 0;
	char memory[512];
	struct text_buffer conditions = text_buffer_over(memory, sizeof memory);
	if (!write_conditions(f, &conditions))
		return;
	text_buffer_add(out, "-A ");
	if (is_place_for_ufw(f->chain))
		add_name(out, f->chain->name);
	else
		text_buffer_printf(out, "%s-after-%s", v6, forward ? "forward" : "input");
	text_buffer_printf(
		out, " %s-j NFLOG --nflog-group %u --nflog-prefix \"[UFW BLOCK] \"", memory, group);
}

/* The log's own line with a new limit. */
static void write_wider_limit(const struct ruleset_finding *f, struct text_buffer *out)
{
	struct text_slice text = f->rule->text, matches = ruleset_model_matches(f->rule);
	const char *log = memmem(text.start, text.length, "log ", 4);
	if (log == NULL)
		return;
	text_buffer_add(out, "nft 'replace rule ");
	add_chain(out, f->chain);
	text_buffer_printf(out, " handle %lld ", (long long)f->rule->handle);
	add_text(out, matches);
	text_buffer_add(
		out, matches.length > 0 ? " " RULESET_LOG_LIMIT " " : RULESET_LOG_LIMIT " ");
	add_text(out, (struct text_slice){log, text.length - (size_t)(log - text.start)});
	text_buffer_add(out, "'");
}

static void write_line_for_nft(
	const struct ruleset_finding *f, uint16_t group, struct text_buffer *out)
{
	switch (f->fault) {
	case RULESET_SILENT:
		if (f->rule == NULL || has_plain_matches(f->rule))
			write_new_rule(f, group, out);
		break;
	case RULESET_LOG_TIGHT:
		if (has_plain_matches(f->rule))
			write_wider_limit(f, out);
		break;
	case RULESET_LOG_BEHIND:
	case RULESET_LOG_SKIPS:
	case RULESET_LOG_LET_IN:
	case RULESET_LOG_UNREAD:
	case RULESET_FAULTS:
		break;
	}
}

void ruleset_advice_write_line(
	const struct ruleset_finding *f, uint16_t group, struct text_buffer *out)
{
	enum ruleset_writer writer = ruleset_advice_writer(f->chain);
	bool adds = f->fault == RULESET_SILENT || f->fault == RULESET_LOG_TIGHT;
	if (f->fault == RULESET_LOG_UNREAD)
		text_buffer_printf(out, "knockwatch watch --nflog %u", f->group);
	else if (writer == RULESET_WRITER_FIREWALLD)
		text_buffer_add(out, "firewall-cmd --set-log-denied=all");
	else if (writer == RULESET_WRITER_UFW && adds)
		write_ufw(f, group, out);
	else if (writer == RULESET_WRITER_IPTABLES && adds)
		write_iptables(f, group, out);
	else if (writer == RULESET_WRITER_NFT)
		write_line_for_nft(f, group, out);
}
