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
# What make is asked for, and what comes of it.
targets=(root.tar disk.raw interleave.box SHA256SUMS)
artefacts=(packages.now root.tar disk.raw interleave.box root.sqfs project.sqfs vmlinux initramfs.cpio.gz deterministic.cpio.gz)

build() { # PLACE
	git clone -q . "$1"
	for name in "${targets[@]}"; do
		local start=${EPOCHREALTIME/./}
		if ! make -s -C "$1" "build/vm/$name" CI=1 >"$work/log" 2>&1; then
			tail -n 30 "$work/log"
			echo "$name cannot be made"
			return 1
		fi
		printf '%-24s %6.1f s\n' "$name" "$(((${EPOCHREALTIME/./} - start) / 1000))e-3"
	done
	for name in "${artefacts[@]}"; do
		printf '%-24s %6d MiB on disk  %s\n' "$name" $(($(du -k "$1/build/vm/$name" | cut -f1) / 1024)) \
			"$(sha256sum <"$1/build/vm/$name" | cut -c 1-16)"
	done
}

first="$work/one" second="$work/another place"
echo "-- first build: times; sizes and sums"
build "$first" || { echo "$good as expected, 1 deviations"; exit 1; }
echo "-- second build, elsewhere and later"
build "$second" || { echo "$good as expected, 1 deviations"; exit 1; }
vm/lock.sh "$first/build/vm/packages.now"
for name in "${artefacts[@]}"; do
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
