#!/bin/sh
# `make verify HOSTILE=1`: the whole corpus as root (or whoever calls), then as an ordinary user, a thousand runs that must
# leave nothing, the reference beside the worst neighbours, the ordinary autograder, and the table of grader/HOSTILE.md.
# Last line: "N as expected, N deviations". What each part said stays in build/hostile/.
set -u
cd "$(dirname "$0")/../.." || exit 2
rm -rf build/hostile
mkdir -p build/hostile
good=0
bad=0

part() { # TITLE NAME COMMAND...
	title=$1
	log=build/hostile/$2.log
	shift 2
	echo "-- $title"
	"$@" >"$log" 2>&1
	line=$(tail -n 1 "$log" | grep -E '^[0-9]+ passed, [0-9]+ failed$' || echo '0 passed, 1 failed')
	sed '$d' "$log" | grep -v '^ok    [a-z0-9_]* ('
	echo "   $line"
	good=$((good + ${line%% *}))
	line=${line#*, }
	bad=$((bad + ${line%% *}))
}

part "every attack" attacks env SET=all RESULTS=build/hostile/results.tsv grader/tests/hostile.sh
part "hostile archives among honest ones" archives env RESULTS=build/hostile/archives.tsv grader/tests/hostile_archives.sh
[ "$(id -u)" -ne 0 ] || part "as an ordinary user" user grader/tests/hostile_user.sh "${RUNS:-1000}"
part "${RUNS:-1000} hostile runs leave nothing" leaves grader/tests/hostile_leaves.sh "${RUNS:-1000}"
part "the explorer silenced" silenced grader/tests/silenced.sh
part "the reference beside the worst neighbours" isolation grader/tests/hostile_isolation.sh "${PAIRS:-2}"
echo "-- an ordinary autograder, in a container of ours"
grader/tests/naive.sh >build/hostile/naive.tsv 2>build/hostile/naive.err
grader/tests/hostile_table.sh build/hostile >build/hostile/table.md && grader/tests/hostile_table.sh build/hostile grader/HOSTILE.md
echo "   the table is in grader/HOSTILE.md"
echo "$good as expected, $bad deviations"
[ $bad -eq 0 ]
