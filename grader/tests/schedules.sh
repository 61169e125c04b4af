#!/bin/sh
# Schedules as students may hand them in, by mistake or to harm: each is data, costs its own test alone, and is answered by
# one clear sentence. Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
skeleton=labs/3-work-queue
good=solutions/3-work-queue/reference/schedules
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
at=$work/submission/schedules
passed=0
failed=0

begin() { # the skeleton's sources with good schedules
	rm -rf "$work/submission"
	mkdir -p "$at"
	cp $skeleton/*.c "$work/submission/"
	cp $good/*.sched "$at/"
	: >"$work/wanted"
}
want() { # N STATUS PATTERN: what part F says of bug N
	printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$work/wanted"
}
grade() { # grades, and looks for all that is wanted
	build/grade run --lab=3 --submission="$work/submission" --json="$work/grade.json" >"$work/out" 2>&1
	if LC_ALL=C grep -q "[$(printf '\001-\010\013-\037\177')]" "$work/out"; then
		failed=$((failed + 1))
		echo "FAIL  control characters in the output"
	fi
	while IFS="$(printf '\t')" read -r bug status pattern; do
		got=$(jq -r --arg id "L3.F.$bug" '.tests[] | select(.id == $id) | .status + " " + (.finding | if . then .id + ": " + .what else "" end)' \
			"$work/grade.json" 2>&1)
		if echo "$got" | grep -Eq -- "^$status .*$pattern"; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "FAIL  bug$bug: wanted $status $pattern"
			echo "      $got"
		fi
	done <"$work/wanted"
}
repeat() { awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'; }

# Sizes, kinds of files, bytes.
begin
repeat 131072 'T2' >"$at/bug1.sched" # 256 KiB to the byte, one word
want 1 fail 'schedule-error: schedules/bug1\.sched:1: .T2T2T2.*is no step'
echo 'T2*1000000 expect deadlock' >"$at/bug2.sched"
want 2 fail 'schedule-error: schedules/bug2\.sched:1: T2 cannot go on: it is asleep at rest\.c:[0-9]*; wake it first'
printf 'T2\nT1\000T1 expect deadlock' >"$at/bug3.sched"
want 3 fail 'schedule-error: schedules/bug3\.sched:2: .T1\?T1. is no step'
ln -sf /etc/passwd "$at/bug4.sched"
want 4 fail 'not-written: .*bug4\.sched is not written yet: .* a symbolic link'
rm "$at/bug5.sched"
mkdir "$at/bug5.sched"
want 5 fail 'not-written: .*bug5\.sched is not written yet: .* a folder'
{ repeat 9000 'T15 '; echo 'expect lost-item'; } >"$at/bug6.sched"
want 6 fail 'schedule-error: schedules/bug6\.sched:1: there is no T15 to steer: the threads are T1 to T3'
grade

begin
repeat 100000 'T2 ' >"$at/bug1.sched" # 300 KB
want 1 fail 'not-written: .*larger than 256 KiB'
printf 'T2@\033[31m\377\302:4 \007' >"$at/bug2.sched"
want 2 fail 'schedule-error: schedules/bug2\.sched:1: .T2@\?.*is no step'
{ repeat 30000 'T1 T2 '; echo 'expect deadlock'; } >"$at/bug3.sched"
want 3 fail 'schedule-error: schedules/bug3\.sched:1: a schedule has at most 24576 steps'
rm "$at/bug4.sched"
mkfifo "$at/bug4.sched"
want 4 fail 'not-written: .* a FIFO'
: >"$at/bug5.sched"
want 5 fail 'not-written: .*bug5\.sched is not written yet: it holds no step'
rm "$at/bug6.sched"
want 6 fail 'not-written: .*bug6\.sched is not written yet: it was not handed in'
grade

# What can be read, but shows nothing, or something else.
begin
echo 'expect dup-item' >"$at/bug1.sched"
want 1 fail 'bug-not-shown: schedules/bug1\.sched: expect dup-item, but what is seen is nothing wrong'
sed 's/expect.*/expect crash/' $good/bug2.sched >"$at/bug2.sched"
want 2 fail 'schedule-error: .*bug2\.c is to be shown with expect deadlock, not crash'
grep -v expect $good/bug3.sched >"$at/bug3.sched"
want 3 fail 'schedule-error: .*bug3\.c is to be shown with expect deadlock'
sed 's/$/\r/; 1i# \xc3\xa9' $good/bug4.sched >"$at/bug4.sched" # another system's line ends
want 4 pass ''
{ repeat 300 'timeout T2 '; echo 'expect deadlock'; } >"$at/bug5.sched"
want 5 fail 'schedule-error: schedules/bug5\.sched:1: T2 waits until no deadline here'
echo 'T1 T2@bug6.c:4711 expect lost-item' >"$at/bug6.sched"
want 6 fail 'schedule-error: .*bug6\.c:4711 is no line at which a thread can stand'
grade

begin
printf 'T2*2\nspurious T2\nT2 expect dup-item' >"$at/bug1.sched" # nobody can go on but T1 and T3: it wakes, and takes what is not there
want 1 fail 'bug-not-shown: schedules/bug1\.sched: expect dup-item, but what is seen is (deadlock|nothing|lost)'
printf 'T2*2 T3*2\nT1*2 T2*2 T1*2\nexpect deadlock' >"$at/bug2.sched" # T3 was woken for nothing, but T1 came by itself
want 2 fail 'bug-not-shown'
printf 'T1*2\nT2\nexpect deadlock' >"$at/bug3.sched" # the item is there before anybody looks
want 3 fail 'bug-not-shown: .*nothing wrong'
printf 'T2*2\nT1\nT1>T3\nexpect deadlock' >"$at/bug4.sched"
want 4 fail 'schedule-error: schedules/bug4\.sched:3: T1 wakes no T3'
printf 'T2*2\nT3*2\nT1*2\nT2*2\ntimeout T2\nexpect deadlock' >"$at/bug5.sched" # too late: T2 has gone
want 5 fail 'schedule-error: schedules/bug5\.sched:[56]: T2 waits until no deadline here'
printf 'T3*3\nT1\nexpect lost-item' >"$at/bug6.sched" # closed before the push
want 6 fail '(bug-not-shown|schedule-error)'
grade

begin
mv "$at" "$work/elsewhere"
ln -s ../elsewhere "$at"
for bug in 1 2 3 4 5 6; do
	want $bug fail 'not-written: .* behind a link'
done
grade
rm -rf "$work/elsewhere"

begin
for bug in 1 2 3 4 5 6; do
	want $bug pass ''
done
grade
# Tokens: played again, stale, none.
replay() { # TITLE STATUS PATTERN TOKEN
	build/grade replay --token="$4" >"$work/out" 2>&1
	got=$?
	if [ "$got" -eq "$2" ] && tr '\n' ' ' <"$work/out" | tr -s ' ' | grep -Eq -- "$3"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL  replay, $1: exit status $got, wanted $2 and $3"
		tail -n 5 "$work/out"
	fi
}
# A schedule that shows nothing can be looked at, too: in the lines of the given queue.
begin
printf 'T2*2\nT1\nexpect deadlock' >"$at/bug2.sched"
want 2 fail 'bug-not-shown: .*nothing wrong'
grade
harmless=$(jq -r '.tests[] | select(.id == "L3.F.2").replay' "$work/grade.json")
replay 'a schedule that shows nothing' 0 'sleeps .* rest\.c:[0-9]+ .*the same finding, bug-not-shown.* T2\*2 T1' "$harmless"
begin
cp solutions/3-work-queue/reference/*.c "$work/submission/"
patch -s -d "$work/submission" -i "$PWD/solutions/3-work-queue/mutants/M3-05.patch"
grade
token=$(jq -r '.tests[] | select(.id == "L3.B.1") | .replay' "$work/grade.json")
# shellcheck disable=SC2012 # names of our own making, the newest first
kept=$(ls -t build/run/3-work-queue/*/schedules/"$token".json | head -n 1)
replay "the same again" 0 'Played again: the same choices, the same finding, lost-wakeup\..*steps.*T[1-3]' "$token"
replay "once more" 0 'Played again: the same choices, the same finding, lost-wakeup\.' "$token"
cp "$kept" "$work/kept.json"
jq -c '.schedule.choices = ""' "$work/kept.json" >"$kept"
replay "choices of another version, harmless" 1 'Stale: nothing goes wrong, where lost-wakeup was found' "$token"
jq -c '.schedule.choices = "1862*400"' "$work/kept.json" >"$kept"
replay "choices that are not there" 1 'Stale: the program has other choices to make' "$token"
jq -c '.schedule.choices = "ffff*99999999"' "$work/kept.json" >"$kept"
replay "choices without end" 2 'could not be played again \(a kept schedule is not of its form\)' "$token"
jq -c '.schedule.configuration = "no such one"' "$work/kept.json" >"$kept"
replay "a configuration that is gone" 2 'could not be played again' "$token"
cp "$work/kept.json" "$kept"
replay "a token of nothing" 2 'no grading here has the token L3.B.1-000000' L3.B.1-000000
replay "a path" 2 'that is no token' ../../../etc/passwd
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
