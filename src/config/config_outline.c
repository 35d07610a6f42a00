/* SPDX-License-Identifier: ISC */
/*
 * libyaml hands out a flat row of events (start of a list, a scalar, end of a list, ...). The tree
 * is put together with a small stack: one frame for every list or mapping that is still open,
 * holding the key that waits for its value and the child that was added last.
 *
 * libyaml's own document tree was not used: it accepts anchors (and compares each with all before),
 * and cannot be stopped when it has grown too large.
 */
#include "config/config_outline.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

struct frame {
	uint32_t node; /* the open list or mapping */
	uint32_t last; /* its last child, 0 = none */
	uint32_t key;  /* text of the key that waits, 0 = none */
	uint32_t key_line, key_column;
};

struct config_outline {
	const char *name;                  /* what faults call the text, borrowed */
	struct config_outline_node *nodes; /* node 0 is never used: 0 means none */
	uint32_t count, room;
	char *texts; /* keys and scalars, each behind its NUL-terminated predecessor; offset 0
			unused */
	size_t texts_used, texts_room;
	uint32_t root; /* 0 = nothing but comments */
};

struct builder {
	struct config_outline *outline;
	struct config_faults *faults;
	struct frame frames[CONFIG_OUTLINE_DEPTH];
	unsigned depth;
	unsigned documents;
};

static bool refuse(struct builder *b, const yaml_mark_t *mark, const char *what)
{
	config_faults_add(b->faults, b->outline->name, (unsigned)mark->line + 1,
		(unsigned)mark->column + 1, "%s", what);
	return false;
}

static uint32_t keep_text(struct config_outline *o, const char *text, size_t length)
{
	if (o->texts_room - o->texts_used < length + 1) {
		o->texts_room = 2 * o->texts_room + length + 1;
		o->texts = memory_realloc(o->texts, o->texts_room);
	}
	uint32_t at = (uint32_t)o->texts_used;
	memcpy(o->texts + at, text, length);
	o->texts[at + length] = 0;
	o->texts_used += length + 1;
	return at;
}

/* Adds a value below the open list or mapping, or as the root. 0 if there is no room. */
static uint32_t add_node(struct builder *b, enum config_outline_kind kind, const yaml_mark_t *mark)
{
	struct config_outline *o = b->outline;
	if (o->count > CONFIG_OUTLINE_NODES) { /* number 0 is no value */
		refuse(b, mark, "more values than a configuration may have (50,000)");
		return 0;
	}
	if (o->count == o->room) {
		o->room = 2 * o->room;
		o->nodes = memory_realloc(o->nodes, o->room * sizeof o->nodes[0]);
	}
	uint32_t number = o->count++;
	o->nodes[number] = (struct config_outline_node){.kind = kind,
		.line = (uint32_t)mark->line + 1,
		.column = (uint32_t)mark->column + 1};
	if (b->depth == 0) {
		o->root = number;
		return number;
	}
	struct frame *f = &b->frames[b->depth - 1];
	o->nodes[number].key = f->key;
	o->nodes[number].key_line = f->key_line;
	o->nodes[number].key_column = f->key_column;
	if (f->last)
		o->nodes[f->last].next = number;
	else
		o->nodes[f->node].first = number;
	*f = (struct frame){.node = f->node, .last = number};
	return number;
}

static bool awaits_key(const struct builder *b)
{
	if (b->depth == 0)
		return false;
	const struct frame *f = &b->frames[b->depth - 1];
	return b->outline->nodes[f->node].kind == CONFIG_OUTLINE_MAPPING && f->key == 0;
}

static bool is_bare(struct builder *b, const yaml_char_t *anchor, const yaml_char_t *tag,
	const yaml_mark_t *mark)
{
	if (anchor)
		return refuse(b, mark, "an anchor (&name) is not supported; write the value out");
	if (tag)
		return refuse(b, mark, "a value that begins with ! must stand in quotes");
	return true;
}

static bool open_node(struct builder *b, enum config_outline_kind kind, const yaml_mark_t *mark)
{
	if (awaits_key(b))
		return refuse(b, mark, "a key must be a single word");
	if (b->depth == CONFIG_OUTLINE_DEPTH)
		return refuse(b, mark, "nested deeper than a configuration may be (16 levels)");
	uint32_t number = add_node(b, kind, mark);
	if (!number)
		return false;
	b->frames[b->depth++] = (struct frame){.node = number};
	return true;
}

static bool add_scalar(struct builder *b, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	if (!is_bare(b, event->data.scalar.anchor, event->data.scalar.tag, &event->start_mark))
		return false;
	if (memchr(text, 0, length))
		return refuse(b, &event->start_mark, "a text must not hold a NUL byte");
	if (awaits_key(b)) {
		struct frame *f = &b->frames[b->depth - 1];
		f->key = keep_text(b->outline, text, length);
		f->key_line = (uint32_t)event->start_mark.line + 1;
		f->key_column = (uint32_t)event->start_mark.column + 1;
		return true;
	}
	uint32_t number = add_node(b, CONFIG_OUTLINE_SCALAR, &event->start_mark);
	if (!number)
		return false;
	b->outline->nodes[number].text = keep_text(b->outline, text, length);
	b->outline->nodes[number].quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return true;
}

