#!/bin/bash
# The image of the throw-away machine, from the image's root: kernel, initramfs, and two file systems that nobody can write to. The
# same bits for the same root and the same commit.
# Usage: vm/small.sh ROOT.tar OUTDIR
# Needs root, or a user who may make user namespaces and has subordinate users (/etc/subuid): the project is built in a chroot of ROOT.tar.
set -euo pipefail
[ $# -eq 2 ] || { echo 'usage: vm/small.sh ROOT.tar OUTDIR' >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
root=$(realpath "$1") out=$2
# shellcheck source=SCRIPTDIR/epoch.sh
. "$here/epoch.sh"
mkdir -p "$out"
out=$(cd "$out" && pwd)
started=$SECONDS

for tool in sqfstar busybox cpio lz4 unshare; do
	command -v "$tool" >/dev/null || { echo "small.sh: $tool is missing; install it: make deps" >&2; exit 2; }
done
if [ "$(id -u)" -eq 0 ]; then
	become=(unshare --mount --pid --net --ipc --uts --fork --kill-child)
elif unshare --map-auto --map-root-user true 2>/dev/null; then
	become=(unshare --map-auto --map-root-user --mount --pid --net --ipc --uts --fork --kill-child)
else
	echo 'small.sh: the project is built in a chroot: be root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)' >&2
	echo 'small.sh: and have a line of your own in /etc/subuid and /etc/subgid (package uidmap)' >&2
	exit 2
fi
work=$(mktemp -d -p "$out")
# What is inside may belong to subordinate users.
trap '"${become[@]}" rm -rf "$work"' EXIT

told() { # FILE
	printf '  %-24s %6d KiB  %3d s\n' "$1" "$(($(stat -c %s "$out/$1") / 1024))" "$((SECONDS - started))"
}
pack() { # OUT: a tar on stdin
	rm -f "$out/$1.part"
	# It takes the time from the environment or from options, and complains of both.
	env -u SOURCE_DATE_EPOCH sqfstar -reproducible -mkfs-time "$SOURCE_DATE_EPOCH" -all-time "$SOURCE_DATE_EPOCH" -comp zstd -quiet -no-progress "$out/$1.part"
	mv "$out/$1.part" "$out/$1"
	told "$1"
}

mkdir "$work/kernel"
tar -xf "$root" -C "$work/kernel" --no-same-owner --wildcards './boot/vmlinuz-*' './usr/lib/modules/*'
pack root.sqfs <"$root"

# The commit, not the folder: what is not committed would be in no other image of this commit.
mkdir "$work/commit"
git -C "$here/.." -c tar.umask=022 archive HEAD | tar -x -C "$work/commit"
[ -z "$(git -C "$here/.." status --porcelain --untracked-files=no)" ] ||
	echo '  note: the image holds the last commit, not your changes since' >&2
"${become[@]}" "$here/small-project.sh" "$root" "$work" >"$out/project.log" 2>&1 ||
	{ tail -n 20 "$out/project.log" >&2; echo "small.sh: the project does not build in the image; all of it: $out/project.log" >&2; exit 1; }
pack project.sqfs <"$work/project.tar"
tar -xf "$work/project.tar" -C "$work/kernel" ./build/guest
"$here/small-boot.sh" "$work/kernel" "$out" "$work/kernel/build/guest"
for file in vmlinux initramfs.cpio.gz deterministic.cpio.gz; do
	told "$file"
done

(cd "$out" && sha256sum vmlinux initramfs.cpio.gz deterministic.cpio.gz root.sqfs project.sqfs) >"$out/SHA256SUMS.part"
mv "$out/SHA256SUMS.part" "$out/SHA256SUMS"
