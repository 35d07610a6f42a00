/* SPDX-License-Identifier: ISC */
#include "cli/pending_keys.h"

#include "base/diag.h"
#include "base/text_buffer.h"

enum { KEYS_MOST = 64 }; /* the file has some 35 of them */

struct list {
	const char *keys[KEYS_MOST];
	unsigned count;
};

struct search {
	const struct watch_request *request;
	struct list at_start, by_command;
};

static void add_key(struct list *list, const char *key)
{
	if (list->count < KEYS_MOST)
		list->keys[list->count++] = key;
}

static void take_change(void *context, const struct config_part_key *key)
{
	struct search *s = context;
	switch (key->taken) {
	case CONFIG_KEY_AT_START:
		if (!watch_request_overrules(s->request, key->key))
			add_key(&s->at_start, key->key);
		break;
	case CONFIG_KEY_BY_A_COMMAND:
		add_key(&s->by_command, key->key);
		break;
	case CONFIG_KEY_AT_RELOAD:
		break;
	}
}

static void write_list(const struct list *list, char *out, size_t size)
{
	struct text_buffer b = text_buffer_over(out, size);
	for (unsigned i = 0; i < list->count; i++)
		text_buffer_printf(&b, "%s%s",
			i == 0			 ? ""
			: i + 1 == list->count ? " and "
						 : ", ",
			list->keys[i]);
}

void pending_keys_find(const struct watch_request *r, struct run_settings *running,
	struct run_settings *fresh, struct pending_keys *out)
{
	struct search s = {.request = r};
	const struct configuration before = run_settings_all(running),
				   after = run_settings_all(fresh);
	configuration_each_change(&before, &after, take_change, &s);
	write_list(&s.at_start, out->at_start, sizeof out->at_start);
	write_list(&s.by_command, out->by_command, sizeof out->by_command);
	out->several_at_start = s.at_start.count > 1;
	out->several_by_command = s.by_command.count > 1;
}

void pending_keys_say(const struct watch_request *r, struct run_settings *running,
	struct run_settings *fresh)
{
	struct pending_keys p;
	pending_keys_find(r, running, fresh, &p);
	if (p.at_start[0] != '\0')
		diag_warn("configuration: %s %s with the next start", p.at_start,
			p.several_at_start ? "change" : "changes");
	if (p.by_command[0] != '\0')
		diag_warn("configuration: %s %s with the next start of 'knockwatch send'",
			p.by_command, p.several_by_command ? "change" : "changes");
}
