#!/bin/sh
# The attacks on the box, some on the grader and hostile archives as an ordinary user, and a thousand runs as that user: the verdicts must be
# those of root. Called by root it makes a readable copy for uid 4711; called by a user it runs as that user.
# Last line: "N passed, N failed".
#   grader/tests/hostile_user.sh [RUNS [NAME...]]
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=grader/tests/hostile_lib.sh
. grader/tests/hostile_lib.sh
runs=${1:-1000}
[ $# -eq 0 ] || shift
# shellcheck disable=SC2046 # a list of names
[ $# -gt 0 ] || set -- $(names | grep '^box_') fork_bomb memory_bomb constructor child_mounts steal_port symlink output_flood

if [ "$(id -u)" -eq 0 ]; then
	copy=$(mktemp -d) || exit 2
	trap 'rm -rf "$copy"' EXIT
	mkdir -p "$copy/build/test"
	cp build/test/archives "$copy/build/test/" || exit 2
	cp -r Makefile grader labs solutions harness "$copy/" && cp -r build/grade build/audit build/unpack build/box build/labs build/subject "$copy/build/" || exit 2
	chown -R 4711:4711 "$copy"
	setpriv --reuid 4711 --regid 4711 --clear-groups env HOME="$copy" "$copy/grader/tests/hostile_user.sh" "$runs" "$@"
	exit
fi
grader/tests/hostile.sh "$@" >build/hostile_user.log
first=$(tail -n 1 build/hostile_user.log)
sed '$d' build/hostile_user.log | grep -v '^ok'
grader/tests/hostile_archives.sh >build/hostile_user.log
second=$(tail -n 1 build/hostile_user.log)
sed '$d' build/hostile_user.log | grep -v '^ok'
grader/tests/hostile_leaves.sh "$runs" >build/hostile_user.log
sed '$d' build/hostile_user.log
printf '%s\n%s\n%s\n' "$first" "$second" "$(tail -n 1 build/hostile_user.log)" |
	awk '{ good += $1; bad += $3 } END { printf "%d passed, %d failed\n", good, bad; exit bad > 0 }'
