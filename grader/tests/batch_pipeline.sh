#!/bin/sh
# Batches with a grader that only plays one: what becomes of hand-ins that fail, hang, lie, or end the batch itself. Last line:
# "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
. grader/tests/batch_lib.sh

# Twenty good ones, and one of each kind of trouble.
for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
	hand_in "good$i" pass
done
hand_in fails fail
hand_in twin pass
rm -r "$work/class/twin"
cp -r "$work/class/good07" "$work/class/twin"
batch
check "a class of 22: exit 0" same 0 $status
check "without settings: told so" says 'settings: none \(there is no batch.conf beside the submissions\)'
check "all have a grade" same 22 "$(ask "SELECT count(*) FROM entries WHERE state = 'final'")"
check "equal hand-ins run once" same 1 "$(wc -l <"$STUB_FOLDER/$(ask "SELECT hash FROM entries WHERE name = 'twin'")")"
check "a failed test costs its points" same 600 "$(ask "SELECT max_c - score_c FROM verdicts v JOIN entries e USING (hash) WHERE name = 'fails'")"
check "the CPU time is that of the jobs" same "1234 1234" "$(ask "SELECT DISTINCT cpu_ms FROM verdicts UNION ALL SELECT DISTINCT cpu_ms FROM attempts" | xargs)"
check "the share of our own is printed" says 'were the batch.s own, mostly beside gradings: scan'
check "nothing is left of the gradings" same "" "$(ls "$work/OUT/spool")"
wanted=$(cd "$work/OUT" && find . -type f ! -path './objects/*' ! -name 'store.sqlite*' ! -name progress.json -print0 | sort -z | xargs -0 sha256sum)
before=$(find "$work/OUT" -type f ! -name 'store.sqlite*' ! -name progress.json ! -name lock ! -name seed -newermt @0 -printf '%p %T@\n' | sort)
batch
check "again, unchanged: nothing runs" same 22 "$(ask 'SELECT count(*) + 1 FROM attempts')"
check "again, unchanged: no file is written" same "$before" \
	"$(find "$work/OUT" -type f ! -name 'store.sqlite*' ! -name progress.json ! -name lock ! -name seed -newermt @0 -printf '%p %T@\n' | sort)"
printf 'x' >"$work/OUT/grades.csv"
rm "$work/OUT/report.html" "$work/OUT/entries/fails/report.html" "$work/OUT/entries/fails/.made"
files() { # every derived file and its sum
	(cd "$work/OUT" && find . -type f ! -path './objects/*' ! -name 'store.sqlite*' ! -name progress.json -print0 | sort -z | xargs -0 sha256sum)
}
build/grade report "$work/OUT"
check "grade report makes what is missing or damaged again" same "$wanted" "$(files)"
echo 'int another;' >>"$work/class/good03/csem.c"
batch
check "one has changed: one runs" same 23 "$(ask 'SELECT count(*) + 1 FROM attempts')"

# Our own faults.
rm -rf "$work/OUT" "${STUB_FOLDER:?}"/????????????????*
hand_in infra1 "infra 1"
hand_in infra2 "infra 2"
batch
check "failures by our fault are tried again: exit 0" same 0 $status
check "... until there is a grade" same "9000 9000" \
	"$(ask "SELECT score_c FROM verdicts v JOIN entries e USING (hash) WHERE name LIKE 'infra%'" | xargs)"
hand_in infra9 "infra 9"
hand_in aborts abort
hand_in lies lie
hand_in half half
hand_in hangs hang
batch --bound=1
check "no grade by our fault: exit 2" same 2 $status
check "... never a zero" same "aborts half hangs infra9 lies" "$(ask "SELECT name FROM entries WHERE state = 'ungraded' ORDER BY 1" | xargs)"
check "... and the others are not touched" same 24 "$(ask "SELECT count(*) FROM entries WHERE state = 'final'")"
check "... each three times" same "3 3 3 3 3" "$(ask "SELECT count(*) FROM attempts WHERE outcome LIKE 'infra%' GROUP BY hash HAVING count(*) > 2" | xargs)"
check "... without a CPU time" same 0 "$(ask "SELECT count(*) FROM attempts WHERE outcome LIKE 'infra%' AND cpu_ms IS NOT NULL")"
check "... each with its log" same 0 "$(for id in $(ask "SELECT id FROM attempts WHERE outcome LIKE 'infra%'"); do
	test -s "$work/OUT/infra/$id/log" || echo "$id"; done | wc -l)"
