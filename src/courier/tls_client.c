/* SPDX-License-Identifier: ISC */
#include "courier/tls_client.h"

#include "base/memory.h"
#include "base/text_buffer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct tls_client {
	SSL_CTX *context;
	SSL *tls;
	int fd; /* -1 = none */
	enum tls_client_state state;
	bool wants_write; /* the handshake, or a record that did not fit */
	char *host, *port, *name;
	unsigned attempts; /* chooses among the addresses */
	char why[256];
};

static const char *reason_of_tls(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());
	return reason ? reason : "refused";
}

static bool fail_file(const char *file, const char *what, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	text_buffer_add_escaped(&message, file, strlen(file));
	text_buffer_printf(&message, ": %s: %s", what, reason_of_tls());
	ERR_clear_error();
	return false;
}

/* No question for a passphrase: nobody sits there to answer. */
static int give_no_passphrase(char *buffer, int size, int writing, void *context)
{
	(void)buffer, (void)size, (void)writing, (void)context;
	return 0;
}

static bool read_files(
	SSL_CTX *context, const struct tls_client_options *o, char *error, size_t error_size)
{
	const char *key = o->key ? o->key : o->certificate;
	if (SSL_CTX_load_verify_file(context, o->authorities) != 1)
		return fail_file(
			o->authorities, "holds no certificate of an authority", error, error_size);
	if (o->certificate == NULL)
		return true;
	if (SSL_CTX_use_certificate_chain_file(context, o->certificate) != 1)
		return fail_file(o->certificate, "holds no certificate", error, error_size);
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
		return fail_file(key, "holds no key that fits the certificate", error, error_size);
	return true;
}

struct tls_client *tls_client_create(
	const struct tls_client_options *o, char *error, size_t error_size)
{
	struct tls_client *c = memory_calloc(1, sizeof *c);
	c->fd = -1;
	c->host = memory_strdup(o->host);
	c->port = memory_strdup(o->port);
	c->name = memory_strdup(o->name ? o->name : o->host);
	c->context = SSL_CTX_new(TLS_client_method());
	bool good = c->context != NULL;
	if (!good)
		snprintf(error, error_size, "TLS: %s", reason_of_tls());
	if (good) {
		SSL_CTX_set_default_passwd_cb(c->context, give_no_passphrase);
		SSL_CTX_set_min_proto_version(c->context, TLS1_2_VERSION);
		SSL_CTX_set_options(c->context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
							SSL_OP_IGNORE_UNEXPECTED_EOF);
		SSL_CTX_set_mode(c->context,
			SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
		SSL_CTX_set_verify(c->context, SSL_VERIFY_PEER, NULL);
		good = read_files(c->context, o, error, error_size);
	}
	if (good)
		return c;
	tls_client_destroy(c);
	return NULL;
}

static void drop(struct tls_client *c)
{
	SSL_free(c->tls);
	c->tls = NULL;
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->state = TLS_CLIENT_DOWN;
}

void tls_client_destroy(struct tls_client *c)
{
	if (!c)
		return;
	drop(c);
	SSL_CTX_free(c->context);
	free(c->host);
	free(c->port);
	free(c->name);
	free(c);
}

static void fail(struct tls_client *c, const char *why)
{
	struct text_buffer t = text_buffer_over(c->why, sizeof c->why);
	text_buffer_add_escaped(&t, c->host, strlen(c->host));
	text_buffer_add(&t, ": ");
	text_buffer_add_escaped(&t, why, strlen(why));
	ERR_clear_error();
	drop(c);
}

static void set_options(int fd)
{
	unsigned dead_ms = TLS_CLIENT_DEAD_MS;
	int on = 1, idle_s = TLS_CLIENT_DEAD_MS / 1000, interval_s = 10;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_ms, sizeof dead_ms);
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
}

static void begin(struct tls_client *c, const struct addrinfo *to)
{
	c->fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	if (c->fd < 0) {
		fail(c, strerror(errno));
		return;
	}
	set_options(c->fd);
	if (connect(c->fd, to->ai_addr, to->ai_addrlen) == 0 || errno == EINPROGRESS)
		c->state = TLS_CLIENT_CONNECTING;
	else
		fail(c, strerror(errno));
}

void tls_client_connect(struct tls_client *c)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *list;
	drop(c);
	int result = getaddrinfo(c->host, c->port, &hints, &list);
	if (result != 0) {
		fail(c, gai_strerror(result));
		return;
	}
	struct addrinfo *chosen = list;
	unsigned count = 1; /* a list that was found has one */
	while ((chosen = chosen->ai_next) != NULL)
		count++;
	chosen = list;
	for (unsigned i = c->attempts++ % count; i > 0; i--)
		chosen = chosen->ai_next;
	begin(c, chosen);
	freeaddrinfo(list);
}

