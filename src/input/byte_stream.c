/* SPDX-License-Identifier: ISC */
/*
 * Three states: not looked at yet; plain, where read() goes straight into the caller's memory once
 * the bytes of the first look are used up; and packed, where `member` is the state of the member we
 * are in, or null between two members.
 *
 * A step of an unpacker may leave output inside the library when the caller's room is full, so a
 * step is tried before more input is asked for. A step that neither eats nor writes, with input and
 * room at hand, would turn for ever: it counts as broken data.
 */
#include "input/byte_stream.h"

#include "base/memory.h"
#include "input/input_budget.h"
#include "input/unpacker.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALL_WINDOW (64 * 1024) /* gzip's: always the same */
#define INPUT_SIZE                                                                                 \
	65536 /* one read of packed bytes: a system call costs less than 1 % of unpacking */

struct byte_stream {
	int fd;
	bool looked; /* the first bytes have been seen: plain or packed is known */
	bool ended;  /* nothing more comes: end of file or fault */
	const struct unpacker *unpacker; /* null = plain */
	void *member;                    /* state of the member we are in; null between members */
	struct input_budget *budget;     /* borrowed; null = UNPACKER_MOST for this file alone */
	uint64_t held;                   /* of the budget, by the member we are in */
	const char *fault;               /* constant text; null while all is well */
	uint64_t taken;                  /* bytes read from fd */
	size_t at, to;                   /* what of `input` is unused */
	uint8_t input[INPUT_SIZE];       /* bytes as they lie in the file */
};

_Static_assert(sizeof(struct byte_stream) <= BYTE_STREAM_BYTES, "as the header says");

struct byte_stream *byte_stream_create(int fd)
{
	struct byte_stream *s = memory_calloc(1, sizeof *s);
	s->fd = fd;
	return s;
}

void byte_stream_share(struct byte_stream *s, struct input_budget *budget)
{
	assert(!s->looked);
	s->budget = budget;
}

/* What the member we are in, or the next one, may take. */
static uint64_t grant(const struct byte_stream *s)
{
	uint64_t left = s->budget != NULL ? input_budget_left(s->budget) + s->held : UNPACKER_MOST;
	return left < UNPACKER_MOST ? left : UNPACKER_MOST;
}

static void account(struct byte_stream *s, uint64_t holds)
{
	if (s->budget != NULL) {
		s->budget->used = s->budget->used - s->held + holds;
		s->budget->unpacks |= holds > SMALL_WINDOW;
	}
	s->held = holds;
}

static void stop_member(struct byte_stream *s)
{
	if (s->member != NULL)
		s->unpacker->stop(s->member);
	s->member = NULL;
	account(s, 0);
}

void byte_stream_destroy(struct byte_stream *s)
{
	if (s == NULL)
		return;
	stop_member(s);
	close(s->fd);
	free(s);
}

static size_t end_with_fault(struct byte_stream *s, const char *fault)
{
	s->fault = fault;
	s->ended = true;
	stop_member(s);
	return 0;
}

/* Bytes read from the file; 0 at its end or when the system cannot read on. */
static size_t read_raw(struct byte_stream *s, void *out, size_t size)
{
	ssize_t got;
	do {
		got = read(s->fd, out, size);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		s->fault = "cannot be read on: the system reports an input error";
		return 0;
	}
	s->taken += (uint64_t)got;
	return (size_t)got;
}

/* True when at least `size` bytes of input are at hand; reads more if there are fewer. */
static bool have_input(struct byte_stream *s, size_t size)
{
	if (s->to - s->at >= size)
		return true;
	memmove(s->input, s->input + s->at, s->to - s->at);
	s->to -= s->at;
	s->at = 0;
	while (s->to < size) {
		size_t got = read_raw(s, s->input + s->to, sizeof s->input - s->to);
		if (got == 0)
			return false;
		s->to += got;
	}
	return true;
}

static size_t read_plain(struct byte_stream *s, void *out, size_t size)
{
	size_t left = s->to - s->at;
	if (left > 0) {
		size_t part = left < size ? left : size;
		memcpy(out, s->input + s->at, part);
		s->at += part;
		return part;
	}
	size_t got = read_raw(s, out, size);
	s->ended = got == 0;
	return got;
}

/* Between two members: true when the next one has been started. */
static bool start_member(struct byte_stream *s)
{
	while (have_input(s, 1) && s->input[s->at] == 0)
		s->at++;
	(void)have_input(s, UNPACKER_MAGIC_MAX);
	if (s->at == s->to) {
		s->ended = true;
		return false;
	}
	const struct unpacker *next = unpacker_for_magic(s->input + s->at, s->to - s->at);
	if (next == NULL)
		return end_with_fault(s, "other bytes follow the packed ones");
	s->unpacker = next;
	s->member = next->start(grant(s));
	if (s->member == NULL)
		return end_with_fault(s, "no memory left to unpack it");
	return true;
}

static const char asks_for_more_than_any[] =
	"asks for more than 64 MiB of memory to unpack; unpack it with its own tool first";
static const char asks_for_too_much[] =
	"asks for more memory to unpack than there is; say --memory SIZE, or unpack it with its own tool first";

/* One step into `out`; the bytes written. Without any, the stream has ended or must be stepped
 * again. */
static size_t step_member(struct byte_stream *s, uint8_t *out, size_t size)
{
	struct unpacker_span span = {s->input + s->at, s->to - s->at, out, size};
	const char *fault = NULL;
	(void)s->unpacker->hold(s->member, grant(s));
	enum unpacker_result result = s->unpacker->step(s->member, &span, &fault);
	account(s, s->unpacker->hold(s->member, grant(s)));
	size_t eaten = s->to - s->at - span.in_left, written = size - span.out_left;
	s->at += eaten;
	switch (result) {
	case UNPACKER_MEMBER:
		stop_member(s);
		break;
	case UNPACKER_FAULT:
		end_with_fault(s, fault);
		break;
	case UNPACKER_LARGE:
		end_with_fault(
			s, grant(s) < UNPACKER_MOST ? asks_for_too_much : asks_for_more_than_any);
		break;
	case UNPACKER_MORE:
		if (written > 0 || eaten > 0)
			break;
		if (s->at < s->to)
			end_with_fault(s, "broken data");
		else if (!have_input(s, 1))
			end_with_fault(s, s->fault != NULL ? s->fault : "cut off before its end");
		break;
	}
	return written;
}

static size_t read_packed(struct byte_stream *s, uint8_t *out, size_t size)
{
	size_t written = 0;
	while (written == 0 && !s->ended) {
		if (s->member != NULL || start_member(s))
			written = step_member(s, out, size);
	}
	return written;
}

size_t byte_stream_read(struct byte_stream *s, void *out, size_t size)
{
	assert(size > 0);
	if (s->ended)
		return 0;
	if (!s->looked) {
		(void)have_input(s, UNPACKER_MAGIC_MAX);
		s->unpacker = unpacker_for_magic(s->input, s->to);
		s->looked = true;
	}
	return s->unpacker == NULL ? read_plain(s, out, size) : read_packed(s, out, size);
}

const char *byte_stream_fault(const struct byte_stream *s)
{
	return s->fault;
}

const char *byte_stream_packing(const struct byte_stream *s)
{
	return s->unpacker != NULL ? s->unpacker->name : NULL;
}

uint64_t byte_stream_taken(const struct byte_stream *s)
{
	return s->taken;
}
