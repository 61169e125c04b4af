#!/bin/sh
# Lab by lab: the reference has full marks, the same bytes each time, also under load and as an ordinary user; the
# skeleton has 0. Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
chmod 755 "$work"
passed=0
failed=0
busy=
trap 'for pid in $busy; do kill "$pid"; done 2>/dev/null; rm -rf "$work"' EXIT

expect() { # TITLE COMMAND...
	title=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok    $title"
	else
		failed=$((failed + 1))
		echo "FAIL  $title"
		tail -n 60 "$work/log"
	fi
}
exits() { # STATUS COMMAND...
	wanted=$1
	shift
	"$@"
	got=$?
	[ "$got" -eq "$wanted" ] || { echo "exit status $got, wanted $wanted"; return 1; }
}
scores_zero() { [ "$(jq .score "$1")" = 0 ]; }

for conf in labs/*/lab.conf; do
	lab=$(basename "$(dirname "$conf")")
	reference=solutions/$lab/reference
	expect "$lab: the reference has full marks" \
		exits 0 build/grade run --lab="$lab" --submission="$reference" --json="$work/idle.json" --no-cache
	for _ in $(seq "$(nproc)"); do
		(while :; do :; done) &
		busy="$busy $!"
	done
	expect "$lab: and again under load" \
		exits 0 build/grade run --lab="$lab" --submission="$reference" --json="$work/load.json"
	for pid in $busy; do kill "$pid"; wait "$pid"; done 2>/dev/null
	busy=
	expect "$lab: with the same bytes" cmp "$work/idle.json" "$work/load.json"
	expect "$lab: which keep the rules of grade.json" jq -e -f grader/tests/grade-check.jq "$work/idle.json"
	expect "$lab: the skeleton is graded" exits 1 build/grade run --lab="$lab" --submission="labs/$lab" --json="$work/skeleton.json"
	expect "$lab: and has 0 points" scores_zero "$work/skeleton.json"
done

# An ordinary user, in a copy of their own: namespaces without a control group.
if [ "$(id -u)" -eq 0 ]; then
	user=65534
	mkdir "$work/home"
	git ls-files -z | xargs -0 cp --parents -t "$work/home" 2>/dev/null
	cp -r build "$work/home/"
	rm -rf "$work/home/build/run" "$work/home/build/cache"
	chown -R "$user:$user" "$work/home"
	as_user() { (cd "$work/home" && setpriv --reuid "$user" --regid "$user" --clear-groups env HOME="$work/home" "$@"); }
	for conf in labs/*/lab.conf; do
		lab=$(basename "$(dirname "$conf")") # the last one graded above, whose idle.json is still there
	done
	expect "as an ordinary user: full marks" \
		exits 0 as_user build/grade run --lab="$lab" --submission="solutions/$lab/reference" --json="$work/home/user.json"
	jq -S .tests "$work/idle.json" >"$work/root.tests"
	jq -S .tests "$work/home/user.json" >"$work/user.tests"
	expect "as an ordinary user: the same verdicts" cmp "$work/root.tests" "$work/user.tests"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
