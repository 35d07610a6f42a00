/* SPDX-License-Identifier: ISC */
#include "detect/settings_text.h"

#include "base/number_text.h"
#include "config/config_value.h"
#include "detect/memory_plan.h"
#include "detect/settings.h"

static void write_prefixes(const struct prefix_set *set, const char *empty, struct text_buffer *out)
{
	if (set->count == 0)
		text_buffer_add(out, empty);
	for (unsigned i = 0; i < set->count; i++)
		text_buffer_printf(out, "%s%s", i ? ", " : "", prefix_to_text(&set->items[i]).text);
}

static void write_names(char **names, unsigned count, const char *empty, struct text_buffer *out)
{
	if (count == 0)
		text_buffer_add(out, empty);
	for (unsigned i = 0; i < count; i++)
		text_buffer_printf(out, "%s%s", i ? ", " : "", names[i]);
}

static void write_home(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	write_prefixes(&s->home, "learnt from interfaces and traffic", out);
}

static void write_dark(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	write_prefixes(&s->dark, "none", out);
}

static void write_trusted(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	write_prefixes(&s->trusted, "none", out);
}

static void write_research(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	write_prefixes(&s->research, "none beside the known ones", out);
}

static void write_trap_ports(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	struct port_range range;
	uint32_t cursor = 0;
	bool any = false;
	for (; port_set_next_range(&s->trap_ports, &cursor, &range); any = true)
		text_buffer_printf(out, "%s%s", any ? ", " : "", port_range_to_text(&range).text);
	if (!any)
		text_buffer_add(out, "none");
}

static void write_interfaces(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	write_names(s->interfaces, s->interfaces_count, "all but loopback", out);
}

static void write_log(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	text_buffer_add(out, s->log ? s->log : "none");
}

static void write_nflog(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	if (s->has_nflog)
		text_buffer_add_number(out, s->nflog);
	else
		text_buffer_add(out, "none");
}

static void write_state(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	text_buffer_add(out, s->state);
}

static void write_memory(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	text_buffer_printf(out, "%lluM in all, %lluM of it to remember",
		(unsigned long long)(s->memory_bytes >> 20),
		(unsigned long long)((s->memory_bytes - MEMORY_PLAN_ASIDE) >> 20));
}

static void write_report_interval(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	config_value_write_duration(s->report_interval_us, out);
}

static void write_close_after(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	config_value_write_duration(s->close_after_us, out);
}

static void write_signatures(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	write_names(s->signatures, s->signatures_count, "only those built in", out);
}

static void write_rows(unsigned count, struct text_buffer *out)
{
	text_buffer_add(out, count == 0 ? "none" : number_text_with(count, "row").text);
}

static void write_addresses(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	write_rows(s->addresses_count, out);
}

static void write_level_rules(const void *options, struct text_buffer *out)
{
	const struct settings *s = options;
	if (s->level_rules_count == 0)
		text_buffer_add(out, "those built in");
	else
		text_buffer_printf(out, "%s beside those built in",
			number_text_with(s->level_rules_count, "row").text);
}

const struct config_part_key settings_text_keys[] = {
	{"home", write_home, CONFIG_KEY_AT_START},
	{"dark", write_dark, CONFIG_KEY_AT_RELOAD},
	{"trusted", write_trusted, CONFIG_KEY_AT_RELOAD},
	{"research", write_research, CONFIG_KEY_AT_RELOAD},
	{"trap_ports", write_trap_ports, CONFIG_KEY_AT_RELOAD},
	{"interfaces", write_interfaces, CONFIG_KEY_AT_START},
	{"log", write_log, CONFIG_KEY_AT_START},
	{"nflog", write_nflog, CONFIG_KEY_AT_START},
	{"state", write_state, CONFIG_KEY_AT_START},
	{"memory", write_memory, CONFIG_KEY_AT_START},
	{"report_interval", write_report_interval, CONFIG_KEY_AT_RELOAD},
	{"close_after", write_close_after, CONFIG_KEY_AT_RELOAD},
	{"signatures", write_signatures, CONFIG_KEY_AT_RELOAD},
	{"addresses", write_addresses, CONFIG_KEY_AT_RELOAD},
	{"level_rules", write_level_rules, CONFIG_KEY_AT_RELOAD},
	{0},
};
