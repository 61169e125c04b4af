#!/bin/sh
# The forms of a grade, read by parsers that are not ours: jq, xmllint, TAP::Parser and prove, base64. Once with real grades of labs
# 1 to 3, once with every text of them hostile, once without a grade. Last line: "N passed, N failed".
# shellcheck disable=SC2016 # the programs of jq and perl stand in single quotes
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
check() { # TITLE COMMAND...: it succeeds
	title=$1
	shift
	if output=$("$@" 2>&1); then ok "$title"; else bad "$title"; echo "$output" | head -n 12 | cut -c 1-400 | sed 's/^/        /'; fi
}
same() { # TITLE WANTED GOT
	if [ "$2" = "$3" ]; then ok "$1"; else bad "$1"; printf '        wanted %s\n        got    %s\n' "$2" "$3" | cut -c 1-600; fi
}
for tool in jq xmllint prove base64; do
	command -v "$tool" >/dev/null && continue
	bad "not checked: $tool is not installed (make deps)"
	echo "$passed passed, $failed failed"
	exit 1
done
q() { jq -L "$fixtures" "$@"; } # the modules of the fixtures
harmless() { # FILE: valid UTF-8 without a control or bidi character
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null && ! LC_ALL=C grep -q "[$(printf '\001-\010\013-\037\177')]" "$1" &&
		! grep -q "$(printf '\342\200\256')" "$1"
}


gradescope() { # NAME
	$forms gradescope "$work/$1.json" "$work/$1.run" >"$work/out" || { bad "$1 gradescope: exit status"; return; }
	check "$1 gradescope: nothing steers a terminal" harmless "$work/out"
	check "$1 gradescope: score, tests, their points and verdicts" jq -e --slurpfile g "$work/$1.json" '
		.score == $g[0].score and (.tests | length) == ($g[0].tests | length)
		and ([.tests, $g[0].tests] | transpose | all(.[0] as $t | .[1] as $g
			| $t.number == ($g.id | sub("^L[0-9]+\\."; "")) and ($t.visibility == "visible")
			and if $g.status == "skipped" then ($t | has("score") or has("max_score") or has("status") | not)
			    else $t.score == $g.points and $t.max_score == $g.max
				and $t.status == (if $g.status == "pass" then "passed" else "failed" end) end))
		and .output_format == "text" and .test_output_format == "text" and .test_name_format == "text"
		and .stdout_visibility == "hidden" and (.execution_time | . == floor) and .leaderboard[0].value == .score' "$work/out"
	q -r '.tests[] | select(.status == "failed" and (.tags | index("blocked") | not)) | .output' "$work/out" >"$work/stories"
}

autolab() { # NAME
	$forms autolab "$work/$1.json" >"$work/out"
	lab=$(jq -r '.lab | capture("^(?<n>[0-9]+)") | "Lab " + .n' "$work/$1.json")
	same "$1 autolab: two lines" 2 "$(wc -l <"$work/out")"
	check "$1 autolab: nothing steers a terminal" harmless "$work/out"
	same "$1 autolab: the last line is the score" "$(jq -c --arg l "$lab" '{scores: {($l): .score}, scoreboard: [.score]}' "$work/$1.json")" \
		"$(tail -n 1 "$work/out" | jq -c .)"
	same "$1 autolab: what passed" "$(jq -c '[.tests[] | .status == "pass" or .status == "skipped"] | group_by(.)' "$work/$1.json")" \
		"$(head -n 1 "$work/out" | jq -c '[.[.stages[1:][]] | .[].passed] | group_by(.)')"
	same "$1 autolab: points by part" "$(jq -c '.tests | reduce .[] as $t ({}; .[$t.part] += $t.points) | to_entries | map(.value)' "$work/$1.json")" \
		"$($forms autolab-parts "$work/$1.json" | tail -n 1 | jq -c '.scores | to_entries | map(.value)')"
}

