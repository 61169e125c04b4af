#!/bin/sh
# The table of the corpus, made of what hostile.sh and naive.sh wrote into a folder.
#   grader/tests/hostile_table.sh FOLDER          prints it
#   grader/tests/hostile_table.sh FOLDER FILE     puts it between the two marks of FILE
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=grader/tests/hostile_lib.sh
. grader/tests/hostile_lib.sh
folder=$1

# shellcheck disable=SC2016 # backquotes are markdown, here and below
# Rows of the catalogue that nothing here can show yet, or that nothing here could: row, attack, where it will be.
later='R35|rewrites result slots of a shared mapping|`tests/silenced.sh`: `answers_itself`, a planted lie
V16|overwrites the harness through a wild pointer, its detector, its clocks|`tests/silenced.sh`: `runtime_globals`, `streams`, `silence_flag`, `ordered_clocks`; hooks, and planted errors
V17|the same through a local array|gcc hooks local arrays at -O0; clang is only compared with
V18|skips the simulated work|with lab 2
B2|metadata and rosters|`make test`: `layout_test.c`, `roster_test.c`, fuzzing `layout`
B3-B5|names, canonical files, finding texts|`make test`: the tests of `batch/` and `report/`
M1|root in the throw-away machine|with the VM'

cell() { sed 's/|/\\|/g; s/[<>]/./g' | tr -d '\n'; }

result_of() { # FILE NAME FIELD
	awk -F '\t' -v n="$2" -v f="$3" '$1 == n { print $f }' "$folder/$1" 2>/dev/null | tail -n 1
}

rows() {
	for name in $(names) $(echo "$set_ups" | cut -d '|' -f 1); do
		row=$(of "$name" Row)
		naive=$(result_of naive.tsv "$name" 2)
		reached=$(result_of naive.tsv "$name" 3)
		[ "$naive" != - ] || naive=
		[ "$naive" != none ] || naive='no grade'
		found=$(result_of results.tsv "$name" 3)
		points=$(result_of results.tsv "$name" 4)
		[ ${#found} -le 90 ] || found="$(echo "$found" | cut -c 1-80) ..."
		# Sorted by the letter, then the number of the row.
		printf '%s\t%03d\t' "${row%%[0-9]*}" "${row#[A-Z]}"
		# shellcheck disable=SC2016
		printf '| %s | `%s`: %s | %s | %s | %s |\n' "$row" "$name" "$(of "$name" What | cell)" \
			"$(printf '%s%s%s' "$naive" "${naive:+${reached:+; }}" "$reached" | cut -c 1-110 | cell)" \
			"$(printf '%s%s%s' "$found" "${found:+${points:+; }}" "$points" | cell)" "$(of "$name" By | cell)"
	done | sort -t "$(printf '\t')" -k1,1 -k2,2n | cut -f 3-
	# shellcheck disable=SC2016
	while IFS="$(printf '\t')" read -r name row _ what found; do
		printf '| %s, B1 | `%s`, an archive: %s | | %s | names are judged outside of the box that reads the archive |\n' "$row" "$name" \
			"$(echo "$what" | cell)" "$(echo "$found" | cell)"
	done <"$folder/archives.tsv"
	echo "$later" | while IFS='|' read -r row what where; do
		echo "| $row | $what | | *$where* | |"
	done
}

table() {
	echo "Machine: $(nproc) cores, Linux $(uname -r | cut -d - -f 1), $(gcc -dumpfullversion | sed 's/^/gcc /'), run as uid $(id -u)."
	echo "An honest reference gets $(result_of naive.tsv reference 2) of the ordinary autograder, the empty skeleton $(result_of naive.tsv skeleton 2)."
	echo
	echo '| Row | Attack | An ordinary autograder: grade; what was reached | Here: finding; points | Contained by |'
	echo '|---|---|---|---|---|'
	rows
	echo
	sed -n 's/^ok    beside/* beside/p; s/^FAIL  beside/* **beside**/p' "$folder/isolation.log" 2>/dev/null
	sed -n 's/^\([0-9]* hostile runs as .*\)/* \1/p' "$folder/leaves.log" "$folder/user.log" 2>/dev/null
}

if [ $# -eq 1 ]; then
	table
	exit
fi
table >"$folder/table.md"
sed -i -e '/<!-- table -->/,/<!-- end -->/{/<!-- table -->/r '"$folder/table.md" -e '/<!-- table -->/b' -e '/<!-- end -->/b' -e 'd}' "$2"
