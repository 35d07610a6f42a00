/* SPDX-License-Identifier: ISC */
/*
 * tcpd: stands before a daemon, and lets in whom hosts.allow and hosts.deny let in.
 *
 * inetd, xinetd or systemd starts it in the place of the daemon, with the client's socket as standard input. It decides,
 * logs, and becomes the daemon, or closes the connection and is gone: no process is left behind for a client that was
 * refused (the original kept one for 5 s). It is the same program as its forerunner in everything that can be
 * relied upon: argv[0] names the daemon, its log lines are those that log watchers know, a UDP service is judged by its
 * first datagram, and IP options are taken off. A daemon of knockwatch that listens is told what was decided, and why.
 */
#include "libwrap/libwrap_abi.h"
#include "libwrap/libwrap_diag.h"
#include "libwrap/libwrap_fix.h"
#include "libwrap/wrap_act.h"
#include "libwrap/wrap_request.h"
#include "tcpd/first_datagram.h"
#include "tcpd/inetd_conf.h"
#include "tcpd/tcpd_whole.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

/*
 * The words the daemon is to be called with. inetd gives them in the place of ours; where a name cannot be given
 * (a unit of systemd) they follow "tcpd". Null if there are none.
 */
static char **find_words(int argc, char **argv)
{
	const bool is_our_name = argc > 0 && text_slice_equals(inetd_conf_base_name(text_slice_of(argv[0])), "tcpd");
	char **words = is_our_name ? argv + 1 : argv;
	return argc > 0 && words[0] && words[0][0] != '\0' ? words : NULL;
}

/* The path of the daemon. The first word becomes what rules call it. */
static bool find_daemon(char **words, char path[PATH_MAX])
{
	struct text_buffer out = text_buffer_over(path, PATH_MAX);
	if (words[0][0] != '/')
		text_buffer_add(&out, INETD_CONF_DAEMONS "/");
	text_buffer_add(&out, words[0]);
	if (words[0][0] == '/')
		words[0] = strrchr(words[0], '/') + 1;
	return !out.cut;
}

static enum access_verdict decide(struct request_info *request)
{
	const struct access_tables tables = wrap_request_tables();
	struct access_answers answers;
	struct access_request q = wrap_request_of(request);
	struct access_decision decision;
	tcpd_whole_guard_request(&q, &answers);
	access_decision_make(&tables, &q, wrap_request_log(), &decision);
	tcpd_whole_guard_options(&decision);
	return wrap_act_decision(&decision, request, &q); /* its memory goes with the process */
}

/* No rule was asked. */
static void refuse_options(struct request_info *request)
{
	struct wrap_report report = wrap_report_of(NULL, request);
	wrap_report_send(&report, ACCESS_DENY, ACCESS_WIRE_IP_OPTIONS);
	clean_exit(request);
}

/* Only a socket has somebody at its other end. */
static bool is_socket(int fd)
{
	struct stat s;
	if (fstat(fd, &s) == 0 && S_ISSOCK(s.st_mode))
		return true;
	errno = ENOTSOCK;
	libwrap_diag_warn("can't get client address: %m");
	return false;
}

/* Whom the rules are about. False: there is nobody, neither at the other end nor as the sender of a datagram. */
static bool find_client(struct request_info *request)
{
	const bool by_datagram = first_datagram_is_due(STDIN_FILENO);
	if (!by_datagram || first_datagram_waits(STDIN_FILENO)) {
		fromhost(request);
		eval_hostaddr(request->client); /* now: never in the middle of what is carried out */
		eval_hostaddr(request->server);
		if (!by_datagram || request->client->sin) /* or somebody else has taken it meanwhile */
			return true;
	}
	libwrap_diag_log(LOG_INFO, "no datagram waits: not started");
	return false;
}

/* Whoever types it has no client; a socket would be one, and is told nothing. */
static bool helps(char **words)
{
	static const char usage[] = "usage: tcpd daemon [argument ...]\n"
				    "inetd, xinetd or systemd starts it, with the client's socket; see knockwatch-tcpd(8)\n";
	struct stat s;
	return words && text_slice_equals(text_slice_of(words[0]), "--help") && fstat(STDIN_FILENO, &s) == 0 &&
	       !S_ISSOCK(s.st_mode) && write(STDOUT_FILENO, usage, sizeof usage - 1) > 0;
}

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	struct request_info request;
	char **words = find_words(argc, argv);
	umask(022);
	if (helps(words))
		return 0;
	openlog("tcpd", LOG_PID, LOG_DAEMON);
	if (!words) {
		libwrap_diag_log(LOG_ERR, "error: called without a daemon's name");
		first_datagram_take(STDIN_FILENO);
		return 1;
	}
	tcpd_whole_called_with(argv);
	const bool fits = find_daemon(words, path);
	openlog(words[0], LOG_PID, LOG_DAEMON);
	if (!is_socket(STDIN_FILENO))
		return 0;
	request_init(&request, RQ_DAEMON, words[0], RQ_FILE, STDIN_FILENO, 0);
	if (!find_client(&request))
		return 0;
	if (libwrap_fix_options(&request) == LIBWRAP_FIX_REFUSED)
		refuse_options(&request);
	if (decide(&request) == ACCESS_DENY)
		refuse(&request);
	libwrap_diag_log(allow_severity, "connect from %s (%s)", eval_client(&request), eval_hostaddr(request.client));
	errno = ENAMETOOLONG;
	if (fits)
		execv(path, words);
	libwrap_diag_log(LOG_ERR, "error: cannot execute %.512s: %m", path);
	clean_exit(&request);
	return 0;
}
