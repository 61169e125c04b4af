#!/bin/bash
# A submission gets the same grade.json whether gcc or clang compiles it, but for the versions and the tokens (a token names choices,
# and a compiler may order the accesses of one expression as it likes). Usage: compilers.sh LAB [ENTRY...], where an ENTRY is
# "reference", or the id of a variant or mutant of that lab; without one: all of them. Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
lab=${1:?compilers.sh LAB [ENTRY...]}
shift
name=$(cd labs && echo "$lab"-*)
solutions=solutions/$name
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM

entries() {
	echo reference
	for folder in "$solutions"/variants/*/; do basename "$folder"; done
	for patch in "$solutions"/mutants/*.patch; do basename "$patch" .patch; done
}

folder_of() { # ENTRY
	if [ "$1" = reference ]; then
		echo "$solutions/reference"
	elif [ -f "$solutions/mutants/$1.patch" ]; then
		mkdir -p "$scratch/$1"
		cp -r "$solutions/reference/." "$scratch/$1/"
		patch -s -p1 -d "$scratch/$1" <"$solutions/mutants/$1.patch" >&2 && echo "$scratch/$1"
	elif [ -d "$solutions/variants/$1" ]; then
		echo "$solutions/variants/$1"
	fi
}

grade() { # FOLDER COMPILER: what must be equal
	rm -f "$scratch/grade.json"
	build/grade run --lab="$lab" --submission="$1" --compiler="$2" --json="$scratch/grade.json" >/dev/null 2>"$scratch/err"
	[ -s "$scratch/grade.json" ] || { echo "no grade by $2:"; cat "$scratch/err"; return 1; }
	jq 'del(.versions)' "$scratch/grade.json" | sed -E "s/(L$lab\\.[A-Z0-9]+\\.[0-9]+)-[0-9a-f]{6,}/\\1-TOKEN/g" >"$scratch/$2.json"
	jq -e '.score != null' "$scratch/$2.json" >/dev/null || { echo "no score by $2"; return 1; }
}

passed=0
failed=0
# shellcheck disable=SC2046 # the names of entries hold no blanks
[ $# -gt 0 ] || set -- $(entries)
for entry in "$@"; do
	folder=$(folder_of "$entry")
	if [ -n "$folder" ] && grade "$folder" gcc && grade "$folder" clang && diff -u "$scratch/gcc.json" "$scratch/clang.json" >"$scratch/diff"; then
		passed=$((passed + 1))
		printf 'ok     %-12s %s points by both\n' "$entry" "$(jq .score "$scratch/gcc.json")"
	else
		failed=$((failed + 1))
		printf 'FAILED %s\n' "$entry"
		[ ! -s "$scratch/diff" ] || cat "$scratch/diff"
	fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
