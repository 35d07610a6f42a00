/* SPDX-License-Identifier: ISC */
/*
 * eval_*: what is known of a request, found out at the first question and kept in the request. The texts that are put
 * together from two parts stand in memory of the thread, where the original had one for all.
 */
#include "libwrap/libwrap_abi.h"
#include "libwrap/wrap_sin.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char client_text[2 * STRING_LENGTH];
static _Thread_local char server_text[2 * STRING_LENGTH];
static _Thread_local char port_text[8];

static bool is_unknown(const char *text)
{
	return strcasecmp(text, STRING_UNKNOWN) == 0;
}

char *eval_user(struct request_info *request)
{
	if (request->user[0] == '\0') {
		memcpy(request->user, STRING_UNKNOWN, sizeof STRING_UNKNOWN);
		if (!request->sink && request->client->sin && request->server->sin) {
			union wrap_sin client = wrap_sin_of(request->client), server = wrap_sin_of(request->server);
			rfc931(&client.any, &server.any, request->user);
		}
	}
	return request->user;
}

char *eval_hostaddr(struct host_info *host)
{
	if (host->addr[0] == '\0') {
		memcpy(host->addr, STRING_UNKNOWN, sizeof STRING_UNKNOWN);
		if (host->request->hostaddr)
			host->request->hostaddr(host);
	}
	return host->addr;
}

char *eval_hostname(struct host_info *host)
{
	if (host->name[0] == '\0') {
		memcpy(host->name, STRING_UNKNOWN, sizeof STRING_UNKNOWN);
		if (host->request->hostname)
			host->request->hostname(host);
	}
	return host->name;
}

char *eval_hostinfo(struct host_info *host)
{
	if (host->name[0] != '\0' && !is_unknown(host->name) && strcasecmp(host->name, STRING_PARANOID) != 0)
		return host->name;
	return eval_hostaddr(host);
}

char *eval_client(struct request_info *request)
{
	char *host = eval_hostinfo(request->client);
	if (request->user[0] == '\0' || is_unknown(request->user))
		return host;
	snprintf(client_text, sizeof client_text, "%.127s@%.127s", request->user, host);
	return client_text;
}

char *eval_server(struct request_info *request)
{
	char *host = eval_hostinfo(request->server);
	if (is_unknown(host))
		return request->daemon;
	snprintf(server_text, sizeof server_text, "%.127s@%.127s", request->daemon, host);
	return server_text;
}

/* Both families have the port in the same place. */
char *eval_port(struct sockaddr *address)
{
	unsigned port = 0;
	if (address && (address->sa_family == AF_INET || address->sa_family == AF_INET6)) {
		const struct sockaddr_in *in = (const void *)address;
		port = ntohs(in->sin_port);
	}
	snprintf(port_text, sizeof port_text, "%u", port);
	return port_text;
}
