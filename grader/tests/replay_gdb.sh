#!/bin/bash
# make replay TOKEN=... GDB=1: a schedule of a queue whose consumers share a condition with its producers, under gdb: the steps are those of
# the schedule, and who sleeps is seen to sleep. Last line: "N passed, N failed"; nothing of either where gdb is missing.
set -u
cd "$(dirname "$0")/../.." || exit 2
command -v gdb >/dev/null || { echo "skip  gdb is not installed (make deps)"; echo "0 passed, 0 failed"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lab=3-work-queue
passed=0
failed=0

check() { # TITLE COMMAND...
	title=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok    $title"
	else
		failed=$((failed + 1))
		echo "FAIL  $title"
		tail -n 40 "$work/log"
	fi
}
under_gdb() { # COMMAND... -> log
	printf '%s\n' "$@" quit | timeout 120 build/grade replay --token="$token" --gdb >"$work/log" 2>&1
}
says() { grep -Eq "$1" "$work/log"; }

cp -r "solutions/$lab/reference" "$work/queue"
patch -s -p1 -d "$work/queue" <"solutions/$lab/mutants/M3-03.patch" || exit 2
build/grade run --lab=3 --submission="$work/queue" --json="$work/grade.json" >"$work/log" 2>&1
token=$(jq -r '[.tests[] | select(.id == "L3.B.2") | .replay] | first' "$work/grade.json")

check "gdb stops before the schedule and says what one can do" under_gdb
check "it names its commands" says 'il-threads +all threads'
under_gdb il-step il-step 'break phase_next if rt->phase == 1' continue il-threads 'il-bt 1' continue
check "a step is a thread and a line of the submission" says 'step [0-9]+: T[0-9] does EXPLORE_STEP_[A-Z_]+ +Line [0-9]+ of "bqueue.c"'
check "who sleeps is seen to sleep, at its line" says 'T1 sleeps +EXPLORE_STEP_WAIT +Line [0-9]+ of "bqueue.c"'
check "the stack of a thread that sleeps leads to its operation" says '^#[0-9]+ .* bq_push '
check "the schedule comes to its end" says 'the schedule is over\]'
check "and fitted the program" sh -c "! grep -q 'did not fit' '$work/log'"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
