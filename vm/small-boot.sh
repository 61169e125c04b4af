#!/bin/bash
# What a machine without a disk of its own boots: the kernel, and the initramfs of the throw-away machine and of the deterministic one.
# Usage: vm/small-boot.sh TREE OUTDIR BUILD     TREE: an unpacked image, of which boot/vmlinuz-* and lib/modules are read;
# BUILD: the folder of our guests' programs, drive and reseed
set -euo pipefail
[ $# -eq 3 ] || { echo 'usage: vm/small-boot.sh TREE OUTDIR BUILD' >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
tree=$1 out=$2 build=$3
# shellcheck source=SCRIPTDIR/epoch.sh
. "$here/epoch.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

modules=$tree/usr/lib/modules
[ -d "$modules" ] || modules=$tree/lib/modules
kernels=("$tree"/boot/vmlinuz-*)
if [ "${#kernels[@]}" -ne 1 ] || [ ! -f "${kernels[0]}" ]; then
	echo "small-boot.sh: one kernel is needed in $tree/boot" >&2
	exit 1
fi
"$here/small-vmlinux.sh" "${kernels[0]}" "$out/vmlinux"

# A folder with busybox, modules and an /init.
begin() { # NAME INIT MODULE...
	mkdir -p "$work/$1/bin" "$work/$1/dev"
	cp "$(command -v busybox)" "$work/$1/bin/busybox"
	cp "$here/$2" "$work/$1/init"
	chmod 755 "$work/$1/init" "$work/$1/bin/busybox"
	install -m 755 "$build/reseed" "$work/$1/bin/reseed"
	"$here/small-modules.sh" "$modules" "$work/$1/modules" "${@:3}"
	chmod 644 "$work/$1"/modules/*.ko
}

begin throw-away small-init virtio_pci virtio_blk squashfs overlay
[ ! -f "$here/sysctl.conf" ] || install -m 644 "$here/sysctl.conf" "$work/throw-away/sysctl.conf"
"$here/small-pack.sh" "$work/throw-away" "$out/initramfs.cpio.gz"

begin deterministic deterministic-init qemu_fw_cfg
install -m 755 "$build/drive" "$work/deterministic/bin/drive"
"$here/small-pack.sh" "$work/deterministic" "$out/deterministic.cpio.gz"
