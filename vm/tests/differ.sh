#!/bin/bash
# Says where two artefacts of the image differ: the members of a tar, else the first byte. Nothing if they are equal.
# Usage: vm/tests/differ.sh ONE OTHER        exit status: 0 equal, 1 different
set -euo pipefail
one=$1 other=$2
cmp -s "$one" "$other" && exit 0
members() { # name, mode, owner, size, time and sum of each
	local list
	list=$(mktemp -d)
	tar --numeric-owner --full-time -tvf "$1" | sort >"$list/names"
	# shellcheck disable=SC2016 # the shell that tar starts expands it
	tar -xf "$1" --to-command='printf "%s %s\n" "$(sha256sum | cut -c 1-16)" "$TAR_FILENAME"' | sort >"$list/sums"
	cat "$list/names" "$list/sums"
	rm -r "$list"
}
echo "$(basename "$one") differs:"
if tar -tf "$one" >/dev/null 2>&1; then
	diff <(members "$one") <(members "$other") | grep '^[<>]' | head -n 20 || true
	cmp "$one" "$other" || true
else
	printf '  sizes %s and %s\n' "$(stat -c %s "$one")" "$(stat -c %s "$other")"
	cmp "$one" "$other" || true
fi
exit 1
