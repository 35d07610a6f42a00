/* SPDX-License-Identifier: ISC */
/*
 * Called inside exec, when the new program is in place and has not run yet: what its arguments are now is what it
 * was given, whatever it writes over them later. Programs of other users end at the first question.
 *
 * A record is put together in memory of this processor and copied to the ring, so that it takes no more room there
 * than it needs: most are below half a KiB, the largest are about ten. exec may be interrupted by nothing that
 * starts a program, so the memory is ours until we return.
 *
 * The reader is woken by the first record and then not again for `wake_ns`, but at once when much has piled up:
 * waking costs more than the record does.
 */
#include "bpf/exec_record.h"
#include "bpf/exec_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define NOBODY 0xffffffffu
#define PILE                                                                                       \
	(256 << 10) /* bytes that wait: a reader that comes every 200 ms would soon be too late */

/* Set before loading. */
const volatile __u64 wake_ns;

struct exec_slot slots[EXEC_RECORD_SLOTS];
__u64 woken_ns;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 2 << 20); /* as the reader sets it before loading */
} execs SEC(".maps");

/* The paths may begin up to their end, and the last name and the arguments lie behind. */
struct work {
	struct exec_record head;
	char bytes[EXEC_RECORD_PATHS + EXEC_RECORD_NAME + EXEC_RECORD_ARGS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct work);
} work SEC(".maps");

/* Appends one name at `at`; returns the place behind it. */
static __always_inline __u32 add_name(struct work *w, __u32 at, const void *name)
{
	long n = bpf_probe_read_kernel_str(
		&w->bytes[at & (EXEC_RECORD_PATHS - 1)], EXEC_RECORD_NAME, name);
	return n > 0 ? at + ((__u32)n & 0x1ff) : at;
}

/* Writes the components of a path from `at` on; returns the place behind them. */
static __noinline __u32 add_path(
	struct work *w, __u32 at, struct dentry *dentry, struct vfsmount *vfs)
{
	__u32 end = at + EXEC_RECORD_PATH;
	if (!w)
		return at;
	struct mount *mount = (void *)vfs - bpf_core_field_offset(struct mount, mnt);
	for (int i = 0; i < EXEC_RECORD_DEPTH; i++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		_Bool is_root = dentry == BPF_CORE_READ(mount, mnt.mnt_root);
		/* Nothing leads to it: a memfd, which has a name all the same. */
		if (!is_root && parent == dentry)
			return at < end ? add_name(w, at, BPF_CORE_READ(dentry, d_name.name)) : at;
		if (is_root) {
			struct mount *below = BPF_CORE_READ(mount, mnt_parent);
			if (below == mount || !below)
				return at;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = below;
			continue;
		}
		if (at >= end)
			break;
		at = add_name(w, at, BPF_CORE_READ(dentry, d_name.name));
		dentry = parent;
	}
	return at | 1u << 31;
}

static __always_inline struct kernfs_node *parent_of(struct kernfs_node *node)
{
	struct kernfs_node___to_6_14 *old = (void *)node;
	struct kernfs_node___from_6_15 *fresh = (void *)node;
	if (bpf_core_field_exists(fresh->__parent))
		return BPF_CORE_READ(fresh, __parent);
	return BPF_CORE_READ(old, parent);
}

static __noinline __u32 add_group(struct work *w, __u32 at, struct task_struct *task)
{
	__u32 end = at + EXEC_RECORD_PATH;
	if (!w)
		return at;
	struct kernfs_node *node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);
	for (int i = 0; i < EXEC_RECORD_DEPTH; i++) {
		struct kernfs_node *parent = node ? parent_of(node) : 0;
		if (!parent)
			return at;
		if (at >= end)
			break;
		at = add_name(w, at, BPF_CORE_READ(node, name));
		node = parent;
	}
	return at | 1u << 31;
}

/* Takes the mark of a cut off the place behind a path. */
static __always_inline __u32 take_end(struct work *w, __u32 end, __u16 flag)
{
	if (end >> 31)
		w->head.flags |= flag;
	return end & (EXEC_RECORD_PATHS - 1);
}

