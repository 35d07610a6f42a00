/* SPDX-License-Identifier: ISC */
#include "net_lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

bool net_lab_may_run(const char *what)
{
	if (geteuid() == 0)
		return true;
	printf("skipped: %s: needs root\n", what);
	return false;
}

static void end(const char *what)
{
	fprintf(stderr, "net_lab: %s: %s\n", what, strerror(errno));
	exit(99); /* meson: a hard error, not a failed promise */
}

void net_lab_run(const char *format, ...)
{
	char line[512];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (system(line) != 0)
		end(line);
}

bool net_lab_has(const char *program)
{
	char line[256];
	snprintf(line, sizeof line, "command -v %s >/dev/null 2>&1", program);
	return system(line) == 0;
}

void net_lab_add_pair(const char *first, const char *second, unsigned number)
{
	net_lab_run("ip link add %s address 02:00:00:00:00:%02x type veth peer name %s", first,
		number, second);
	net_lab_run("ip link set %s up && ip link set %s up", first, second);
	net_lab_wait_until_running(first);
	net_lab_wait_until_running(second);
}

void net_lab_wait_until_running(const char *iface)
{
	struct ifreq wanted = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	snprintf(wanted.ifr_name, sizeof wanted.ifr_name, "%s", iface);
	for (int i = 0; i < 5000; i++) {
		if (ioctl(fd, SIOCGIFFLAGS, &wanted) == 0 && wanted.ifr_flags & IFF_RUNNING) {
			close(fd);
			return;
		}
		usleep(2000);
	}
	end(iface);
}

void net_lab_enter(void)
{
	if (unshare(CLONE_NEWNET) < 0)
		end("unshare");
	net_lab_run("ip link set lo up");
	net_lab_add_pair("kw0", "kw1", 1);
	net_lab_run("ip addr add %s/24 brd 192.0.2.255 dev kw0", NET_LAB_OWN4);
	net_lab_run("ip addr add %s/64 dev kw0 nodad", NET_LAB_OWN6);
}

struct net_lab_wire net_lab_open_wire(const char *iface, unsigned number)
{
	struct net_lab_wire wire = {
		.fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
		.ifindex = (int)if_nametoindex(iface),
		.peer = {2, 0, 0, 0, 0, (unsigned char)number},
	};
	if (wire.fd < 0 || wire.ifindex == 0)
		end(iface);
	return wire;
}

void net_lab_close_wire(struct net_lab_wire *wire)
{
	close(wire->fd);
}

void net_lab_send(const struct net_lab_wire *wire, const struct packet_plan *plan)
{
	uint8_t bytes[PACKET_BYTES_MAX];
	size_t size = packet_bytes_build(plan, bytes);
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(bytes[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP),
		.sll_ifindex = wire->ifindex,
		.sll_halen = 6,
	};
	memcpy(to.sll_addr, wire->peer, sizeof to.sll_addr);
	while (sendto(wire->fd, bytes, size, 0, (struct sockaddr *)&to, sizeof to) < 0) {
		if (errno != ENOBUFS && errno != EAGAIN)
			end("send");
		sched_yield();
	}
}