/* An address is proved by the addresses of the certificate, a name by its names. */
static bool demand_name(struct tls_client *c)
{
	unsigned char address[16];
	if (inet_pton(AF_INET, c->name, address) == 1 || inet_pton(AF_INET6, c->name, address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(c->tls), c->name) == 1;
	SSL_set_hostflags(c->tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return SSL_set1_host(c->tls, c->name) == 1 &&
	       SSL_set_tlsext_host_name(c->tls, c->name) == 1;
}

static void begin_tls(struct tls_client *c)
{
	int error = 0;
	socklen_t size = sizeof error;
	struct pollfd ready = {c->fd, POLLOUT, 0};
	if (poll(&ready, 1, 0) == 0)
		return;
	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error != 0) {
		fail(c, strerror(error ? error : errno));
		return;
	}
	c->tls = SSL_new(c->context);
	if (c->tls == NULL || SSL_set_fd(c->tls, c->fd) != 1 || !demand_name(c)) {
		fail(c, reason_of_tls());
		return;
	}
	c->state = TLS_CLIENT_SHAKING;
}

static void explain_failed_handshake(struct tls_client *c)
{
	long verdict = SSL_get_verify_result(c->tls);
	char text[200];
	struct text_buffer t = text_buffer_over(text, sizeof text);
	if (verdict != X509_V_OK)
		text_buffer_printf(&t, "its certificate is not believed: %s",
			X509_verify_cert_error_string(verdict));
	else
		text_buffer_printf(&t, "no TLS: %s",
			ERR_peek_last_error() ? reason_of_tls() : "the connection was closed");
	fail(c, text);
}

/* True where it only has to wait. */
static bool is_only_waiting(struct tls_client *c, int result)
{
	int error = SSL_get_error(c->tls, result);
	c->wants_write = error == SSL_ERROR_WANT_WRITE;
	return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

static void shake_hands(struct tls_client *c)
{
	ERR_clear_error();
	int result = SSL_connect(c->tls);
	if (result == 1)
		c->state = TLS_CLIENT_UP;
	else if (!is_only_waiting(c, result))
		explain_failed_handshake(c);
}

/* The other side has nothing to say but that it goes. What it says is thrown away. */
static void listen_for_end(struct tls_client *c)
{
	char bytes[512];
	bool wants_write = c->wants_write;
	ERR_clear_error();
	for (int i = 0; i < 16; i++) {
		int got = SSL_read(c->tls, bytes, sizeof bytes);
		if (got > 0)
			continue;
		if (!is_only_waiting(c, got))
			fail(c, "the connection was closed by the other side");
		break;
	}
	c->wants_write |= wants_write;
}

enum tls_client_state tls_client_step(struct tls_client *c)
{
	if (c->state == TLS_CLIENT_CONNECTING)
		begin_tls(c);
	if (c->state == TLS_CLIENT_SHAKING)
		shake_hands(c);
	else if (c->state == TLS_CLIENT_UP)
		listen_for_end(c);
	return c->state;
}

const char *tls_client_why(const struct tls_client *c)
{
	return c->why;
}

int tls_client_fd(const struct tls_client *c, bool more, short *events)
{
	bool writes = c->state == TLS_CLIENT_CONNECTING || c->wants_write ||
		      (c->state == TLS_CLIENT_UP && more);
	*events = (short)(POLLIN | (writes ? POLLOUT : 0));
	if (c->state == TLS_CLIENT_CONNECTING)
		*events = POLLOUT;
	return c->fd;
}

size_t tls_client_write(struct tls_client *c, const char *bytes, size_t size)
{
	size_t written = 0;
	if (c->state != TLS_CLIENT_UP || size == 0)
		return 0;
	ERR_clear_error();
	int result = SSL_write_ex(c->tls, bytes, size, &written);
	if (result == 1) {
		c->wants_write = false;
		return written;
	}
	if (!is_only_waiting(c, result))
		fail(c, "the connection broke");
	return 0;
}

uint64_t tls_client_sent(const struct tls_client *c)
{
	return c->tls ? BIO_number_written(SSL_get_wbio(c->tls)) : 0;
}

uint64_t tls_client_acknowledged(const struct tls_client *c)
{
	int waiting = 0;
	uint64_t sent = tls_client_sent(c);
	if (c->fd < 0 || ioctl(c->fd, SIOCOUTQ, &waiting) < 0)
		return 0;
	return sent > (uint64_t)waiting ? sent - (uint64_t)waiting : 0;
}

void tls_client_close(struct tls_client *c)
{
	if (c->state == TLS_CLIENT_UP)
		(void)SSL_shutdown(c->tls);
	drop(c);
}
