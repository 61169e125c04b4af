#!/bin/sh
# Copies kernel modules, and before each those that it needs, as OUT/NN-name.ko: the order in which /init loads them.
# Usage: vm/small-modules.sh MODULES-FOLDER OUT NAME...     (lib/modules/RELEASE of the image; a name without a file is built in)
set -eu
modules=$1
out=$2
shift 2
mkdir -p "$out"
number=10
done=' '

add() { # NAME
	case $done in *" $1 "*) return ;; esac
	done="$done$1 "
	file=$(find "$modules" -name "$(echo "$1" | sed 's/[-_]/[-_]/g').ko" | LC_ALL=C sort | head -n 1)
	[ -n "$file" ] || return 0
	for need in $(tr '\0' '\n' <"$file" | sed -n 's/^depends=//p' | tr ',' ' '); do
		add "$need"
	done
	file=$(find "$modules" -name "$(echo "$1" | sed 's/[-_]/[-_]/g').ko" | LC_ALL=C sort | head -n 1) # the calls above had their own
	cp "$file" "$out/$number-$1.ko"
	number=$((number + 1))
}

for name; do
	add "$name"
done
