#!/bin/sh
# Every attack of hostile/ against the grader. One on a submission goes through the whole grader: the points are those
# that it deserves, the report is intact, nothing is left. One on a box alone runs in it by build/box.
# Last line: "N passed, N failed". Without names: SET=quick (default) or all. With names only these:
#   grader/tests/hostile.sh fork_bomb
# RESULTS=file: a line for each attack, for the table: name, ok or FAIL, finding and detector or what the box said, points.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=grader/tests/hostile_lib.sh
. grader/tests/hostile_lib.sh
work=$(mktemp -d) || exit 2
plant=
trap 'rm -rf "$work"; [ -z "$plant" ] || kill "$plant"' EXIT
passed=0
failed=0
results=${RESULTS:-/dev/null}

# One or two of each class, quick on a busy machine too: the part of the corpus in `make test`.
quick='constructor init_array no_sanitize suppressions hash_macro include_shadow diagnostics_flood escape_diagnostics escape_output
exit_zero forge_evidence wire_garbage fork_bomb memory_bomb output_flood kill_all daemon ptrace_init read_hidden file_names symlink
shadowed_headers box_forks box_memory box_daemon box_exec box_host_files box_network box_uring_escape box_int80 box_denied_flood'

# What is wrong with the tests of a grade: nothing is passed, or the points are as told, and the finding is there.
flaws_of_grade() { # BASE EXPECT STATUS
	case $2 in
	score*)
		full=$(jq .max "$work/grade.json" 2>&1)
		[ "$3" -eq "$([ "${2#score }" = "$full" ] && echo 0 || echo 1)" ] || echo "exit status $3"
		jq -e --argjson n "${2#score }" '.score == $n' "$work/grade.json" >/dev/null 2>&1 ||
			echo "$2 expected, but $(jq -c '[.score, [.tests[] | select(.finding) | "\(.id) \(.finding.id)"]]' "$work/grade.json" 2>&1)"
		return
		;;
	esac
	[ "$3" -eq 1 ] || echo "exit status $3"
	if [ "$1" = skeleton ]; then
		[ "$(jq .score "$work/grade.json" 2>&1)" = 0 ] || echo "score $(jq -c .score "$work/grade.json" 2>&1)"
		jq -e '[.tests[].status] | all(IN("fail", "blocked"))' "$work/grade.json" >/dev/null 2>&1 || echo "a test that is neither failed nor blocked"
	fi
	jq -e '[.tests[].status] | all(IN("pass", "fail", "blocked"))' "$work/grade.json" >/dev/null 2>&1 || echo "a test without a verdict"
	[ "$2" != fail ] || jq -e '[.tests[] | select(.finding) | .detector] | any(IN("BUILD", "POL") | not)' "$work/grade.json" >/dev/null 2>&1 ||
		echo "it never ran: $(jq -c '[.tests[] | select(.finding) | .finding.what] | first' "$work/grade.json" 2>&1)"
	[ "$2" = fail ] ||
		jq -e --arg e "$2" '[.tests[] | select(.finding) | "\(.finding.id) \(.detector)"] | index($e)' "$work/grade.json" >/dev/null 2>&1 ||
		echo "no finding $2, but $(jq -c '[.tests[] | select(.finding) | .finding.id] | unique' "$work/grade.json" 2>&1)"
}

flaws_of_report() {
	for file in out err grade.json; do
		LC_ALL=C grep -q "[$(printf '\001-\010\013-\037\177')]" "$work/$file" && echo "control characters in $file"
		grep -Eq '^root:|STOLEN|Score 100 of 100$' "$work/$file" && echo "forged or stolen text in $file"
	done
	grep -q "^ Score $(jq .score "$work/grade.json" 2>/dev/null) of " "$work/out" || echo "no line with the score"
	awk 'length > 120 { exit 1 }' "$work/out" || echo "a line of more than 120 bytes"
	jq -e -f grader/tests/grade-check.jq "$work/grade.json" >/dev/null 2>&1 || echo "grade.json breaks the rules of its format"
}

# Others may be at work on this machine: only what is new, and stays, is ours.
flaws_of_host() {
	for wait in 1 2 3 4 5 6 7 8 9 10; do
		leftovers | sort >"$work/after"
		new=$(comm -13 "$work/before" "$work/after")
		[ -n "$new" ] || return
		sleep 0.5
	done
	echo "left behind after $wait looks: $(echo "$new" | tr '\n' ' ')"
}

# The first findings of a grade, and its points.
summary() {
	jq -r '([.tests[] | select(.finding) | "\(.finding.id) \(.detector)"] | unique | .[:3] | join(", ")) + "\t" + "\(.score) of \(.max)"' \
		"$work/grade.json" 2>/dev/null
}

attack_grader() { # NAME
	base=$(of "$1" Base)
	submission "$1" "$work/submission" "$PWD"
	rm -f "$work/grade.json"
	build/grade run --lab=1 --submission="$work/submission" --json="$work/grade.json" --no-cache >"$work/out" 2>"$work/err"
	status=$?
	flaws_of_grade "${base%,*}" "$(of "$1" Expect)" "$status"
	flaws_of_report
	summary >"$work/summary"
}

# An attack on the box is told once for each of its arguments; "killed" means by the call that the argument names.
attack_box() { # NAME
	base=$(of "$1" Base)
	expect=$(of "$1" Expect)
	arguments=$(of "$1" Args)
	[ "$arguments" != calls ] || arguments=$(grep -o 'CALL([a-z_]*)' "grader/tests/hostile/$1.c" | grep -v 'CALL(name)' | sed 's/CALL(\(.*\))/\1/')
	: >"$work/summary"
	sed "s,@ROOT@,$PWD,g" "grader/tests/hostile/$1.c" >"$work/program.c"
	gcc -std=gnu17 -D_GNU_SOURCE -Igrader/tests/hostile -O1 -static -o "$work/program" "$work/program.c" 2>"$work/err" ||
		{ echo "does not compile: $(head -n 3 "$work/err")"; return; }
	# With /usr shown the program is copied in, and its name is one inside.
	set -- "$1" "$work/program"
	case $base in *--usr*) set -- "$1" /box/program "--file=$work/program:/box/program" ;; esac
	for argument in ${arguments:-none}; do
		# shellcheck disable=SC2086 # policy and options are words
		build/box --policy=${base#box } ${3-} --json -- "$2" "$argument" >"$work/out" 2>"$work/err" </dev/null
		status=$?
		tail -n 1 "$work/err" | sed 's/.*{"schema":1,/{"schema":1,/' >"$work/box.json" # the last: what stands before is the program's
		jq -e . "$work/box.json" >/dev/null 2>&1 || { echo "no record from the box: $(tail -n 2 "$work/err")"; continue; }
		wrong_end "$argument" "$expect" "$status"
		{ [ "$argument" = none ] || printf '%s: ' "$argument"; said "$argument"; } >>"$work/summary"
	done
}

said() { # what the box or the program said, in one line
	call=$(jq -r '[.denied[]? | select(.killed) | .syscall] | first // empty' "$work/box.json")
	if [ -n "$call" ]; then echo "killed at $call"
	elif [ "$(jq -r .status "$work/box.json")" != exited ]; then jq -r '.status + (if .signal then " \(.signal)" else "" end)' "$work/box.json"
	else LC_ALL=C tr -cd '\012\040-\176' <"$work/out" | tail -n 1 | cut -c 1-100
	fi
}

wrong_end() { # ARGUMENT EXPECT STATUS
	case $2 in
	contained) [ "$3" -eq 0 ] || echo "$1: not contained, status $3: $(tail -n 1 "$work/out" | cut -c 1-200)" ;;
	killed)
		jq -e --arg c "$1" '[.denied[]? | select(.killed) | .syscall] | index($c)' "$work/box.json" >/dev/null ||
			echo "$1: not killed: status $3, $(tail -n 1 "$work/out" | cut -c 1-200)"
		;;
	signal*) [ "$3" -eq $((128 + ${2#signal })) ] || echo "$1: status $3 instead of $2: $(tail -n 1 "$work/out" | cut -c 1-200)" ;;
	status*)
		# Without a group of its own the box cannot tell who used the time: the kernel ends each process by itself.
		jq -e --arg s "${2#status }" '.status | IN($s | split(", ")[])' "$work/box.json" >/dev/null ||
			echo "$1: $(jq -r .status "$work/box.json") instead of ${2#status }: $(tail -n 1 "$work/out" | cut -c 1-200)"
		;;
	*) echo "an expectation that nobody knows: $2" ;;
	esac
}

attack() { # NAME
	leftovers | sort >"$work/before"
	start=$(date +%s)
	case $(of "$1" Base) in
	box*) attack_box "$1" >"$work/wrong" ;;
	*) attack_grader "$1" >"$work/wrong" ;;
	esac
	flaws_of_host >>"$work/wrong"
	verdict=ok
	[ ! -s "$work/wrong" ] || verdict=FAIL
	printf '%s\t%s\t%s\n' "$1" "$verdict" "$(tr '\n' ';' <"$work/summary" | sed 's/;$//')" >>"$results"
	if [ $verdict = ok ]; then
		passed=$((passed + 1))
		echo "ok    $1 ($(($(date +%s) - start)) s)"
	else
		failed=$((failed + 1))
		echo "FAIL  $1 ($(($(date +%s) - start)) s)"
		sed 's/^/        /' "$work/wrong"
	fi
}

if [ $# -eq 0 ] && [ "${SET:-quick}" = all ]; then
	# shellcheck disable=SC2046 # a list of names, here and below
	set -- $(names) $(echo "$set_ups" | cut -d '|' -f 1)
elif [ $# -eq 0 ]; then
	# shellcheck disable=SC2086
	set -- $quick
fi
# Something to find, if a box could look out.
gcc -std=gnu17 -D_GNU_SOURCE -O1 -static -o "$work/plant" grader/tests/hostile_plant.c || exit 2
"$work/plant" >/dev/null 2>&1 &
plant=$!
for name in "$@"; do
	attack "$name"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
