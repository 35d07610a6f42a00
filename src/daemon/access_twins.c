/* SPDX-License-Identifier: ISC */
#include "daemon/access_twins.h"

#include <string.h>
#include <strings.h>

static uint32_t hash_of(const char *text, size_t length)
{
	return event_host_digest(text, length);
}

static struct access_twin describe(const struct access_event *a)
{
	/* A name counts only where there is no address: one way may have looked it up, and another not. */
	const bool by_name = addr_is_none(&a->client);
	return (struct access_twin){.time = a->time,
		.client = a->client,
		.words = hash_of(a->service, strlen(a->service)) * 31 +
			 (by_name ? hash_of(a->name, strlen(a->name)) : 0),
		.host = hash_of(a->host, strcspn(a->host, ".")),
		.pid = a->pid,
		.access = a->access,
		.ways = (uint16_t)(1u << a->origin)};
}

static bool both_tell_another(uint32_t a, uint32_t b)
{
	return a != 0 && b != 0 && a != b;
}

static bool is_twin(const struct access_twin *known, const struct access_twin *fresh)
{
	int64_t apart = known->time.us - fresh->time.us;
	if (known->ways == 0 || (known->ways & fresh->ways) || known->words != fresh->words ||
		known->access != fresh->access || !addr_equal(&known->client, &fresh->client))
		return false;
	return apart <= ACCESS_TWINS_US && -apart <= ACCESS_TWINS_US &&
	       !both_tell_another(known->pid, fresh->pid) &&
	       !both_tell_another(known->host, fresh->host);
}

/* The oldest one that is not told by this way yet is now. */
static bool mark(struct access_twins *t, const struct access_twin *fresh, bool by_process)
{
	for (unsigned i = 0; i < ACCESS_TWINS_MOST; i++) {
		struct access_twin *known = &t->list[(t->next + i) % ACCESS_TWINS_MOST];
		if (is_twin(known, fresh) && (!by_process || known->pid == fresh->pid)) {
			known->ways |= fresh->ways;
			return true;
		}
	}
	return false;
}

bool access_twins_finds(struct access_twins *t, const struct access_event *a)
{
	const struct access_twin fresh = describe(a);
	return fresh.pid != 0 && mark(t, &fresh, true);
}

void access_twins_add(struct access_twins *t, const struct access_event *a)
{
	t->list[t->next] = describe(a);
	t->next = (t->next + 1) % ACCESS_TWINS_MOST;
}

bool access_twins_knows(struct access_twins *t, const struct access_event *a)
{
	const struct access_twin fresh = describe(a);
	if (mark(t, &fresh, false))
		return true;
	access_twins_add(t, a);
	return false;
}
