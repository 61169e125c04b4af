#!/bin/sh
# Isolation between runs: the reference is graded beside each of the worst neighbours, in pairs with an undisturbed run.
# grade.json must be equal byte by byte. CPU time (the run's own, of all its processes) and wall time are told, and judge
# nothing: they are the machine's too. Last line: "N passed, N failed".
#   grader/tests/hostile_isolation.sh [PAIRS]
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=grader/tests/hostile_lib.sh
. grader/tests/hostile_lib.sh
work=$(mktemp -d) || exit 2
neighbour=
trap '[ -z "$neighbour" ] || kill "$neighbour" 2>/dev/null; rm -rf "$work"' EXIT
pairs=${1:-2}
passed=0
failed=0

# One grading: writes grade.json, prints CPU and wall time in ms.
grade() { # NAME
	start=$(date +%s%N)
	(
		build/grade run --lab=1 --submission="solutions/$lab/reference" --json="$work/$1.json" >/dev/null 2>&1
		times
	) | awk -v wall="$((($(date +%s%N) - start) / 1000000))" 'NR == 2 {
		for (i = 1; i <= 2; i++) { split($i, part, "[ms]"); cpu += part[1] * 60000 + part[2] * 1000 }
		printf "%d", cpu }'
	echo " $((($(date +%s%N) - start) / 1000000))"
}

grade warm >/dev/null
for name in box_forks box_memory box_disk box_output box_denied_flood box_loop; do
	sed "s,@ROOT@,$PWD,g" "grader/tests/hostile/$name.c" >"$work/$name.c"
	gcc -std=gnu17 -D_GNU_SOURCE -Igrader/tests/hostile -O1 -static -o "$work/$name" "$work/$name.c" || exit 2
	policy=$(of "$name" Base)
	: >"$work/times"
	equal=yes
	pair=0
	while [ $pair -lt "$pairs" ]; do
		pair=$((pair + 1))
		alone=$(grade alone)
		(
			trap 'exit 0' TERM
			# shellcheck disable=SC2086 # policy and options are words
			while :; do build/box --policy=${policy#box } -- "$work/$name" none >/dev/null 2>&1 </dev/null; done
		) &
		neighbour=$!
		beside=$(grade beside)
		kill "$neighbour"
		wait "$neighbour"
		neighbour=
		cmp -s "$work/alone.json" "$work/beside.json" && [ -s "$work/beside.json" ] || equal=no
		echo "$alone $beside" >>"$work/times"
	done
	line=$(awk '{ a += $1; aw += $2; b += $3; bw += $4 } END {
		printf "CPU %.2f s alone, %.2f s beside it (%+.0f %%); wall %.1f s and %.1f s", a / NR / 1000, b / NR / 1000,
			(b / a - 1) * 100, aw / NR / 1000, bw / NR / 1000 }' "$work/times")
	if [ $equal = yes ]; then
		passed=$((passed + 1))
		echo "ok    beside $name: grade.json equal; $line"
	else
		failed=$((failed + 1))
		echo "FAIL  beside $name: another grade.json; $line"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
