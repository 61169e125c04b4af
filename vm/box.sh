#!/bin/bash
# The Vagrant box for libvirt: the disk as qcow2 and two small files, in one tar.
# Usage: vm/box.sh DISK.raw OUT.box
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=SCRIPTDIR/epoch.sh
. "$here/epoch.sh"
disk=$1 out=$2
work=$(mktemp -d "$(dirname "$out")/box.XXXXXX")
trap 'rm -rf "$work"' EXIT
qemu-img convert -c -O qcow2 "$disk" "$work/box.img"
gib=$((($(stat -c %s "$disk") + 1073741823) / 1073741824))
printf '{"provider": "libvirt", "format": "qcow2", "virtual_size": %d}\n' $gib >"$work/metadata.json"
cp "$here/box/Vagrantfile" "$work"
tar --sort=name --owner=0 --group=0 --numeric-owner --mode=644 --mtime="@$SOURCE_DATE_EPOCH" -C "$work" \
	-cf - metadata.json Vagrantfile box.img | gzip -1n >"$work/box"
mv "$work/box" "$out"
