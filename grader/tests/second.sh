#!/bin/bash
# Second opinions from end to end: a race that both see, a correct program without locks, and a submission that speaks for its
# detector. None of them may change a byte of grade.json. Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
lab=3-work-queue
hostile=grader/tests/hostile/second
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() { # TITLE COMMAND...
	title=$1
	shift
	if "$@" >>"$work/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok    $title"
	else
		failed=$((failed + 1))
		echo "FAIL  $title"
		sed -n '/Second opinion/,$p' "$work/out"
		tail -n 5 "$work/log"
	fi
}
graded() { # FOLDER NAME OPTIONS...: NAME.json is the grade, NAME.run what is beside it
	folder=$1
	name=$2
	shift 2
	build/grade run --lab=3 --submission="$folder" --json="$work/$name.json" "$@" >"$work/out" 2>&1
	sum=$(jq -r '.submission | ltrimstr("sha256:")' "$work/$name.json")
	cp "build/run/$lab/$sum/run.json" "$work/$name.run"
}
saw() { # NAME DETECTOR PART -> what it saw, and whether it agrees
	jq -r --arg d "$2" --arg p "$3" '.second[] | select(.detector == $d and .part == $p) | "\(.saw) \(.agree)"' "$work/$1.run"
}
all_saw() { # NAME PART WANTED: TSan of both compilers
	for detector in tsan tsan-clang; do
		got=$(saw "$1" $detector "$2")
		[ "$got" = "$3" ] || { echo "$detector on $2: '$got', wanted '$3'"; return 1; }
	done
}

# A race: the explorer's finding and TSan's report are of one place.
cp -r "solutions/$lab/reference" "$work/race"
patch -s -d "$work/race" -p1 <"solutions/$lab/mutants/M3-13.patch" || exit 2
graded "$work/race" race --detectors=helgrind
check "a race is seen by both, which is agreement" all_saw race B 'report true'
check "the report names the explorer's test" grep -q 'found an error there, too, in L3.B.3' "$work/out"
check "silence about what is clean is agreement" all_saw race B0 'nothing true'

if [ -e /usr/bin/valgrind.bin ]; then
	check "helgrind, when asked, sees it, too" test "$(saw race helgrind B)" = 'report true'
else
	check "helgrind, where it is missing, says how to get it" grep -q 'helgrind: valgrind is not installed: make deps' "$work/out"
fi

# No locks, and correct: TSan knows its atomics, so nothing is seen.
graded "solutions/$lab/variants/V3-1" lockfree
for part in B0 B C D E; do
	check "TSan sees nothing in a correct queue without locks: $part" all_saw lockfree $part 'nothing true'
done

# Each attack in a part of its own, and only where a detector of others looks: there alone a program lies at a fixed address.
mkdir "$work/hostile"
cp -r "solutions/$lab/reference/." "$work/hostile"
{
	cat "$hostile"/*.c
	echo '#include "3-work-queue/bqueue.h"'
	echo '#define ATTACK(what) do { if ((uintptr_t)bq_create >> 24 == 0x555555) what(); } while (0)'
	sed -e '/^size_t bq_size(/,/^}/s/^{/{ ATTACK(remove_report);/' \
		-e '/^int bq_push_until(/,/^}/s/^{/{ if (deadline_us != UINT64_MAX) ATTACK(exit_early);/' \
		-e '/^int bq_pop_many(/,/^}/s/^{/{ ATTACK(never_end);/' "solutions/$lab/reference/bqueue.c"
} >"$work/hostile/bqueue.c"
{
	cat "$hostile/forge_report.c"
	echo '#include "3-work-queue/bqueue.h"'
	sed '/^void csem_destroy(/,/^}/s/^{/{ if ((uintptr_t)csem_create >> 24 == 0x555555) forge_report();/' "solutions/$lab/reference/csem.c"
} >"$work/hostile/csem.c"
graded "$work/hostile" hostile
check "a forged report is no opinion, and said to be none" all_saw hostile B0 'tampered null'
check "a report that was removed" all_saw hostile B 'tampered null'
check "a stress that ends before its end" all_saw hostile D 'tampered null'
check "a stress that never ends" all_saw hostile E 'hang null'
check "what watches the detectors keeps its marks" jq -e '.score == .max' "$work/hostile.json"
check "a part without an attack" all_saw hostile C 'nothing true'
check "nothing of a forged report is printed" sh -c "! grep -q 'Score 90 of 90.*Score\|examiner.c\|$(printf '\033')' '$work/out'"
cp "$work/hostile.json" "$work/first.json"
graded "$work/hostile" hostile --detectors=none
check "grade.json is the same, asked or not" cmp "$work/first.json" "$work/hostile.json"
check "and nobody is asked" test "$(jq '.second | length' "$work/hostile.run")" = 0
build/grade run --lab=3 --submission="$work/hostile" --detectors=tsam >"$work/out" 2>&1
check "an unknown detector is wrong use" test $? -eq 2

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
