/* SPDX-License-Identifier: ISC */
/*
 * exec_types - the fields of the kernel's structures that the hook at exec reads, as kernel_types has those of
 * packets.
 *
 * Source of fact: include/linux/sched.h, binfmts.h, dcache.h, mount.h, cgroup-defs.h, kernfs.h and fs/mount.h.
 */
#ifndef KW_BPF_EXEC_TYPES_H
#define KW_BPF_EXEC_TYPES_H

#include <linux/bpf.h>
#include <linux/types.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	unsigned int val;
} kuid_t;

struct cred {
	kuid_t uid, euid;
};

struct qstr {
	const unsigned char *name;
};

struct hlist_bl_node {
	struct hlist_bl_node **pprev; /* null = not in the cache: no name leads here */
};

struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
};

struct linux_binprm {
	struct file *file;
};

struct mm_struct {
	unsigned long arg_start, arg_end;
};

struct fs_struct {
	struct path pwd;
};

struct tty_struct {
	char name[64];
};

struct signal_struct {
	struct tty_struct *tty;
};

struct kernfs_node {
	const char *name;
};

struct kernfs_node___to_6_14 {
	struct kernfs_node *parent;
};

struct kernfs_node___from_6_15 {
	struct kernfs_node *__parent;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp; /* of the one hierarchy of version 2 */
};

struct task_struct {
	struct mm_struct *mm;
	int tgid;
	struct task_struct *real_parent, *group_leader;
	const struct cred *cred;
	char comm[16];
	struct fs_struct *fs;
	struct signal_struct *signal;
	kuid_t loginuid;
	struct css_set *cgroups;
};

#pragma clang attribute pop

#endif
