/* SPDX-License-Identifier: ISC */
#include "cli/story_words.h"

#include "event/ip_misuse.h"
#include "knowledge/kind_text.h"

#include <stddef.h>

struct story_words story_words_of(const struct incident *in)
{
	const struct kind_text *text = kind_text_of(in->kind);
	if (incident_is_ping(in))
		return (struct story_words){text->pings, text->pings_advice};
	if (in->misuses & IP_MISUSE_FRAGMENTS && in->kind == INCIDENT_KIND_EXPLOIT)
		return (struct story_words){text->pieces, text->pieces_advice};
	if (in->misuses & IP_MISUSE_OPTIONS && in->kind == INCIDENT_KIND_EXPLOIT)
		return (struct story_words){text->options, text->options_advice};
	return (struct story_words){
		text->meaning, in->answered_ranges > 0 ? text->advice : text->unanswered};
}

/* The text, or null if it stands among these; then it does. */
static const char *once(const char *text, const char **told, size_t room)
{
	for (size_t i = 0; i < room; i++) {
		if (told[i] == text)
			return NULL;
		if (told[i] == NULL) {
			told[i] = text;
			return text;
		}
	}
	return text;
}

struct story_words story_words_new(const struct incident *in, struct story_told *told)
{
	struct story_words words = story_words_of(in);
	words.meaning = once(words.meaning, told->meanings[in->kind], STORY_WORDS_MEANINGS);
	words.advice = once(words.advice, told->advices[in->kind], STORY_WORDS_ADVICES);
	return words;
}
