#!/bin/sh
# Every attack of hostile/detector/ inside a correct server: each hides a memory error, or silences the sanitizer that
# would tell of it, and must not keep the points of the tests that its sanitizer watched. Without names: a quick choice, SET=all: all.
# Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
folder=grader/tests/hostile/detector
reference=solutions/1-fork-server/reference
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

field() { # NAME FIELD, of the head comment
	sed -n "1,/\*\//s,^ \* $2: \(.*[^ */]\) *\**/*\$,\1,p" "$folder/$1.c"
}

attack() { # NAME
	rm -rf "$work/submission"
	cp -r "$reference" "$work/submission"
	hook=$(field "$1" Base)
	cat "$folder/hooks/error.c" "$folder/$1.c" "$folder/hooks/${hook#reference, }.c" "$reference/net.c" >"$work/submission/net.c"
	build/grade run --lab=1 --submission="$work/submission" --json="$work/grade.json" >"$work/out" 2>&1
	status=$?
	expect=$(field "$1" Expect)
	if [ "$status" -eq 1 ] && jq -e --arg e "$expect" \
		'any(.tests[] | select(.finding); "\(.finding.id) \(.detector)" == $e)' "$work/grade.json" >/dev/null; then
		passed=$((passed + 1))
		echo "ok    $1: $expect"
	else
		failed=$((failed + 1))
		echo "FAIL  $1: status $status, wanted $expect, got $(jq -c '[.score, [.tests[] | select(.finding) | .finding.id]]' "$work/grade.json" 2>&1)"
		tail -n 3 "$work/out"
	fi
}

names=${*:-asan_report_path unlink_report forge_planted}
[ "${SET:-quick}" = quick ] || names=$(for file in "$folder"/*.c; do basename "$file" .c; done)
for name in $names; do
	attack "$name"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
