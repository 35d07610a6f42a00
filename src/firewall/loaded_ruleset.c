/* SPDX-License-Identifier: ISC */
#include "firewall/loaded_ruleset.h"

#include "base/memory.h"
#include "base/text_buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <nftables/libnftables.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The answer as text that the caller frees; null with errno. */
static char *list(unsigned flags, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	char *text = NULL;
	if (nft == NULL) {
		text_buffer_add(&message, "nftables cannot be asked");
		errno = ENOMEM;
		return NULL;
	}
	nft_ctx_output_set_flags(nft, flags);
	errno = 0;
	if (nft_ctx_buffer_output(nft) == 0 && nft_ctx_buffer_error(nft) == 0 &&
		nft_run_cmd_from_buffer(nft, "list ruleset") == 0) {
		text = memory_strdup(nft_ctx_get_output_buffer(nft));
	} else {
		int kept = errno != 0 ? errno : EIO;
		const char *words = nft_ctx_get_error_buffer(nft);
		text_buffer_add(&message, "nftables: ");
		text_buffer_add_escaped(&message, words, words ? strcspn(words, "\n") : 0);
		errno = kept;
	}
	int kept = errno;
	nft_ctx_free(nft);
	errno = kept;
	return text;
}

/* The names of the tables stand in the file, a line each. No file: the old machine is not even loaded. */
static void add_legacy(const char *path, const char *family, struct text_buffer *out)
{
	char names[256];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ssize_t got = read(fd, names, sizeof names - 1);
	close(fd);
	if (got <= 0)
		return;
	names[got] = '\0';
	for (char *at = names; *at != '\0';) {
		size_t length = strcspn(at, "\n");
		text_buffer_printf(out, "%s%s ", out->used ? ", " : "", family);
		text_buffer_add_escaped(out, at, length);
		at += length + (at[length] == '\n');
	}
}

bool loaded_ruleset_read(struct loaded_ruleset *out, char *error, size_t error_size)
{
	*out = (struct loaded_ruleset){0};
	if (geteuid() != 0) {
		struct text_buffer message = text_buffer_over(error, error_size);
		text_buffer_add(&message, "only root may see which ruleset is loaded");
		errno = EPERM;
		return false;
	}
	out->json = list(NFT_CTX_OUTPUT_JSON, error, error_size);
	if (out->json != NULL)
		out->listing = list(
			NFT_CTX_OUTPUT_HANDLE | NFT_CTX_OUTPUT_NUMERIC_PRIO, error, error_size);
	if (out->listing == NULL) {
		int kept = errno;
		loaded_ruleset_clear(out);
		errno = kept;
		return false;
	}
	struct text_buffer legacy = text_buffer_over(out->legacy, sizeof out->legacy);
	add_legacy("/proc/net/ip_tables_names", "ip", &legacy);
	add_legacy("/proc/net/ip6_tables_names", "ip6", &legacy);
	return true;
}

void loaded_ruleset_clear(struct loaded_ruleset *r)
{
	free(r->json);
	free(r->listing);
	*r = (struct loaded_ruleset){0};
}
