#!/bin/sh
# The tables of a class, read by a parser that is not ours (sqlite3; jq for JSON Lines, xmllint for JUnit), and gradebooks of course
# systems there and back: what is not ours comes back byte for byte. Last line: "N passed, N failed".
# shellcheck disable=SC2016 # the programs of jq stand in single quotes
set -u
cd "$(dirname "$0")/../.." || exit 2
forms=build/test/forms
fixtures=grader/tests/formats
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

ok() { passed=$((passed + 1)); echo "ok    $1"; }
bad() { failed=$((failed + 1)); echo "FAIL  $1"; }
same() { # TITLE WANTED GOT
	if [ "$2" = "$3" ]; then ok "$1"; else bad "$1"; printf '        wanted %s\n        got    %s\n' "$2" "$3" | cut -c 1-900; fi
}
for tool in jq xmllint sqlite3; do
	command -v "$tool" >/dev/null && continue
	bad "not checked: $tool is not installed (make deps)"
	echo "$passed passed, $failed failed"
	exit 1
done

# A CSV file as sqlite3 reads it: an array of objects; it says so when a row has not the cells of its header.
table() { # FILE
	sqlite3 :memory: '.mode csv' ".import '$1' t" '.mode json' 'select * from t' 2>"$work/complaints"
	[ ! -s "$work/complaints" ] || head -n 3 "$work/complaints"
}
class_tables() { # NAME: $work/NAME.json, and what its texts shall say: $work/NAME.clean
	$forms grades-csv "$work/$1.json" >"$work/grades.csv"
	same "$1: grades.csv" "$(jq -c '[.entries[] | . as $e | (if .members == [] then [{}] else .members end)[] | def t: . // ""; def p: if . == null then ""
			else . / 100 | tostring end;
		[$e.entry, (.login | t), (.sid | t), (.email | t), (.name | t), (.section | t), ($e.group | t), ($e.attempt | if . == null then "" else tostring end),
		($e.submitted | t), ($e.late | if . == null then "" else tostring end), $e.state, ($e.score_c | p), ($e.final_c | p), ($e.max_c | p),
		($e.isolation | t), ($e.submission | t | .[0:12]), ($e.worst_finding | t), ($e.note | t)] | map(guard)]' "$work/$1.clean")" \
		"$(table "$work/grades.csv" | jq -c '[.[] | [.entry, .login, .sid, .email, .name, .section, .group, .attempt, .submitted, .late, .state, .score,
			.final_score, .max, .isolation, .submission, .worst_finding, .note]]')"
	$forms ungraded-csv "$work/$1.json" >"$work/ungraded.csv"
	same "$1: ungraded.csv" "$(jq -c '[.entries[] | select(.final_c == null) | . as $e | .members[] | [$e.entry, .login, $e.state, $e.note // ""] | map(guard)]' "$work/$1.clean")" \
		"$(table "$work/ungraded.csv" | jq -c '[.[] | [.entry, .login, .state, .note]]')"
	$forms tests-csv "$work/$1.json" "$fixtures/lab3.json" >"$work/tests.csv"
	same "$1: tests.csv" "$(jq -c --slurpfile g "$fixtures/lab3.json" '[.entries[] | select(.final_c != null) | .entry as $e | $g[0].tests[]
		| [$e, .id, .status, (.points | tostring), (.max | tostring), .detector, .finding.id // "", .finding.where[0].file // "",
		(.finding.where[0].line // "" | tostring), .replay // ""] | map(guard)]' "$work/$1.clean")" \
		"$(table "$work/tests.csv" | jq -c '[.[] | [.entry, .test, .status, .points, .max, .detector, .finding, .file, .line, .replay]]')"
	$forms jsonl "$work/$1.json" "$fixtures/lab3.json" >"$work/grades.jsonl"
	same "$1: grades.jsonl" "$(jq -c '.entries[] | [.entry, [.members[].login], .state, (.score_c | if . then . / 100 else . end), (.final_c | if . then . / 100 else . end),
		.max_c / 100, (if .late == null then null else .late == 1 end), (if .submission then "sha256:" + .submission else null end), .note]' "$work/$1.clean")" \
		"$(jq -c '[.entry, .logins, .state, .score, .final_score, .max, .late, .submission, .note]' "$work/grades.jsonl")"
	$forms class-junit "$work/$1.json" "$fixtures/lab3.json" >"$work/junit.xml"
	same "$1: junit.xml is valid" 0 "$(xmllint --noout --nonet --schema grader/tests/junit.xsd "$work/junit.xml" 2>/dev/null; echo $?)"
	same "$1: junit.xml has a suite for each entry, an error for each without a grade" \
		"$(jq -r '"\(.entries | length) \([.entries[] | select(.final_c == null)] | length)"' "$work/$1.json")" \
		"$(xmllint --nonet --xpath 'concat(count(//testsuite), " ", count(//error))' "$work/junit.xml")"
}
# What csv_put_guarded shall do: a quote before what could be a formula.
guard='def formula: "[ \"]*[-=+@]"; def guard: if test("^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)$") then . else (if test("^" + formula) then "\u0027" + . else . end)
	| gsub("(?<s>[;\t\r\n])(?=" + formula + ")"; .s + "\u0027") end;'
