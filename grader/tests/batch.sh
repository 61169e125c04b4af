#!/bin/bash
# Proof that a batch is right: made-up classes of the labs that exist, COUNT hand-ins in all, are graded, held against what is known
# of them, graded again (nothing runs), and graded anew with kill -9 at KILLS random moments; both stores must tell the same. What the
# machine had before, and no more, it has after. Last line: "N as expected, N deviations".
#   grader/tests/batch.sh COUNT [KILLS]      (make verify BATCH=60; LAB=3: only that lab; KEEP=dir: leave the folders there)
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=grader/tests/hostile_lib.sh
. grader/tests/hostile_lib.sh
count=${1:?batch.sh COUNT [KILLS]}
kills=${2:-5}
[ -n "${LAB:-}" ] && labs=$LAB || labs=$(for folder in labs/[1-6]-*; do n=${folder#labs/}; echo "${n%%-*}"; done)
work=${KEEP:-}
[ -n "$work" ] || { work=$(mktemp -d) || exit 2; trap 'rm -rf "$work"' EXIT; }
mkdir -p "$work"
expected=0
deviations=0
total_ms=0

now_ms() { echo $(($(date +%s%N) / 1000000)); }
good() { expected=$((expected + 1)); echo "ok    $1"; }
bad() { deviations=$((deviations + 1)); echo "DEVIATION  $1"; }

batch() { # LAB OUT; its status is the batch's
	build/grade batch --lab="$1" --seed="${SEED:-1}" --roster="$work/class$1/roster.csv" "$work/class$1/submissions" "$2" >"$2.log" 2>&1
}

# What a store says, without times and attempts.
tells() { # OUT
	cat "$1/grades.csv" "$1/tests.csv"
	jq -cS . "$1/grades.jsonl"
	(cd "$1/entries" && find . -name grade.json -print0 | sort -z | xargs -0 sha256sum)
}

leftovers | sort >"$work/before"
# shellcheck disable=SC2086 # a list of words
set -- $labs
each=$(((count + $# - 1) / $#))
graded=0
for lab_number in $labs; do
	class=$work/class$lab_number
	out=$work/out$lab_number
	grader/tests/class.sh "$lab_number" "$each" "$class" || exit 2
	begin=$(now_ms)
	batch "$lab_number" "$out"
	status=$?
	took=$(($(now_ms) - begin))
	total_ms=$((total_ms + took))
	graded=$((graded + each))
	tail -n 4 "$out.log"
	# Where broken archives are in the class, the instructor must look.
	awk -F '\t' '$2 == "unreadable" { found = 1 } END { exit !found }' "$class/expected.tsv"
	wanted=$(($? == 0))
	if [ $status -eq $wanted ]; then
		good "lab $lab_number: $each hand-ins in $((took / 1000)) s, exit status $status"
	else
		bad "lab $lab_number: exit status $status: $(tail -n 3 "$out.log")"
	fi
	lines=$(grader/tests/class_check.sh "$lab_number" "$class" "$out")
	grep '^DEVIATION' <<<"$lines"
	expected=$((expected + $(tail -n 1 <<<"$lines" | sed 's/ .*//')))
	deviations=$((deviations + $(tail -n 1 <<<"$lines" | sed 's/.*, \([0-9]*\) .*/\1/')))

	tells "$out" >"$work/undisturbed"
	begin=$(now_ms)
	batch "$lab_number" "$out"
	took=$(($(now_ms) - begin))
	if tells "$out" | cmp -s - "$work/undisturbed" && [ $took -lt 10000 ]; then
		good "lab $lab_number: again, unchanged: $took ms"
	else
		bad "lab $lab_number: the second run took $took ms, or changed something"
	fi

	killed=$work/killed$lab_number
	for ((kill = 1; kill <= kills; kill++)); do
		batch "$lab_number" "$killed" &
		runs=$!
		# Most moments lie early: a resume begins where it was.
		sleep "$((RANDOM % 6)).$((RANDOM % 10))"
		victim=$(pgrep -P $runs -x grade) # the shell's child: the batch itself
		[ -z "$victim" ] || kill -9 "$victim"
		wait $runs
	done 2>/dev/null # the shell's word on each kill
	batch "$lab_number" "$killed"
	if tells "$killed" | cmp -s - "$work/undisturbed"; then
		good "lab $lab_number: killed $kills times, resumed: the same"
	else
		bad "lab $lab_number: after $kills kills: $(tells "$killed" | diff "$work/undisturbed" - | head -n 5)"
	fi

	if build/grade audit --sample=10 "$out" >"$out.audit" 2>&1; then good "lab $lab_number: $(tail -n 1 "$out.audit")"; else bad "audit: $(tail -n 5 "$out.audit")"; fi
done
echo "$graded hand-ins in $((total_ms / 1000)) s: $((graded * 3600000 / (total_ms + 1))) an hour"

# Of other scripts, which end with "N passed, N failed".
also() { # SCRIPT
	lines=$("$1" 2>&1)
	grep -v '^ok' <<<"$lines"
	if [[ $(tail -n 1 <<<"$lines") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
		expected=$((expected + BASH_REMATCH[1]))
		deviations=$((deviations + BASH_REMATCH[2]))
	else
		bad "$1 did not come to its end"
	fi
}
[[ " $labs " != *3* ]] || also grader/tests/batch_neighbours.sh
[[ " $labs " != *3* ]] || also grader/tests/batch_memory.sh
if command -v chromium >/dev/null || command -v google-chrome >/dev/null; then
	also grader/tests/html_browser.sh
else
	echo "skip  the pages in a browser: there is no chromium (make deps)"
fi

for _ in 1 2 3 4 5 6 7 8 9 10; do
	leftovers | sort >"$work/after"
	left=$(comm -13 "$work/before" "$work/after")
	[ -n "$left" ] || break
	sleep 0.5
done
if [ -z "$left" ]; then good "nothing is left on the machine"; else bad "left on the machine: $left"; fi
echo "$expected as expected, $deviations deviations"
[ $deviations -eq 0 ]
