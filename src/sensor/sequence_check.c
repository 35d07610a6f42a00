/* SPDX-License-Identifier: ISC */
/*
 * Of numbers that have nothing to do with each other two lie within 2^24 of each other once in 128 times. Of
 * 64 steps half a one is then short by chance, and eight or more once in ten million runs. The same holds for the
 * difference of two steps. The old rules (4.2BSD: 128 a second and 64 a connection; 4.4BSD: 64,000 each) make all of
 * them short; a clock alone (RFC 9293, 3.4.1: one in 4 microseconds) does so too.
 */
#include "sensor/sequence_check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHORT_STEP (UINT32_C(1) << 24)
#define SHORT_STEPS_MAX 7
#define NUMBERS_LEAST 32   /* fewer say nothing */
#define ANSWER_WAIT_MS 200 /* over loopback an answer takes microseconds */
#define CHILD_SECONDS 3

static bool is_short(uint32_t step)
{
	return step < SHORT_STEP || -step < SHORT_STEP;
}

bool sequence_check_is_guessable(const uint32_t *numbers, unsigned count)
{
	unsigned near = 0, alike = 0;
	for (unsigned i = 1; i < count; i++) {
		uint32_t step = numbers[i] - numbers[i - 1];
		near += is_short(step);
		if (i > 1)
			alike += is_short(step - (numbers[i - 1] - numbers[i - 2]));
	}
	return count >= NUMBERS_LEAST && (near > SHORT_STEPS_MAX || alike > SHORT_STEPS_MAX);
}

static bool enter_namespace(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return false;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
	if (fd >= 0)
		close(fd);
	return up;
}

static int listen_here(struct sockaddr_in *at)
{
	socklen_t size = sizeof *at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*at = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (fd < 0 || bind(fd, (struct sockaddr *)at, size) < 0 ||
		listen(fd, SEQUENCE_CHECK_NUMBERS) < 0 ||
		getsockname(fd, (struct sockaddr *)at, &size) < 0)
		return -1;
	return fd;
}

/* The number of the next SYN-ACK from that port. */
static bool hear_answer(int raw, in_port_t port, uint32_t *number)
{
	struct pollfd ready = {.fd = raw, .events = POLLIN};
	while (poll(&ready, 1, ANSWER_WAIT_MS) == 1) {
		uint8_t packet[256];
		struct iphdr ip;
		struct tcphdr tcp;
		ssize_t length = recv(raw, packet, sizeof packet, MSG_DONTWAIT);
		if (length < (ssize_t)sizeof ip)
			continue;
		memcpy(&ip, packet, sizeof ip);
		if ((size_t)length < ip.ihl * 4u + sizeof tcp)
			continue;
		memcpy(&tcp, packet + ip.ihl * 4u, sizeof tcp);
		if (tcp.source != port || !tcp.syn || !tcp.ack)
			continue;
		*number = ntohl(tcp.seq);
		return true;
	}
	return false;
}

static void run_child(int out)
{
	struct sockaddr_in at;
	alarm(CHILD_SECONDS);
	if (!enter_namespace())
		return;
	int raw = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP);
	if (raw < 0 || listen_here(&at) < 0)
		return;
	for (unsigned i = 0; i < SEQUENCE_CHECK_NUMBERS; i++) {
		uint32_t number;
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) < 0 ||
			!hear_answer(raw, at.sin_port, &number) ||
			write(out, &number, sizeof number) != sizeof number)
			return;
	}
}

static unsigned hear_child(int in, uint32_t *numbers)
{
	const size_t most = SEQUENCE_CHECK_NUMBERS * sizeof numbers[0];
	size_t used = 0;
	ssize_t length = 1;
	while (used < most && length != 0) {
		length = read(in, (char *)numbers + used, most - used);
		if (length < 0 && errno != EINTR)
			break;
		used += length > 0 ? (size_t)length : 0;
	}
	return (unsigned)(used / sizeof numbers[0]);
}

unsigned sequence_check_measure(uint32_t numbers[SEQUENCE_CHECK_NUMBERS])
{
	int ends[2], status;
	if (pipe(ends) < 0)
		return 0;
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		run_child(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	unsigned count = child < 0 ? 0 : hear_child(ends[0], numbers);
	close(ends[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return count;
}
