#!/bin/bash
# The runtime's own corpus: each buggy program is found, as its first line says, from every seed; each correct one is
# clean; and the hash of all choices is the same again, in a fork, and compiled otherwise. Prints a table.
# Usage: harness/runtime/programs.sh [--full]   (make explored first; --full: 30 seeds, 20 000 executions, all compilers)
set -u
cd "$(dirname "$0")/../.." || exit 2
full=${1:-}
seeds=$(seq 1 5)
[ -z "$full" ] || seeds=$(seq 1 30)
clean=${full:+20000}
clean=${clean:-1500}
passed=0
failed=0

good() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); printf 'FAILED %s\n' "$1"; }

# The finding of the last line "NAME: FINDING, N executions, first at M, ..."
field() { printf '%s\n' "$1" | tail -n 1 | sed -n "s/.*: \([a-z-]*\), \([0-9]*\) executions, first at \([0-9]*\),.*/\\$2/p"; }

options_of() { head -n 1 "$1" | sed -n 's/.* options: //p'; }

buggy() { # FILE
	name=$(basename "$1" .c)
	wanted=$(head -n 3 "$1" | sed -n 's/.* expect[a-z-]*: //p')
	options=$(options_of "$1")
	! grep -q expect-weak "$1" || options=--weak
	firsts=
	for seed in $seeds; do
		# shellcheck disable=SC2086 # lists of words
		output=$(timeout -k 1 60 build/explored/buggy/"$name" -n 5000 --seed="$seed" $options 2>&1)
		kind=$(field "$output" 1)
		case " $wanted " in
		*" $kind "*) firsts="$firsts $(field "$output" 3)" ;;
		*) bad "$name, seed $seed: wanted $wanted, got ${kind:-$output}"; return ;;
		esac
	done
	good
	# shellcheck disable=SC2086 # lists of words
	printf '%s\n' $firsts | sort -n | awk -v name="$name" -v kind="$kind" '{ v[NR] = $1 }
		END { printf "  %-28s %-16s median %d, maximum %d of %d seeds\n", name, kind, v[int((NR + 1) / 2)], v[NR], NR }'
}

correct() { # FILE
	name=$(basename "$1" .c)
	always=$(options_of "$1")
	for options in "" --weak --all-accesses --strategy=icb; do
		options="$always $options"
		case $options in *--vt=*--weak) continue ;; esac # no clocks there, nothing is stale
		# shellcheck disable=SC2086 # lists of words
		output=$(timeout -k 1 600 build/explored/correct/"$name" -n "$clean" $options 2>&1)
		kind=$(field "$output" 1)
		if [ "$kind" != clean ]; then
			bad "$name $options: ${output:0:600}"
			return
		fi
	done
	good
}

hash_of() { "$@" --hash --keep 2>&1 | tail -n 1 | sed 's/.*hash //'; }

# In place, again, by fork, without address randomisation: the same choices.
same_hash() { # FILE
	name=$(basename "$1" .c)
	program="build/explored/$(basename "$(dirname "$1")")/$name $(options_of "$1")"
	n=${full:+5000}
	n=${n:-150}
	# shellcheck disable=SC2086 # lists of words
	first=$(hash_of $program -n "$n")
	for way in "$program -n $n" "$program -n $n --fork" "setarch -R $program -n $n"; do
		# shellcheck disable=SC2086 # lists of words
		again=$(hash_of $way)
		if [ -z "$first" ] || [ "$again" != "$first" ]; then
			bad "$way: hash $again, but $first at first"
			return
		fi
	done
	good
}

# The same choices whatever compiled the program: a token outlives a change of compiler.
same_choices() { # FILE
	name=$(basename "$1" .c)
	flags=$(awk '/^\[/ { on = $0 == "[exp]" } on && sub(/^cflags *= */, "")' harness/builds.conf)
	first=$(hash_of build/explored/correct/"$name" -n 5000)
	for how in "gcc -O1" "gcc -O2" "clang -O0" "clang -O2"; do
		other=build/explored/$name.$(echo "$how" | tr -d ' ')
		# shellcheck disable=SC2086 # lists of words
		${how% *} $flags ${how#* } -c -o "$other.o" "$1" &&
			objcopy --redefine-syms=harness/runtime/hooks.map --redefine-sym main=program_main \
				--rename-section .data=explored_data --rename-section .bss=explored_bss "$other.o" &&
			gcc -static-pie -o "$other" "$other.o" -Wl,--start-group build/subject/drive.a \
				build/subject/runtime.a -Wl,--end-group
		again=$(hash_of "$other" -n 5000)
		if [ -z "$first" ] || [ "$again" != "$first" ]; then
			bad "$name by $how: hash $again, but $first at first"
			return
		fi
	done
	good
}

# What the programs call is modelled, or known to need no model.
all_listed() {
	unlisted=$(nm -u build/explored/ranges.o build/explored/buggy/*.o build/explored/correct/*.o | awk '/^ *U / { print $2 }' | sort -u |
		grep -v -e '^rt_' -e '^__tsan_' -e '^__sanitizer_cov_trace_pc$' -e '^_GLOBAL_OFFSET_TABLE_$' |
		grep -vxF -f harness/runtime/plain.list)
	if [ -z "$unlisted" ]; then good; else bad "called, but in no list: $unlisted"; fi
}

# A function of libc announces what it touches, to the byte: a race with its first and its last one, none with the next.
ranges() {
	if ! gcc -D_GNU_SOURCE -DLIST -o build/explored/ranges.list harness/runtime/programs/ranges.c; then
		bad "ranges: no list"
		return
	fi
	while read -r case bytes call; do
		for byte in 0 $((bytes - 1)) "$bytes"; do
			wanted=race
			[ "$byte" -lt "$bytes" ] || wanted=clean
			output=$(CASE=$case BYTE=$byte timeout -k 1 60 build/explored/ranges -n 20 2>&1)
			kind=$(field "$output" 1)
			if [ "$kind" = $wanted ]; then good; else bad "byte $byte of $call: wanted $wanted, got $kind"; fi
		done
	done < <(build/explored/ranges.list)
}

# `make bench DETECTORS=1` plays them on real threads, too: what the runtime gives them, tests/rounds.c gives as well.
native_links() {
	if output=$(harness/runtime/detectors.sh --link 2>&1); then good; else bad "no native program: $output"; fi
}

for f in harness/runtime/programs/buggy/*.c; do buggy "$f"; done
for f in harness/runtime/programs/correct/*.c; do correct "$f"; done
for f in harness/runtime/programs/correct/*.c; do same_hash "$f"; done
all_listed
ranges
native_links
if [ -n "$full" ]; then
	for name in bounded_queue seqlock tagged_stack c11_threads timed_wait; do
		same_choices harness/runtime/programs/correct/$name.c
	done
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
