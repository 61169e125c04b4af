#!/bin/sh
# Hostile archives among honest ones, as hand-ins of a class, and each of them as the class download itself: the hostile
# one ends as it should, the honest ones are as if it were not there, nothing lies outside, and nothing is left.
# Last line: "N passed, N failed". RESULTS=file: a line for each attack, for the table.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=grader/tests/hostile_lib.sh
. grader/tests/hostile_lib.sh
lab=3-work-queue
work=$(mktemp -d) || exit 2
trap 'chmod -R u+w "$work"; rm -rf "$work" /tmp/interleave-outside' EXIT
results=${RESULTS:-/dev/null}
passed=0
failed=0

scan() { # SUBMISSIONS
	chmod -R u+w "$work/out" 2>/dev/null
	rm -rf "$work/out"
	build/grade tool-scan $lab "$1" "$work/out" >"$work/said" 2>"$work/err" || echo "status $?: $(head -n 3 "$work/err")"
}

entry() { # NAME FILTER
	jq -r --arg n "$1" "select(.entry == \$n) | $2" "$work/said"
}

flaws_of_scan() { # KIND EXPECT
	[ "$(entry anna .hash)" = "$honest" ] && [ "$(entry zoe .hash)" = "$honest" ] || echo "an honest hand-in is not what it was"
	if [ "$2" = queued ]; then
		[ "$(entry "$1" .hash)" = "$honest" ] || echo "not the honest files: $(entry "$1" '.state, .note')"
	else
		[ "$(entry "$1" .state)" = unreadable ] || echo "not unreadable: $(entry "$1" .state)"
		[ -z "$(entry "$1" .hash)" ] || echo "it has a hash"
		case $(entry "$1" .note) in *"$2"*) ;; *) echo "not '$2', but '$(entry "$1" .note)'" ;; esac
	fi
	LC_ALL=C grep -q "[$(printf '\001-\010\013-\037\177')]" "$work/said" && echo "control characters in what was said"
	# One object for all that may be graded: nothing else is in the folder of the batch.
	[ "$(cd "$work/out" && ls -A)" = objects ] || echo "in the folder of the batch: $(ls -A "$work/out")"
	[ "$(find "$work/out" -type f | wc -l)" -eq 2 ] || echo "files: $(find "$work/out" -type f | wc -l)"
	[ -z "$(find "$work/out" ! -type f ! -type d)" ] || echo "something that is no file"
	[ -z "$(find "$work/out" -type f -perm /07333)" ] || echo "a file that can be written or executed"
	[ ! -e /tmp/interleave-outside ] && [ ! -e "$work/outside.c" ] && [ ! -e outside.c ] || echo "a file outside"
}

flaws_of_host() {
	leftovers | sort >"$work/after"
	new=$(comm -13 "$work/before" "$work/after")
	[ -z "$new" ] || { sleep 1; leftovers | sort >"$work/after"; new=$(comm -13 "$work/before" "$work/after"); }
	[ -z "$new" ] || echo "left behind: $(echo "$new" | tr '\n' ' ')"
}

tell() { # TITLE
	if [ -s "$work/wrong" ]; then
		failed=$((failed + 1))
		echo "FAIL  $1"
		sed 's/^/        /' "$work/wrong"
	else
		passed=$((passed + 1))
		echo "ok    $1"
	fi
}

attack() { # KIND ROW EXPECT WHAT
	leftovers | sort >"$work/before"
	rm -rf "$work/class"
	mkdir "$work/class"
	cp -r "$work/honest" "$work/class/zoe"
	(cd "$work/honest" && tar czf ../class/anna.tgz .)
	build/test/archives "$1" "$work/class/$1.zip" "$work/honest" || echo "it could not be made" >"$work/wrong"
	{ scan "$work/class" && flaws_of_scan "$1" "$3" && flaws_of_host; } >"$work/wrong"
	printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$([ -s "$work/wrong" ] && echo FAIL || echo ok)" "$4" \
		"$(entry "$1" '.state + (if .note then ": " + .note else "" end)' | cut -c 1-120)" >>"$results"
	tell "$1"
}

mkdir "$work/honest"
cp labs/$lab/bqueue.c labs/$lab/csem.c "$work/honest/"
mkdir "$work/one" && cp -r "$work/honest" "$work/one/jdoe"
: >"$work/wrong"
scan "$work/one" >"$work/wrong"
honest=$(entry jdoe .hash)
[ ${#honest} -eq 64 ] || echo "no hash: $(cat "$work/said")" >>"$work/wrong"
tell "an honest class"

build/test/archives --attacks >"$work/attacks"
while IFS='|' read -r kind row expect what; do
	attack "$kind" "$row" "$expect" "$what" </dev/null
done <"$work/attacks"

# A class of 300 with one of each: the others are all there.
mkdir "$work/many"
for i in $(seq 300); do cp -r "$work/honest" "$work/many/s$i"; done
while IFS='|' read -r kind row expect what; do
	build/test/archives "$kind" "$work/many/$kind.zip" "$work/honest"
done <"$work/attacks"
{
	scan "$work/many"
	graded=$(jq -r 'select(.state == "queued") | .hash' "$work/said" | sort | uniq -c | awk '{ print $1, $2 }')
	fine=$(awk -F '|' '$3 == "queued"' "$work/attacks" | wc -l)
	[ "$graded" = "$((300 + fine)) $honest" ] || echo "to be graded: $graded"
	[ "$(jq -r 'select(.state == "unreadable") | .entry' "$work/said" | wc -l)" -eq $(($(wc -l <"$work/attacks") - fine)) ] || echo "not all are told of"
} >"$work/wrong"
tell "one of each among 300"

# The same as one download: one student's name, size or link costs that student alone.
(cd "$work" && mkdir packed && cp -r many/s1 many/s2 packed/ && mkdir packed/evil && cp honest/* packed/evil/ &&
	printf x >"packed/evil/$(printf 'two\nlines.c')" && ln -s /etc/shadow packed/s2/shadow && tar czf packed.tar.gz packed)
{
	scan "$work/packed.tar.gz"
	[ "$(entry s1 .hash) $(entry s2 .hash)" = "$honest $honest" ] || echo "an honest hand-in is not what it was"
	[ "$(entry evil .state)" = unreadable ] || echo "evil: $(entry evil .state)"
	case $(entry s2 .note) in *"shadow is a link"*) ;; *) echo "s2: $(entry s2 .note)" ;; esac
} >"$work/wrong"
tell "a hostile name in the class download"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
