#!/bin/sh
# Whose hand-ins are alike: planted copies are found, different solutions and skeletons are not, a team is one, and who upsets the
# comparing is left out alone; no grade changes. Gradings are played. Needs sim_c (optional package). Last line: "N passed, N failed".
# shellcheck disable=SC2119 # batch takes options, and needs none here
set -u
cd "$(dirname "$0")/../.." || exit 2
if ! command -v sim_c >/dev/null; then
	echo "skip  not checked: there is no sim_c (similarity-tester): make deps"
	echo "0 passed, 0 failed"
	exit 0
fi
. grader/tests/batch_lib.sh
solutions=solutions/$lab
given=labs/$lab

# A hand-in of real files: NAME FOLDER [FILTER]; the filter changes the text of each.
real() {
	mkdir -p "$work/class/$1"
	for file in bqueue.c csem.c; do
		{ [ $file = csem.c ] || echo "/* STUB pass */"; ${3:-cat} <"$2/$file"; echo "/* $1 */"; } >"$work/class/$1/$file"
	done
}
reworded() { # other names, other words, other layout
	sed -E 's,/\*.*\*/,,; s/\bq\b/the_queue/g; s/\b(head|count|slot|lock)\b/my_\1/g; s/^\t+//' | tr -s '\n'
}
moved() { # functions in another order: blocks of text, the last first
	awk -v RS='' '{ block[NR] = $0 } END { for (i = NR; i > 0; i--) printf "%s\n\n", block[i] }'
}
signed() { sed 's/TODO/TODO (mine)/'; }
variant() { # NAME: the files that a variant lacks are nobody's
	mkdir -p "$work/folder$1"
	cp "$solutions/variants/$1/bqueue.c" "$work/folder$1/"
	echo 'int of_this_one_only;' >"$work/folder$1/csem.c"
	real "own$1" "$work/folder$1"
}
for id in V3-1 V3-2 V3-3 V3-4; do variant $id; done
for i in 1 2 3; do real "blank$i" $given signed; done
real team1 $solutions/reference
real team2 $solutions/reference moved
printf 'entry,login,group\nteam1,team1,G7\nteam2,team2,G7\n' >"$work/roster.csv"
printf '[similarity]\nenable = yes\n' >"$work/alike.conf"
pairs() { tail -n +2 "$work/OUT/similarity.csv" | cut -d , -f 1-3 | sort | xargs; }
compared() { batch --conf="$work/alike.conf" --roster="$work/roster.csv"; }

compared
check "different solutions, skeletons, a team: exit 0" same 0 "$status"
check "... no pair" same "" "$(pairs)"
check "... it says so" says 'similarity: 0 pairs of files to look at'
check "... a page says so, too" grep -q 'No two hand-ins are alike' "$work/OUT/similarity.html"
before=$(ask "SELECT hash, json_hash FROM verdicts ORDER BY 1")

real copy1 $solutions/reference reworded
compared
check "a copy with other names: found with each of the team" same "copy1,team1,bqueue.c copy1,team1,csem.c copy1,team2,bqueue.c copy1,team2,csem.c" "$(pairs)"
percents() { # A B FILE
	awk -F , -v a="$1" -v b="$2" -v f="$3" '$1 == a && $2 == b && $3 == f { print $4, $5 }' "$work/OUT/similarity.csv"
}
check "... all of it, both ways" same "100 100" "$(percents copy1 team1 bqueue.c)"
check "... with functions moved: most of it" sh -c "[ $(percents copy1 team2 bqueue.c | cut -d ' ' -f 1) -ge 60 ]"
line=$(awk -F , '$1 == "copy1" && $2 == "team1" && $3 == "bqueue.c" { print $9 }' "$work/OUT/similarity.csv")
check "... the run's first line is one of the other's file" test "$line" -ge 1 -a "$line" -le "$(wc -l <"$work/class/team1/bqueue.c")"
check "... the page links to it" grep -q "href=\"entries/team1/report.html#s1-$line\"" "$work/OUT/similarity.html"
check "... which is there" grep -q "id=\"s1-$line\"" "$work/OUT/entries/team1/report.html"
check "... the overview links to the page" grep -q 'href="similarity.html">Similar hand-ins: 4 pairs' "$work/OUT/report.html"
check "no grade knows of it" same "$before" "$(ask "SELECT hash, json_hash FROM verdicts WHERE hash NOT IN (SELECT hash FROM entries WHERE name = 'copy1') ORDER BY 1")"
cp "$work/OUT/similarity.csv" "$work/first"
cp "$work/OUT/similarity.html" "$work/first.html"
ask "DELETE FROM similarities"
compared
check "compared again: the same bytes" same "" "$(cmp "$work/first" "$work/OUT/similarity.csv"; cmp "$work/first.html" "$work/OUT/similarity.html")"
rm "$work/OUT/similarity.csv" "$work/OUT/similarity.html"
build/grade report "$work/OUT" >"$work/out" 2>&1
check "grade report makes both files again" same "" "$(cmp "$work/first" "$work/OUT/similarity.csv"; cmp "$work/first.html" "$work/OUT/similarity.html")"

# Who would stop the comparing is left out; who brings bytes that are no text is compared.
mkdir "$work/class/repeats" "$work/class/repeats2"
for name in repeats repeats2; do
	{ echo "/* STUB pass $name */"; yes 'a ' | head -n 60000 | tr -d '\n'; } >"$work/class/$name/bqueue.c"
	cp "$given/csem.c" "$work/class/$name/"
done
real bytes $solutions/reference reworded
printf '/* \000 \377 \033[31m "unclosed\n */ "\377\376\n' >>"$work/class/bytes/bqueue.c"
compared
check "files that take too long are left out, with a word: exit 0" same 0 "$status"
check "... they alone" same "repeats repeats2" "$(jq -r '.left_out[].entry' <<end | xargs
$(ask "SELECT value FROM similarities")
end
)"
check "... the page names them" grep -q 'Left out: look at these by hand' "$work/OUT/similarity.html"
check "... hostile bytes change nothing" same 100 "$(percents bytes copy1 bqueue.c | cut -d ' ' -f 2)"

# Switched off, or not installed.
batch --roster="$work/roster.csv"
check "switched off: no file, no link" same "" "$(find "$work/OUT" -name "similarity*"; grep -o similarity.html "$work/OUT/report.html")"
finish