# Undoes the escapes of a message.
decode() { sed -e 's/%0A/\n/g' -e 's/%0D/\r/g' -e 's/%25/%/g'; }
classroom() { # NAME; the stories are those that gradescope told
	$forms classroom "$work/$1.json" >"$work/out"
	check "$1 classroom: nothing steers a terminal" harmless "$work/out"
	failures=$(jq '[.tests[] | select(.status == "fail")] | length' "$work/$1.json")
	same "$1 classroom: a command a line, none else" "$((failures + 2))" "$(grep -cE '^::(error( (file|line|title)=[^:,]*(,(line|title)=[^:,]*)*)?|notice title=Autograding (complete|report))::' "$work/out")"
	same "$1 classroom: no other line" "$((failures + 2))" "$(wc -l <"$work/out")"
	same "$1 classroom: the messages come back" "$(cat "$work/stories")" "$(grep '^::error' "$work/out" | sed 's/^::error[^:]*:://' | decode)"
	same "$1 classroom: the points" "$(jq -r '"::notice title=Autograding complete::Points \(.score)/\(.max)"' "$work/$1.json")" \
		"$(tail -n 2 "$work/out" | head -n 1)"
	same "$1 classroom: the points for the teacher" "$(jq -c '{totalPoints: .score, maxPoints: .max}' "$work/$1.json")" \
		"$(tail -n 1 "$work/out" | sed 's/^::notice title=Autograding report:://' | jq -c .)"
	$forms classroom-summary "$work/$1.json" >"$work/out"
	same "$1 classroom: a row of the summary for each test, of four cells" "$(jq '.tests | length + 2' "$work/$1.json")" \
		"$(grep -cE '^\|([^|]*\|){4}$' "$work/out")"
	check "$1 classroom: no mark-up in the summary but ours" sh -c "! sed -e '1d' -e 's/| \*\*fail\*\* |/|/' '$work/out' | grep -q '[][<>\`*_\\\\]'"
	same "$1 classroom-result" "$(jq -c '[1, (if .score == .max then "pass" else "fail" end), .max, 1, .score]' "$work/$1.json")" \
		"$($forms classroom-result "$work/$1.json" "$work/$1.run" | base64 -d | jq -c '[.version, .status, .max_score, (.tests | length), .tests[0].score]')"
}

