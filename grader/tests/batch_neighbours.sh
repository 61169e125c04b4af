#!/bin/bash
# Hostile hand-ins cost their own slots and nothing else: a class of lab 3 with attacks between good ones is graded beside the same class
# with harmless ones (skeletons) in their places. The good ones have the same grades, byte for byte, and all of them together take no more time than
# before and what the attacks took in slots of their own. Times are those of the store. A machine that others use may slow down one of
# the two: what the attacks do shows in each of three rounds, so the best counts. Last line: "N passed, N failed".
#   grader/tests/batch_neighbours.sh [ROUNDS]      (about a minute and a half a round on 2 cores; part of make verify BATCH=60)
set -u
cd "$(dirname "$0")/../.." || exit 2
rounds=${1:-3}
attacks=(no_end forks memory disk)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
check() { # TITLE COMMAND...
	title=$1
	shift
	if "$@" >"$work/check" 2>&1; then
		passed=$((passed + 1))
		echo "ok    $title"
	else
		failed=$((failed + 1))
		echo "FAIL  $title"
		tail -n 20 "$work/check"
	fi
}

# Eight people: before each good one somebody whose turn it is to be hostile, or not.
good=(s02 s04 s06 s08)
other=(s01 s03 s05 s07)
variants=(V3-1 V3-3)
for class in harmless hostile; do
	mkdir -p "$work/$class"
	for i in "${!good[@]}"; do
		grader/tests/class.sh --one 3 "${variants[i]:-reference}" "$work/$class/${good[i]}" "${good[i]}" >/dev/null || exit 2
	done
	for i in "${!other[@]}"; do
		what=skeleton
		[ $class = harmless ] || what=${attacks[i]}
		grader/tests/class.sh --one 3 "$what" "$work/$class/${other[i]}" "${other[i]}" >/dev/null || exit 2
	done
done

printf '[grade]\naudit_percent = 0\n' >"$work/no_audit.conf"
graded() { # CLASS ROUND
	build/grade batch --lab=3 --seed=1 --conf="$work/no_audit.conf" "$work/$1" "$work/$1.$2" >"$work/$1.$2.log" 2>&1
}
rows() { # CLASS ROUND: entry, wall ms, CPU ms
	sqlite3 -separator ' ' "$work/$1.$2/store.sqlite" "SELECT e.name, v.wall_ms, v.cpu_ms FROM entries e JOIN verdicts v USING (hash) WHERE e.state = 'final' ORDER BY 1"
}
of() { # COLUMN NAME...: the sum of a column of standard input over these
	column=$1
	shift
	awk -v column="$column" -v names=" $* " 'index(names, " " $1 " ") { sum += $column } END { print sum + 0 }'
}
table() { # ROUND
	printf '%-6s %-10s %12s %12s   %12s %12s\n' entry 'in its' 'wall before' 'wall beside' 'CPU before' 'CPU beside'
	join <(rows harmless "$1") <(rows hostile "$1") | while read -r name wall cpu wall_beside cpu_beside; do
		kind=good
		for i in "${!other[@]}"; do [ "${other[i]}" != "$name" ] || kind=${attacks[i]}; done
		printf '%-6s %-10s %9d ms %9d ms   %9d ms %9d ms\n' "$name" "$kind" "$wall" "$wall_beside" "$cpu" "$cpu_beside"
	done
}
within() { # COLUMN ROUND: the good ones' growth is not more than what the attacks' own slots took
	before=$(rows harmless "$2" | of "$1" "${good[@]}")
	beside=$(rows hostile "$2" | of "$1" "${good[@]}")
	own=$(rows hostile "$2" | of "$1" "${other[@]}")
	echo "      $([ "$1" = 2 ] && echo wall || echo CPU): good ones $before ms, beside attacks $beside ms; the attacks' own slots $own ms"
	[ $((beside - before)) -le "$own" ]
}

calm=1
for ((round = 1; round <= rounds; round++)); do
	for class in harmless hostile; do
		graded $class $round
		check "round $round, $class: exit 0" test $? -eq 0
		check "... all eight have a grade" test "$(rows $class $round | wc -l)" -eq 8
	done
	for name in "${good[@]}"; do
		check "$name: the same grade, byte for byte" cmp "$work/harmless.$round/entries/$name/grade.json" "$work/hostile.$round/entries/$name/grade.json"
	done
	for name in "${other[@]}"; do
		check "$name: an attack has not all points" jq -e '.score < .max' "$work/hostile.$round/entries/$name/grade.json"
	done
	table $round
	calm=0
	for column in 2 3; do within $column $round || calm=1; done
	[ $calm -ne 0 ] || break
done
check "the good ones took no more time than the attacks' own slots explain" test $calm -eq 0
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
