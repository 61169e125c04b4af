#!/bin/bash
# A virtual machine's word is evidence, and what is none gives no grade: a stand-in for build/machine answers well and badly.
# Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
lab=3-work-queue
stub=$PWD/grader/tests/vm_stub.sh
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export OTHER=$work/other KEEP_INPUT=
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
		tail -n 5 "$work/log"
	fi
}
run() { # SUBMISSION OPTIONS...
	folder=$1
	shift
	build/grade run --lab=3 --submission="$folder" "$@" >"$work/out" 2>"$work/err"
	status=$?
	cat "$work/err"
	return $status
}
graded() { run "$@" || [ $? -eq 1 ]; }
in_vm() { # STUB SUBMISSION OPTIONS...
	export STUB=$1
	shift
	run "$@" --vm --machine="$stub" --work="$work/run"
}
graded_in_vm() { in_vm "$@" || [ $? -eq 1 ]; }
refused() { # STUB WORDS
	rm -f "$work/none.json"
	in_vm "$1" "$work/sub" --json="$work/none.json"
	[ $? -eq 2 ] && [ ! -e "$work/none.json" ] && grep -q "No grade: .*$2" "$work/err"
}
same_but_key() { # LEFT RIGHT
	[ "$(jq 'del(.versions.grade_key)' "$1")" = "$(jq 'del(.versions.grade_key)' "$2")" ]
}
is_plain_tar() {
	tar --utc --numeric-owner -tvf "$work/tar" | awk '{ print $1, $2, $4, $5, $6 }' >"$work/list"
	! awk '{ print $1, $2, $3, $4 }' "$work/list" | grep -v '^-rw-r--r-- 0/0 1970-01-01 00:00$' &&
		awk '{ print $5 }' "$work/list" | LC_ALL=C sort -c &&
		grep -q 'job.json$' "$work/list" && [ "$(wc -l <"$work/list")" -eq "$1" ]
}

cp -r "solutions/$lab/reference" "$work/sub"
patch -s -d "$work/sub" -p1 <"solutions/$lab/mutants/M3-06.patch" || exit 2
check "here" graded "$work/sub" --detectors=none --json="$work/here.json"
KEEP_INPUT=$work/tar check "in a machine" graded_in_vm good "$work/sub" --json="$work/vm.json"
check "the same grade but for its key" same_but_key "$work/here.json" "$work/vm.json"
check "another key" test "$(jq .versions.grade_key "$work/here.json")" != "$(jq .versions.grade_key "$work/vm.json")"
check "what it gets is a plain tar" is_plain_tar $(($(find "$work/sub" -name '*.[ch]' | wc -l) + 1 + $(find "$work/sub" -name '*.sched' | wc -l)))
check "job.json names lab and seed" test "$(tar -xOf "$work/tar" job.json | jq -c 'del(.format)')" = '{"lab":"3-work-queue","seed":"'"$(jq -r .seed "$work/here.json")"'"}'
check "nothing is left of it" test -z "$(find "$work/run" -name 'vm.*')"

check "cut off" refused cut 'the evidence cannot be judged'
check "enormous" refused large 'left more than'
check "garbage" refused garbage 'the evidence cannot be judged'
check "with points of its own" refused points 'other parts than it has'
check "less isolation than there is" refused reduced 'not all of its layers'
check "empty" refused empty 'the evidence cannot be judged'
check "nothing" refused nothing 'left nothing'
check "hung" refused hung 'gave no result (machine: no result: it hung)'
no_escapes() { ! LC_ALL=C grep -q "$(printf '[\033\007]')" "$work/err"; }
check "its words are clean" no_escapes
check "a flood of words" refused flood 'gave no result'
check "which is short" test "$(wc -c <"$work/err")" -lt 20000
check "none there" refused none 'make vm'
check "killed" refused killed 'ended by signal 9'
check "evidence of a correct one" run "solutions/$lab/reference" --evidence="$OTHER"
check "of another submission" refused other 'another submission'
check "with no image" sh -c "build/grade run --lab=3 --submission='$work/sub' --vm 2>&1 | grep -q 'Make it: make vm$' || test -e build/vm/SHA256SUMS"
check "nothing is left of these" test -z "$(find "$work/run" -name 'vm.*')"

# What cannot be built needs no machine.
mkdir "$work/empty"
ln -s /etc/passwd "$work/empty/bqueue.c"
check "a link, here" graded "$work/empty" --json="$work/here.json"
check "a link, without a machine" graded_in_vm none "$work/empty" --json="$work/vm.json"
check "the same grade but for its key" same_but_key "$work/here.json" "$work/vm.json"

# A class.
mkdir -p "$work/class"
cp -r "labs/$lab" "$work/class/ada"
cp -r "labs/$lab" "$work/class/bob"
echo 'no C' >"$work/class/bob/bqueue.c"
batch() { build/grade batch --lab=3 --seed=1 --formats=csv "$@" "$work/class" "$work/store" >"$work/out" 2>&1; status=$?; cat "$work/out"; return $status; }
export STUB=good
check "a class" batch --vm --machine="$stub" --slots=1
check "both have a grade" test "$(sqlite3 "$work/store/store.sqlite" 'SELECT count(*) FROM verdicts')" = 2
STUB=killed check "again: nothing runs" batch --vm --machine="$stub" --slots=1
refuses_to_mix() { ! batch --slots=1 && grep -q 'another tool chain' "$work/out"; }
check "nothing is mixed with what ran elsewhere" refuses_to_mix
cp "solutions/$lab/reference"/*.[ch] "$work/class/bob"
lost() { STUB=hung batch --vm --machine="$stub" --slots=1; [ $? -eq 2 ] && grep -rq 'gave no result' "$work/store"/*.csv; }
check "a machine that hangs is no grade, with the reason" lost

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