jq() { # with guard in front of every program that uses it
	case "$*" in *guard*) ;; *) command jq "$@"; return ;; esac
	options=
	while :; do
		case $1 in
		--slurpfile) slurp=$2 slurped=$3; shift 3 ;;
		-*) options="$options $1"; shift ;;
		*) break ;;
		esac
	done
	program=$1
	shift
	# shellcheck disable=SC2086 # words
	if [ -n "${slurp:-}" ]; then command jq $options --slurpfile "$slurp" "$slurped" "$guard $program" "$@"; else command jq $options "$guard $program" "$@"; fi
	slurp=
}

cp "$fixtures/class.json" "$work/class.json"
cp "$fixtures/class.json" "$work/class.clean"
class_tables class
spoil='include "hostile"; .entries |= map(.entry |= T | .note |= (if . then T else . end) | .group |= (if . then T else . end) | .worst_finding |= (if . then T else . end)
	| .members |= map(map_values(if . then T else . end)))'
command jq -L "$fixtures" "$(echo "$spoil" | sed 's/T\b/(. + hostile)/g')" "$fixtures/class.json" >"$work/hostile.json"
command jq -L "$fixtures" "$(echo "$spoil" | sed 's/T\b/(. + clean)/g')" "$fixtures/class.json" >"$work/hostile.clean"
class_tables hostile
command jq '.entries |= map(.entry = "=cmd()" | .note = "@sum(1); =1+1" | .members |= map(.name = "+1-2" | .login = "-5"))' "$fixtures/class.json" >"$work/formula.json"
cp "$work/formula.json" "$work/formula.clean"
class_tables formula

