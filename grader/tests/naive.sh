#!/bin/sh
# The corpus against an ordinary autograder: it compiles a submission together with its tests, runs the program, believes
# Check's line "100%: Checks: n" or, without one, the exit status, and keeps its hidden tests in a folder beside.
#   grader/tests/naive.sh [NAME...]
# A line for each attack, parted by tabs: name, grade, what was reached. No verdict of ours depends on this script.
#
# Never run an attack outside of a container: the "unprotected host" is a throw-away one, made here. An ordinary uid of
# the host is root of a user namespace; below it PID, mount, network, IPC and UTS namespaces, a root of tmpfs with /usr
# read-only, files planted that stand for the grader's, limits on tasks, memory and time, and SIGKILL at the end.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=grader/tests/hostile_lib.sh
. grader/tests/hostile_lib.sh
work=$(mktemp -d) || exit 2
chmod 755 "$work"
group=
trap 'rm -rf "$work"; for g in $group; do rmdir "$g"; done 2>/dev/null' EXIT

# What every submission is linked with, once, outside: our own sources only.
mkdir "$work/platform" "$work/jobs"
cp -r labs/common "labs/$lab" "$work/platform/"
cp grader/tests/naive_suite.c grader/tests/naive_host.sh "$work/platform/"
cp grader/tests/hostile/*.h "$work/platform/"
cp "solutions/$lab/reference/net.c" "$work/platform/reference_net.c"
gcc -std=gnu17 -D_GNU_SOURCE -O1 -static -o "$work/platform/plant" grader/tests/hostile_plant.c || exit 2
plain="-std=gnu17 -D_GNU_SOURCE -g -O1 -I$work/platform"
# shellcheck disable=SC2086 # a list of words
gcc $plain -c -o "$work/platform/suite.o" "$work/platform/naive_suite.c" || exit 2
for source in clab http http_text index_page; do
	# shellcheck disable=SC2086
	gcc $plain -c -o "$work/platform/$source.o" "labs/common/$source.c" || exit 2
done

# As root the limits are those of a group of its own; as a user those of prlimit alone.
limit_group() {
	for controller in pids memory; do
		folder=/sys/fs/cgroup/$controller/naive-$$
		mkdir "$folder" 2>/dev/null || continue
		group="$group $folder"
		case $controller in
		pids) echo 400 >"$folder/pids.max" ;;
		memory) echo 1073741824 >"$folder/memory.limit_in_bytes" ;;
		esac
	done
	return 0
}
[ "$(id -u)" -ne 0 ] || limit_group

contained() { # COMMAND...: as uid 4712 of the host, in the groups above
	(
		for g in $group; do
			sh -c 'echo $PPID >"$0/cgroup.procs"' "$g"
		done
		as=
		[ "$(id -u)" -ne 0 ] || as='setpriv --reuid 4712 --regid 4712 --clear-groups'
		# shellcheck disable=SC2086
		exec $as timeout -s KILL 60 prlimit --nproc=400 --fsize=268435456 --core=67108864 --nofile=4096 \
			env -i PATH=/usr/sbin:/usr/bin HOME=/home/student \
			unshare --user --map-root-user --pid --fork --kill-child --mount-proc --mount --net --ipc --uts "$@"
	)
}

[ $# -gt 0 ] || {
	# shellcheck disable=SC2046
	set -- reference skeleton $(names) $(echo "$set_ups" | cut -d '|' -f 1)
}
for name in "$@"; do
	job=$work/jobs/$name
	mkdir "$job"
	case $(of "$name" Base) in
	'') fresh "$name" "$job/submission" ;; # reference or skeleton: what an honest one gets
	box*) sed 's,@ROOT@,/grader,g' "grader/tests/hostile/$name.c" >"$job/alone.c" ;;
	*) submission "$name" "$job/submission" /grader ;;
	esac
	chmod -R a+rX "$work/jobs" "$work/platform"
	output=$(contained sh "$work/platform/naive_host.sh" "$work" "$job" </dev/null 2>"$work/err")
	[ -z "${V-}" ] || cat "$work/err" >&2
	line=$(echo "$output" | grep -a '^RESULT	' | tail -n 1 | cut -f 2-)
	printf '%s\t%s\n' "$name" "${line:-none	the grader itself was ended}"
	rm -rf "$job"
done
