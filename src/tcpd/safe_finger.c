/* SPDX-License-Identifier: ISC */
/*
 * safe_finger [-l] [-t seconds] [--] user@host ...: asks a host's finger service who that is, and trusts nothing of the answer.
 *
 * It is typed by nobody but run by a rule of hosts.deny about whoever knocks, so that the other side chooses what
 * comes back, how much, and how slowly. The classic one was a filter around the program finger, which is no longer
 * installed anywhere; this one speaks the protocol itself. It gives up root first (nobody), asks only hosts that are
 * named, prints what finger_text leaves of the answer, and ends after half a minute (-t), whatever it waits for: one alarm,
 * which no lookup of a name and no slow host can outlast. That is half of what a rule gives its commands (wrap_trap), so
 * that what was found is still mailed.
 *
 * Ends with 0 after an answer, also one that was cut, 1 without one or at the time limit, 2 if called wrongly.
 */
#include "libwrap/wrap_rights.h"
#include "tcpd/finger_query.h"
#include "tcpd/finger_text.h"

#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum {
	SECONDS = 30,         /* for everything; the original's 60 are longer than anybody answers */
	SECONDS_MAX = 600,
	CONNECT_SECONDS = 15, /* for one of a host's addresses */
	PIECE = 1024,         /* bytes read at a time */
};

/* ---- time ------------------------------------------------------------------------------------------------ */

static char last_words[64];

static void give_up(int signal_number)
{
	(void)signal_number;
	if (write(STDOUT_FILENO, last_words, strlen(last_words)) < 0)
		_exit(1);
	_exit(1);
}

static void set_time_limit(unsigned seconds)
{
	const struct sigaction action = {.sa_handler = give_up};
	sigset_t only;
	snprintf(last_words, sizeof last_words, "\n Time limit of %u seconds...\n", seconds);
	sigaction(SIGALRM, &action, NULL);
	sigemptyset(&only);
	sigaddset(&only, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &only, NULL); /* our caller may have blocked it */
	alarm(seconds);
}

/* ---- rights ---------------------------------------------------------------------------------------------- */

static bool give_up_root(void)
{
	char why[WRAP_RIGHTS_WHY_SIZE];
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (getuid() != 0 && geteuid() != 0)
		return true;
	if (wrap_rights_of_user("nobody", NULL, why))
		return true;
	fprintf(stderr, "safe_finger: %s\n", why);
	return false;
}

/* ---- one host -------------------------------------------------------------------------------------------- */

static void print(const struct text_buffer *text)
{
	for (size_t done = 0; done < text->used;) {
		const ssize_t n = write(STDOUT_FILENO, text->text + done, text->used - done);
		if (n < 0 && errno != EINTR)
			exit(1); /* nobody listens */
		done += n > 0 ? (size_t)n : 0;
	}
}

/* What was done so far is printed, even where it ends in the middle of a line. */
static void print_answer(int fd)
{
	uint8_t bytes[PIECE];
	char memory[(PIECE + 1) * FINGER_TEXT_GROWTH + FINGER_TEXT_END];
	struct finger_text text = {0};
	struct text_buffer out;
	bool more = true;
	for (ssize_t n; more && (n = read(fd, bytes, sizeof bytes)) > 0;) {
		out = text_buffer_over(memory, sizeof memory);
		more = finger_text_add(&text, bytes, (size_t)n, &out);
		print(&out);
	}
	out = text_buffer_over(memory, sizeof memory);
	finger_text_end(&text, !more, &out);
	print(&out);
}

static int connect_to(const struct addrinfo *a)
{
	const struct timeval limit = {.tv_sec = CONNECT_SECONDS};
	const int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit); /* connect() keeps it, too: socket(7) */
	if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
		return fd;
	const int failed = errno == EINPROGRESS ? ETIMEDOUT : errno;
	close(fd);
	errno = failed;
	return -1;
}

static bool ask(const struct finger_query *query)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	char port[8];
	struct addrinfo *list = NULL;
	int fd = -1;
	snprintf(port, sizeof port, "%d", FINGER_QUERY_PORT);
	const int failed = getaddrinfo(query->host, port, &hints, &list);
	if (failed != 0) {
		fprintf(stderr, "safe_finger: %s: %s\n", query->host, gai_strerror(failed));
		return false;
	}
	for (const struct addrinfo *a = list; a && fd < 0; a = a->ai_next)
		fd = connect_to(a);
	if (fd < 0)
		fprintf(stderr, "safe_finger: %s: %s\n", query->host, strerror(errno));
	freeaddrinfo(list);
	if (fd < 0)
		return false;
	const size_t length = strlen(query->line);
	const bool sent = send(fd, query->line, length, MSG_NOSIGNAL) == (ssize_t)length;
	if (sent)
		print_answer(fd);
	close(fd);
	return sent;
}

enum outcome {
	ANSWERED = 0,
	SILENT = 1,
	NO_TARGET = 2,
};

static enum outcome finger(const char *target, bool whole)
{
	struct finger_query query;
	const char *why;
	char head[FINGER_QUERY_HOST_SIZE + 8];
	if (!finger_query_read(target, whole, &query, &why)) {
		char safe[256];
		struct text_buffer told = text_buffer_over(safe, sizeof safe);
		text_buffer_add_escaped(&told, target, strlen(target));
		fprintf(stderr, "safe_finger: %s: %s\n", safe, why);
		return NO_TARGET;
	}
	struct text_buffer out = text_buffer_over(head, sizeof head);
	text_buffer_printf(&out, " [%s]\n", query.host);
	print(&out);
	return ask(&query) ? ANSWERED : SILENT;
}

/* 0: it is none. */
static unsigned read_seconds(const char *text)
{
	char *end;
	errno = 0;
	const unsigned long n = strtoul(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && n <= SECONDS_MAX ? (unsigned)n : 0;
}

static void print_usage(FILE *to)
{
	fprintf(to,
		"usage: safe_finger [-l] [-t seconds] [--] [user]@host ...\n"
		"seconds: 1 to %d, %d if not said; -l asks for the long answer; behind -- there are no options\n",
		SECONDS_MAX, SECONDS);
}

struct order {
	bool whole, help;
	unsigned seconds;
};

/* False where it is called wrongly. Else the hosts begin at optind. */
static bool read_order(int argc, char **argv, struct order *o)
{
	static const struct option words[] = {{"help", no_argument, NULL, 'h'}, {0}};
	*o = (struct order){.seconds = SECONDS};
	opterr = 0; /* an option may be what the other side says */
	/* -s, -m and -p are finger's and change nothing in what is asked. */
	for (int c; (c = getopt_long(argc, argv, "lsmpt:", words, NULL)) != -1;) {
		if (c == 't')
			o->seconds = read_seconds(optarg);
		if (c == '?' || o->seconds == 0)
			return false;
		o->whole |= c == 'l';
		o->help |= c == 'h';
	}
	return o->help || optind < argc;
}

int main(int argc, char **argv)
{
	struct order order;
	enum outcome worst = ANSWERED;
	if (!read_order(argc, argv, &order)) {
		print_usage(stderr);
		return 2;
	}
	if (order.help) {
		print_usage(stdout);
		return 0;
	}
	if (!give_up_root())
		return 1;
	set_time_limit(order.seconds);
	for (int i = optind; i < argc; i++) {
		const enum outcome one = finger(argv[i], order.whole);
		worst = one > worst ? one : worst;
	}
	return (int)worst;
}
