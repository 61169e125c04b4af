#!/bin/bash
# The pages in a browser: sort, filter and open a finding by keyboard, narrow, dark, on paper, without script, and what the
# policy refuses. Speaks the DevTools protocol over a pipe. Needs chromium (optional package). Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
	{ echo "html_browser.sh needs chromium: make deps" >&2; exit 2; }
work=$(mktemp -d) || exit 2
passed=0
failed=0
pid=
trap '[ -z "$pid" ] || { kill "$pid"; wait "$pid"; } 2>/dev/null; rm -rf "$work"' EXIT

check() { # TITLE GOT WANTED
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
		echo "ok    $1"
	else
		failed=$((failed + 1))
		echo "FAIL  $1: '$2', wanted '$3'"
	fi
}

# The protocol: one JSON object per message, each ended by NUL.
number=0
session=
events=
call() { # METHOD PARAMETERS -> reply holds the result; what came in between goes to $events
	number=$((number + 1))
	jq -cj --argjson id $number --arg method "$1" --arg session "$session" --argjson params "${2:-"{}"}" -n \
		'{id: $id, method: $method, params: $params} + if $session == "" then {} else {sessionId: $session} end' >&7
	printf '\0' >&7
	while IFS= read -r -t 60 -d '' message <&8; do
		case $message in
		'{"id":'"$number",*) reply=$message && return ;;
		*) events+=$message$'\n' ;;
		esac
	done
	echo "the browser does not answer $1" >&2
	exit 2
}
js() { # EXPRESSION -> its value as text
	call Runtime.evaluate "$(jq -n --arg e "$1" '{expression: $e, returnByValue: true, awaitPromise: true}')"
	jq -r '.result.result | if has("value") then .value else .description end | tostring' <<<"$reply"
}
expect() { # TITLE WANTED EXPRESSION
	check "$1" "$(js "$3")" "$2"
}
wait_for() { # EXPRESSION: a promise that is kept when it is true, looked at in each frame
	js "new Promise(r => { const look = () => ($1) ? r(true) : setTimeout(look, 5); look() })" >/dev/null
}
key() { # KEY CODE
	for type in rawKeyDown ${3:+char} keyUp; do
		call Input.dispatchKeyEvent "$(jq -n --arg type "$type" --arg key "$1" --argjson code "$2" --arg text "${3:-}" \
			'{type: $type, key: $key, code: $key, windowsVirtualKeyCode: $code} + if $type == "char" then {text: $text} else {} end')"
	done
}
tab() { key Tab 9; }
enter() { key Enter 13 $'\r'; }
show() { # PAGE: loaded when this returns
	call Page.navigate "{\"url\": \"file://$work/$1\"}"
	wait_for "document.readyState === 'complete' && location.pathname === '$work/$1'"
}
media() { # MEDIA SCHEME
	call Emulation.setEmulatedMedia "{\"media\": \"$1\", \"features\": [{\"name\": \"prefers-color-scheme\", \"value\": \"$2\"}]}"
}
width() {
	call Emulation.setDeviceMetricsOverride "{\"width\": $1, \"height\": 900, \"deviceScaleFactor\": 1, \"mobile\": false}"
}

fixture=grader/tests/html
mkdir -p "$work/entries/jdoe"
build/grade tool-page class $fixture/class.json >"$work/report.html"
build/grade tool-page similar $fixture/class.json >"$work/similarity.html"
build/grade tool-page student $fixture/student.json >"$work/entries/jdoe/report.html"
mkfifo "$work/to" "$work/from"
sandbox=$([ "$(id -u)" -ne 0 ] || echo --no-sandbox)
# shellcheck disable=SC2086 # no option or one
HOME=$work "$browser" --headless --disable-gpu $sandbox --user-data-dir="$work/profile" --remote-debugging-pipe about:blank \
	3<"$work/to" 4>"$work/from" >"$work/log" 2>&1 &
pid=$!
exec 7>"$work/to" 8<"$work/from"
call Target.createTarget '{"url": "about:blank"}'
call Target.attachToTarget "$(jq '{targetId: .result.targetId, flatten: true}' <<<"$reply")"
session=$(jq -r .result.sessionId <<<"$reply")
for domain in Page Runtime Network Log; do
	call $domain.enable
