#!/bin/sh
# Every attack of hostile/explorer/ in a queue of lab 3: each is wrong, and silences the explorer or answers in its place. It must not
# keep the points of the test that it attacks, and not by luck: without the attack (HONEST) the explorer sees what is wrong. With names
# only these. Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
folder=grader/tests/hostile/explorer
reference=solutions/3-work-queue/reference
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

field() { # NAME FIELD, of the head comment
	sed -n "1,/\*\//s,^ \* $2: \(.*[^ */]\) *\**/*\$,\1,p" "$folder/$1.c"
}

# The queue with the attack in front, called by every push; or the attack alone, if it is a queue.
submission() { # NAME HONEST
	rm -rf "$work/submission"
	cp -r "$reference" "$work/submission"
	{
		cat "$folder/raw.h" "$folder/$1.c"
		if grep -q '^static void attack(void)' "$folder/$1.c"; then
			awk '{ print } /^int bq_push\(/ { inside = 1 } inside && /^{/ { print "\tattack();"; inside = 0 }' "$reference/bqueue.c"
		fi
	} | sed -f "$work/places" | sed "s/@HONEST@/$2/g" >"$work/submission/bqueue.c"
}

finds() { # NAME HONEST FIELD
	expect=$(field "$1" "$3")
	submission "$1" "$2"
	build/grade run --lab=3 --submission="$work/submission" --json="$work/grade.json" >"$work/out" 2>&1
	status=$?
	if [ "$status" -eq 1 ] && jq -e --arg e "$expect" 'any(.tests[] | select(.finding); "\(.id) \(.finding.id) \(.detector)" == $e)' \
		"$work/grade.json" >/dev/null; then
		passed=$((passed + 1))
		echo "ok    $1: $expect"
	else
		failed=$((failed + 1))
		echo "FAIL  $1: status $status, wanted $expect, got $(jq -c '[.score, [.tests[] | select(.finding) | "\(.id) \(.finding.id) \(.detector)"]]' \
			"$work/grade.json" 2>&1)"
		tail -n 3 "$work/out"
	fi
}

gcc -std=gnu17 -D_GNU_SOURCE -Iharness -Ilabs/3-work-queue -o "$work/tell" "$folder/places.c" && "$work/tell" >"$work/places" || exit 2
[ $# -gt 0 ] || set -- silence_flag ordered_clocks runtime_globals streams answers_itself
for name in "$@"; do
	finds "$name" 0 Expect
	finds "$name" 1 Without
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
