#!/bin/bash
# A second witness for servers with processes and signals: runs a server of lab 1 in the deterministic machine, under one seed after the
# other, and says which seed broke a law. Each seed is one kernel, one schedule, one moment of SIGTERM; its token repeats it exactly.
# It gives and costs no points.
# Usage: vm/deterministic.sh PROGRAM SEED...       PROGRAM: build/run/1-fork-server/HASH/srv.nat, which a grading leaves
# IMAGE=dir: the image of the machines (default: build/vm). Exit status: 0 nothing seen, 1 a law was broken, 2 could not run.
set -euo pipefail
[ $# -ge 2 ] || { sed -n 's/^# Usage: /usage: /p' "$0" >&2; exit 2; }
project=$(cd "$(dirname "$0")/.." && pwd)
program=$1
shift
image=${IMAGE:-$project/build/vm}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install -m 755 "$program" "$work/server" || exit 2
tar -C "$work" --format=ustar --owner=0 --group=0 --mtime=@0 -cf "$work/input.tar" server
worst=0
for seed; do
	token=$("$project/build/machine" deterministic --image="$image" --input="$work/input.tar" --output="$work/output" --seed="$seed" --limit="${LIMIT:-300}") || exit 2
	tr -d '\r' <"$work/output" >"$work/lines" # a serial line ends its lines by both
	if grep -qx 'witness: nothing seen' "$work/lines"; then
		echo "seed $seed: nothing seen"
		continue
	fi
	worst=1
	echo "seed $seed: $(sed -n 's/^law \(.*[^ ]\) *BROKEN$/\1/p' "$work/lines" | paste -sd ',' | sed 's/,/, /g') BROKEN; it repeats as $token"
	LC_ALL=C tr -c '[:print:]\n' '?' <"$work/lines" | sed 's/^/    /' # a server may have written what a terminal obeys
done
exit "$worst"