done

# The overview.
names="Array.from(document.querySelectorAll('#entries tbody tr')).filter(r => !r.hidden).map(r => r.cells[1].textContent).join(' ')"
focus="document.activeElement.textContent"
width 1200
media screen light
show report.html
expect "all entries are there, in their order" "asmith cray group~2 jdoe lmora pkim" "$names"
expect "the filter is there" "false" "document.getElementById('tools').hidden"
expect "headers are buttons that work" "0" "document.querySelectorAll('#entries th button:disabled').length"
tab
expect "the first tab skips to the content" "Skip to the content" "$focus"
for _ in $(seq 40); do
	tab
	[ "$(js "$focus")" != Score ] || break
done
expect "tabs reach the score's header" Score "$focus"
expect "which shows that it has the focus" "true" "getComputedStyle(document.activeElement).outlineStyle === 'solid'"
enter
expect "Enter sorts, the best first, no grade last" "asmith group~2 jdoe cray lmora pkim" "$names"
expect "and says so" "descending" "document.activeElement.closest('th').getAttribute('aria-sort')"
enter
expect "Enter again: the other way round, no grade still last" "jdoe group~2 asmith cray lmora pkim" "$names"
expect "and says so" "ascending" "document.activeElement.closest('th').getAttribute('aria-sort')"
js "document.querySelectorAll('#entries th button')[0].focus()" >/dev/null
enter
expect "sorted by name" "asmith cray group~2 jdoe lmora pkim" "$names"
expect "one column is the sorted one" "1" "document.querySelectorAll('th:not([aria-sort=none])[aria-sort]').length"
js "document.getElementById('filter').focus()" >/dev/null
call Input.insertText '{"text": "lost-WAKE"}'
expect "the filter narrows by a finding" "group~2 jdoe" "$names"
call Input.insertText '{"text": " late"}'
expect "several words narrow further" "group~2" "$names"
expect "and it says how many" "1 of 6 shown" "document.getElementById('shown').textContent"
js "document.getElementById('filter').select()" >/dev/null
key Backspace 8
expect "an empty filter shows all" "6 of 6 shown" "document.getElementById('shown').textContent"
js "Array.from(document.querySelectorAll('#entries a')).find(a => a.textContent === 'Jane Doe').focus()" >/dev/null
enter
wait_for "document.readyState === 'complete' && location.pathname.endsWith('/entries/jdoe/report.html')"

# The student's page, reached by its link.
expect "Enter on a name opens the page" "Jane Doe" "document.querySelector('h1').textContent"
expect "the first finding is open" "true" "document.getElementById('t-L3.B.2').open"
expect "with its picture drawn" "true" "document.querySelector('#t-L3\\\\.B\\\\.2 svg.lanes').getBoundingClientRect().height > 200"
js "document.querySelector('#t-L3\\\\.C\\\\.1 summary').focus()" >/dev/null
expect "another one is closed" "false" "document.getElementById('t-L3.C.1').open"
enter
expect "and Enter opens it" "true" "document.getElementById('t-L3.C.1').open && document.querySelector('#t-L3\\\\.C\\\\.1 .what').getBoundingClientRect().height > 0"
js "document.querySelector('.where a').focus()" >/dev/null
enter
wait_for "location.hash !== ''"
expect "a place leads to its line" "true" "document.querySelector('li:target').matches('.hit')"
expect "which is in sight" "true" "(t => t >= 0 && t < innerHeight)(document.querySelector('li:target').getBoundingClientRect().top)"

# The page of similar hand-ins: by keyboard alone to a pair.
show similarity.html
for _ in 1 2 3 4; do tab; done
expect "Tab leads over the way back and the table to the first pair" "entries/asmith/report.html" "document.activeElement.getAttribute('href')"
tab
tab
tab
expect "... and on to the lines of both" "entries/jdoe/report.html#s2-14" "document.activeElement.getAttribute('href')"