# Gradebooks. Bytes are compared, so these files are written byte by byte.
canvas() { printf '\357\273\277Student,ID,SIS User ID,SIS Login ID,Section,"Essay, 1 (11)",Lab 3 (123456),Lab 33 (7),Lab 3 Final Points\r\n'
	printf ',,,,,Manual Posting,,,\r\n'
	printf '    Points Possible,,,,,10,90,5,(read only)\r\n'
	printf '"Doe, ""J"" Jane",42,U0042,jdoe,CS-01,"7",%s,1,"x"\r\n' "$1"
	printf 'Smith Al,43,,asmith,"CS-01",, %s ,,\r\n' "$2"
	[ $# -eq 3 ] || printf 'Ray\tCy,45,U0045,cray,CS-02,,3,,\r\n"Student, Test",99,,e31b,CS-01,,,,\r\n'
	printf 'Moe,44,U0044,other,CS-01,1,%s,,' "$([ $# -eq 3 ] && echo "$3" || echo 81)"; [ $# -eq 3 ] || printf '\r\n'; }
book() { # SYSTEM CLASS GIVEN: the new file in $work/new, the problems in $work/problems
	$forms "$1" "$2" ${3:+"$3"} >"$work/new" 2>"$work/problems"
}
canvas '' 5 >"$work/given"
book canvas "$work/class.json" "$work/given"
printf 'x' >>"$work/new"
same "canvas: only our cells change, who has no grade is left out" \
	"$(canvas 17.5 5 | sed -e '/^Ray/d' -e '/^"Student/d' -e 's/, 5 ,/,81,/'; printf x)" "$(cat "$work/new")"
same "canvas: who matches no row is told" 'Canvas: twin (entry twin, 45 points) matches no row: enter it by hand' "$(cat "$work/problems")"
book canvas "$work/class.json" "$work/new"
cp "$work/new" "$work/again"
sed -i 's/x$//' "$work/again"
book canvas "$work/class.json" "$work/again"
same "canvas: a file that says all of it already comes back byte for byte" 0 "$(cmp "$work/again" "$work/new"; echo $?)"
canvas 17,50 81.0 | sed 's/,17,50,/,17.50,/' >"$work/given"
book canvas "$work/class.json" "$work/given"
same "canvas: points that are right keep their spelling" "17.50  81.0 " "$(sed -n '4,5p' "$work/new" | awk -F, '{ print $(NF - 2) }' | paste -sd' ')"
canvas '' 5 | sed 's/,90,5,(read/,45,5,(read/' >"$work/given"
book canvas "$work/class.json" "$work/given"
same "canvas: points are scaled to the column" "8.75 40.5 40.5" "$(sed -n '4,6p' "$work/new" | tr -d '\r' | awk -F, '{ print $(NF - 2) }' | paste -sd' ')"
same "canvas: and that is told" 'Canvas: the column holds 45 points and the lab 90; all grades were scaled' "$(head -n 1 "$work/problems")"
{ canvas '' 5; printf 'Other,142,U0042,,CS-01,,1,,\r\n'; } >"$work/given"
book canvas "$work/class.json" "$work/given"
same "canvas: who matches two rows gets none" "Canvas: jdoe (entry jdoe, 17.5 points) matches more than one row: enter it by hand" "$(head -n 1 "$work/problems")"
same "canvas: neither of the two stays in the file" 0 "$(grep -c U0042 "$work/new")"
command jq '.entries[4].members[0].lms_id = "42"' "$work/class.json" >"$work/claims.json"
canvas '' 5 >"$work/given"
book canvas "$work/claims.json" "$work/given"
same "canvas: a row that two people claim is nobody's" "2 0" "$(grep -c 'somebody else matches, too' "$work/problems") $(grep -c U0042 "$work/new")"
canvas '' 5 | sed 's/Lab 3 (123456)/Lab 4 (5)/' >"$work/given"
same "canvas: no column of that name, no file" "2 0" "$(book canvas "$work/class.json" "$work/given"; echo $? "$(wc -c <"$work/new")")"
canvas '' 5 | sed 's/Lab 33 (7)/Lab 3 (7)/' >"$work/given"
same "canvas: two columns of that name, no file" "2 0" "$(book canvas "$work/class.json" "$work/given"; echo $? "$(wc -c <"$work/new")")"
printf 'a,"b\n' >"$work/given"
book canvas "$work/class.json" "$work/given"
same "canvas: no table, no file" 'Canvas: the file cannot be read (line 1: a quote that begins here is never closed); export it from Canvas once more' "$(cat "$work/problems")"
book canvas "$work/class.json"
same "canvas: a file of our own" 'Student,ID,SIS User ID,SIS Login ID,Section,Lab 3
    Points Possible,,,,,90
"Smith, Al",43,U0043,asmith,CS-01,81
"Moe, Bo",44,U0044,bmoe,CS-01,81
"Doe, Jane",42,U0042,jdoe,CS-01,17.5
"In, Tw",,U0099,twin,,45' "$(cat "$work/new")"

moodle() { printf 'Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade","Grade can be changed","Last modified (submission)","Feedback comments"\n'
	printf '"Participant 42","Jane Doe",U0042,jdoe@example.edu,"Submitted for grading",%s,90.00,Yes,"Saturday, 21 November 2026, 8:46 PM",%s\n' "$1" "$2"
	printf '"Participant 943","Al Smith",,asmith@EXAMPLE.edu,-,%s,90.00,Yes,-,"well ""done"""\n' "$3"
	printf '"Participant 44","Bo Moe",U0044,,-,5.00,90.00,No,-,\n'
	printf '"Participant 45","Cy Ray",U0045,cray@example.edu,-,,90.00,Yes,-,\n'; }
moodle '""' '' '""' >"$work/given"
book moodle "$work/class.json" "$work/given"
same "moodle: two cells change, all rows stay" "$(moodle '"17.50"' 'Interleave: failed L3.B.2, L3.C.1; blocked L3.C.2; first look at lost-wakeup' '"81.00"' | sed 's/,\(Interleave: [^"]*\)$/,"\1"/')" \
	"$(cat "$work/new" && :)"
same "moodle: what is left alone is told" "Moodle: twin (entry twin, 45 points) matches no row: enter it by hand
Moodle: asmith (entry asmith, 81 points) has a feedback comment already: it stays
Moodle: bmoe (entry asmith, 81 points) has a grade that is locked in Moodle: it stays" "$(cat "$work/problems")"
command jq '.entries |= map(.score_c = null | .final_c = null)' "$work/class.json" >"$work/nobody.json"
book moodle "$work/nobody.json" "$work/given"
same "moodle: without a grade it is the same file" 0 "$(cmp "$work/given" "$work/new"; echo $?)"
command jq -L "$fixtures" 'include "hostile"; .entries[2].failed = [hostile]' "$work/class.json" >"$work/tags.json"
book moodle "$work/tags.json" "$work/given"
same "moodle: feedback holds no mark-up" 0 "$(grep -c '<b' "$work/new")"
book moodle "$work/class.json"
same "moodle: a file of our own names three participants" 3 "$(grep -c '^Participant 4[234],' "$work/new")"

bright() { printf 'OrgDefinedId,Username,Last Name,Lab 3 Points Grade <Numeric MaxPoints:90 Weight:10>,End-of-Line Indicator\r\n'
	printf '#U0042,#jdoe,Doe,%s,#\r\n#U0043,#asmith,Smith,%s,#\r\n' "$1" "$2"; }
{ bright '' 3; printf '#U0045,#cray,Ray,4,#\r\n'; } >"$work/given"
book brightspace "$work/class.json" "$work/given"
same "brightspace: only our cells change, who has no grade is left out" "$(bright 17.5 81)" "$(cat "$work/new")"
same "brightspace: who matches no row is told" 2 "$(grep -c 'matches no row' "$work/problems")"
book brightspace "$work/class.json"
same "brightspace: a file of our own" 'OrgDefinedId,Username,Lab 3 Points Grade,End-of-Line Indicator
#U0043,#asmith,81,#
#U0044,#bmoe,81,#
#U0042,#jdoe,17.5,#
#U0099,#twin,45,#' "$(cat "$work/new")"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
