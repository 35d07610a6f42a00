/* SPDX-License-Identifier: ISC */
#define ZLIB_CONST /* zlib promises not to write into its input */
#include "input/unpacker.h"

#include <limits.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

static unsigned at_most_uint(size_t size)
{
	return size < UINT_MAX ? (unsigned)size : UINT_MAX;
}

static void *start_gzip(uint64_t most)
{
	(void)most; /* 32 KiB of window, whatever the file says */
	z_stream *z = calloc(1, sizeof *z);
	if (z != NULL &&
		inflateInit2(z, 16 + MAX_WBITS) != Z_OK) { /* 16: a gzip header, nothing else */
		free(z);
		z = NULL;
	}
	return z;
}

static enum unpacker_result step_gzip(void *state, struct unpacker_span *span, const char **fault)
{
	z_stream *z = state;
	unsigned in = at_most_uint(span->in_left), out = at_most_uint(span->out_left);
	z->next_in = span->in;
	z->avail_in = in;
	z->next_out = span->out;
	z->avail_out = out;
	int code = inflate(z, Z_NO_FLUSH);
	span->in += in - z->avail_in;
	span->in_left -= in - z->avail_in;
	span->out += out - z->avail_out;
	span->out_left -= out - z->avail_out;
	if (code == Z_STREAM_END)
		return UNPACKER_MEMBER;
	if (code == Z_OK || code == Z_BUF_ERROR)
		return UNPACKER_MORE;
	*fault = z->msg != NULL ? z->msg : "broken data"; /* zlib's texts are constants */
	return UNPACKER_FAULT;
}

static uint64_t hold_gzip(void *state, uint64_t most)
{
	(void)state;
	(void)most;
	return 48 * 1024; /* zlib.h: 32 KiB and about 7; malloc rounds up */
}

static void stop_gzip(void *state)
{
	inflateEnd(state);
	free(state);
}

static void *start_xz(uint64_t most)
{
	lzma_stream *x = calloc(1, sizeof *x);
	if (x != NULL && lzma_stream_decoder(x, most, 0) != LZMA_OK) {
		free(x);
		x = NULL;
	}
	return x;
}

static uint64_t hold_xz(void *state, uint64_t most)
{
	(void)lzma_memlimit_set(state, most); /* refused below what is held: then that stays */
	return lzma_memusage(state);
}

static const char *xz_fault_text(lzma_ret code)
{
	if (code == LZMA_OPTIONS_ERROR)
		return "uses options this liblzma does not know";
	return code == LZMA_MEM_ERROR ? "no memory left to unpack it" : "broken data";
}

static enum unpacker_result step_xz(void *state, struct unpacker_span *span, const char **fault)
{
	lzma_stream *x = state;
	x->next_in = span->in;
	x->avail_in = span->in_left;
	x->next_out = span->out;
	x->avail_out = span->out_left;
	lzma_ret code = lzma_code(x, LZMA_RUN);
	span->in = x->next_in;
	span->in_left = x->avail_in;
	span->out = x->next_out;
	span->out_left = x->avail_out;
	if (code == LZMA_STREAM_END)
		return UNPACKER_MEMBER;
	if (code == LZMA_OK || code == LZMA_BUF_ERROR)
		return UNPACKER_MORE;
	if (code == LZMA_MEMLIMIT_ERROR)
		return UNPACKER_LARGE;
	*fault = xz_fault_text(code);
	return UNPACKER_FAULT;
}

static void stop_xz(void *state)
{
	lzma_end(state);
	free(state);
}

/*
 * When libzstd finds a fault it does not tell how much it wrote in the same call. So it gets no
 * more than one block a call: what the last call asked for, without the header of the block behind,
 * which is part of that hint.
 */
struct zstd_member {
	ZSTD_DCtx *context;
	size_t hint; /* bytes libzstd asks for; more may be given, and less */
};

enum {
	ZSTD_BLOCK_HEADER = 3,    /* RFC 8878, 3.1.1.2 */
	ZSTD_WINDOWLOG_LEAST = 10 /* 3.1.1.1.2 */
};

/* The largest window that fits beside the rest. */
static int window_log_within(uint64_t most)
{
	int log = UNPACKER_WINDOW_LOG;
	while (log > ZSTD_WINDOWLOG_LEAST && (UINT64_C(1) << log) + UNPACKER_BESIDE > most)
		log--;
	return log;
}

static void *start_zstd(uint64_t most)
{
	struct zstd_member *m = calloc(1, sizeof *m);
	if (m == NULL || (m->context = ZSTD_createDCtx()) == NULL) {
		free(m);
		return NULL;
	}
	ZSTD_DCtx_setParameter(m->context, ZSTD_d_windowLogMax, window_log_within(most));
	return m;
}

static enum unpacker_result step_zstd(void *state, struct unpacker_span *span, const char **fault)
{
	struct zstd_member *m = state;
	size_t feed = m->hint > ZSTD_BLOCK_HEADER ? m->hint - ZSTD_BLOCK_HEADER : 1;
	ZSTD_inBuffer in = {span->in, feed < span->in_left ? feed : span->in_left, 0};
	ZSTD_outBuffer out = {span->out, span->out_left, 0};
	size_t code = ZSTD_decompressStream(m->context, &out, &in);
	span->in += in.pos;
	span->in_left -= in.pos;
	span->out += out.pos;
	span->out_left -= out.pos;
	m->hint = code;
	if (code == 0)
		return UNPACKER_MEMBER;
	if (!ZSTD_isError(code))
		return UNPACKER_MORE;
	if (ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge)
		return UNPACKER_LARGE;
	*fault = ZSTD_getErrorName(code); /* a constant */
	return UNPACKER_FAULT;
}

static uint64_t hold_zstd(void *state, uint64_t most)
{
	(void)most; /* a frame has one window: what was granted at its start */
	return ZSTD_sizeof_DCtx(((struct zstd_member *)state)->context);
}

static void stop_zstd(void *state)
{
	struct zstd_member *m = state;
	ZSTD_freeDCtx(m->context);
	free(m);
}

static const struct unpacker unpackers[] = {
	{"gzip", {0x1f, 0x8b, 0x08}, 3, 0xff, start_gzip, hold_gzip, step_gzip, stop_gzip},
	{"xz", {0xfd, '7', 'z', 'X', 'Z', 0x00}, 6, 0xff, start_xz, hold_xz, step_xz, stop_xz},
	{"zstd", {0x28, 0xb5, 0x2f, 0xfd}, 4, 0xff, start_zstd, hold_zstd, step_zstd, stop_zstd},
	{"zstd", {0x50, 0x2a, 0x4d, 0x18}, 4, 0xf0, start_zstd, hold_zstd, step_zstd, stop_zstd},
};

const struct unpacker *unpacker_for_magic(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < sizeof unpackers / sizeof unpackers[0]; i++) {
		const struct unpacker *u = &unpackers[i];
		if (size >= u->magic_length && (bytes[0] & u->first_mask) == u->magic[0] &&
			memcmp(bytes + 1, u->magic + 1, u->magic_length - 1u) == 0)
			return u;
	}
	return NULL;
}
