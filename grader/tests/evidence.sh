#!/bin/bash
# Evidence that is made here and judged there gives the same grade.json, byte for byte, as a grading in one go; evidence of
# something else, or of no form, gives no grade; and a slow machine's factor changes no byte. Last line: "N passed, N failed".
# Usage: evidence.sh [LAB ENTRY]...: an entry is reference, skeleton, or the name of a mutant or a variant.
set -u
cd "$(dirname "$0")/../.." || exit 2
[ $# -gt 0 ] || set -- 1 reference 3 skeleton 3 M3-06
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
		tail -n 5 "$work/log"
	fi
}
take() { # LAB ENTRY: the entry's files, in $work/sub
	name=$(basename "$(echo labs/"$1"-*)")
	rm -rf "$work/sub"
	case $2 in
	skeleton) cp -r "labs/$name" "$work/sub" ;;
	V*)
		cp -r "solutions/$name/reference" "$work/sub"
		cp -r "solutions/$name/variants/$2/." "$work/sub"
		;;
	*) cp -r "solutions/$name/reference" "$work/sub" ;;
	esac
	case $2 in M*) patch -s -d "$work/sub" -p1 <"solutions/$name/mutants/$2.patch" || exit 2 ;; esac
}
run() { # OPTIONS...: exit status 0, 1 (less than full marks) or 2 (no grade)
	build/grade run --submission="$work/sub" --detectors=none "$@" >"$work/out" 2>"$work/err"
	status=$?
	cat "$work/err"
	return $status
}
graded() { run "$@" || [ $? -eq 1 ]; }
refused() { # WORDS FILE: no grade, for this reason
	words=$1
	rm -f "$work/none.json"
	run --lab=3 --judge="$2" --json="$work/none.json" ${3:+"$3"}
	[ $? -eq 2 ] && [ ! -e "$work/none.json" ] && grep -q "No grade: the evidence .*$words" "$work/err"
}

while [ $# -gt 1 ]; do
	take "$1" "$2"
	label="lab $1, $2"
	check "$label: graded in one go" graded --lab="$1" --json="$work/whole.json"
	check "$label: evidence" run --lab="$1" --evidence="$work/evidence.json"
	check "$label: judged" graded --lab="$1" --judge="$work/evidence.json" --json="$work/judged.json"
	check "$label: the same bytes" cmp "$work/whole.json" "$work/judged.json"
	shift 2
done

# Evidence of something else, or of no form.
take 3 M3-06
check "evidence of a mutant" run --lab=3 --evidence="$work/evidence.json"
INTERLEAVE_MACHINE_FACTOR=20 check "a factor of 20" graded --lab=3 --json="$work/slow.json"
check "the same, judged" graded --lab=3 --judge="$work/evidence.json" --json="$work/judged.json"
check "a factor of 20 changes no byte" cmp "$work/slow.json" "$work/judged.json"
sum=$(jq -r '.submission | ltrimstr("sha256:")' "$work/slow.json")
check "it is in run.json" test "$(jq .machine "build/run/3-work-queue/$sum/run.json")" = 20
check "of another seed" refused 'another seed' "$work/evidence.json" --seed=1
jq -c '.versions.lab_hash |= sub("[0-9a-f]{4}$"; "0000")' "$work/evidence.json" >"$work/lab.json"
check "of another state of the lab" refused 'another state of the lab' "$work/lab.json"
head -c 2000 "$work/evidence.json" >"$work/cut.json"
check "cut off" refused 'cannot be judged' "$work/cut.json"
{ cat "$work/evidence.json"; echo '{}'; } >"$work/twice.json"
check "with something behind it" refused 'cannot be judged' "$work/twice.json"
{ cat "$work/evidence.json"; head -c 16M /dev/zero | tr '\0' ' '; } >"$work/large.json"
check "too large" refused 'larger than' "$work/large.json"
jq -c '.records["L3.B.1 exp"][0].rec = "verdict"' "$work/evidence.json" >"$work/kind.json"
check "with a record of another kind" refused 'not of its form' "$work/kind.json"
check "not there" refused 'No such file' "$work/nothing.json"
jq -c 'del(.records["L3.B.1 exp"], .attempts["L3.B.1 exp"])' "$work/evidence.json" >"$work/less.json"
check "without a job: no grade" sh -c "! build/grade run --lab=3 --submission='$work/sub' --judge='$work/less.json' --json='$work/less'"
check "without a job: infra" test "$(jq -r '.score, (.tests[] | select(.id == "L3.B.1").status)' "$work/less" | tr '\n' ' ')" = 'null infra '
take 3 reference
check "of other files" refused 'another submission' "$work/evidence.json"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
