#!/bin/bash
# The same submission gets the same grade.json, byte by byte: run after run, on an idle machine, beside six busy loops, and on one
# core. Usage: repeat.sh LAB RUNS SUBMISSION...   where a SUBMISSION is a folder, or the id of a mutant or variant of that lab.
# Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
lab=${1:?repeat.sh LAB RUNS SUBMISSION...}
runs=${2:?}
shift 2
name=$(cd labs && echo "$lab"-*)
scratch=$(mktemp -d)
loops=
stop_load() {
	for loop in $loops; do kill "$loop" 2>/dev/null; done
	loops=
}
trap 'stop_load; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
start_load() {
	for _ in 1 2 3 4 5 6; do
		sh -c 'while :; do :; done' &
		loops="$loops $!"
	done
}

folder_of() { # SUBMISSION
	solutions=solutions/$name
	if [ -f "$solutions/mutants/$1.patch" ]; then
		mkdir -p "$scratch/$1"
		cp -r "$solutions/reference/." "$scratch/$1/"
		patch -s -p1 -d "$scratch/$1" <"$solutions/mutants/$1.patch" >&2
		echo "$scratch/$1"
	elif [ -d "$solutions/variants/$1" ]; then
		echo "$solutions/variants/$1"
	else
		echo "$1"
	fi
}

declare -A seen
passed=0
failed=0
for submission in "$@"; do
	folder=$(folder_of "$submission")
	for state in idle busy one-core; do
		first=
		other=0
		[ $state = busy ] && start_load
		only=
		[ $state = one-core ] && only="taskset -c 0"
		for _ in $(seq "$runs"); do
			$only build/grade run --lab="$lab" --submission="$folder" --json="$scratch/grade.json" >/dev/null 2>&1
			sum=none
			[ -s "$scratch/grade.json" ] && sum=$(sha256sum <"$scratch/grade.json")
			rm -f "$scratch/grade.json"
			first=${first:-$sum}
			if [ "$sum" = none ] || [ "$sum" != "$first" ]; then other=$((other + 1)); fi
		done
		stop_load
		[ "${seen[$submission]:=$first}" = "$first" ] || other=$runs
		if [ "$other" -eq 0 ]; then
			passed=$((passed + 1))
			printf 'ok     %-10s %-9s %s times the same grade.json\n' "$(basename "$submission")" $state "$runs"
		else
			failed=$((failed + 1))
			printf 'FAILED %-10s %-9s %s of %s differ\n' "$(basename "$submission")" $state "$other" "$runs"
		fi
	done
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