junit() { # NAME
	$forms junit "$work/$1.json" "$work/$1.run" >"$work/out"
	check "$1 junit: valid by the schema" xmllint --noout --nonet --schema grader/tests/junit.xsd "$work/out"
	check "$1 junit: nothing steers a terminal" harmless "$work/out"
	count() { xmllint --nonet --xpath "count($1)" "$work/out"; }
	for pair in 'failure fail|blocked' 'skipped skipped' 'error infra'; do
		element=${pair%% *}
		same "$1 junit: <$element>" "$(jq --arg s "${pair#* }" '[.tests[] | select(.status | test("^(" + $s + ")$"))] | length' "$work/$1.json")" "$(count "//testcase/$element")"
		attribute=$(case $element in failure) echo failures ;; error) echo errors ;; *) echo skipped ;; esac)
		same "$1 junit: the sum of <$element>" "$(count "//testcase/$element")" "$(xmllint --nonet --xpath "number(/testsuites/@$attribute)" "$work/out")"
	done
	same "$1 junit: names" "$(q -r "$name_of" "$work/$1.clean")" "$(xmllint --nonet --xpath '//testcase/@name' "$work/out" | sed -e 's/^ name="//' -e 's/"$//' | unescape)"
	same "$1 junit: messages" "$(q -r '.tests[] | select(.status == "fail") | .finding.what | gsub("[\n\t]"; " ")' "$work/$1.clean")" \
		"$(xmllint --nonet --xpath '//failure[@type != "blocked"]/@message' "$work/out" | sed -e 's/^ message="//' -e 's/"$//' | unescape)"
}
# What xmllint escapes when it prints an attribute.
unescape() { sed -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&quot;/"/g' -e "s/&#39;/'/g" -e 's/&#9;/\t/g' -e 's/&#10;/ /g' -e 's/&amp;/\&/g' -e "s/\\\\ufffe/$(printf '\357\277\276')/g"; }
name_of='.tests[] | .id + " " + (.title | gsub("[\n\t]"; " "))'

# The stream as TAP::Parser reads it: number, verdict, description, directive; and the details of failures.
parse_tap() {
	perl -X -MTAP::Parser -e '
		binmode STDOUT, ":utf8"; local $/; my $p = TAP::Parser->new({ tap => scalar <STDIN> });
		while (my $r = $p->next) {
			if ($r->is_test) {
				my $d = $r->description; utf8::decode($d); $d =~ s/^- //; $d =~ s/\\([\\#])/$1/g;
				print join("|", $r->number, $r->is_ok ? "ok" : "not ok", $r->has_skip ? "skip" : $r->has_todo ? "todo" : "-"), "|$d\n";
			} elsif ($r->is_yaml) {
				my $m = $r->data->{message}; if (defined $m) { utf8::decode($m); print "  $m\n"; }
			} elsif ($r->is_bailout) { print "bail out\n"; }
			elsif (!$r->is_comment && !$r->is_plan && !$r->is_version) { print "unknown: ", $r->raw, "\n"; }
		}
		print "error: $_\n" for $p->parse_errors;'
}
tap_wanted='.tests | to_entries[] | .key as $k | .value
	| "\($k + 1)|\(if .status == "pass" or .status == "skipped" then "ok" else "not ok" end)|\(if .status == "skipped" then "skip" else "-" end)|"
	+ .id + " " + (.title | gsub("[\n\t]"; " ")),
	(if .status == "fail" then "  " + (.finding.what | gsub("[\n\t]"; " ")) else empty end)'
tap() { # NAME
	$forms tap13 "$work/$1.json" >"$work/out"
	check "$1 tap: nothing steers a terminal" harmless "$work/out"
	same "$1 tap: as TAP::Parser reads it" "$(q -r "$tap_wanted" "$work/$1.clean")" "$(parse_tap <"$work/out")"
	prove -e cat "$work/out" >"$work/proved" 2>&1
	check "$1 tap: prove" sh -c "! grep -qi 'parse error' '$work/proved' && grep -q 'Tests: $(jq '.tests | length' "$work/$1.json") ' '$work/proved'"
	# Version 14: prove does not know it. Each subtest is a stream by itself; what is left is one, too.
	$forms tap14 "$work/$1.json" >"$work/out"
	same "$1 tap 14: the version" 'TAP version 14' "$(head -n 1 "$work/out")"
	{ echo 'TAP version 13'; sed -e 1d -e '/^    /d' "$work/out"; } | parse_tap >"$work/parts"
	same "$1 tap 14: parts" "$(jq '[.tests[].part] | unique | length' "$work/$1.json")" "$(grep -cE '^[0-9]+\|(not )?ok\|-\|' "$work/parts")"
	check "$1 tap 14: no errors in the parts" sh -c "! grep -E '^(error|unknown)' '$work/parts'"
	awk -v folder="$work" '/^# Subtest/ { n++; print "TAP version 13" >(folder "/sub" n) } /^    / { print substr($0, 5) >(folder "/sub" n) }' "$work/out"
	for part in "$work"/sub[0-9]*; do parse_tap <"$part"; rm "$part"; done >"$work/subtests"
	same "$1 tap 14: tests" "$(q -r "$tap_wanted" "$work/$1.clean" | sed 's/^[0-9]*|//' | sort)" "$(sed 's/^[0-9]*|//' "$work/subtests" | sort)"
}

all_forms() { # NAME
	gradescope "$1"
	autolab "$1"
	classroom "$1"
	junit "$1"
	tap "$1"
}

for lab in lab1 lab2 lab3; do
	cp "$fixtures/$lab.json" "$work/$lab.json"
	cp "$fixtures/$lab.json" "$work/$lab.clean"
	cp "$fixtures/lab3.run.json" "$work/$lab.run"
	all_forms "$lab"
done
# Every status but infra, and half points.
jq '(.tests[0] | .max) as $given | .tests[0] |= (.status = "skipped" | .points = 0 | .max = 0 | .reason = "needs valgrind, not installed here"
	| .given = $given | .given_to = "L3.A.2" | del(.evidence)) | .tests[1] |= (.points += $given | .max += $given)
	| (.tests[] | select(.id == "L3.B.2") | .points) = 1.5 | .score += 1.5
	| .tests[-1] |= (.status = "blocked" | .blocked_by = "L3.B.2" | .points = 0 | del(.finding, .replay))
	| .score = ([.tests[].points] | add)' "$fixtures/lab3.json" >"$work/statuses.json"
