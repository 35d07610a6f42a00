/* SPDX-License-Identifier: ISC */
#include "packed_bytes.h"

#include "base/memory.h"

#include <assert.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

const char *packed_bytes_form_name(enum packed_bytes_form form)
{
	static const char *const names[PACKED_BYTES_FORMS] = {"plain", "gzip", "xz", "zstd"};
	return names[form];
}

static size_t pack_gzip(uint8_t *out, size_t room, const void *plain, size_t size)
{
	z_stream z = {0};
	int code = deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
	assert(code == Z_OK);
	z.next_in = (Bytef *)(uintptr_t)plain;
	z.avail_in = (unsigned)size;
	z.next_out = out;
	z.avail_out = (unsigned)room;
	code = deflate(&z, Z_FINISH);
	assert(code == Z_STREAM_END);
	deflateEnd(&z);
	return room - z.avail_out;
}

static size_t pack_xz(uint8_t *out, size_t room, const void *plain, size_t size)
{
	size_t used = 0;
	lzma_ret code =
		lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL, plain, size, out, &used, room);
	assert(code == LZMA_OK);
	return used;
}

static size_t pack_zstd(uint8_t *out, size_t room, const void *plain, size_t size)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	size_t used = ZSTD_compress2(c, out, room, plain, size);
	assert(!ZSTD_isError(used));
	ZSTD_freeCCtx(c);
	return used;
}

void packed_bytes_add_raw(struct packed_bytes *p, const void *bytes, size_t size)
{
	p->bytes = memory_realloc(p->bytes, p->size + size);
	if (size > 0)
		memcpy(p->bytes + p->size, bytes, size);
	p->size += size;
}

void packed_bytes_add(
	struct packed_bytes *p, enum packed_bytes_form form, const void *plain, size_t size)
{
	size_t room = size + size / 8 + 4096;
	uint8_t *out = memory_calloc(room, 1);
	size_t used = 0;
	switch (form) {
	case PACKED_BYTES_GZIP:
		used = pack_gzip(out, room, plain, size);
		break;
	case PACKED_BYTES_XZ:
		used = pack_xz(out, room, plain, size);
		break;
	case PACKED_BYTES_ZSTD:
		used = pack_zstd(out, room, plain, size);
		break;
	case PACKED_BYTES_PLAIN:
	case PACKED_BYTES_FORMS:
		memcpy(out, plain, size);
		used = size;
		break;
	}
	packed_bytes_add_raw(p, out, used);
	free(out);
}

void packed_bytes_clear(struct packed_bytes *p)
{
	free(p->bytes);
	*p = (struct packed_bytes){0};
}
