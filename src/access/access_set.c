/* SPDX-License-Identifier: ISC */
#include "access/access_set.h"

#include "access/access_option.h"
#include "access/access_rule.h"
#include "access/access_text.h"
#include "access/access_time.h"

#include <string.h>

bool access_set_is_service(const char *name)
{
	static const char *const words[] = {"KNOWN", "UNKNOWN", "PARANOID", "LOCAL", "EXCEPT"};
	size_t length = strlen(name);
	if (length == 0 || length >= ACCESS_SET_SERVICE_SIZE || name[0] == '.' ||
		name[length - 1] == '.')
		return false;
	bool number = true;
	for (const char *p = name; *p; p++) {
		bool digit = *p >= '0' && *p <= '9';
		bool letter = access_text_lower(*p) >= 'a' && access_text_lower(*p) <= 'z';
		if (!digit && !letter && !strchr("._-", *p))
			return false;
		number = number && digit;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (access_text_equals(text_slice_of(name), words[i]))
			return false;
	}
	return !number; /* a port is known to some programs only */
}

static void write_block(struct text_buffer *out, const struct prefix *block)
{
	struct prefix_text text = prefix_to_text(block);
	if (block->length_bits >= 96 && addr_is_v4(&block->base)) {
		/* Of all addresses the original knows this form only. */
		text_buffer_add(out, block->length_bits == 96 ? "0.0.0.0/0.0.0.0" : text.text);
		return;
	}
	const char *slash = strchr(text.text, '/');
	size_t length = slash ? (size_t)(slash - text.text) : strlen(text.text);
	text_buffer_add(out, "[");
	text_buffer_add_bytes(out, text.text, length);
	text_buffer_add(out, "]");
	if (slash)
		text_buffer_add(out, slash);
}

static bool is_kept(char c)
{
	return c > ' ' && c <= '~' && c != '\\';
}

bool access_set_take_note(const char *text, char out[ACCESS_SET_NOTE_SIZE])
{
	struct text_buffer b = text_buffer_over(out, ACCESS_SET_NOTE_SIZE);
	for (const char *c = text; *c != '\0'; c++) {
		const bool is_first = c == text || access_text_is_space(c[-1]);
		if (access_text_is_space(*c))
			continue;
		if (((unsigned char)*c & 0xc0) == 0x80 && !is_first)
			continue; /* of a character of UTF-8 that was told already */
		text_buffer_add(&b, is_first && b.used > 0 ? " " : "");
		text_buffer_add_bytes(&b, is_kept(*c) ? c : "_", 1);
	}
	return !b.cut;
}

/* An option's first '=' stands between its keyword and its value. */
static void write_note(struct text_buffer *out, struct text_slice note)
{
	text_buffer_add(out, note.start[0] == '=' ? ": note = " : ": note ");
	for (const char *c = note.start; c < note.start + note.length; c++) {
		if (*c == ':')
			text_buffer_add(out, "\\:");
		else
			text_buffer_add_bytes(out, *c == ' ' || is_kept(*c) ? c : "_", 1);
	}
}

void access_set_write(struct text_buffer *out, const struct access_set_entry *e)
{
	text_buffer_add(out, e->service);
	text_buffer_add(out, ": ");
	write_block(out, &e->block);
	if (e->expires_s != 0) {
		struct access_time_text until = access_time_write(e->expires_s);
		text_buffer_add(out, ": expires ");
		text_buffer_add(out, until.text);
	}
	const struct text_slice note = access_text_trim(text_slice_of(e->note));
	if (note.length > 0)
		write_note(out, note);
	text_buffer_add(out, e->verdict == ACCESS_GRANT ? ": allow\n" : ": deny\n");
}

/* "net/len", "[v6]/len", an address alone; also "0.0.0.0/0.0.0.0". */
static bool read_block(struct text_slice word, struct prefix *out)
{
	char text[64];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	if (text_slice_equals(word, "0.0.0.0/0.0.0.0"))
		return prefix_parse("0.0.0.0/0", 9, out, NULL);
	for (size_t i = 0; i < word.length; i++) {
		if (word.start[i] != '[' && word.start[i] != ']')
			text_buffer_add_bytes(&b, &word.start[i], 1);
	}
	return !b.cut && prefix_parse(text, b.used, out, NULL);
}

static bool copy_slice(char *to, size_t size, struct text_slice from)
{
	if (from.length >= size)
		return false;
	memcpy(to, from.start, from.length);
	to[from.length] = '\0';
	return true;
}

/* Options of an entry, in the order that write gives them; anything else is by another hand. */
static bool read_options(struct text_slice rest, struct access_set_entry *out)
{
	struct access_option option;
	struct access_option_fault why;
	bool decided = false;
	for (;;) {
		switch (access_option_next(&rest, &option, &why)) {
		case ACCESS_OPTION_END:
			return decided;
		case ACCESS_OPTION_FAULT:
			return false;
		case ACCESS_OPTION_READ:
			break;
		}
		const bool decides = option.kind == ACCESS_OPTION_ALLOW || option.kind == ACCESS_OPTION_DENY;
		const bool is_note = option.kind == ACCESS_OPTION_NOTE;
		if (option.kind == ACCESS_OPTION_EXPIRES)
			out->expires_s = option.time_s;
		else if (decides)
			out->verdict = option.kind == ACCESS_OPTION_ALLOW ? ACCESS_GRANT : ACCESS_DENY;
		else if (!is_note || !copy_slice(out->note, sizeof out->note, option.value))
			return false;
		decided = decided || decides;
	}
}

/* The only word of a list. */
static bool read_only_word(struct text_slice list, struct text_slice *word)
{
	struct text_slice more;
	return access_rule_next_word(&list, word) && !access_rule_next_word(&list, &more);
}

bool access_set_read(struct text_slice line, struct access_set_entry *out)
{
	char options[ACCESS_SET_LINE_SIZE];
	struct access_rule rule;
	struct text_slice service, client;
	*out = (struct access_set_entry){0};
	return access_rule_split(line, &rule) == ACCESS_RULE_RULE &&
	       read_only_word(rule.daemons, &service) && read_only_word(rule.clients, &client) &&
	       copy_slice(out->service, sizeof out->service, service) &&
	       access_set_is_service(out->service) && read_block(client, &out->block) &&
	       copy_slice(options, sizeof options, rule.options) &&
	       read_options((struct text_slice){options, rule.options.length}, out);
}

bool access_set_same(const struct access_set_entry *a, const struct access_set_entry *b)
{
	return a->block.length_bits == b->block.length_bits &&
	       addr_equal(&a->block.base, &b->block.base) &&
	       access_text_equals(text_slice_of(a->service), b->service);
}
