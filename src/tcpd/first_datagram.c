/* SPDX-License-Identifier: ISC */
#include "tcpd/first_datagram.h"

#include <sys/socket.h>

static int option_of(int fd, int name)
{
	int value = 0;
	socklen_t size = sizeof value;
	return getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : 0;
}

bool first_datagram_is_due(int fd)
{
	struct sockaddr_storage peer;
	socklen_t size = sizeof peer;
	if (getpeername(fd, (struct sockaddr *)&peer, &size) == 0)
		return false;
	return option_of(fd, SO_TYPE) != SOCK_STREAM && !option_of(fd, SO_ACCEPTCONN);
}

bool first_datagram_waits(int fd)
{
	char byte;
	return recv(fd, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT) >= 0;
}

void first_datagram_take(int fd)
{
	char byte;
	if (first_datagram_is_due(fd))
		(void)recv(fd, &byte, sizeof byte, MSG_DONTWAIT);
}