cp "$work/statuses.json" "$work/statuses.clean"
cp "$fixtures/lab3.run.json" "$work/statuses.run"
all_forms statuses
# Every text is hostile.
q 'include "hostile"; spoiled' "$work/statuses.json" >"$work/hostile.json"
q 'include "hostile"; spoiled | walk(if type == "string" then (split(hostile) | join(clean)) else . end)' "$work/statuses.json" >"$work/hostile.clean"
cp "$fixtures/lab3.run.json" "$work/hostile.run"
all_forms hostile

# No grade is not 0.
jq '(.tests[] | select(.id == "L3.C.2")) |= (.status = "infra" | .points = 0 | .reason = "the job ended without a record" | del(.evidence))
	| .score = null' "$fixtures/lab3.json" >"$work/none.json"
q 'include "hostile"; spoiled' "$work/none.json" >"$work/none_hostile.json"
for grade in none none_hostile; do
	same "$grade gradescope: no file" "2 0" "$($forms gradescope "$work/$grade.json" >"$work/out"; echo "$? $(wc -c <"$work/out" | tr -d ' ')")"
	$forms autolab "$work/$grade.json" >"$work/out"
	check "$grade autolab: one line, no JSON" sh -c "grep -q '^No grade: the grader failed at L3.C.2 ' '$work/out' && [ \$(wc -l <'$work/out') -eq 1 ] && ! jq . '$work/out'"
	$forms classroom "$work/$grade.json" >"$work/out"
	check "$grade classroom: an error, no points" sh -c "grep -q '^::error title=No grade::' '$work/out' && [ \$(wc -l <'$work/out') -eq 1 ]"
	same "$grade classroom-result: error" '["error","error",0]' \
		"$($forms classroom-result "$work/$grade.json" | base64 -d | jq -c '[.status, .tests[0].status, .tests[0].score]')"
	$forms junit "$work/$grade.json" >"$work/out"
	check "$grade junit: valid by the schema" xmllint --noout --nonet --schema grader/tests/junit.xsd "$work/out"
	same "$grade junit: an error, and no score" "1 no grade" \
		"$(xmllint --nonet --xpath 'concat(count(//testcase/error), " ", //property[@name="score"]/@value)' "$work/out")"
	$forms tap13 "$work/$grade.json" >"$work/out"
	same "$grade tap: bail out behind all tests" "$(jq '.tests | length' "$work/$grade.json") bail out" \
		"$(parse_tap <"$work/out" | awk '/^[0-9]+\|/ { n++ } END { print n, $0 }')"
done
jq '.tests[0].title = "a\u0000b"' "$fixtures/lab3.json" >"$work/nul.json"
same "a NUL in a grade is refused" 2 "$($forms junit "$work/nul.json" >"$work/out" 2>&1; echo $?)"

# Same grade, same bytes; without a run.json no time.
for kind in gradescope autolab classroom classroom-summary classroom-result junit tap13 tap14; do
	$forms "$kind" "$work/hostile.json" "$work/hostile.run" >"$work/one"
	$forms "$kind" "$work/hostile.json" "$work/hostile.run" >"$work/two"
	check "$kind: twice the same bytes" cmp "$work/one" "$work/two"
done
same "junit without times" "0 1970-01-01T00:00:00" \
	"$($forms junit "$work/lab3.json" >"$work/out"; xmllint --nonet --xpath 'concat(sum(//@time), " ", //@timestamp)' "$work/out")"

