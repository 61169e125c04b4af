#!/bin/bash
# The HTML report: well-formed, closed to the outside, and text stays text wherever it comes from.
# Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
command -v xmllint >/dev/null || { echo "html.sh needs xmllint (libxml2-utils): make deps" >&2; exit 2; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() { # TITLE COMMAND...
	title=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok    $title"
	else
		failed=$((failed + 1))
		echo "FAIL  $title"
		tail -n 20 "$work/log"
	fi
}
not() { ! "$@"; }
nodes() { # PAGE XPATH -> how many
	xmllint --html --xpath "count($2)" "$1" 2>/dev/null
}
# PAGE [PATTERN]: complaints that match the pattern are expected. xmllint's HTML parser is older than HTML 5 and than SVG in HTML: it says so of each of their tags, and of nothing else.
well_formed() {
	xmllint --html --noout "$1" 2>&1 | grep 'error :' | grep -v "${2:-none}" |
		grep -vE 'Tag (header|main|section|nav|details|summary|time|svg|g|path|rect|text|tspan|circle|pattern|marker|defs|title|style) invalid$' |
		not grep .
}
# All attributes of the page: names that a page of ours uses, and no value that leads anywhere but to this report.
attributes() { xmllint --html --xpath '//@*' "$1" 2>/dev/null | sed 's/^ //' | grep . || true; }
closed() {
	attributes "$1" | sed -E 's/=".*//' | sort -u | grep -vxE '(aria-[a-z]+|autocomplete|charset|class|colspan|content|cx|cy|d|datetime|disabled|fill|height|hidden|href|http-equiv|id|lang|marker(-end|height|width)|name|open|orient|patterntransform|patternunits|placeholder|r|ref[xy]|role|rx|scope|style|tabindex|text-anchor|title|type|viewbox|width|x|xml:space|y|for)' && return 1
	attributes "$1" | grep '^href=' | grep -vxE 'href="(#[A-Za-z0-9_.-]+|report\.html|similarity\.html|entries/[A-Za-z0-9@+~_-][A-Za-z0-9.@+~_-]*/report\.html(#s[0-9]+-[0-9]+)?)"' && return 1
	attributes "$1" | grep '^style=' | grep -vxE 'style="fill:var\(--[a-z]+\)"' && return 1
	[ "$(nodes "$1" '//img|//iframe|//object|//embed|//link|//base|//form|//audio|//video|//source|//use|//image|//foreignobject|//a[@target]')" = 0 ]
}
# What the policy allows is the one script that is there; 0 scripts: the policy names none.
scripts() { # PAGE COUNT
	policy=$(xmllint --html --xpath 'string(//meta[@http-equiv="Content-Security-Policy"]/@content)' "$1" 2>/dev/null)
	echo "$policy"
	[ "$(nodes "$1" '//script')" = "$2" ] && [ "$(grep -c '<script' "$1")" = "$2" ] || return 1
	[ "$2" = 1 ] || { [ "$policy" = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'" ]; return; }
	sum=$(sed -n '/<script>/,/<\/script>/p' "$1" | sed '1s/.*<script>//; $d' | sha256sum | cut -c1-64 | tr a-f A-F | basenc --base16 -d | base64)
	[ "$policy" = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-$sum'; base-uri 'none'; form-action 'none'" ]
}
# No control character, none that turns the direction of writing, no byte that is not UTF-8.
harmless() {
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null &&
		not env LC_ALL=C.UTF-8 grep -qP '[\x00-\x08\x0b-\x1f\x7f]|[\x{80}-\x{9f}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}\x{feff}]' "$1"
}
page() { build/grade tool-page "$1" "$2" >"$3"; }
checked() { # NAME KIND VALUE SCRIPTS
	check "$1: a page is made" page "$2" "$3" "$work/page.html"
	check "$1: well-formed" well_formed "$work/page.html" "${5:-}"
	check "$1: nothing leads outside" closed "$work/page.html"
	check "$1: $4 scripts, as the policy says" scripts "$work/page.html" "$4"
	check "$1: harmless characters only" harmless "$work/page.html"
	page "$2" "$3" "$work/again.html"
	check "$1: the same bytes again" cmp "$work/page.html" "$work/again.html"
}
has() { grep -qF -- "$2" "$1"; }
has_nodes() { # PAGE XPATH COUNT
	got=$(nodes "$1" "$2")
	[ "$got" = "$3" ] || { echo "$2: $got, wanted $3"; return 1; }
}

fixture=grader/tests/html
checked "a class" class $fixture/class.json 1
check "a class: nothing of the network is named" not grep -q 'http:\|https:\|//[a-z]' "$work/page.html"
check "a class: a row for each entry" has_nodes "$work/page.html" '//table[@id="entries"]/tbody/tr' 6
check "a class: a link to each page that there is" has_nodes "$work/page.html" '//table[@id="entries"]//a' 5
check "a class: no grade is not 0" has_nodes "$work/page.html" '//table[@id="entries"]//td[starts-with(., "no grade: archive entry")]' 1
check "a class: who has none stands on top, with the reason" has_nodes "$work/page.html" '//section[@class="look"]//tr' 2
check "a class: headers are buttons" has_nodes "$work/page.html" '//table[@id="entries"]/thead//th[@aria-sort="none"]/button' 10
check "a class: the most frequent finding first" has_nodes "$work/page.html" '//ol/li[1]//h3[. = "lost-wakeup"]' 1

check "a class: a link to the similar hand-ins, and whose they are not" has_nodes "$work/page.html" '//a[@href="similarity.html" and . = "Similar hand-ins: 2 pairs"]' 1

checked "similar hand-ins" similar $fixture/class.json 0
check "similar hand-ins: nothing of the network is named" not grep -q 'http:\|https:\|//[a-z]' "$work/page.html"
check "similar hand-ins: a hint, in plain words" has "$work/page.html" '<b>A hint to read, not a verdict.</b>'
check "similar hand-ins: a row for each pair" has_nodes "$work/page.html" '//table[@class="pairs"]/tbody/tr' 2
check "similar hand-ins: links to both, and to the lines of both" has_nodes "$work/page.html" '//table[@class="pairs"]/tbody/tr[1]//a' 4
check "similar hand-ins: a link to a line" has_nodes "$work/page.html" '//a[@href="entries/jdoe/report.html#s2-14"]' 1
check "similar hand-ins: who was left out is told" has_nodes "$work/page.html" '//li[contains(., "csem.c") and contains(., "comparing takes too long")]' 1
check "similar hand-ins: a file that was not compared is told" has_nodes "$work/page.html" '//li[contains(., "not compared: sim_c failed")]' 1
jq '.similarity.pairs = []' $fixture/class.json >"$work/none.json"
checked "no similar hand-ins" similar "$work/none.json" 0
check "no similar hand-ins: says so" has "$work/page.html" 'No two hand-ins are alike by these bounds.'
jq 'del(.similarity)' $fixture/class.json >"$work/none.json"
checked "a class without comparing" class "$work/none.json" 1
check "a class without comparing: no link" not has "$work/page.html" similarity.html

checked "a student" student $fixture/student.json 0
check "a student: nothing of the network is named" not grep -q 'http:\|https:\|//[a-z]' "$work/page.html"
check "a student: each test opens" has_nodes "$work/page.html" '//details/summary' 7
check "a student: the first finding is open" has_nodes "$work/page.html" '//details[@open and @id="t-L3.B.2"]' 1
check "a student: a place leads to its line" has_nodes "$work/page.html" '//ol[@class="where"]//a[@href="#s1-4"]' 2
check "a student: and the line to the finding" has_nodes "$work/page.html" '//li[@id="s1-4"]//a[@href="#t-L3.B.2"]' 1
check "a student: a picture of the schedule, shapes with ids once" has_nodes "$work/page.html" '//*[@id="asleep"]' 1
check "a student: no two ids are equal" not sh -c "xmllint --html --xpath '//@id' '$work/page.html' 2>/dev/null | sort | uniq -d | grep ."
check "a student: the plot" has_nodes "$work/page.html" '//div[@class="picture"]/svg[@class="plot"]' 1

# Nobody's fault is a 0.
jq '{class: {lab: "3-work-queue"}, entry: .entries[1]}' $fixture/class.json >"$work/none.json"
checked "a student without a grade" student "$work/none.json" 0
check "a student without a grade: says so" has_nodes "$work/page.html" '//p[@class="score" and . = "no grade"]' 1
check "a student without a grade: and why" has_nodes "$work/page.html" '//p[starts-with(., "archive entry ../x leaves the folder. Nothing")]' 1

jq '.grade.tests[2].hidden = true' $fixture/student.json >"$work/none.json"
checked "a hidden test" student "$work/none.json" 0
check "a hidden test: its finding is told nowhere" not grep -q 'lost-wakeup<\|T2 sleeps\|L3.B.2-7f1c9e' "$work/page.html"
check "a hidden test: the others are" has "$work/page.html" close-wakes-one

# Every text of every field, keys apart, by texts that bite; then only those that a submission can reach.
evil='</td><script>alert(1)</script>"><img src=x onerror=alert(1)>'"'"' onload=x ]]>--></style>\u001b[31m\u202e\u0007\u0085\u2028&lt;javascript:x'
for kind in class similar student; do
	scripts=$([ $kind = class ] && echo 1 || echo 0)
	value=$fixture/$([ $kind = student ] && echo student || echo class).json
	jq "walk(if type == \"string\" then \"$(printf %s "$evil" | sed 's/"/\\"/g')\" else . end)" "$value" >"$work/evil.json"
	checked "$kind, all texts hostile" $kind "$work/evil.json" "$scripts" 'ID t-.* already defined' # their ids are equal
	check "$kind, all texts hostile: they are shown" has "$work/page.html" '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39; onload=x ]]&gt;--&gt;&lt;/style&gt;\u001b[31m\u202e\u0007\u0085\u2028&amp;lt;'
	jq "walk(if type == \"object\" then with_entries(if (.key | IN(\"what\", \"why\", \"next\", \"role\", \"function\", \"file\", \"text\", \"name\", \"note\", \"origin\", \"title\", \"reason\", \"thread\", \"login\", \"code\", \"line\")) and (.value | type) == \"string\" then .value = \"$(printf %s "$evil" | sed 's/"/\\"/g')\" else . end) else . end)" "$value" >"$work/evil.json"
	checked "$kind, hostile where students write" $kind "$work/evil.json" "$scripts"
	jq 'walk(if type == "number" then -1e15 elif type == "array" then . + [null, 7, {}] else . end)' "$value" >"$work/evil.json"
	checked "$kind, numbers and shapes that nobody makes" $kind "$work/evil.json" "$scripts" 'ID t-_ already defined'
	jq 'walk(if type == "number" then 9e18 else . end)' "$value" | sed 's/9e+18/9000000000000000000/' >"$work/evil.json"
	checked "$kind, numbers that nobody can add" $kind "$work/evil.json" "$scripts"
	echo '{}' >"$work/evil.json"
	checked "$kind, nothing at all" $kind "$work/evil.json" "$scripts"
done

# A thousand entries.
jq '.entries = [range(1000) as $i | .entries[$i % 6] | .entry += "\($i)"]' $fixture/class.json >"$work/large.json"
checked "a class of 1000" class "$work/large.json" 1
check "a class of 1000: small" test "$(wc -c <"$work/page.html")" -lt 500000

# From end to end, with a source that does not compile and says so loudly.
mkdir "$work/hostile"
printf '#error "</pre><script>alert(1)</script> \033[31m \342\200\256 \377"\nint x = "<b>";\n' >"$work/hostile/bqueue.c"
cp labs/3-work-queue/csem.c "$work/hostile/"
build/grade run --lab=3 --submission="$work/hostile" --format=html --out="$work/page.html" >"$work/log" 2>&1
check "a grading: exit status 1" test $? -eq 1
check "a grading: well-formed" well_formed "$work/page.html"
check "a grading: nothing leads outside" closed "$work/page.html"
check "a grading: no script" scripts "$work/page.html" 0
check "a grading: harmless characters only" harmless "$work/page.html"
check "a grading: the line is marked" has_nodes "$work/page.html" '//li[@id="s1-1"]//a[contains(., "compile-error")]' 1
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
