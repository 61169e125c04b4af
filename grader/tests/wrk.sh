#!/bin/bash
# The reference of lab 2 under a load generator that knows nothing of the tests: wrk at 64 and at 1000 connections, a thread for
# each and a pool of 8; then a shutdown under valgrind. Skipped, and said so, where wrk is missing.
set -u
cd "$(dirname "$0")/../.." || exit 2
command -v wrk >/dev/null || { echo 'wrk.sh: skipped, wrk is not installed'; exit 0; }
make -s served LAB=2 SUBMISSION=solutions || exit 2
ulimit -n "$(ulimit -Hn)"
program=build/serve/2-thread-server
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
failed=0

begin() { # COMMAND...: sets pid and url
	"$@" >"$work/out" 2>"$work/err" &
	pid=$!
	for _ in $(seq 200); do
		url=$(sed -n 's/^\(http:[^ ]*\) .*/\1/p' "$work/out")
		[ -n "$url" ] && return 0
		sleep 0.05
	done
	echo "FAILED $*: does not begin to serve"
	exit 1
}

finish() { # NAME: SIGTERM ends it with status 0
	kill -TERM "$pid"
	wait "$pid"
	status=$?
	[ "$status" -eq 0 ] && return
	failed=$((failed + 1))
	echo "FAILED $1: status $status after SIGTERM"
	tail -n 30 "$work/err"
}

for workers in 0 8; do
	begin "$program" --port 0 --workers "$workers" --conns 4096
	for connections in 64 1000; do
		output=$(wrk -t2 -c"$connections" -d2s --timeout 60s "${url}ping") # a busy machine is no error of the server
		if printf '%s\n' "$output" | grep -E 'Socket errors|Non-2xx'; then
			failed=$((failed + 1))
			echo "FAILED $workers workers, $connections connections"
		else
			echo "  $workers workers, $connections connections: $(printf '%s\n' "$output" | grep Requests/sec)"
		fi
	done
	finish "$workers workers"
done
if command -v valgrind >/dev/null; then
	for workers in 0 8; do
		begin valgrind -q --leak-check=full --error-exitcode=99 "$program" --port 0 --workers "$workers"
		wrk -t1 -c8 -d1s "${url}ping" >/dev/null
		finish "$workers workers under valgrind"
	done
else
	echo 'wrk.sh: no shutdown under valgrind, which is not installed'
fi
[ "$failed" -eq 0 ]