check "no process is left" same "" "$(pgrep -f "$work/OUT/spool" || true)"

check "five of them in a row: one with a grade has shown that the machine is well" same 1 \
	"$(ask "SELECT count(*) FROM (SELECT hash FROM attempts WHERE outcome = 'ok' GROUP BY hash HAVING count(*) > 1)")"

# Five different ones in a row, and nobody has a grade: it is the machine.
rm -rf "$work/OUT" "$work/class"
for i in 1 2 3 4 5 6 7; do
	hand_in "bad$i" abort
done
batch --slots=1
check "five in a row by our fault: exit 2" same 2 $status
check "... says so" says 'five gradings of different submissions failed in a row'
check "... nobody is ungraded by that" same 7 "$(ask "SELECT count(*) FROM entries WHERE state = 'queued'")"

# Hand-ins that end the batch itself.
rm -rf "$work/OUT" "$work/class" "${STUB_FOLDER:?}"/????????????????*
hand_in alice pass
hand_in killer "kill 9"
hand_in killer1 "kill 1"
hand_in zoe pass
tries=0
batch
while [ $status -gt 128 ] && [ $tries -lt 20 ]; do
	tries=$((tries + 1))
	batch
done
check "who stops the batch three times has no grade: exit 2" same 2 $status
check "... it alone" same killer "$(ask "SELECT name FROM entries WHERE state = 'ungraded'")"
check "... the others have theirs" same "alice killer1 zoe" "$(ask "SELECT name FROM entries WHERE state = 'final' ORDER BY 1" | xargs)"

# Two at once; a store that is damaged, of another version, of another grader.
rm -r "$work/class/killer"
hand_in slow hang
build/grade batch --lab=3 --grader=grader/tests/batch_stub.sh --seed=1 --only=slow "$work/class" "$work/OUT" >"$work/first" 2>&1 &
first=$!
until [ "$(ask "SELECT count(*) FROM attempts WHERE ended IS NULL" 2>/dev/null)" = 1 ]; do sleep 0.05; done
batch
check "two batches on one folder: the second is told" same 2 $status
check "... why" says 'another batch works on'
kill -TERM $first
wait $first
status=$?
check "SIGTERM: exit 2" same 2 $status
check "... the attempt is closed" same stopped "$(ask "SELECT outcome FROM attempts ORDER BY id DESC LIMIT 1")"
rm -r "$work/class/slow"
printf 'damaged' | dd of="$work/OUT/store.sqlite" bs=1 seek=0 conv=notrunc 2>/dev/null
batch
check "a damaged store is set aside" test -f "$work/OUT/store.sqlite.bad"
check "... and all is graded again" same 3 "$(ask "SELECT count(*) FROM entries WHERE state = 'final'")"
sqlite3 "$work/OUT/store.sqlite" 'PRAGMA user_version = 9'
batch
check "a store of another version is refused" says 'has version 9, this grader knows 2'
sqlite3 "$work/OUT/store.sqlite" 'PRAGMA user_version = 2'
build/grade batch --lab=3 --seed=1 "$work/class" "$work/OUT" >"$work/out" 2>&1
check "another grader is not mixed in" says 'was made with another grader .*: 3 of 3 entries would be graded again'
build/grade batch --lab=1 --seed=1 "$work/class" "$work/OUT" >"$work/out" 2>&1
check "nor another lab" says 'holds grades of lab 3-work-queue'

