/* SPDX-License-Identifier: ISC */
#include "access/access_word_file.h"

#include "access/access_reader.h"
#include "access/access_text.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { BUFFER_SIZE = 64 << 10 };

int access_word_file_open(struct access_word_file *f, const char *path)
{
	*f = (struct access_word_file){.fd = access_reader_open(path)};
	if (f->fd < 0)
		return -1;
	f->buffer = malloc(BUFFER_SIZE);
	if (f->buffer)
		return 0;
	access_word_file_close(f);
	errno = ENOMEM;
	return -1;
}

void access_word_file_close(struct access_word_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	free(f->buffer);
	*f = (struct access_word_file){.fd = -1};
}

static bool refill(struct access_word_file *f)
{
	memmove(f->buffer, f->buffer + f->start, f->end - f->start);
	f->end -= f->start;
	f->start = 0;
	ssize_t n;
	do {
		n = read(f->fd, f->buffer + f->end, BUFFER_SIZE - f->end);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return false;
	f->at_end = n == 0;
	f->end += (size_t)n;
	return true;
}

static void cut_at_nul(struct text_slice *word)
{
	const char *nul = memchr(word->start, '\0', word->length);
	if (nul)
		word->length = (size_t)(nul - word->start);
}

enum access_word_file_result access_word_file_next(struct access_word_file *f, struct text_slice *word)
{
	for (;;) {
		while (f->start < f->end && access_text_is_blank(f->buffer[f->start]))
			f->start++;
		size_t i = f->start;
		while (i < f->end && !access_text_is_blank(f->buffer[i]))
			i++;
		if (i - f->start > ACCESS_WORD_FILE_WORD_MAX) {
			errno = EFBIG;
			return ACCESS_WORD_FILE_FAILED;
		}
		if (i > f->start && (i < f->end || f->at_end)) {
			*word = (struct text_slice){f->buffer + f->start, i - f->start};
			f->start = i;
			cut_at_nul(word);
			return ACCESS_WORD_FILE_WORD;
		}
		if (f->at_end)
			return ACCESS_WORD_FILE_END;
		if (!refill(f))
			return ACCESS_WORD_FILE_FAILED;
	}
}
