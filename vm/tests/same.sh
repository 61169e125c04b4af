#!/bin/bash
# The same submission natively and in a throw-away machine: the same grade.json but for `versions`, and full isolation. The reference
# of each lab, and a sample of variants and mutants; LAB:ID names others. Under emulation an hour. Last line: "N as expected, N deviations"
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
good=0
deviations=0
[ $# -gt 0 ] || set -- 1:reference 1:V1-2 1:M1-03 1:M1-12 1:M1-20 2:reference 2:V2-4a 2:M2-03 3:reference 3:V3-1 3:M3-03

submission() { # LAB ID FOLDER
	local lab
	lab=$(cd solutions && echo "$1"-*)
	mkdir -p "$3"
	cp -r "solutions/$lab/reference/." "$3"
	case $2 in
	reference) ;;
	M*) patch -s -p1 -d "$3" <"solutions/$lab/mutants/$2.patch" ;;
	*) cp -r "solutions/$lab/variants/$2/." "$3" ;;
	esac
}
essence() { jq -S 'del(.versions)' "$1"; }

for entry in "$@"; do
	lab=${entry%%:*} id=${entry#*:}
	submission "$lab" "$id" "$work/$lab-$id" || { deviations=$((deviations + 1)); continue; }
	start=$SECONDS
	build/grade run --lab="$lab" --submission="$work/$lab-$id" --detectors=none --work="$work/run" --json="$work/native" >"$work/out" 2>&1
	native=$((SECONDS - start))
	start=$SECONDS
	build/grade run --vm --lab="$lab" --submission="$work/$lab-$id" --work="$work/run" --json="$work/vm" >"$work/out" 2>&1
	if [ -s "$work/native" ] && [ -s "$work/vm" ] && diff <(essence "$work/native") <(essence "$work/vm") >"$work/diff" &&
		jq -e '.isolation == "full"' "$work/vm" >"$work/isolation"; then
		good=$((good + 1))
		printf 'ok    lab %s, %-10s %6s of %s   native %3d s, machine %4d s\n' "$lab" "$id" "$(jq .score "$work/vm")" "$(jq .max "$work/vm")" \
			$native $((SECONDS - start))
	else
		deviations=$((deviations + 1))
		echo "FAIL  lab $lab, $id"
		head -n 20 "$work/diff" "$work/out" "$work/isolation" 2>/dev/null
	fi
	rm -f "$work/native" "$work/vm" "$work/diff" "$work/isolation"
done
echo "$good as expected, $deviations deviations"
[ $deviations = 0 ]
