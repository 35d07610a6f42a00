/* SPDX-License-Identifier: ISC */
#include "sensor/path_probe.h"

#include "base/text_buffer.h"
#include "sensor/kernel_hook.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of each path: its words, why it is good, and what it cannot see. The blind spots are tested by
 * tests/system/14_paths.sh. */
static const struct {
	const char *name, *words, *good;
	const char *blind[8];
} paths[PATH_KINDS] = {
	[PATH_HOOK] = {"hook", "the kernel hook and odd packets",
		"the kernel itself says that nobody listens",
		{"packets that a program behind NFQUEUE refuses",
			"packets that an XDP program drops",
			"a first fragment whose rest never comes",
			"ACK, FIN+ACK and answers to ephemeral ports",
			"who completes a handshake"}},
	[PATH_PACKET] = {"packet", "the packet socket",
		"every packet is seen before the firewall, and judged by the ports in use",
		{"packets that an XDP program drops", "ACK, FIN+ACK and answers to ephemeral ports",
			"UDP to ephemeral ports, on a host that forwards",
			"ports that a host with very many open ones has between them",
			"who completes a handshake"}},
	[PATH_NFLOG] = {"nflog", "a log group of the firewall",
		"the firewall hands over the packets that a rule logs",
		{"all that no rule logs", "what a limit in the rule leaves out",
			"which ports are in use"}},
	[PATH_LOG] = {"log", "the text of a firewall's log", "needs no rights but to read a file",
		{"all that no rule logs", "what a limit in the rule or the log leaves out",
			"what the line does not tell: often TCP options and payload",
			"which ports are in use"}},
};

const char *path_probe_name(enum path_kind kind)
{
	return paths[kind].name;
}

bool path_probe_find(const char *name, enum path_kind *out)
{
	for (unsigned i = 0; i < PATH_KINDS; i++) {
		if (strcmp(paths[i].name, name) == 0) {
			*out = (enum path_kind)i;
			return true;
		}
	}
	return false;
}

void path_probe_look(struct path_facts *out)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
	*out = (struct path_facts){0};
	(void)kernel_hook_is_possible(out->hook_fault, sizeof out->hook_fault);
	if (syscall(SYS_capget, &head, data) != 0)
		return;
#define HAS(cap) (data[CAP_TO_INDEX(cap)].effective & CAP_TO_MASK(cap))
	out->may_hook = HAS(CAP_SYS_ADMIN) || (HAS(CAP_BPF) && HAS(CAP_PERFMON));
	out->may_capture = HAS(CAP_NET_RAW);
	out->may_nflog = HAS(CAP_NET_ADMIN);
}

static const char *what_is_missing(enum path_kind kind, const struct path_facts *facts)
{
	switch (kind) {
	case PATH_HOOK:
		if (facts->hook_fault[0] != '\0')
			return facts->hook_fault;
		if (!facts->may_hook)
			return "loading it needs root (CAP_BPF and CAP_PERFMON)";
		return facts->may_capture ? NULL : "the packets beside it need root (CAP_NET_RAW)";
	case PATH_PACKET:
		return facts->may_capture ? NULL : "it needs root (CAP_NET_RAW)";
	case PATH_NFLOG:
		return facts->may_nflog ? NULL : "it needs root (CAP_NET_ADMIN)";
	case PATH_LOG:
	case PATH_KINDS:
		break;
	}
	return NULL;
}

void path_probe_report(enum path_kind kind, const struct path_facts *facts, struct path_report *out)
{
	const char *missing = what_is_missing(kind, facts);
	struct text_buffer reason = text_buffer_over(out->reason, sizeof out->reason);
	out->name = paths[kind].name;
	out->words = paths[kind].words;
	out->available = missing == NULL;
	text_buffer_add(&reason, missing ? missing : paths[kind].good);
	memcpy(out->blind, paths[kind].blind, sizeof out->blind);
}
