#!/bin/sh
# Isolation between runs: the reference is graded alone, beside a harmless neighbour that computes, and beside each of the
# worst neighbours, in turns. Each of the two has a core of its own, as the slots of a batch have. grade.json must be equal
# byte by byte. CPU time (the run's own, of all its processes) and wall time are told, and judge nothing: they are the
# machine's too, which is why the harmless neighbour is there: what the hostile one costs beyond it, isolation has let through.
# Last line: "N passed, N failed".
#   grader/tests/hostile_isolation.sh [ROUNDS]
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=grader/tests/hostile_lib.sh
. grader/tests/hostile_lib.sh
work=$(mktemp -d) || exit 2
neighbour=
trap '[ -z "$neighbour" ] || kill "$neighbour" 2>/dev/null; rm -rf "$work"' EXIT
rounds=${1:-2}
passed=0
failed=0

# A slot's core; without a second one both share the first.
first="taskset -c 0"
second="taskset -c $(($(nproc) > 1))"

# One grading: writes grade.json, prints CPU and wall time in ms.
grade() { # NAME
	start=$(date +%s%N)
	(
		$first build/grade run --lab=1 --submission="solutions/$lab/reference" --json="$work/$1.json" >/dev/null 2>&1
		times
	) | awk -v wall="$((($(date +%s%N) - start) / 1000000))" 'NR == 2 {
		for (i = 1; i <= 2; i++) { split($i, part, "[ms]"); cpu += part[1] * 60000 + part[2] * 1000 }
		printf "%d", cpu }'
	echo " $((($(date +%s%N) - start) / 1000000))"
}

# A grading beside a program in a box of its own that is begun again whenever it ends.
grade_beside() { # NAME PROGRAM POLICY
	(
		trap 'exit 0' TERM
		# shellcheck disable=SC2086 # policy and options are words
		while :; do $second build/box --policy=$3 -- "$2" none >/dev/null 2>&1 </dev/null; done
	) &
	neighbour=$!
	grade "$1"
	kill "$neighbour"
	wait "$neighbour"
	neighbour=
}

build_program() { # NAME SOURCE
	gcc -std=gnu17 -D_GNU_SOURCE -Igrader/tests/hostile -O1 -static -o "$work/$1" "$2" || exit 2
}

echo 'int main(void) { for (volatile unsigned long i = 0; i < 2000000000; i++) continue; return 0; }' >"$work/calm.c"
build_program calm "$work/calm.c"
grade warm >/dev/null
for name in box_forks box_memory box_disk box_output box_denied_flood box_loop; do
	sed "s,@ROOT@,$PWD,g" "grader/tests/hostile/$name.c" >"$work/$name.c"
	build_program "$name" "$work/$name.c"
	policy=$(of "$name" Base)
	: >"$work/times"
	equal=yes
	round=0
	while [ $round -lt "$rounds" ]; do
		round=$((round + 1))
		alone=$(grade alone)
		grade_beside calm "$work/calm" lab1 >"$work/calm.times"
		grade_beside beside "$work/$name" "${policy#box }" >"$work/beside.times"
		cmp -s "$work/alone.json" "$work/beside.json" && [ -s "$work/beside.json" ] || equal=no
		echo "$alone $(cat "$work/calm.times" "$work/beside.times" | tr '\n' ' ')" >>"$work/times"
	done
	line=$(awk '
		function more(a, b) { return sprintf("%+.0f %%", (b / a - 1) * 100) }
		{ for (i = 1; i <= 6; i++) sum[i] += $i }
		END {
			printf "CPU %.2f s alone, %s beside a harmless one, %s beside it; ", sum[1] / NR / 1000, more(sum[1], sum[3]), more(sum[1], sum[5])
			printf "wall %.1f s, %s, %s", sum[2] / NR / 1000, more(sum[2], sum[4]), more(sum[2], sum[6])
		}' "$work/times")
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
