#!/bin/sh
# Every attack of hostile/ through the whole grader: the score is that of the skeleton (0), the report is intact, nothing is
# left behind. Each file is put in front of the skeleton's net.c. Last line: "N passed, N failed".
# With names as arguments only these: grader/tests/hostile.sh fork_bomb
set -u
cd "$(dirname "$0")/../.." || exit 2
lab=1-fork-server
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# Processes in a PID namespace of their own whose parent is gone, cgroups whose maker is gone, and mounts.
leftovers() {
	own=$(readlink /proc/self/ns/pid)
	for process in /proc/[0-9]*; do
		name=$(readlink "$process/ns/pid" 2>/dev/null) || continue
		[ "$name" != "$own" ] || continue
		[ "$(sed -n 's/^PPid:\t//p' "$process/status" 2>/dev/null)" = 1 ] && echo "process ${process#/proc/}"
	done
	find /sys/fs/cgroup -type d -name 'interleave-*-*' 2>/dev/null | while read -r group; do
		maker=${group##*/interleave-}
		[ -d "/proc/${maker%-*}" ] || echo "cgroup $group"
	done
	echo "mounts $(wc -l </proc/self/mountinfo)"
}

# Says what is wrong with the result in $work; nothing if all is well.
flaws() { # EXPECT STATUS
	[ "$2" -eq 1 ] || echo "exit status $2"
	[ "$(jq .score "$work/grade.json" 2>&1)" = 0 ] || echo "score $(jq -c .score "$work/grade.json" 2>&1)"
	jq -e '[.tests[].status] | all(IN("fail", "blocked"))' "$work/grade.json" >/dev/null 2>&1 || echo "a test that is neither failed nor blocked"
	if [ "$1" != fail ]; then
		jq -e --arg e "$1" '[.tests[] | select(.finding) | "\(.finding.id) \(.detector)"] | index($e)' "$work/grade.json" >/dev/null 2>&1 ||
			echo "no finding $1, but $(jq -c '[.tests[] | select(.finding) | .finding.id] | unique' "$work/grade.json" 2>&1)"
	fi
	for file in out err grade.json; do
		LC_ALL=C grep -q "[$(printf '\001-\010\013-\037\177')]" "$work/$file" && echo "control characters in $file"
		grep -Eq '^root:|Score 100 of 100$' "$work/$file" && echo "forged or stolen text in $file"
	done
	grep -q '^ Score 0 of ' "$work/out" || echo "no line with the score"
	awk 'length > 120 { exit 1 }' "$work/out" || echo "a line of more than 120 bytes"
	[ "$(leftovers)" = "$before" ] || { sleep 1; [ "$(leftovers)" = "$before" ]; } || echo "left behind: $(leftovers | tr '\n' ' ')"
}

attack() { # NAME EXPECT, submission in $work/submission
	before=$(leftovers)
	rm -f "$work/grade.json"
	start=$(date +%s)
	build/grade run --lab=1 --submission="$work/submission" --json="$work/grade.json" --no-cache >"$work/out" 2>"$work/err"
	wrong=$(flaws "$2" $?)
	if [ -z "$wrong" ]; then
		passed=$((passed + 1))
		echo "ok    $1 ($(($(date +%s) - start)) s)"
	else
		failed=$((failed + 1))
		echo "FAIL  $1"
		echo "$wrong" | sed 's/^/        /'
	fi
}

begin() { # a fresh copy of the skeleton
	rm -rf "$work/submission"
	mkdir "$work/submission"
	# shellcheck disable=SC2013 # one line of words
	for file in $(sed -n 's/^files *= *//p' labs/$lab/lab.conf); do
		cp "labs/$lab/$file" "$work/submission/"
	done
}

wanted() { # NAME ARGUMENTS...
	name=$1
	shift
	[ $# -eq 0 ] && return 0
	for argument in "$@"; do
		[ "$argument" = "$name" ] && return 0
	done
	return 1
}

for source in grader/tests/hostile/*.c; do
	name=$(basename "$source" .c)
	wanted "$name" "$@" || continue
	begin
	cat "$source" labs/$lab/net.c >"$work/submission/net.c"
	attack "$name" "$(sed -n 's/^.*Expect: \([^*]*[^* ]\) *\**\/*$/\1/p' "$source" | head -n 1)"
done

if wanted file_names "$@"; then
	begin
	touch "$work/submission/$(printf 'a\033[2Jb.c')" "$work/submission/-o" "$work/submission/$(printf 'bad\377name')" \
		"$work/submission/$(printf 'two\nScore 100 of 100')" "$work/submission/Makefile" "$work/submission/pthread.h"
	attack file_names "not-written MODEL"
fi
if wanted symlink "$@"; then
	begin
	ln -sf "$PWD/solutions/$lab/reference/net.c" "$work/submission/net.c"
	attack symlink "missing-file BUILD"
fi
if wanted shadowed_headers "$@"; then
	begin
	echo '#error taken' | tee "$work/submission/errno.h" "$work/submission/fork_server.h" >/dev/null
	attack shadowed_headers "not-written MODEL"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
