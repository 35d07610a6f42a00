/* SPDX-License-Identifier: ISC */
/*
 * The ring is a row of blocks. The kernel fills one, closes it when it is full or when its time is
 * up, and sets TP_STATUS_USER; we walk its frames and give it back by TP_STATUS_KERNEL. The status
 * word is the only thing both sides write, so it is read with acquire and written with release.
 *
 *     block: tpacket_block_desc | frame | frame | ...      (tp_next_offset links them)
 *     frame: tpacket3_hdr | sockaddr_ll | ... | packet     (at tp_net)
 *
 * A filter for bare IP cannot tell IP from what looks like it. Before every filter therefore stands
 * a short prelude in the kernel's own terms: protocol, direction, loopback.
 */
#include "sensor/packet_ring.h"

#include "base/memory.h"
#include "base/text_buffer.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define BLOCK_BYTES (256u << 10) /* about 1,000 frames of 160 bytes with their headers */
#define FRAME_BYTES 2048u        /* the kernel only checks that it divides a block */
#define LOOPBACK_IFINDEX                                                                           \
	1 /* LOOPBACK_IFINDEX of the kernel's net/flow.h: the same in every namespace */
#define PRELUDE_MAX 12
/* Behind the frame's header, rounded up to TPACKET_ALIGNMENT. */
#define LINK_OFFSET ((sizeof(struct tpacket3_hdr) + 15u) & ~(size_t)15)

struct packet_ring {
	int fd;
	bool promiscuous, loopback;
	uint8_t *map;
	size_t map_bytes;
	unsigned blocks;
	unsigned block; /* the one being walked, or waited for */
	uint32_t left;  /* frames of it that were not yet told */
	uint8_t *next;  /* the next frame of it */
	bool holding;   /* the block is ours */
	struct packet_ring_counts counts;
};

int packet_ring_fd(const struct packet_ring *r)
{
	return r->fd;
}

/* Refuses a packet early; `skip` over the refusal where `load` equals (or not) `value`. */
static unsigned write_prelude(const struct packet_ring *r, struct sock_filter *out)
{
	unsigned n = 0;
	out[n++] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL));
	out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 2, 0);
	out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IPV6, 1, 0);
	out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	out[n++] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE));
	out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K,
		r->promiscuous ? PACKET_OUTGOING : PACKET_OTHERHOST, 0, 1);
	out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	if (!r->loopback) {
		out[n++] = (struct sock_filter)BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX));
		out[n++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, LOOPBACK_IFINDEX, 0, 1);
		out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	}
	return n;
}

