#!/bin/bash
# Ends a batch by SIGKILL at N random moments (default 10), resumes each time, and compares the store with that of an undisturbed run.
# The gradings are played (batch_stub.sh). Last line: "N passed, N failed". The seed is printed: RANDOM_SEED=n repeats the moments asked for.
# shellcheck disable=SC2119 # batch takes options, and needs none here
set -u
cd "$(dirname "$0")/../.." || exit 2
. grader/tests/batch_lib.sh
kills=${1:-10}
RANDOM_SEED=${RANDOM_SEED:-$RANDOM}
RANDOM=$RANDOM_SEED
for i in $(seq 10 29); do
	hand_in "s$i" slow
done
hand_in f1 fail
hand_in i1 "infra 1"
batch
check "an undisturbed run" same 0 "$status"
wanted=$(store_sum "$work/OUT")
files() { # what does not tell times
	(cd "$work/OUT" && find . -name '*.csv' -o -name grade.json | sort | xargs sha256sum)
}
wanted_files=$(files)
rm -rf "$work/OUT" "${STUB_FOLDER:?}"/????????????????*
done_kills=0
resumes=0
while [ "$done_kills" -lt "$kills" ] && [ $resumes -lt $((kills * 20)) ]; do
	resumes=$((resumes + 1))
	build/grade batch --lab=3 --grader=grader/tests/batch_stub.sh --seed=1 "$work/class" "$work/OUT" >"$work/out" 2>&1 &
	pid=$!
	sleep "$(printf '0.%03d' $((RANDOM % 700)))" # the moment is what is random
	if kill -KILL $pid 2>/dev/null; then
		wait $pid 2>/dev/null
		if [ $? -eq 137 ]; then
			done_kills=$((done_kills + 1))
			[ "$(sqlite3 "$work/OUT/store.sqlite" 'PRAGMA quick_check' 2>/dev/null || echo ok)" = ok ] || break
			continue
		fi
	fi
	# It was done: from the beginning, so that the next moments are amid work, too.
	[ "$done_kills" -ge "$kills" ] || rm -rf "$work/OUT" "${STUB_FOLDER:?}"/????????????????*
done
check "killed $done_kills times (RANDOM_SEED=$RANDOM_SEED)" same "$kills" "$done_kills"
tries=0
batch
while [ "$status" -ne 0 ] && [ $tries -lt 3 ]; do # whoever was hit three times is tried again by the next command
	tries=$((tries + 1))
	batch
done
check "after the last resume all have a grade" same 0 "$status"
check "the store is that of the undisturbed run" same "$wanted" "$(store_sum "$work/OUT")"
check "nothing was graded twice" same 0 \
	"$(ask "SELECT count(*) FROM (SELECT hash FROM attempts WHERE outcome = 'ok' GROUP BY hash HAVING count(*) > 1)")"
check "the files, too" same "$wanted_files" "$(files)"
check "no grading is left" same "" "$(ls "$work/OUT/spool")"
finish
