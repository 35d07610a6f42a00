/* SPDX-License-Identifier: ISC */
/*
 * try-from: tells what can be found out about whoever is at the other end of standard input. For trying whether names and
 * users are found: as a service of inetd, or through a remote shell. What is told and how is the original's.
 */
#include "libwrap/libwrap_abi.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const char *const lines[] = {
		"client address  (%%a): %a",
		"client hostname (%%n): %n",
		"client username (%%u): %u",
		"client info     (%%c): %c",
		"server address  (%%A): %A",
		"server hostname (%%N): %N",
		"server process  (%%d): %d",
		"server info     (%%s): %s",
	};
	struct request_info request;
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
	char *name = slash ? argv[0] + (slash + 1 - argv[0]) : (char *)"try-from";
	openlog(name, LOG_PID, LOG_DAEMON);
	request_init(&request, RQ_DAEMON, name, RQ_FILE, STDIN_FILENO, 0);
	fromhost(&request);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		char line[1024], text[64];
		strcpy(text, lines[i]); // NOLINT: it fits
		puts(percent_x(line, sizeof line, text, &request));
	}
	return 0;
}