# Ctrl-C: what runs is finished, nothing new is taken; twice: all of it ends, with what it started.
ctrl_c() {
	rm -rf "$work/OUT" "$work/class" "${STUB_FOLDER:?}"/????????????????*
	start() { # WANTED: the batch in the background, until so many gradings run
		build/grade batch --lab=3 --grader=grader/tests/batch_stub.sh --seed=1 --slots=2 "$work/class" "$work/OUT" >"$work/out" 2>&1 &
		first=$!
		until [ "$(cat "$STUB_FOLDER"/????????????????* 2>/dev/null | wc -l)" = "$1" ]; do sleep 0.05; done
	}
	told() { until grep -q 'finishing what runs' "$work/out"; do sleep 0.05; done; }
	hand_in a1 wait
	hand_in a2 wait
	hand_in b1 pass
	hand_in b2 pass
	start 2
	kill -INT $first
	told
	: >"$STUB_FOLDER/go"
	wait $first
	check "Ctrl-C: exit 2" same 2 $?
	check "... what ran has its grade, nothing else was begun" same "a1 final a2 final b1 queued b2 queued" \
		"$(ask "SELECT name, state FROM entries ORDER BY 1" | tr '|' ' ' | xargs)"
	batch
	check "... the same command goes on" same "0 4" "$status $(ask "SELECT count(*) FROM attempts WHERE outcome = 'ok'")"
	rm -rf "$work/OUT" "$work/class" "${STUB_FOLDER:?}"/????????????????* "$STUB_FOLDER/go"
	hand_in a1 tree
	hand_in a2 tree
	hand_in b1 pass
	start 2
	# shellcheck disable=SC2002 # the file may not be there yet
	until [ "$(cat "$STUB_FOLDER/pids" 2>/dev/null | wc -w)" = 4 ]; do sleep 0.05; done
	living() { # how many of them there are; whoever has to reap an orphan may be slow
		# shellcheck disable=SC2013 # one number a word
		for pid in $(cat "$STUB_FOLDER/pids"); do
			grep -Eq '^[0-9]+ \(.*\) [^ZX] ' "/proc/$pid/stat" 2>/dev/null && echo "$pid"
		done | wc -l
	}
	check "gradings with children run" same 4 "$(living)"
	kill -INT $first
	told
	kill -INT $first
	wait $first
	check "Ctrl-C twice: exit 2" same 2 $?
	check "... the attempts are closed" same "stopped stopped" "$(ask "SELECT outcome FROM attempts" | xargs)"
	check "... says that nothing is lost" says 'Nothing is lost: run the same command again'
	tries=0
	until [ "$(living)" = 0 ] || [ $tries -ge 100 ]; do tries=$((tries + 1)); sleep 0.05; done # the end of a signal's work is not the batch's
	check "... no process is left" same 0 "$(living)"
	check "... and no folder" same "" "$(ls "$work/OUT/spool")"
	: >"$STUB_FOLDER/go"
	batch
	check "... the same command ends with all grades" same "0 3" "$status $(ask "SELECT count(*) FROM entries WHERE state = 'final'")"
	check "... nobody was suspected" same 0 "$(ask "SELECT count(*) FROM attempts WHERE outcome = 'crash'")"
}
if [ "$(nproc)" -ge 2 ]; then ctrl_c; else echo "skip  Ctrl-C with two gradings: one core"; fi

# Ctrl-C while hand-ins are read: it stops, nothing half is left, and the same command goes on.
for signals in INT TERM; do
	rm -rf "$work/OUT" "$work/class" "$work/one"
	hand_in one pass
	mkdir -p "$work/one" && mv "$work/class/one" "$work/one/in"
	for i in $(seq 100 250); do tar -C "$work/one" -czf "$work/class/s$i.tar.gz" in; done
	# A process group of its own, as from a terminal: also who reads an archive gets the signal.
	setsid build/grade batch --lab=3 --grader=grader/tests/batch_stub.sh --seed=1 "$work/class" "$work/OUT" >"$work/out" 2>&1 &
	first=$!
	until [ -d "$work/OUT/objects" ]; do sleep 0.01; done
	kill -$signals -$first
	wait $first
	check "SIG$signals while hand-ins are read: exit 2" same 2 $?
	check "... says so" says 'stopped while the hand-ins were read: nothing was graded now, and nothing is lost. Run the same command again'
	check "... nothing half is left" same "" "$(ls -d "$work/OUT/scan" 2>/dev/null)"
	check "... nobody is called unreadable" same 0 "$(ask "SELECT count(*) FROM entries")"
	rm "$work"/class/s[12][1-9]*
	batch
	check "... the same command goes on" same 0 $status
