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
	command -v "$tool" >/dev/null || { echo "small.sh: $tool is missing; install it: make deps VM=1" >&2; exit 2; }
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
	# lz4: quick here and in an emulated guest, at twice the size of zstd (whose level sqfstar 4.5.1 cannot set).
	# It takes the time from the environment or from options, and complains of both.
	env -u SOURCE_DATE_EPOCH sqfstar -reproducible -mkfs-time "$SOURCE_DATE_EPOCH" -all-time "$SOURCE_DATE_EPOCH" -comp lz4 -quiet -no-progress "$out/$1.part" 2>"$work/err" ||
		{ cat "$work/err" >&2; exit 1; }
	mv "$out/$1.part" "$out/$1"
	told "$1"
}

# The commit, not the folder: what is not committed would be in no other image of this commit. Without git: what is there.
project=$(cd "$here/.." && pwd -P)
in_git=
[ "$(git -C "$project" rev-parse --show-toplevel 2>/dev/null)" != "$project" ] || in_git=yes
sources() { # a tar
	if [ -n "$in_git" ]; then
		git -C "$project" -c tar.umask=022 archive HEAD
	else
		tar -C "$project" --exclude=./build --exclude=./.git --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -c .
	fi
}
if [ -n "$in_git" ] && [ -n "$(git -C "$project" status --porcelain --untracked-files=no)" ]; then
	echo '  note: the image holds the last commit, not your changes since' >&2
fi
state=$(sources | sha256sum)

# The root is packed again only when it is another one; all else is the commit's.
if [ ! "$out/root.sqfs" -nt "$root" ]; then
	pack root.sqfs <"$root"
fi
if [ "$(cat "$out/project.state" 2>/dev/null)" = "$state" ] && [ "$out/project.sqfs" -nt "$out/root.sqfs" ] && [ -f "$out/SHA256SUMS" ]; then
	exit 0
fi
rm -f "$out/SHA256SUMS"
mkdir "$work/commit" "$work/kernel"
sources | tar -x -C "$work/commit"
"${become[@]}" "$work/commit/vm/small-project.sh" "$root" "$work" >"$out/project.log" 2>&1 ||
	{ tail -n 20 "$out/project.log" >&2; echo "small.sh: the project does not build in the image; all of it: $out/project.log" >&2; exit 1; }
pack project.sqfs <"$work/project.tar"
tar -xf "$root" -C "$work/kernel" --no-same-owner --wildcards './boot/vmlinuz-*' './usr/lib/modules/*'
tar -xf "$work/project.tar" -C "$work/kernel" ./build/guest
"$work/commit/vm/small-boot.sh" "$work/kernel" "$out" "$work/kernel/build/guest"
for file in vmlinux initramfs.cpio.gz deterministic.cpio.gz; do
	told "$file"
done

(cd "$out" && sha256sum vmlinux initramfs.cpio.gz deterministic.cpio.gz root.sqfs project.sqfs) >"$out/SHA256SUMS.part"
echo "$state" >"$out/project.state"
mv "$out/SHA256SUMS.part" "$out/SHA256SUMS"