static bool take_event(struct builder *b, const yaml_event_t *event)
{
	const yaml_mark_t *mark = &event->start_mark;
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (b->documents++)
			return refuse(b, mark, "a second document (---); a file holds one");
		return true;
	case YAML_ALIAS_EVENT:
		return refuse(b, mark, "an alias (*name) is not supported; write the value out");
	case YAML_SCALAR_EVENT:
		return add_scalar(b, event);
	case YAML_SEQUENCE_START_EVENT:
		return is_bare(b, event->data.sequence_start.anchor, event->data.sequence_start.tag,
			       mark) &&
		       open_node(b, CONFIG_OUTLINE_LIST, mark);
	case YAML_MAPPING_START_EVENT:
		return is_bare(b, event->data.mapping_start.anchor, event->data.mapping_start.tag,
			       mark) &&
		       open_node(b, CONFIG_OUTLINE_MAPPING, mark);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->depth--;
		return true;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	}
	return true;
}

/* The reader of libyaml knows only a byte offset: counts the line and column there. */
static void refuse_bytes(
	struct builder *b, const yaml_parser_t *parser, const char *text, size_t length)
{
	size_t offset = parser->problem_offset < length ? parser->problem_offset : length;
	unsigned line = 1, column = 1;
	for (size_t i = 0; i < offset; i++) {
		column = text[i] == '\n' ? 1 : column + 1;
		line += text[i] == '\n';
	}
	config_faults_add(b->faults, b->outline->name, line, column,
		"not a text file in UTF-8 (%s)", parser->problem ? parser->problem : "bad bytes");
}

static bool read_events(struct builder *b, yaml_parser_t *parser, const char *text, size_t length)
{
	for (;;) {
		yaml_event_t event;
		if (!yaml_parser_parse(parser, &event)) {
			if (parser->error == YAML_READER_ERROR)
				refuse_bytes(b, parser, text, length);
			else
				config_faults_add(b->faults, b->outline->name,
					(unsigned)parser->problem_mark.line + 1,
					(unsigned)parser->problem_mark.column + 1,
					"not YAML: %s%s%s",
					parser->problem ? parser->problem : "out of memory",
					parser->context ? " " : "",
					parser->context ? parser->context : "");
			return false;
		}
		bool end = event.type == YAML_STREAM_END_EVENT;
		bool good = take_event(b, &event);
		yaml_event_delete(&event);
		if (!good || end)
			return good;
	}
}

struct config_outline *config_outline_create(
	const char *name, const char *text, size_t length, struct config_faults *faults)
{
	struct config_outline *o = memory_calloc(1, sizeof *o);
	struct builder b = {.outline = o, .faults = faults};
	yaml_parser_t parser;
	o->name = name;
	o->room = 64;
	o->nodes = memory_calloc(o->room, sizeof o->nodes[0]);
	o->count = 1;
	o->texts_room = 1024;
	o->texts = memory_calloc(o->texts_room, 1);
	o->texts_used = 1;
	bool good = false;
	if (yaml_parser_initialize(&parser)) {
		yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
		good = read_events(&b, &parser, text, length);
		yaml_parser_delete(&parser);
	}
	if (!good) {
		config_outline_destroy(o);
		return NULL;
	}
	if (o->root && config_outline_is_empty(o, &o->nodes[o->root]))
		o->root = 0;
	return o;
}

void config_outline_destroy(struct config_outline *outline)
{
	if (!outline)
		return;
	free(outline->nodes);
	free(outline->texts);
	free(outline);
}

const struct config_outline_node *config_outline_root(const struct config_outline *outline)
{
	return outline->root ? &outline->nodes[outline->root] : NULL;
}

const char *config_outline_text(const struct config_outline *outline, uint32_t offset)
{
	return outline->texts + offset;
}

const struct config_outline_node *config_outline_next(const struct config_outline *outline,
	const struct config_outline_node *parent, const struct config_outline_node *after)
{
	uint32_t number = after ? after->next : parent->first;
	return number ? &outline->nodes[number] : NULL;
}

const struct config_outline_node *config_outline_member(const struct config_outline *outline,
	const struct config_outline_node *mapping, const char *key)
{
	const struct config_outline_node *node = NULL;
	if (!mapping || mapping->kind != CONFIG_OUTLINE_MAPPING)
		return NULL;
	while ((node = config_outline_next(outline, mapping, node))) {
		if (strcmp(config_outline_text(outline, node->key), key) == 0)
			return node;
	}
	return NULL;
}

const struct config_outline_node *config_outline_item(const struct config_outline *outline,
	const struct config_outline_node *list, unsigned number)
{
	const struct config_outline_node *node = NULL;
	if (!list || list->kind != CONFIG_OUTLINE_LIST)
		return NULL;
	do
		node = config_outline_next(outline, list, node);
	while (node && number--);
	return node;
}

bool config_outline_is_empty(
	const struct config_outline *outline, const struct config_outline_node *node)
{
	return node->kind == CONFIG_OUTLINE_SCALAR && !node->quoted &&
	       *config_outline_text(outline, node->text) == 0;
}
