#!/bin/sh
# A thousand hostile runs leave nothing: attacks on the box, one after another, through build/box. Processes, cgroups,
# mounts, shared memory and files of the temporary folders are looked at before and after. Last line: "N passed, N failed".
#   grader/tests/hostile_leaves.sh [RUNS]
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=grader/tests/hostile_lib.sh
. grader/tests/hostile_lib.sh
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
runs=${1:-1000}

# The quick ones, each a way of leaving something behind.
chosen='box_forks box_daemon box_memory box_disk box_output box_shared_memory box_descriptors box_odd_files box_signals
box_user_namespace box_uring_flood box_core'

for name in $chosen; do
	sed "s,@ROOT@,$PWD,g" "grader/tests/hostile/$name.c" >"$work/$name.c"
	gcc -std=gnu17 -D_GNU_SOURCE -Igrader/tests/hostile -O1 -static -o "$work/$name" "$work/$name.c" || exit 2
done
leftovers | sort >"$work/before"
# What others make there meanwhile bears names of mktemp, which no box uses.
entries() { find /tmp /var/tmp /dev/shm -mindepth 1 -maxdepth 1 -user "$(id -u)" -not -name 'tmp.*' 2>/dev/null | sort; }
entries >"$work/entries"
done=0
wrong=0
start=$(date +%s)
while [ $done -lt "$runs" ]; do
	for name in $chosen; do
		[ $done -lt "$runs" ] || break
		done=$((done + 1))
		policy=$(of "$name" Base)
		# shellcheck disable=SC2086 # policy and options are words
		build/box --policy=${policy#box } -- "$work/$name" none >/dev/null 2>&1 </dev/null
		[ $? -ne 125 ] || wrong=$((wrong + 1))
	done
done
sleep 0.2
for look in 1 2 3 4 5 6 7 8 9 10; do
	leftovers | sort >"$work/after"
	new=$(comm -13 "$work/before" "$work/after")
	[ -n "$new" ] || break
	sleep 0.5
done
failed=0
[ $wrong -eq 0 ] || { failed=1; echo "FAIL  $wrong of $done boxes could not be set up"; }
[ -z "$new" ] || { failed=1; echo "FAIL  left behind after $look looks: $(echo "$new" | tr '\n' ' ')"; }
more=$(entries | comm -13 "$work/entries" - | tr '\n' ' ')
echo "$done hostile runs as uid $(id -u) in $(($(date +%s) - start)) s; new processes, groups, mounts, shared objects: ${new:-none}; new files: ${more:-none}"
echo "$((1 - failed)) passed, $failed failed"
[ $failed -eq 0 ]
