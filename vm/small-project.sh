#!/bin/bash
# Called by small.sh in namespaces of its own, as root of them, without network: builds WORK/commit in a chroot of the image, at the
# place where it will be, and packs it as WORK/project.tar.
# Usage: vm/small-project.sh ROOT.tar WORK
set -euo pipefail
root=$1 work=$2
project=/opt/interleave

mkdir "$work/root"
tar -xf "$root" -C "$work/root" --exclude='./dev/*' --exclude='./boot/*' --exclude='./usr/lib/modules/*'
mkdir -p "$work/root$project"
cp -a "$work/commit/." "$work/root$project/"
chown -R 0:0 "$work/root$project"
chmod -R u=rwX,go=rX "$work/root$project"
mount -t proc proc "$work/root/proc"
for device in null zero full random urandom; do
	touch "$work/root/dev/$device"
	mount --bind "/dev/$device" "$work/root/dev/$device"
done
ln -s /proc/self/fd "$work/root/dev/fd"
mount -t tmpfs tmpfs "$work/root/tmp"
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" \
	chroot "$work/root" make -C "$project" -j "$(nproc)" all

# Objects are of no use without make; sources and what the grader reads stay. One time, one owner, one order.
cd "$work/root$project"
rm -rf build/obj
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=ustar -cf "$work/project.tar" .