# Narrow, dark, on paper.
contrast="(() => {
	const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
		return .2126 * r + .7152 * g + .0722 * b };
	const probe = document.createElement('i');
	document.body.append(probe);
	const colour = n => { probe.style.color = 'var(--' + n + ')'; return light(getComputedStyle(probe).color) };
	const low = [];
	for (const [a, b] of [['ink', 'paper'], ['soft', 'paper'], ['link', 'paper'], ['good', 'paper'], ['bad', 'paper'], ['wait', 'paper'],
		['ink', 'bad-wash'], ['bad', 'bad-wash'], ['soft', 'bad-wash'], ['ink', 'wash'], ['soft', 'wash']]) {
		const x = colour(a), y = colour(b), ratio = (Math.max(x, y) + .05) / (Math.min(x, y) + .05);
		if (ratio < 4.5) low.push(a + ' on ' + b + ' ' + ratio.toFixed(2));
	}
	probe.remove();
	return low.join(', ') })()"
for page in report.html similarity.html entries/jdoe/report.html; do
	for scheme in light dark; do
		media screen $scheme
		show $page
		expect "$page, $scheme: contrast of at least 4.5" "" "$contrast"
		for wide in 320 400 1200; do
			width $wide
			expect "$page, $scheme: $wide pixels are enough" "true" "document.documentElement.scrollWidth <= $wide"
		done
	done
	expect "$page: dark is dark" "rgb(18, 22, 31)" "getComputedStyle(document.documentElement).backgroundColor"
	media print light
	width 688 # A4 without its margins
	expect "$page: on paper, nothing is cut off" "true" "document.documentElement.scrollWidth <= 688"
	expect "$page: on paper, all that is closed is shown" "0" "Array.from(document.querySelectorAll('details > :not(summary)')).filter(e => e.textContent.trim() && !e.checkVisibility()).length"
	expect "$page: on paper, nothing to type into" "0" "Array.from(document.querySelectorAll('input')).filter(e => e.getBoundingClientRect().height > 0).length"
	expect "$page: on paper, a picture is as wide as the paper at most" "true" "Array.from(document.querySelectorAll('.picture svg')).every(e => e.getBoundingClientRect().right <= innerWidth)"
	media screen light
	width 1200
	# The policy: what a hole would bring in does not run and fetches nothing.
	js "(s => { s.textContent = 'window.broken = 1'; document.body.append(s) })(document.createElement('script'))" >/dev/null
	js "(d => { d.innerHTML = '<img src=x onerror=\"window.broken = 2\"><b onclick=\"window.broken = 3\">'; document.body.append(d); d.lastChild.click() })(document.createElement('div'))" >/dev/null
	expect "$page: the policy lets no other script run" "undefined" "typeof window.broken"
done
refused=$(jq -r 'select(.method == "Network.requestWillBeSent") | .params.request.url' <<<"$events" | grep -vc "^file://$work/.*\(report\|similarity\).html" || true)
loaded=$(jq -r 'select(.method == "Network.responseReceived") | .params.response.url' <<<"$events" | grep -v "^file://$work/.*\(report\|similarity\).html" || true)
check "nothing was loaded but the pages ($refused attempts refused)" "$loaded" ""
check "no exception" "$(jq -r 'select(.method == "Runtime.exceptionThrown") | .params.exceptionDetails.text' <<<"$events")" ""

# Hostile texts: a document of texts.
jq 'walk(if type == "string" then "</script><script>window.broken=1</script><img src=x onerror=window.broken=2><svg onload=window.broken=3>\u202e" else . end)' \
	$fixture/student.json >"$work/evil.json"
build/grade tool-page student "$work/evil.json" >"$work/evil.html"
show evil.html
expect "hostile texts stay texts" "0 0 undefined" "document.images.length + ' ' + document.scripts.length + ' ' + typeof window.broken"

# Without script.
call Emulation.setScriptExecutionDisabled '{"value": true}'
call Page.navigate "{\"url\": \"file://$work/report.html\"}"
for _ in $(seq 200); do
	[ "$(js "document.readyState + location.pathname")" != "complete$work/report.html" ] || break
done
expect "without script: the whole table" "asmith cray group~2 jdoe lmora pkim" "$names"
expect "without script: no filter, and headers that are no buttons" "true 10" "document.getElementById('tools').hidden + ' ' + document.querySelectorAll('#entries th button:disabled').length"
call Browser.close || true
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
