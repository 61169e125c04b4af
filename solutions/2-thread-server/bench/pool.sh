#!/bin/bash
# The pool against its peers: CPU time for a task, interleaved rounds, medians. Peers that cannot be compiled are left out.
# Usage: solutions/2-thread-server/bench/pool.sh [ROUNDS] [TASKS]   (or make bench LAB=2)
set -u
cd "$(dirname "$0")/../../.." || exit 2
rounds=${1:-${ROUNDS:-5}}
tasks=${2:-200000}
out=build/bench/2-thread-server
src=solutions/2-thread-server
mkdir -p $out
cc="${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O2 -pthread -Ilabs"

peers=
for pool in reference variants/V2-3; do
	# shellcheck disable=SC2086 # a list of words
	$cc -DPOOL_OF_LAB -o "$out/$(basename $pool)" $src/bench/pool.c "$src/$pool/pool.c" || exit 2
	peers="$peers $(basename $pool)"
done
library() { # NAME MACRO PACKAGE
	# shellcheck disable=SC2046,SC2086 # lists of words
	if $cc -D"$2" $(pkg-config --cflags "$3" 2>/dev/null) -o "$out/$1" $src/bench/pool.c $(pkg-config --libs "$3" 2>/dev/null) 2>/dev/null
	then peers="$peers $1"
	else echo "$1 is left out: its headers are not installed"
	fi
}
library libuv POOL_OF_UV libuv
library glib POOL_OF_GLIB glib-2.0

# Futex calls are counted where the kernel lets us; they include those of start and end.
count=
if perf stat -x, -e syscalls:sys_enter_futex -o $out/futex true 2>/dev/null; then
	count="perf stat -x, -e syscalls:sys_enter_futex -o $out/futex"
fi
for _ in $(seq "$rounds"); do
	for workers in 2 8 64; do
		for peer in $peers; do
			: > $out/futex
			# shellcheck disable=SC2086 # a command
			line=$(timeout -k 1 120 $count "$out/$peer" "$workers" "$tasks" || echo failed)
			echo "$peer $workers $line $(awk -F, -v n="$tasks" '/futex/ { print $1 / n }' $out/futex)"
		done
	done
done > $out/runs
echo "$rounds interleaved rounds of $tasks tasks; medians: CPU ns a task (wall ns; sleeps, futex calls a task)"
awk -v peers="$peers" '
	$3 != "failed" { n = ++runs[$1, $2]; cpu[$1, $2, n] = $3; wall[$1, $2, n] = $4; sleeps[$1, $2, n] = $5; futex[$1, $2, n] = NF > 5 ? $6 : "?" }
	function median(what, peer, workers,   i, j, n, v, t) {
		n = runs[peer, workers]
		for (i = 1; i <= n; i++) v[i] = what[peer, workers, i]
		for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (v[j] + 0 < v[i] + 0) { t = v[i]; v[i] = v[j]; v[j] = t }
		return n ? v[int((n + 1) / 2)] : "-"
	}
	END {
		printf "%-12s%30s%30s%30s\n", "", "2 workers", "8 workers", "64 workers"
		count = split(peers, peer, " ")
		for (i = 1; i <= count; i++) {
			printf "%-12s", peer[i]
			for (w = 2; w <= 64; w *= w == 2 ? 4 : 8)
				printf "%30s", sprintf("%.0f (%.0f; %.3f, %.5s)", median(cpu, peer[i], w), median(wall, peer[i], w),
					median(sleeps, peer[i], w), median(futex, peer[i], w))
			print ""
		}
	}' $out/runs
