/* SPDX-License-Identifier: ISC */
/*
 * syslog_tls - what the TLS of a syslog receiver (RFC 5425) needs: certificate, key, and whose
 * certificates are asked for.
 *
 * Read with rights, once; a renewed certificate wants a restart. TLS 1.2 and later; no renegotiation, no
 * tickets, no cache: every connection proves itself anew.
 */
#ifndef KW_SENSOR_SYSLOG_TLS_H
#define KW_SENSOR_SYSLOG_TLS_H

#include <openssl/types.h>
#include <stddef.h>

struct syslog_tls_options {
	const char *certificate; /* file, PEM: ours and those that lead to its authority */
	const char *key;         /* file, PEM; null = in the same file */
	const char *
		clients; /* file, PEM: authorities of the certificates that senders must show; null =
	                        none is asked for */
};

/* Null with a message in `error`. Free it with SSL_CTX_free. */
SSL_CTX *syslog_tls_create(const struct syslog_tls_options *o, char *error, size_t error_size);

#endif