done

# Odd places: nothing is made, or made wrong, where it does not belong.
rm -rf "$work/OUT" "$work/class"
hand_in "Jane Doe" pass
hand_in "-rf" pass
hand_in "Zoë Ä" pass
try() { # SUBMISSIONS OUT [OPTIONS]
	from=$1
	to=$2
	shift 2
	build/grade batch --lab=3 --grader=grader/tests/batch_stub.sh --seed=1 "$@" "$from" "$to" >"$work/out" 2>&1
	status=$?
}
try "$work/class" "$work/OUT of mine"
check "blanks, a dash and other letters in names: exit 0" same "0 -rf Jane_Doe Zo_____" "$status $(cd "$work/OUT of mine/entries" && echo *)"
try "$work/class" "$work/OUT of mine" --only=jane
check "--only with a name that nobody has: exit 2" same 2 $status
check "... says where names are" says "no entry 'jane'. Names are those of the column 'entry'"
mkdir "$work/thesis" "$work/none"
echo important >"$work/thesis/thesis.tex"
try "$work/class" "$work/thesis"
check "OUT with other things in it: exit 2" same 2 $status
check "... says so" says 'thesis holds other things, and no batch. Choose a new or an empty folder'
check "... nothing was made there" same thesis.tex "$(ls "$work/thesis")"
try "$work/class" "$work/class/../class/OUT"
check "OUT within the class: exit 2" same 2 $status
check "... says so" says "OUT \($work/class/OUT\) lies in SUBMISSIONS"
check "... nothing was made there" same "" "$(ls -d "$work/class/OUT" 2>/dev/null)"
try "$work/class" "$work/class"
check "OUT is the class: the same" says 'lies in SUBMISSIONS'
try "$work/nowhere" "$work/OUT2"
check "no such class: nothing is made" same "2 " "$status $(ls -d "$work/OUT2" 2>/dev/null)"
try "$work/none" "$work/OUT of mine"
check "a class without hand-ins: exit 2" same 2 $status
check "... says what it should be" says 'no hand-in was found in .* one hand-in alone is graded by make grade LAB=3'
check "... and nobody has left the run" same 3 "$(sqlite3 "$work/OUT of mine/store.sqlite" 'SELECT count(*) FROM entries')"
try "" ""
check "neither: a word on both" says 'SUBMISSIONS and OUT are needed'

# A grader that does not repeat itself: the audit at the end of the batch finds it out, and no grade changes.
rm -rf "$work/class" "$work/OUT"
hand_in fickle fickle
printf '[grade]\naudit_percent = 100\n' >"$work/audited.conf"
batch "--conf=$work/audited.conf"
check "a difference in the audit: exit 2" same 2 $status
check "... is told" says 'audit: 1 submission x 1 condition, 1 difference'
check "... with what to do" says 'Do not publish these grades; both versions and what differs are in [^ ]*/OUT/audit: send'
check "... and the name of the report" says "Results: $work/OUT/report.html"
check "... both files are kept, and what differs" grep -q '^-.*"status": "pass"' "$work/OUT"/audit/*/grade.diff
check "... the grade is the first one" same pass "$(jq -r '.tests[0].status' "$work/OUT/entries/fickle/grade.json")"

# Nearly no room: nothing starts; room again: it goes on.
hand_in zz pass
build/grade batch --lab=3 --grader=grader/tests/batch_stub.sh --seed=1 --min-free=1000000 "$work/class" "$work/OUT" >"$work/out" 2>&1 &
first=$!
until [ -s "$work/OUT/progress.json" ] && jq -e '.queued > 0' "$work/OUT/progress.json" >/dev/null 2>&1; do sleep 0.05; done
kill -INT $first
wait $first
status=$?
check "without room nothing starts" same 2 $status
check "... and nothing is lost" same queued "$(ask "SELECT state FROM entries WHERE name = 'zz'")"
finish
