#!/bin/bash
# A bootable disk from the root tar: no loop device, no mount, no root, the same bytes each time.
# Usage: vm/disk.sh ROOT.tar DISK.raw [GIB]        GIB: size of the file system (6), sparse
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=SCRIPTDIR/epoch.sh
. "$here/epoch.sh"
tar=$1 disk=$2 gib=${3:-6}
uuid=696e7465-726c-4561-a576-000000000001 # "interleave", and valid
free_min_mib=1024
PATH=$PATH:/usr/sbin:/sbin

work=$(mktemp -d "$(dirname "$disk")/disk.XXXXXX")
trap 'rm -rf "$work"' EXIT
fs=$work/fs

# genext2fs writes a plain ext2 in the order of the tar (-q would squash the owners); the seed of its directories' hashes
# comes before the features, else tune2fs draws one; then extents and a journal make it an ext4.
genext2fs -B 4096 -b $((gib * 262144)) -N 200000 -L interleave -f -z -a "$tar" "$fs"
debugfs -w -R "ssv hash_seed $uuid" "$fs" 2>/dev/null
tune2fs -U $uuid -O extents,has_journal,uninit_bg,dir_index -E hash_alg=half_md4 "$fs" >/dev/null
e2fsck -fn "$fs" >"$work/fsck" 2>&1 || { cat "$work/fsck" >&2; echo "disk.sh: the file system is damaged" >&2; exit 1; }
free_mib=$(dumpe2fs -h "$fs" 2>/dev/null | awk '/^Free blocks:/ { print int($3 / 256) }')
if [ "$free_mib" -lt $free_min_mib ]; then
	echo "disk.sh: only $free_mib MiB are free in $gib GiB, a lab needs $free_min_mib: make vm VM_DISK=$((gib + 2))" >&2
	exit 1
fi

# One partition behind a MBR. GRUB's core lies between them, where grub-install would put it.
truncate -s $((gib * 1024 + 1))M "$work/disk"
printf 'label: dos\nlabel-id: 0x696e746c\nstart=2048, type=83, bootable\n' | sfdisk -q "$work/disk"
grub-mkimage -O i386-pc -p '(hd0,msdos1)/boot/grub' -o "$work/core" biosdisk part_msdos ext2 linux normal serial terminal test search
[ "$(stat -c %s "$work/core")" -le $((2047 * 512)) ]
dd if=/usr/lib/grub/i386-pc/boot.img of="$work/disk" bs=440 count=1 conv=notrunc status=none
dd if="$work/core" of="$work/disk" bs=512 seek=1 conv=notrunc status=none
dd if="$fs" of="$work/disk" bs=1M seek=1 conv=notrunc,sparse status=none
mv "$work/disk" "$disk"
echo "$free_mib MiB free of $gib GiB"
