#!/bin/bash
# The explorer beside the detectors that one can install: who finds what in the corpus, and who accuses the innocent.
# Every program runs RUNS times on real threads under each detector, every run trying up to ROUNDS times (valgrind, which is ten
# times as slow or worse, HELGRIND_ROUNDS and DRD_ROUNDS) until something is seen; the explorer gets SEEDS seeds and counts executions. Prints two tables and
# writes them into harness/README.md. The explorer's columns are equal on every machine; the others are what they were that day.
# Usage: harness/runtime/detectors.sh [--explorer|--link]   (make bench DETECTORS=1 [RUNS=20] [SEEDS=100] [INNOCENT=5])
# --explorer: only its columns anew, the others as build/detectors holds them. --link: that every program can be made for real threads.
set -u
cd "$(dirname "$0")/../.." || exit 2
RUNS=${RUNS:-20}
SEEDS=${SEEDS:-100}
INNOCENT=${INNOCENT:-5} # runs of a correct program: false alarms hardly flicker
ROUNDS=${ROUNDS:-100}
HELGRIND_ROUNDS=${HELGRIND_ROUNDS:-10}
DRD_ROUNDS=${DRD_ROUNDS:-10}
LIMIT=${LIMIT:-3} # seconds until a round, which needs milliseconds, counts as a hang
JOBS=${JOBS:-$(nproc)}
EXECUTIONS=5000
CLEAN=20000
corpus=harness/runtime/programs
out=build/detectors
read -r load _ </proc/loadavg
tools="none gcc clang helgrind drd"
common=(-std=gnu17 -D_GNU_SOURCE -g -O0 -fno-omit-frame-pointer -Dmain=program_main)

# One run: a letter to FILE. R a report, A an abort or a wrong end, H a hang, - nothing, X our own fault.
one() { # TOOL NAME RUN
	file=$out/$1/${2//\//.}.$3
	program=$out/$1/${2//\//.}
	said='WARNING: ThreadSanitizer'
	rounds=$ROUNDS
	case $1 in
	none) run=() ;;
	gcc | clang) run=(setarch -R) ;;
	*)
		run=(valgrind --tool="$1" --error-exitcode=66)
		program=$out/none/${2//\//.}
		said='ERROR SUMMARY: [1-9]'
		[ "$1" = drd ] && rounds=$DRD_ROUNDS || rounds=$HELGRIND_ROUNDS
		;;
	esac
	TSAN_OPTIONS=report_thread_leaks=0 timeout -k 1 300 "${run[@]}" "$program" "$rounds" "$LIMIT" >"$file.log" 2>&1 &
	group=$! # timeout leads one; a child that the program forked and left hanging is in it
	wait $group
	status=$?
	kill -9 -- "-$group" 2>/dev/null
	letter=X
	case $status in
	0) letter=- ;;
	1 | 2) letter=A ;;
	3 | 124 | 137) letter=H ;;
	66) letter=R ;;
	esac
	! grep -q "$said" "$file.log" || letter=R
	! grep -q 'FATAL: ThreadSanitizer' "$file.log" || letter=X
	echo "$letter" >"$file"
}
# What a native run can show: programs with threads, in real time.
native() { # KIND
	for f in "$corpus/$1"/*.c; do
		! grep -q 'pthread_create\|thrd_create' "$f" || grep -q 'options:' "$f" || echo "$1/$(basename "$f" .c)"
	done
}

build() { # NAME TOOL...
	name=$1
	flat=${1//\//.}
	shift
	mkdir -p "$out/helgrind" "$out/drd"
	for tool in "$@"; do
		cc=gcc
		[ "$tool" != clang ] || cc=clang
		with=
		[ "$tool" = none ] || with=-fsanitize=thread
		mkdir -p "$out/$tool"
		$cc "${common[@]}" $with -c -o "$out/$tool/$flat.o" "$corpus/$name.c" &&
			$cc $with -pthread -o "$out/$tool/$flat" "$out/$tool/$flat.o" "$out/rounds.o" build/labs/common/nat.a || exit 2
	done
}

letters() { # TOOL NAME RUNS: R20, A3 H1, or 0; X where not every run has its letter
	for run in $(seq 1 "$3"); do cat "$out/$1/${2//\//.}.$run" || echo X; done | sort | uniq -c |
		awk '$2 != "-" { s = s (s ? " " : "") $2 $1 } END { print s ? s : "0" }'
}

field() { printf '%s\n' "$1" | tail -n 1 | sed -n "s/.*: \([a-z-]*\), \([0-9]*\) executions, first at \([0-9]*\),.*/\\$2/p"; }

# Of a buggy program median/maximum of the executions until found, and how many of the seeds found it if not all did; of a correct
# one what it was accused of, or 0.
explore() { # NAME
	file=$corpus/$1.c
	wanted=$(head -n 3 "$file" | sed -n 's/.* expect[a-z-]*: //p')
	options=()
	! grep -q expect-weak "$file" || options=(--weak)
	if [ -z "$wanted" ]; then
		kind=$(field "$(timeout -k 1 600 "build/explored/$1" -n $CLEAN 2>&1)" 1)
		[ "$kind" = clean ] && echo 0 || echo "${kind:-X1}"
		return
	fi
	for seed in $(seq 1 "$SEEDS"); do
		output=$(timeout -k 1 600 "build/explored/$1" -n $EXECUTIONS --seed="$seed" "${options[@]}" 2>&1)
		case " $wanted " in
		*" $(field "$output" 1) "*) field "$output" 3 ;;
		esac
	done | sort -n | awk -v seeds="$SEEDS" '{ v[NR] = $1 } END {
		s = NR == 0 ? "-" : v[int((NR + 1) / 2)] "/" v[NR]
		print NR < seeds ? s " (" NR " of " seeds ")" : s }'
}

