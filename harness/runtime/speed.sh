#!/bin/bash
# Schedules per CPU-second of the explorer's runtime: how they fall with threads and operations. Prints a table and writes it into
# harness/README.md. CPU time, and the best of REPEATS, since a busy machine only ever makes it worse.
# Usage: harness/runtime/speed.sh [--print]   (make bench SPEED=1 [REPEATS=7]; --print: no README)
set -u
cd "$(dirname "$0")/../.." || exit 2
REPEATS=${REPEATS:-7}
threads=$(seq 2 8)
operations='10 25 50 100'
out=build/explored/speed
read -r load _ </proc/loadavg

# best "executions/s" and the points of one execution
best() { # PROGRAM OPTIONS...
	for _ in $(seq "$REPEATS"); do "$@" --keep -n 3000; done |
		sed -n 's/.*: clean, .* \([0-9]*\)\/s, \([0-9.]*\) points.*/\1 \2/p' | sort -n | tail -n 1
}

table() {
	echo "$(sed -n 's/^model name.*: *//p' /proc/cpuinfo | head -n 1), one of $(nproc) cores of a virtual machine, Linux $(uname -r | cut -d. -f1-2), load"
	echo "$load before it; executions per CPU-second, in brackets points per execution:"
	echo
	# shellcheck disable=SC2086 # a list of words
	echo "| threads |$(printf ' %s operations |' $operations)"
	# shellcheck disable=SC2086
	echo "|---|$(printf -- '---|%.0s' $operations)"
	for t in $threads; do
		row="| $t |"
		for n in $operations; do
			read -r speed points <<<"$(best "$out/$t-$n")"
			row="$row ${speed:?} (${points%.*}) |"
		done
		echo "$row"
	done
	echo
	read -r speed points <<<"$(best "$out/3-50")"
	read -r every more <<<"$(best "$out/3-50" --all-accesses)"
	awk -v speed="${speed:?}" -v points="${points:?}" -v every="${every:?}" -v more="${more:?}" 'BEGIN {
		printf "3 threads with 50 operations: %.1f million points per CPU-second, or %d executions of 180 points (wanted: 20000).\n", speed * points / 1e6, speed * points / 180
		printf "With every access a point: %d (%d).\n", every, more }'
}

for t in $threads; do for n in $operations; do echo "$out/$t-$n"; done; done | xargs make -s || exit 2
table >build/speed.md || exit 2
cat build/speed.md
[ "${1:-}" = --print ] || harness/runtime/into_readme.sh speed build/speed.md
