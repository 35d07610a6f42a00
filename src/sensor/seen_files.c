/* SPDX-License-Identifier: ISC */
#include "sensor/seen_files.h"

void seen_files_init(struct seen_files *s, int64_t horizon_ns)
{
	s->count = s->next = 0;
	s->horizon_ns = horizon_ns;
}

void seen_files_add(struct seen_files *s, const struct file_identity *identity)
{
	if (seen_files_has(s, identity))
		return;
	struct file_identity *place = &s->ring[s->next];
	if (s->count < SEEN_FILES_MAX)
		s->count++;
	else if (file_identity_age_ns(place) >= s->horizon_ns)
		s->horizon_ns = file_identity_age_ns(place) + 1;
	*place = *identity;
	s->next = (s->next + 1) % SEEN_FILES_MAX;
}

bool seen_files_has(const struct seen_files *s, const struct file_identity *identity)
{
	for (unsigned i = 0; i < s->count; i++) {
		if (file_identity_same(&s->ring[i], identity))
			return true;
	}
	return false;
}

bool seen_files_is_old(const struct seen_files *s, const struct file_identity *identity)
{
	return file_identity_age_ns(identity) < s->horizon_ns ||
	       identity->written_ns < s->horizon_ns;
}
