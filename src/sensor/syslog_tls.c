/* SPDX-License-Identifier: ISC */
#include "sensor/syslog_tls.h"

#include "base/text_buffer.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdbool.h>

static bool fail(const char *file, const char *what, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	const char *reason = ERR_reason_error_string(ERR_get_error());
	text_buffer_printf(&message, "%s: %s: %s", file, what, reason ? reason : "unreadable");
	ERR_clear_error();
	return false;
}

static bool load_certificate(
	SSL_CTX *context, const struct syslog_tls_options *o, char *error, size_t error_size)
{
	const char *key = o->key ? o->key : o->certificate;
	if (SSL_CTX_use_certificate_chain_file(context, o->certificate) != 1)
		return fail(o->certificate, "holds no certificate", error, error_size);
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
		return fail(key, "holds no key that fits the certificate", error, error_size);
	return true;
}

/* Who sends must show a certificate that one of these authorities has signed. */
static bool ask_for_clients(SSL_CTX *context, const char *file, char *error, size_t error_size)
{
	STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(file);
	if (names == NULL || SSL_CTX_load_verify_locations(context, file, NULL) != 1) {
		sk_X509_NAME_pop_free(names, X509_NAME_free);
		return fail(file, "holds no certificate of an authority", error, error_size);
	}
	SSL_CTX_set_client_CA_list(context, names);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	return true;
}

/* No question for a passphrase: nobody sits there to answer. */
static int give_no_passphrase(char *buffer, int size, int writing, void *context)
{
	(void)buffer, (void)size, (void)writing, (void)context;
	return 0;
}

SSL_CTX *syslog_tls_create(const struct syslog_tls_options *o, char *error, size_t error_size)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	if (context == NULL) {
		(void)fail("TLS", "cannot be set up", error, error_size);
		return NULL;
	}
	SSL_CTX_set_default_passwd_cb(context, give_no_passphrase);
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
					     SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_num_tickets(context, 0);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	if (load_certificate(context, o, error, error_size) &&
		(o->clients == NULL || ask_for_clients(context, o->clients, error, error_size)))
		return context;
	SSL_CTX_free(context);
	return NULL;
}
