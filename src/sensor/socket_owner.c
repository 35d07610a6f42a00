/* SPDX-License-Identifier: ISC */
#include "sensor/socket_owner.h"

#include "base/memory.h"
#include "sensor/diag_socket.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRIES 3 /* of a dump under which the tables change */

struct socket_owners {
	struct socket_owner *items; /* by inode once they are read */
	unsigned count;
};

struct question {
	struct socket_owners *owners;
	enum port_set_proto part;
};

static void take_socket(void *context, const struct netlink_answer *answer)
{
	const struct question *q = context;
	struct diag_socket s;
	struct inet_diag_msg message;
	if (!diag_socket_read(answer, &s) || q->owners->count == SOCKET_OWNER_MAX)
		return;
	memcpy(&message, answer->bytes, sizeof message);
	q->owners->items[q->owners->count++] = (struct socket_owner){
		.inode = message.idiag_inode, .port = s.port, .proto = (uint8_t)q->part};
}

static bool ask(struct netlink_dump *diag, struct question *q, uint8_t proto, uint32_t states)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	bool told = false;
	for (size_t i = 0; i < sizeof families; i++) {
		struct inet_diag_req_v2 request = {.sdiag_family = families[i],
			.sdiag_protocol = proto,
			.idiag_states = states};
		int result = -1;
		for (int try = 0; try < TRIES && result < 0; try++)
			result = netlink_dump_ask(diag, SOCK_DIAG_BY_FAMILY, &request,
				sizeof request, take_socket, q);
		told |= result == 0 || errno == EINTR;
	}
	return told;
}

static int compare_inodes(const void *a, const void *b)
{
	const struct socket_owner *left = a, *right = b;
	return (left->inode > right->inode) - (left->inode < right->inode);
}

/* Only what can do no harm in a comment of a ruleset. */
static void copy_name(char *out, const char *name)
{
	unsigned used = 0;
	for (; *name != '\0' && *name != '\n' && used < SOCKET_OWNER_NAME_MAX - 1; name++) {
		unsigned char c = (unsigned char)*name;
		out[used++] = (char)(isalnum(c) || strchr("._-", c) ? c : '_');
	}
	out[used] = '\0';
}

static void read_name(int process, char *out)
{
	char name[64];
	out[0] = '\0';
	int fd = openat(process, "comm", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ssize_t got = read(fd, name, sizeof name - 1);
	close(fd);
	if (got <= 0)
		return;
	name[got] = '\0';
	copy_name(out, name);
}

/* Sockets that several processes share get the name of the first. */
static void give_name(struct socket_owners *o, uint32_t inode, const char *name)
{
	struct socket_owner key = {.inode = inode};
	struct socket_owner *found =
		bsearch(&key, o->items, o->count, sizeof *o->items, compare_inodes);
	if (found != NULL && found->name[0] == '\0')
		memcpy(found->name, name, sizeof found->name);
}

static void look_at_files(struct socket_owners *o, int process)
{
	char name[SOCKET_OWNER_NAME_MAX], target[64];
	int fds = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fds < 0 ? NULL : fdopendir(fds);
	if (list == NULL) {
		if (fds >= 0)
			close(fds);
		return;
	}
	read_name(process, name);
	for (struct dirent *d; (d = readdir(list)) != NULL;) {
		unsigned inode;
		ssize_t length = readlinkat(fds, d->d_name, target, sizeof target - 1);
		if (length <= 0)
			continue;
		target[length] = '\0';
		if (sscanf(target, "socket:[%u]", &inode) == 1 && inode != 0)
			give_name(o, inode, name);
	}
	closedir(list);
}

static void find_names(struct socket_owners *o)
{
	DIR *processes = opendir("/proc");
	if (processes == NULL)
		return;
	for (struct dirent *d; (d = readdir(processes)) != NULL;) {
		if (!isdigit((unsigned char)d->d_name[0]))
			continue;
		int process = openat(dirfd(processes), d->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (process < 0)
			continue;
		look_at_files(o, process);
		close(process);
	}
	closedir(processes);
}

struct socket_owners *socket_owners_read(void)
{
	struct netlink_dump *diag = netlink_dump_open(NETLINK_SOCK_DIAG);
	if (diag == NULL)
		return NULL;
	struct socket_owners *o = memory_calloc(1, sizeof *o);
	o->items = memory_calloc(SOCKET_OWNER_MAX, sizeof *o->items);
	struct question tcp = {o, PORT_SET_TCP}, udp = {o, PORT_SET_UDP}, sctp = {o, PORT_SET_SCTP};
	bool told = ask(diag, &tcp, IPPROTO_TCP, 1u << TCP_LISTEN);
	told |= ask(diag, &udp, IPPROTO_UDP, UINT32_MAX & ~(1u << TCP_ESTABLISHED));
	(void)ask(diag, &sctp, IPPROTO_SCTP, 1u << TCP_LISTEN);
	netlink_dump_close(diag);
	if (!told) {
		socket_owners_destroy(o);
		return NULL;
	}
	qsort(o->items, o->count, sizeof *o->items, compare_inodes);
	find_names(o);
	return o;
}

void socket_owners_destroy(struct socket_owners *owners)
{
	if (!owners)
		return;
	free(owners->items);
	free(owners);
}

const struct socket_owner *socket_owners_find(
	const struct socket_owners *owners, enum port_set_proto proto, uint16_t port)
{
	for (unsigned i = 0; i < owners->count; i++) {
		if (owners->items[i].port == port && owners->items[i].proto == (uint8_t)proto)
			return &owners->items[i];
	}
	return NULL;
}
