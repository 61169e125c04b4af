#!/bin/sh
# A token of a batch: the instructor's files name the command that draws it, and it draws from the store alone. Gradings are played.
# Last line: "N passed, N failed".
# shellcheck disable=SC2119 # batch takes options, and needs none here
set -u
cd "$(dirname "$0")/../.." || exit 2
. grader/tests/batch_lib.sh
token=L3.A.1-7f1c9e
next="make show TOKEN=$token draws it; make hint LAB=3 TEST=L3.A.1 helps."
jq --arg token $token --arg next "$next" '.tests[0] += {replay: $token} | .tests[0].finding.next = $next' \
	"$STUB_FOLDER/fail.json" >"$work/fail.json" && mv "$work/fail.json" "$STUB_FOLDER/fail.json"
mkdir "$STUB_FOLDER/schedules"
jq --arg token $token '.schedules["L3.B.2-7f1c9e"] | .lab = "3-work-queue" | .schedule.token = $token' grader/tests/html/student.json \
	>"$STUB_FOLDER/schedules/$token.json"
hand_in alice pass
hand_in bob fail
hand_in carol fail
batch
check "a class: exit 0" same 0 "$status"
entry=$work/OUT/entries/carol
command="build/grade show --from=OUT --entry=carol --token=$token"
check "report.txt has the command, on a line of its own" grep -qx "   $command" "$entry/report.txt"
check "... and not the student's" same 0 "$(grep -c 'make show' "$entry/report.txt")"
check "... who has no schedule has none" same 0 "$(grep -c 'grade show' "$work/OUT/entries/alice/report.txt")"
check "the student's page keeps the student's" grep -q "make show TOKEN=$token" "$entry/report.html"
check "... and not the instructor's" same 0 "$(grep -c 'from=OUT' "$entry/report.html")"
check "the overview names one" grep -q "build/grade show --from=OUT --entry=bob --token=$token" "$work/OUT/report.html"

rm -f "build/show/$token.svg" "build/show/$token.trace.json"
build/grade show --from="$work/OUT" --entry=carol --token=$token >"$work/out" 2>&1
check "the command draws it: exit 0" same 0 $?
check "... with its picture" test -s "build/show/$token.svg"
check "... says whose it is" says 'Of carol\.'
object=$(cd "$work/OUT" && pwd -P)/objects/$(ask "SELECT substr(hash, 1, 2) || '/' || hash FROM entries WHERE name = 'carol'")
check "... and how to get the programs" says "build/grade run --lab=3-work-queue --submission=$object --seed=0000000000000001 +and then: make replay TOKEN=$token"
check "... which are the files that were graded" grep -q csem_carol "$object/csem.c"
build/grade show --from="$work/OUT" --token=$token >"$work/out" 2>&1
check "without --entry the first that has it" says 'Of bob\. 1 more submission has a schedule of this name: --entry=NAME'
build/grade show --from="$work/OUT" --entry=alice --token=$token >"$work/out" 2>&1
check "who has none: exit 2" same 2 $?
check "... is told" says 'has no schedule L3.A.1-7f1c9e of an entry alice'
build/grade replay --from="$work/OUT" --entry=carol --token=$token >"$work/out" 2>&1
check "to replay one: exit 2" same 2 $?
check "... is told how" says "programs of a batch are gone.*build/grade run --lab=3-work-queue --submission=$object --seed=0000000000000001 then: make replay TOKEN=$token"
sqlite3 "$work/OUT/store.sqlite" "UPDATE pictures SET bytes = CAST('{}' AS BLOB) WHERE name LIKE '%$token%'"
build/grade show --from="$work/OUT" --token=$token >"$work/out" 2>&1
check "a damaged one is none: exit 2" same 2 $?
rm -f "build/show/$token.svg" "build/show/$token.trace.json"
finish
