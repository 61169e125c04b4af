#!/bin/sh
# All of the project's own tests: `make test`. Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
passed=0
failed=0
start=$(date +%s)

say() { printf '%4ds  %s\n' "$(($(date +%s) - start))" "$1"; }

count() { # PASSED FAILED
	passed=$((passed + $1))
	failed=$((failed + $2))
}

# A Check program: its line "100%: Checks: 12, Failures: 0, Errors: 0" says how many.
unit() {
	output=$("$1" 2>&1)
	status=$?
	line=$(echo "$output" | grep -E '^[0-9]+%: Checks: ' | tail -n 1)
	checks=$(echo "$line" | sed -n 's/.*Checks: \([0-9]*\).*/\1/p')
	bad=$(echo "$line" | sed -n 's/.*Failures: \([0-9]*\), Errors: \([0-9]*\).*/\1 + \2/p')
	bad=$((${bad:-1}))
	[ -n "$checks" ] || { checks=1; bad=1; }
	[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
	[ "$bad" -eq 0 ] || echo "$output"
	count $((checks - bad)) "$bad"
	say "$1: $((checks - bad)) passed, $bad failed"
}

# A script that ends with its own "N passed, N failed".
script() {
	output=$("$@" 2>&1)
	status=$?
	line=$(echo "$output" | tail -n 1)
	good=$(echo "$line" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1/p')
	bad=$(echo "$line" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\2/p')
	if [ -z "$good" ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
		good=${good:-0}
		bad=$((${bad:-0} + 1))
	fi
	[ "$bad" -eq 0 ] || echo "$output"
	count "$good" "$bad"
	say "$*: $good passed, $bad failed"
}

# A command that succeeds or not.
one() {
	title=$1
	shift
	if output=$("$@" 2>&1); then
		count 1 0
		say "$title: passed"
	else
		echo "$output" | tail -n 40
		count 0 1
		say "$title: FAILED"
	fi
}

for program in build/test/labs build/test/harness build/test/grader build/test/vm; do
	unit "$program"
done
fuzz() { # TARGET RUNS LENGTH: the same seed in every run
	one "fuzzing $1, $2 inputs" "build/test/$1_fuzz" -runs="$2" -seed=1 -max_len="$3" -verbosity=0 -artifact_prefix=build/test/
}
fuzz http 200000 9000   # the request parser of the labs
fuzz steps 100000 400   # the text form of schedules
fuzz message 60000 600  # descriptor 3: records and questions
fuzz report 30000 600   # sanitizers' reports
fuzz judge 5000 200     # verdicts on any records
fuzz elf 20000 120      # readers of objects and programs
fuzz reader 20000 400   # what those and the compilers print
fuzz lanes 10000 600    # pictures of schedules
fuzz second 10000 400   # what detectors of others wrote
fuzz csv 30000 300      # tables from course systems
fuzz layout 20000 300   # names of class downloads, and rosters
fuzz evidence 20000 16  # what a virtual machine hands out
one "layers: who may include whom" grader/tests/layers.sh
one "numbers: what a picture draws by is what the explorer sends" grader/tests/explore_numbers.sh
script harness/runtime/programs.sh
script build/test/play build/explored/player
script build/test/directed build/labs/3-work-queue/exp
for test in grade evidence vm formats tables html batch_pipeline batch_kill batch_full batch_gradebook batch_show batch_similar badinput explored schedules replay_gdb second hostile detector verify; do
	script "grader/tests/$test.sh"
done
script grader/tests/scope.sh
script vm/tests/probe.sh
# Machines that boot: the image of make vm, else its kernel and what boots with it.
if [ ! -f build/vm/SHA256SUMS ]; then
	one "the part of a machine's image that boots" vm/tests/image.sh build/vm-test
	INTERLEAVE_VM_IMAGE=build/vm-test
	export INTERLEAVE_VM_IMAGE
fi
script vm/tests/guests.sh
script vm/tests/deterministic.sh --quick
script grader/tests/silenced.sh silence_flag answers_itself
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
