#!/bin/bash
# The pool against its peers: CPU time for a task, interleaved rounds, medians. Peers that cannot be compiled are left out.
# Usage: solutions/2-thread-server/bench/pool.sh [ROUNDS] [TASKS]   (or make bench LAB=2)
set -u
cd "$(dirname "$0")/../../.." || exit 2
rounds=${1:-${ROUNDS:-9}}
tasks=${2:-200000}
out=build/bench/2-thread-server
src=solutions/2-thread-server
mkdir -p $out
cc="${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O2 -pthread -Ilabs"

peers=
for pool in reference variants/V2-3 variants/V2-5; do
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
shapes=free
[ "$(nproc)" -gt 1 ] && shapes='free apart'
for round in $(seq "$rounds"); do
	for shape in $shapes; do
		for workers in 2 8 64; do
			for peer in $(tr ' ' '\n' <<<"$peers" | sort -R); do
				: > $out/futex
				# shellcheck disable=SC2086 # a command
				line=$(timeout -k 1 120 $count "$out/$peer" "$workers" "$tasks" "$shape" || echo failed)
				echo "$peer $shape $workers $round $line $(awk -F, -v n="$tasks" '/futex/ { print $1 / n }' $out/futex)"
			done
		done
	done
done > $out/runs
echo "$rounds interleaved rounds of $tasks tasks: CPU ns a task, median [least..most]; futex calls a task; median of the ratios to libuv"
awk -v peers="$peers" -v shapes="$shapes" '
	$5 != "failed" { cpu[$1, $2, $3, $4] = $5 + 0; futex[$1, $2, $3, $4] = $8 + 0; if ($4 > last) last = $4 }
	function median(v, n,   i, j, t) {
		for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j] < v[j - 1]; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
		return n ? v[int((n + 1) / 2)] : 0
	}
	function row(peer, shape, w,   r, n, m, v, f, q, key, uv) {
		for (r = 1; r <= last; r++) {
			key = peer SUBSEP shape SUBSEP w SUBSEP r
			uv = "libuv" SUBSEP shape SUBSEP w SUBSEP r
			if (key in cpu) { v[++n] = cpu[key]; f[n] = futex[key] }
			if (key in cpu && uv in cpu) q[++m] = cpu[key] / cpu[uv]
		}
		median(v, n)
		printf " %30s", n ? sprintf("%.0f [%.0f..%.0f] %.3f  %.2f", median(v, n), v[1], v[n], median(f, n), median(q, m)) : "-"
	}
	END {
		names = split(peers, peer, " ")
		for (s = 1; s <= split(shapes, shape, " "); s++) {
			printf "%-12s %30s %30s %30s\n", shape[s], "2 workers", "8 workers", "64 workers"
			for (i = 1; i <= names; i++) {
				printf "%-12s", peer[i]
				row(peer[i], shape[s], 2); row(peer[i], shape[s], 8); row(peer[i], shape[s], 64)
				print ""
			}
		}
	}' $out/runs
