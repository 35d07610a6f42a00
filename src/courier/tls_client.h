/* SPDX-License-Identifier: ISC */
/*
 * tls_client - one TLS connection to another machine, without waiting for it.
 *
 * The certificate of the other side must lead to one of the authorities in a file and name the host; what proves
 * itself otherwise is not spoken to. TLS 1.2 and later. Only the search for the host's addresses may wait (as
 * long as the resolver does), so this belongs into a process of its own.
 *
 * What was written is out of our hands but not there yet: tls_client_acknowledged tells how much of it the other
 * machine's kernel has confirmed. Source of fact: tcp(7), SIOCOUTQ; RFC 5425.
 */
#ifndef KW_COURIER_TLS_CLIENT_H
#define KW_COURIER_TLS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLS_CLIENT_DEAD_MS 30000 /* what is not confirmed by then ends the connection */

struct tls_client_options {
	const char *host, *port;       /* a name or an address; a number. Copied */
	const char *authorities;       /* file, PEM: who may have signed its certificate */
	const char *name;              /* that the certificate must hold; null = host. Copied */
	const char *certificate, *key; /* files, PEM: ours; null = we show none, in the same file */
};

enum tls_client_state { TLS_CLIENT_DOWN, TLS_CLIENT_CONNECTING, TLS_CLIENT_SHAKING, TLS_CLIENT_UP };

struct tls_client;

/* Reads the files. Null with a message in `error`. */
struct tls_client *tls_client_create(
	const struct tls_client_options *o, char *error, size_t error_size);
/* Accepts null. */
void tls_client_destroy(struct tls_client *c);

/* Begins anew, to the next of the host's addresses. */
void tls_client_connect(struct tls_client *c);
/* Goes on with what is possible now. DOWN after another state: it failed, and why is told. */
enum tls_client_state tls_client_step(struct tls_client *c);
/* Why it is down: "192.0.2.7: Connection refused". Printable. */
const char *tls_client_why(const struct tls_client *c);

/* For poll; -1 while down. `events` gets what it waits for; `more` = there is something to write. */
int tls_client_fd(const struct tls_client *c, bool more, short *events);

/* While UP. Returns the bytes taken, 0 if none can be now (or it went down). A message must be offered again from where it
 * was left. */
size_t tls_client_write(struct tls_client *c, const char *bytes, size_t size);

/* Of this connection, in bytes on the wire: all that was given to the kernel; of these what the other kernel has. */
uint64_t tls_client_sent(const struct tls_client *c);
uint64_t tls_client_acknowledged(const struct tls_client *c);

/* Says good-bye and is down. */
void tls_client_close(struct tls_client *c);

#endif
