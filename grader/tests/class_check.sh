#!/bin/bash
# Holds what a batch wrote against what is known of the class (class.sh). A line for each that deviates; last line
# "N as expected, N deviations".
#   grader/tests/class_check.sh LAB FOLDER OUT
set -u
cd "$(dirname "$0")/../.." || exit 2
lab=${1:?class_check.sh LAB FOLDER OUT}
class=${2:?}
out=${3:?}
expected=0
deviations=0
states=$(jq -r '[.entry, .state] | @tsv' "$out/grades.jsonl") || exit 2

deviation() { # ENTRY STATE OUTCOME; says what is wrong
	state=$(awk -F '\t' -v entry="$1" '$1 == entry { print $2 }' <<<"$states")
	grade=$out/entries/$1/grade.json
	[ "$state" = "$2" ] || { echo "${state:-absent} instead of $2"; return; }
	if [ "$3" = - ]; then
		[ ! -e "$grade" ] || echo "has a grade"
		[ "$(jq -c --arg e "$1" 'select(.entry == $e).score' "$out/grades.jsonl")" = null ] || echo "has a score"
		return
	fi
	[ -s "$grade" ] || { echo "has no grade.json"; return; }
	jq -e -f grader/tests/grade-check.jq "$grade" >/dev/null 2>&1 || { echo "grade.json breaks the rules of its format"; return; }
	[ "$(jq -c .score "$grade")" = "$(jq -c --arg e "$1" 'select(.entry == $e).score' "$out/grades.jsonl")" ] || echo "grades.jsonl tells another score"
	case $3 in
	finding*) # also another of the tests' findings may decide first; the points are 0 all the same
		jq -e --arg f "${3#finding }" '[.tests[] | select(.finding) | "\(.finding.id) \(.detector)"] | index($f)' "$grade" >/dev/null ||
			jq -c '[.tests[] | select(.finding) | .finding.id] | unique' "$grade"
		;;
	points*) jq -e --argjson n "${3#points }" '.score == $n' "$grade" >/dev/null || echo "$(jq -c .score "$grade") points instead of ${3#points }" ;;
	less) jq -e '.score != null and .score < .max' "$grade" >/dev/null || echo "$(jq -c .score "$grade") points" ;;
	*) build/grade verify --lab="$lab" --only="$3" --grade="$grade" 2>&1 | sed -n 's/.*DEVIATION: //p; s/^grade: //p' ;;
	esac
}

while IFS=$'\t' read -r entry state outcome; do
	wrong=$(deviation "$entry" "$state" "$outcome")
	if [ -z "$wrong" ]; then
		expected=$((expected + 1))
	else
		deviations=$((deviations + 1))
		echo "DEVIATION $entry ($outcome): $wrong"
	fi
done <"$class/expected.tsv"
extra=$(comm -13 <(cut -f 1 "$class/expected.tsv" | sort) <(cut -f 1 <<<"$states" | sort))
[ -z "$extra" ] || { deviations=$((deviations + 1)); echo "DEVIATION entries that nobody handed in: $extra"; }
# Equal submissions, equal grades: byte by byte.
unequal=$(for grade in "$out"/entries/*/grade.json; do echo "$(jq -r .submission "$grade") $(sha256sum <"$grade" | cut -c 1-16)"; done | sort -u | cut -d ' ' -f 1 | uniq -d)
[ -z "$unequal" ] || { deviations=$((deviations + 1)); echo "DEVIATION one submission, two grades: $unequal"; }
echo "$expected as expected, $deviations deviations"
[ $deviations -eq 0 ]
