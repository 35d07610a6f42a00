# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# debian_box - a Debian of its own, booted with its own systemd and journald, in namespaces of this kernel.
#
# Sourced after lib.sh. The base is made once by debootstrap and kept (BOX_BASE, 300 MB); a box is a layer above it
# that is thrown away. Its network is a namespace of its own, with nothing in it but loopback.

BOX_BASE=${BOX_BASE:-/var/tmp/knockwatch-debian-12}
BOX=$WORK/box # its root
box_pid=      # its init, as we number it

box_base_make() {
	[ -e "$BOX_BASE/etc/debian_version" ] && return
	rm -rf "$BOX_BASE.part"
	debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,libpam-systemd,iproute2 \
		bookworm "$BOX_BASE.part" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$WORK/debootstrap" 2>&1 || {
		tail -5 "$WORK/debootstrap"
		return 1
	}
	mv "$BOX_BASE.part" "$BOX_BASE"
}

box_make() {
	box_base_make || return 1
	mkdir "$BOX" "$WORK/box-upper" "$WORK/box-work"
	mount -t overlay overlay -o "lowerdir=$BOX_BASE,upperdir=$WORK/box-upper,workdir=$WORK/box-work" "$BOX" || return 1
	mounts+=("$BOX")
	cp -L /etc/resolv.conf "$BOX/etc/resolv.conf" # for apt, before the boot
}

# In the box before it boots, with our network.
box_prepare() { chroot "$BOX" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }

# Runs in the new namespaces; ends by becoming init.
# shellcheck disable=SC2016 # it is for the other shell
box_init='
set -e
root=$1
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
for place in run tmp dev; do mount -t tmpfs tmpfs "$root/$place"; done
for node in null zero full random urandom tty; do
	: >"$root/dev/$node"
	mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
mkdir "$root/sys/fs/cgroup/systemd"
mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
: >"$root/etc/fstab"
: >"$root/etc/machine-id"
echo box >"$root/etc/hostname"
cd "$root"
pivot_root . mnt
umount -l /mnt
exec env -i container=lxc /sbin/init
'

box_boot() {
	unshare -p -m -n -u -i -f --propagation private bash -c "$box_init" box "$BOX" \
		</dev/null >"$WORK/box.boot" 2>&1 &
	local outer=$!
	pids+=("$outer")
	wait_for 10 pgrep -P "$outer" || return 1
	box_pid=$(pgrep -P "$outer")
	pids+=("$box_pid")
	wait_for 60 box_is_up
}

# "starting" takes long on a busy machine; "degraded" would be a unit of the base system that cannot run here.
box_is_up() { in_box systemctl is-system-running | grep -Eq 'running|degraded'; }

in_box() {
	nsenter -t "$box_pid" -p -m -n -u -i env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 TZ=UTC \
		DEBIAN_FRONTEND=noninteractive "$@"
}

# A cable from the other side (lib.sh's $A) to the box.
box_join() {
	ip netns add "$A" || return 1
	namespaces+=("$A")
	ip link add kwa netns "$A" type veth peer name kwb netns "$box_pid" || return 1
	ip -n "$A" addr add 198.51.100.20/24 dev kwa
	ip -n "$A" link set lo up && ip -n "$A" link set kwa up
	ip -n "$A" route add 203.0.113.0/24 dev kwa
	in_box ip addr add "$OURS/24" dev kwb
	in_box ip link set kwb up
	in_box ip route add 198.51.100.0/24 dev kwb
	wait_for 10 in_a "$HERE/knock.py" 198.51.100.20 "$OURS" 1
}
