#!/bin/bash
# Builds all artefacts of the committed state twice, in two folders, one after the other, and compares them byte by byte.
# Usage: vm/tests/twice.sh [KEEP]     KEEP: a folder that gets the first build. Last line: "N as expected, N deviations"
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
keep=${1-}
work=$(mktemp -d "${TMPDIR:-/tmp}/interleave-twice.XXXXXX")
trap 'rm -rf "$work"' EXIT
good=0
deviations=0
artefacts=(root.tar disk.raw interleave.box root.sqfs project.sqfs vmlinux initramfs.cpio.gz)

build() { # PLACE
	mkdir -p "$1"
	git archive HEAD | tar -xC "$1"
	for name in "${artefacts[@]}"; do
		local start=${EPOCHREALTIME/./}
		if ! make -s -C "$1" "build/vm/$name" CI=1 >"$work/log" 2>&1; then
			tail -n 30 "$work/log"
			echo "$name cannot be made"
			return 1
		fi
		printf '%-20s %6d MiB %6.1f s  %s\n' "$name" $(($(du -k "$1/build/vm/$name" | cut -f1) / 1024)) \
			"$(((${EPOCHREALTIME/./} - start) / 1000))e-3" "$(sha256sum <"$1/build/vm/$name" | cut -c 1-16)"
	done
}

first="$work/one" second="$work/another place"
echo "-- first build: size on disk, time, sum"
build "$first" || { echo "$good as expected, 1 deviations"; exit 1; }
echo "-- second build, elsewhere and later"
build "$second" || { echo "$good as expected, 1 deviations"; exit 1; }
vm/lock.sh "$first/build/vm/packages.now"
for name in packages.now "${artefacts[@]}"; do
	if vm/tests/differ.sh "$first/build/vm/$name" "$second/build/vm/$name"; then
		good=$((good + 1))
		echo "equal  $name"
	else
		deviations=$((deviations + 1))
	fi
done
if [ -n "$keep" ]; then mkdir -p "$keep" && cp --sparse=always "$first"/build/vm/* "$keep"; fi
echo "$good as expected, $deviations deviations"
[ $deviations = 0 ]