int packet_ring_set_filter(struct packet_ring *r, const struct bpf_program *filter)
{
	if (filter->bf_len + PRELUDE_MAX > BPF_MAXINSNS) {
		errno = E2BIG;
		return -1;
	}
	struct sock_filter *code = memory_calloc(filter->bf_len + PRELUDE_MAX, sizeof *code);
	unsigned n = write_prelude(r, code);
	assert(n <= PRELUDE_MAX);
	for (unsigned i = 0; i < filter->bf_len; i++) {
		const struct bpf_insn *from = &filter->bf_insns[i];
		code[n++] = (struct sock_filter){from->code, from->jt, from->jf, from->k};
	}
	struct sock_fprog program = {(unsigned short)n, code};
	int result = setsockopt(r->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
	int kept = errno;
	free(code);
	errno = kept;
	return result;
}

static size_t ring_bytes(const struct packet_ring_options *options)
{
	size_t bytes = options->bytes ? options->bytes : PACKET_RING_BYTES_DEFAULT;
	if (bytes < PACKET_RING_BYTES_MIN)
		bytes = PACKET_RING_BYTES_MIN;
	if (bytes > PACKET_RING_BYTES_MAX)
		bytes = PACKET_RING_BYTES_MAX;
	return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
}

static int map_ring(struct packet_ring *r, const struct packet_ring_options *options)
{
	int version = TPACKET_V3;
	r->map_bytes = ring_bytes(options);
	r->blocks = (unsigned)(r->map_bytes / BLOCK_BYTES);
	struct tpacket_req3 request = {
		.tp_block_size = BLOCK_BYTES,
		.tp_block_nr = r->blocks,
		.tp_frame_size = FRAME_BYTES,
		.tp_frame_nr = (unsigned)(r->map_bytes / FRAME_BYTES),
		.tp_retire_blk_tov = PACKET_RING_LATENCY_MS,
	};
	if (setsockopt(r->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0 ||
		setsockopt(r->fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) < 0)
		return -1;
	void *map = mmap(NULL, r->map_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
	if (map == MAP_FAILED)
		return -1;
	r->map = map;
	return 0;
}

struct packet_ring *packet_ring_open(const struct packet_ring_options *options,
	const struct bpf_program *filter, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	struct packet_ring *r = memory_calloc(1, sizeof *r);
	r->promiscuous = options->promiscuous;
	r->loopback = options->loopback;
	/* Protocol 0: not one packet before the filter stands and packet_ring_bind says so. */
	r->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (r->fd < 0) {
		text_buffer_printf(&message, "packets cannot be captured: %s%s", strerror(errno),
			errno == EPERM || errno == EACCES ? "; it needs root or CAP_NET_RAW" : "");
	} else if (packet_ring_set_filter(r, filter) < 0) {
		text_buffer_printf(
			&message, "the kernel refuses the packet filter: %s", strerror(errno));
	} else if (map_ring(r, options) < 0) {
		text_buffer_printf(&message,
			"no packet ring of %zu bytes: %s; a smaller one may fit",
			ring_bytes(options), strerror(errno));
	} else {
		int on = 1; /* kernels before 4.20 do without: the prelude refuses the same packets
			     */
		(void)setsockopt(r->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
		return r;
	}
	packet_ring_close(r);
	return NULL;
}

void packet_ring_close(struct packet_ring *r)
{
	if (!r)
		return;
	if (r->map)
		munmap(r->map, r->map_bytes);
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}

int packet_ring_bind(struct packet_ring *r, int ifindex)
{
	struct sockaddr_ll where = {
		.sll_family = AF_PACKET,
		.sll_protocol =
			htons(ETH_P_ALL), /* before bridges and VLAN devices take a packet away */
		.sll_ifindex = ifindex,
	};
	if (bind(r->fd, (struct sockaddr *)&where, sizeof where) < 0)
		return -1;
	if (!r->promiscuous || ifindex == 0)
		return 0;
	struct packet_mreq membership = {.mr_ifindex = ifindex, .mr_type = PACKET_MR_PROMISC};
	return setsockopt(r->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof membership);
}

static struct tpacket_block_desc *current_block(struct packet_ring *r)
{
	return (struct tpacket_block_desc *)(void *)(r->map + (size_t)r->block * BLOCK_BYTES);
}

/* Makes a closed block ours; false if the kernel still fills it. */
static bool take_block(struct packet_ring *r)
{
	struct tpacket_block_desc *block = current_block(r);
	if (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
		return false;
	r->left = block->hdr.bh1.num_pkts;
	r->next = (uint8_t *)block + block->hdr.bh1.offset_to_first_pkt;
	r->holding = true;
	return true;
}

static void give_block_back(struct packet_ring *r)
{
	__atomic_store_n(
		&current_block(r)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	r->block = (r->block + 1) % r->blocks;
	r->holding = false;
}

static void read_frame(uint8_t *at, struct packet_ring_frame *out)
{
	struct tpacket3_hdr header;
	struct sockaddr_ll link;
	memcpy(&header, at, sizeof header);
	memcpy(&link, at + LINK_OFFSET, sizeof link);
	bool tagged = header.tp_status & TP_STATUS_VLAN_VALID;
	*out = (struct packet_ring_frame){
		.bytes = at + header.tp_net,
		.captured = header.tp_snaplen,
		.time = wall_time_from_parts(header.tp_sec, header.tp_nsec / 1000),
		.ifindex = link.sll_ifindex,
		.link_group = link.sll_pkttype == PACKET_BROADCAST ||
			      link.sll_pkttype == PACKET_MULTICAST,
		.vlan = tagged ? header.hv1.tp_vlan_tci & 0xfff : 0,
	};
}

bool packet_ring_next(struct packet_ring *r, struct packet_ring_frame *out)
{
	/* The frame told last may lie in the block: it goes back only now. */
	if (r->holding && r->left == 0)
		give_block_back(r);
	while (!r->holding) {
		if (!take_block(r))
			return false;
		if (r->left == 0)
			give_block_back(r);
	}
	struct tpacket3_hdr header;
	memcpy(&header, r->next, sizeof header);
	read_frame(r->next, out);
	r->left--;
	r->next += header.tp_next_offset;
	return true;
}

int packet_ring_take_error(struct packet_ring *r)
{
	int error = 0;
	socklen_t size = sizeof error;
	return getsockopt(r->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? errno : error;
}

static bool ask_interface(
	const struct packet_ring *r, unsigned long question, const char *name, struct ifreq *out)
{
	memset(out, 0, sizeof *out);
	size_t length = strlen(name);
	if (length >= sizeof out->ifr_name)
		return false;
	memcpy(out->ifr_name, name, length);
	return ioctl(r->fd, question, out) == 0;
}

int packet_ring_ifindex(const struct packet_ring *r, const char *name)
{
	struct ifreq answer;
	return ask_interface(r, SIOCGIFINDEX, name, &answer) ? answer.ifr_ifindex : 0;
}

bool packet_ring_is_up(const struct packet_ring *r, const char *name)
{
	struct ifreq answer;
	return ask_interface(r, SIOCGIFFLAGS, name, &answer) && answer.ifr_flags & IFF_UP;
}

struct packet_ring_counts packet_ring_read_counts(struct packet_ring *r)
{
	struct tpacket_stats_v3 since_last = {0}; /* the kernel starts anew at each question */
	socklen_t size = sizeof since_last;
	if (getsockopt(r->fd, SOL_PACKET, PACKET_STATISTICS, &since_last, &size) == 0) {
		r->counts.received += since_last.tp_packets;
		r->counts.dropped += since_last.tp_drops;
	}
	return r->counts;
}
