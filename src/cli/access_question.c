/* SPDX-License-Identifier: ISC */
#include "cli/access_question.h"

#include "base/diag.h"
#include "base/text_buffer.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

static bool take_text(char out[ACCESS_TEXT_SIZE], const char *text, size_t length, const char *who,
	const char *what)
{
	if (length < ACCESS_TEXT_SIZE) {
		memcpy(out, text, length);
		out[length] = '\0';
		return true;
	}
	diag_error("%s: %s is longer than %d characters", who, what, ACCESS_TEXT_SIZE - 1);
	return false;
}

/* Takes the brackets off "[2001:db8::1]". */
static size_t inside_brackets(const char **text)
{
	size_t length = strlen(*text);
	if (length < 3 || (*text)[0] != '[' || (*text)[length - 1] != ']')
		return length;
	(*text)++;
	return length - 2;
}

unsigned access_question_find(const char *name, struct addr out[ACCESS_QUESTION_ADDRESSES])
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *all = NULL;
	unsigned count = 0;
	if (getaddrinfo(name, NULL, &hints, &all) != 0)
		return 0;
	for (const struct addrinfo *i = all; i && count < ACCESS_QUESTION_ADDRESSES;
		i = i->ai_next) {
		char text[64];
		unsigned seen = 0;
		if (getnameinfo(i->ai_addr, i->ai_addrlen, text, sizeof text, NULL, 0,
			    NI_NUMERICHOST) != 0 ||
			!addr_parse(text, strcspn(text, "%"), &out[count]))
			continue;
		while (seen < count && !addr_equal(&out[seen], &out[count]))
			seen++;
		count += seen == count;
	}
	freeaddrinfo(all);
	return count;
}

/* A name of ours stands for its address, if that is one. */
static bool find_server(struct access_trial *t, const char *who, const char *name)
{
	struct addr found[ACCESS_QUESTION_ADDRESSES];
	char memory[512];
	struct text_buffer all = text_buffer_over(memory, sizeof memory);
	unsigned count = access_question_find(name, found);
	for (unsigned i = 0; i < count; i++)
		text_buffer_printf(&all, "%s%s", i > 0 ? ", " : "", addr_to_text(&found[i]).text);
	if (count == 1) {
		snprintf(t->address[ACCESS_SERVER], sizeof t->address[ACCESS_SERVER], "%s",
			addr_to_text(&found[0]).text);
		return true;
	}
	if (count == 0)
		diag_error("%s: no address is known for the server %s", who, name);
	else
		diag_error("%s: %s has more than one address; name one of them: %s", who, name,
			memory);
	return false;
}

bool access_question_take_service(
	struct access_trial *t, const char *who, const char *word, const char *server)
{
	const char *at = strchr(word, '@');
	char host[ACCESS_TEXT_SIZE];
	struct addr a;
	if (!take_text(
		    t->daemon, word, at ? (size_t)(at - word) : strlen(word), who, "the service"))
		return false;
	if (t->daemon[0] == '\0') {
		diag_error("%s: there is no service before '@'", who);
		return false;
	}
	if (server == NULL && at == NULL)
		return true;
	const char *name = server ? server : at + 1;
	size_t length = inside_brackets(&name);
	if (!take_text(host, name, length, who, "the server"))
		return false;
	if (!addr_parse(host, strlen(host), &a))
		return find_server(t, who, host);
	memcpy(t->address[ACCESS_SERVER], host, sizeof host);
	return true;
}

bool access_question_take_client(struct access_trial *t, const char *who, const char *word,
	const char *name, char host[ACCESS_TEXT_SIZE])
{
	const char *at = strchr(word, '@'), *rest = at ? at + 1 : word;
	if (at != NULL && !take_text(t->user, word, (size_t)(at - word), who, "the user"))
		return false;
	if (name != NULL && !take_text(t->name[ACCESS_CLIENT], name, strlen(name), who, "the name"))
		return false;
	size_t length = inside_brackets(&rest);
	if (length > 0)
		return take_text(host, rest, length, who, "the client");
	diag_error("%s: the client is an address, a name, or USER@HOST", who);
	return false;
}

bool access_question_is_nobody(const char *host)
{
	return strcasecmp(host, "unknown") == 0 || strcasecmp(host, "paranoid") == 0;
}

/* Where the address ends: before a length, a port, or the bracket before that. */
static size_t end_of_address(const char *host)
{
	const char *colon = strchr(host, ':');
	size_t length = strcspn(host, "/]");
	bool is_port = host[length] == '\0' && colon != NULL && strchr(colon + 1, ':') == NULL;
	return is_port ? (size_t)(colon - host) : length;
}

/* "192.0.2.0/24", "192.0.2.7:22", "[2001:db8::7]:22": an address, and more. */
static bool is_longer(const char *who, const char *host)
{
	struct addr a;
	const char *begin = host + (*host == '[');
	size_t length = end_of_address(begin);
	if (begin[length] == '\0' || !addr_parse(begin, length, &a))
		return false;
	diag_error("%s: %s: more than an address; is %s meant?", who, host, addr_to_text(&a).text);
	return true;
}

bool access_question_is_odd(const char *who, const char *host)
{
	if (is_longer(who, host))
		return true;
	struct in_addr four;
	struct addr whole;
	if (addr_parse(host, strlen(host), &whole) || inet_aton(host, &four) == 0)
		return false;
	whole = addr_from_v4(ntohl(four.s_addr));
	diag_error("%s: %s: no whole address; is %s meant?", who, host,
		addr_to_text(&whole).text);
	return true;
}
