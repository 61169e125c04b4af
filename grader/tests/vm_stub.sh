#!/bin/bash
# In place of build/machine, for tests: takes what the machine takes, runs the submission on this host, or answers what a broken
# machine would. STUB says which.
set -eu
for argument in "$@"; do
	case $argument in
	--input=*) input=${argument#*=} ;;
	--output=*) output=${argument#*=} ;;
	esac
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
evidence() {
	tar -xf "$input" -C "$work"
	lab=$(jq -r .lab "$work/job.json")
	seed=$(jq -r .seed "$work/job.json")
	"${GRADE:-build/grade}" run --lab="$lab" --submission="$work" --seed="$seed" --evidence="$1" --work="$work/run" --detectors=none
}

[ -z "${KEEP_INPUT:-}" ] || cp "$input" "$KEEP_INPUT"
case ${STUB:-good} in
good) evidence "$output" ;;
cut)
	evidence "$work/evidence"
	head -c 3000 "$work/evidence" >"$output"
	;;
reduced)
	evidence "$work/evidence"
	jq -c '.isolation = "reduced" | .missing = "no landlock"' "$work/evidence" >"$output"
	;;
points)
	evidence "$work/evidence"
	jq -c '.score = 100' "$work/evidence" >"$output"
	;;
large) head -c 20M /dev/zero >"$output" ;;
garbage) head -c 5000 /dev/urandom >"$output" ;;
other) cp "$OTHER" "$output" ;;
empty) : >"$output" ;;
nothing) ;;
hung)
	printf 'machine: no result: it hung\n\033[2J\033]0;owned\007\n' >&2
	exit 3
	;;
flood)
	head -c 5M /dev/zero | tr '\0' 'x' >&2
	exit 3
	;;
none)
	echo 'machine: no image: run "make vm"' >&2
	exit 2
	;;
killed) kill -KILL $$ ;;
esac