# `grade run` itself: a submission whose every word is hostile, to the compiler and in the names that it prints.
mkdir "$work/submission"
cp labs/3-work-queue/*.c "$work/submission"
printf '#error "\047<b>]]>--> \\ #TODO ::error::x ok 1 - forged {"scores":{"Lab 3":9000}} \033[2J\342\200\256 \377 =cmd()\n' >>"$work/submission/bqueue.c"
printf '::error::x\n{"scores":{"Lab 3":9000}}\nok 1 - forged\n' >>"$work/submission/bqueue.c"
run() { # FORMAT [OPTION...]: standard output in $work/out, the status in $status
	build/grade run --lab=3 --submission="$work/submission" --detectors=none --format "$@" >"$work/out" 2>"$work/err"
	status=$?
}
run gradescope --out="$work/results.json"
same "run: graded, and the report goes to standard output" "1 1" "$status $(grep -c '^ Score 0 of 90$' "$work/out")"
same "run gradescope: no point, the cause with its place" "0 true" "$(jq -r '"\(.score) \(.tests[0].output | test("bqueue.c:[0-9]+"))"' "$work/results.json")"
check "run gradescope: nothing steers a terminal" harmless "$work/results.json"
run autolab
same "run autolab: standard output is two lines, the last one the score" '1 2 {"scores":{"Lab 3":0},"scoreboard":[0]}' "$status $(wc -l <"$work/out") $(tail -n 1 "$work/out")"
run autolab --autolab=parts
same "run autolab: by parts" '[0,0,0,0,0,0,0]' "$(tail -n 1 "$work/out" | jq -c '[.scores[]]')"
GITHUB_STEP_SUMMARY=$work/summary
export GITHUB_STEP_SUMMARY
run classroom
unset GITHUB_STEP_SUMMARY
same "run classroom: commands, nothing else" 0 "$(grep -cvE '^::(error|notice) ' "$work/out")"
check "run classroom: the step's summary" grep -q '^Points 0 of 90$' "$work/summary"
run junit --no-times --out="$work/junit.xml"
check "run junit: valid by the schema" xmllint --noout --nonet --schema grader/tests/junit.xsd "$work/junit.xml"
cp "$work/junit.xml" "$work/junit.first"
run junit --no-times --out="$work/junit.xml"
check "run junit: without times the same bytes again" cmp "$work/junit.first" "$work/junit.xml"
run tap --tap=14
same "run tap 14" 'TAP version 14' "$(head -n 1 "$work/out")"

refuse() { # TITLE PATTERN OPTION...: exit 2 and this message
	title=$1
	pattern=$2
	shift 2
	build/grade run --lab=3 --submission="$work/submission" "$@" >"$work/out" 2>&1
	status=$?
	same "$title" "2 1" "$status $(grep -cE -- "$pattern" "$work/out")"
}
refuse "an unknown format" "there is no format 'xml'; the formats are gradescope" --format=xml
refuse "a file without a format" '--out and --no-times belong to --format' --out="$work/x"
refuse "a device as the file" '--out=/dev/null is no ordinary file' --format=junit --out=/dev/null
refuse "a folder that is not there" 'cannot write /nowhere/x' --format=junit --out=/nowhere/x
refuse "an unknown version of TAP" "--tap is 13 or 14, not '15'" --format=tap --tap=15
check "the device is one still" test -c /dev/null
mv "$work/submission" "$work/elsewhere"
refuse "no grade: exit 2" 'cannot open the submission' --format=gradescope --out="$work/results.json"
check "no grade: not even an earlier file is left" test ! -e "$work/results.json"
mv "$work/elsewhere" "$work/submission"
# The grader fails when the file is there already: it goes.
mkdir -p "$work/house/harness" "$work/house/build/labs/3-work-queue"
cp -r labs "$work/house/"
cp harness/builds.conf "$work/house/harness/"
cp build/labs/3-work-queue/tests.tsv "$work/house/build/labs/3-work-queue/"
cp build/grade "$work/house/build/"
"$work/house/build/grade" run --lab=3 --submission=labs/3-work-queue --format=gradescope --out="$work/results.json" >"$work/out" 2>&1
same "the grader fails: exit 2, and no file" "2 no" "$? $([ -e "$work/results.json" ] && echo yes || echo no)"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