# What its comment says after the line with "expect".
about() { sed -n '2,/\*\/$/{/expect/d;s/^ \* //;s/ \*\/$/\n/;p}' "$corpus/$1.c" | sed '/^$/q' | tr '\n' ' ' | sed 's/ *$//'; }

tables() {
	echo "$(nproc) cores of $(sed -n 's/^model name.*: *//p' /proc/cpuinfo | head -n 1), Linux $(uname -r | cut -d. -f1-2), load $load before it, $(cut -d' ' -f1 /proc/loadavg) after;" \
		"gcc $(gcc -dumpfullversion), clang $(clang -dumpversion), $(valgrind --version)."
	echo "$RUNS runs of each buggy program under each detector, up to $ROUNDS rounds a run (helgrind $HELGRIND_ROUNDS, drd $DRD_ROUNDS). R: a report in so many runs; A: an abort or a"
	echo "wrong end; H: a hang; 0: all passed silently. Explorer: executions until found, median/maximum of $SEEDS seeds."
	echo
	echo "| Bug | what it is | explorer | no tool | TSan gcc | TSan clang | helgrind | drd |"
	echo "|---|---|---|---|---|---|---|---|"
	for name in $(native buggy); do
		star=
		! grep -q stdatomic "$corpus/$name.c" || star='*'
		row="| \`${name#*/}\` | $(about "$name") | **$(cat "$out/explorer/${name//\//.}")** |"
		for tool in $tools; do
			seen=$(letters "$tool" "$name" "$RUNS")
			case $tool$seen in helgrindR* | drdR*) seen=$seen$star ;; esac
			row="$row $seen |"
		done
		echo "$row"
	done
	echo
	echo "\\* says little: helgrind and drd do not know C11 atomics and accuse correct programs that use them as well:"
	echo
	echo "| Correct program with an alarm in $INNOCENT runs | explorer, $CLEAN executions | no tool | TSan gcc | TSan clang | helgrind | drd |"
	echo "|---|---|---|---|---|---|---|"
	flagged="0 0 0 0 0 0"
	count=0
	for name in $(native correct); do
		count=$((count + 1))
		row=
		marks=
		kind=$(cat "$out/explorer/${name//\//.}")
		[ "$kind" = 0 ] && marks=0 || marks=1
		for tool in $tools; do
			seen=$(letters "$tool" "$name" "$INNOCENT")
			row="$row $seen |"
			[ "$seen" = 0 ] && marks="$marks 0" || marks="$marks 1"
		done
		flagged=$(echo "$flagged $marks" | awk '{ print $1 + $7, $2 + $8, $3 + $9, $4 + $10, $5 + $11, $6 + $12 }')
		[ "$marks" = "0 0 0 0 0 0" ] || echo "| \`${name#*/}\` | **$kind** |$row"
	done
	echo "$flagged" | awk -v of="$count" '{ printf "| all, of %d | **%d** | %d | %d | %d | %d | %d |\n", of, $1, $2, $3, $4, $5, $6 }'
}

build_all() { # TOOL...
	mkdir -p "$out" && gcc -std=gnu17 -D_GNU_SOURCE -g -O1 -fPIE -c -o "$out/rounds.o" harness/runtime/tests/rounds.c || exit 2
	for program in $(native buggy) $(native correct); do build "$program" "$@"; done
}

natively() {
	rm -rf "$out"
	build_all none gcc clang
	for tool in $tools; do
		for name in $(native buggy); do for run in $(seq 1 "$RUNS"); do echo "$tool $name $run"; done; done
		for name in $(native correct); do for run in $(seq 1 "$INNOCENT"); do echo "$tool $name $run"; done; done
	done | xargs -P "$JOBS" -L 1 "$0" --one
}

export RUNS SEEDS ROUNDS HELGRIND_ROUNDS DRD_ROUNDS LIMIT
case ${1:-} in
--one) one "$2" "$3" "$4"; exit ;;
--explore) explore "$2" >"$out/explorer/${2//\//.}"; exit ;;
--link) build_all none; exit ;;
--explorer) ;;
*) natively ;;
esac
mkdir -p "$out/explorer"
{ native buggy; native correct; } | xargs -P "$JOBS" -L 1 "$0" --explore
tables >"$out/tables.md"
cat "$out/tables.md"
if grep -q '|[RAH0-9 ]* X[0-9]' "$out/tables.md"; then
	echo 'X: a detector did not run at all; its log is beside the program, below build/detectors. The README is as it was' >&2
	exit 2
fi
harness/runtime/into_readme.sh detectors "$out/tables.md"