static __always_inline __u32 add_paths(
	struct work *w, struct task_struct *task, struct linux_binprm *bprm)
{
	struct dentry *exe = BPF_CORE_READ(bprm, file, f_path.dentry);
	__u32 at = take_end(
		w, add_path(w, 0, exe, BPF_CORE_READ(bprm, file, f_path.mnt)), EXEC_RECORD_EXE_CUT);
	w->head.exe_size = at;
	if (!BPF_CORE_READ(exe, d_hash.pprev))
		w->head.flags |= EXEC_RECORD_EXE_DELETED;
	__u32 next = take_end(w,
		add_path(w, at, BPF_CORE_READ(task, fs, pwd.dentry),
			BPF_CORE_READ(task, fs, pwd.mnt)),
		EXEC_RECORD_CWD_CUT);
	w->head.cwd_size = next - at;
	at = next;
	next = take_end(w, add_group(w, at, task), EXEC_RECORD_GROUP_CUT);
	w->head.group_size = next - at;
	return next;
}

static __always_inline void add_task(struct work *w, struct task_struct *task)
{
	struct exec_record *r = &w->head;
	r->time_ns = bpf_ktime_get_ns();
	r->uid = BPF_CORE_READ(task, cred, uid.val);
	r->auid =
		bpf_core_field_exists(task->loginuid) ? BPF_CORE_READ(task, loginuid.val) : NOBODY;
	r->pid = BPF_CORE_READ(task, tgid);
	r->ppid = BPF_CORE_READ(task, real_parent, tgid);
	r->flags = 0;
	r->spare = 0;
	r->tty[0] = 0;
	r->parent[0] = 0;
	struct tty_struct *tty = BPF_CORE_READ(task, signal, tty);
	if (tty)
		bpf_probe_read_kernel_str(r->tty, sizeof r->tty, &tty->name);
	BPF_CORE_READ_STR_INTO(&r->parent, task, real_parent, group_leader, comm);
}

/* Reads the arguments behind the paths; returns how many bytes. */
static __always_inline __u32 add_args(struct work *w, __u32 at, struct task_struct *task)
{
	unsigned long start = BPF_CORE_READ(task, mm, arg_start);
	__u64 length = BPF_CORE_READ(task, mm, arg_end) - start;
	__u32 size = length < EXEC_RECORD_ARGS ? length : EXEC_RECORD_ARGS;
	w->head.args_true = length < NOBODY ? length : NOBODY;
	asm volatile("" : "+r"(size)); /* so that the verifier sees the bound where it counts */
	if (size > EXEC_RECORD_ARGS)
		size = EXEC_RECORD_ARGS;
	if (bpf_probe_read_user(&w->bytes[at & (EXEC_RECORD_PATHS - 1)], size, (void *)start) < 0) {
		w->head.flags |= EXEC_RECORD_ARGS_UNREAD;
		size = 0;
	}
	w->head.args_size = size;
	return size;
}

static __always_inline __u64 wake_flag(__u64 now)
{
	if (now - woken_ns < wake_ns && bpf_ringbuf_query(&execs, BPF_RB_AVAIL_DATA) < PILE)
		return BPF_RB_NO_WAKEUP;
	woken_ns = now;
	return BPF_RB_FORCE_WAKEUP;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	__u32 zero = 0;
	if (BPF_CORE_READ(task, cred, euid.val) != 0)
		return 0;
	struct work *w = bpf_map_lookup_elem(&work, &zero);
	struct exec_slot *slot = &slots[bpf_get_smp_processor_id() % EXEC_RECORD_SLOTS];
	if (!w)
		return 0;
	w->head.euid = 0;
	add_task(w, task);
	__u32 at = add_paths(w, task, bprm);
	__u64 size = sizeof w->head + at + add_args(w, at, task);
	if (w->head.flags & EXEC_RECORD_ARGS_UNREAD)
		__sync_fetch_and_add(&slot->unread, 1);
	asm volatile("" : "+r"(size));
	if (size > sizeof *w)
		size = sizeof *w;
	if (bpf_ringbuf_output(&execs, w, size, wake_flag(w->head.time_ns)) < 0)
		__sync_fetch_and_add(&slot->lost, 1);
	else
		__sync_fetch_and_add(&slot->told, 1);
	return 0;
}

/* As the other programs of this room. */
char licence_of_all[] SEC("license") = "Dual BSD/GPL";
