#!/bin/sh
# The inside of naive.sh: first process of a throw-away container that plays an unprotected host. Builds a root, plants
# what an attack may look for, grades one submission as ordinary autograders do, and looks at what is left.
#   naive_host.sh WORK JOB; the last line is RESULT, grade, what was reached.
set -u
work=$1
job=$2

# A root of tmpfs: /usr of the host read-only, all else made here.
build_root() {
	root=/mnt
	mount -t tmpfs -o size=200m,nr_inodes=60000,mode=755 none $root || exit 2
	cd $root || exit 2
	mkdir -p usr proc dev etc tmp out var/tmp run home/student grader/hidden grader/submissions/other grader/mine \
		grader/solutions/1-fork-server/reference platform old
	chmod 1777 tmp var/tmp out
	for name in bin lib lib64 sbin; do ln -s "usr/$name" "$name"; done
	mount --rbind /usr usr && mount -o remount,bind,ro,nosuid,nodev usr
	mkdir dev/shm && chmod 1777 dev/shm
	for name in null zero full random urandom; do
		: >"dev/$name"
		mount --bind "/dev/$name" "dev/$name"
	done
	cp "$work/platform/plant" run/
	cp "$work"/platform/*.o "$work"/platform/*.h "$work/platform/reference_net.c" platform/
	cp -r "$work/platform/common" "$work/platform/1-fork-server" platform/
	[ -d "$job/submission" ] && cp -r "$job/submission/." grader/mine/
	[ -f "$job/alone.c" ] && cp "$job/alone.c" grader/mine/
	mount --rbind /proc proc
	pivot_root . old && umount -l /old && cd / || exit 2
	ip link set lo up 2>/dev/null
}

plant() {
	echo 'root:PLANTED-shadow:1:0:99999:7:::' >/etc/shadow
	echo 'root:x:0:0::/root:/bin/sh' >/etc/passwd
	echo 'PLANTED-answers 42' >/grader/hidden/answers.txt
	echo '/* PLANTED-neighbour */' >/grader/submissions/other/net.c
	echo 'other,90' >/grader/grades.csv
	{
		echo '/* PLANTED-reference */'
		cat /platform/reference_net.c 2>/dev/null
	} >/grader/solutions/1-fork-server/reference/net.c
	echo readme >/grader/README.md
	cat /etc/shadow /grader/hidden/answers.txt /grader/grades.csv /grader/submissions/other/net.c | cksum >/run/sum
	# Another submission that is graded at the same time.
	(
		trap '' HUP
		exec sleep 1000
	) &
	neighbour=$!
	/run/plant >/run/planted 2>&1 &
	plant=$!
	while [ ! -s /run/planted ]; do :; done
}

reached=
note() { reached="$reached${reached:+, }$1"; }

look() { # OUTPUT: what was reached, beside points
	for word in shadow answers neighbour reference; do
		grep -aq "PLANTED-$word" "$1" && note "read the $word"
	done
	cat /etc/shadow /grader/hidden/answers.txt /grader/grades.csv /grader/submissions/other/net.c 2>/dev/null | cksum |
		cmp -s - /run/sum || note "changed files of the host"
	kill -0 $neighbour 2>/dev/null || note "killed its neighbour"
	live=0
	for process in /proc/[0-9]*; do
		pid=${process#/proc/}
		case " 1 $$ $neighbour $plant " in *" $pid "*) continue ;; esac
		{ read -r command <"$process/comm"; } 2>/dev/null || continue
		case $command in sh | make | timeout | naive_host.sh) continue ;; esac
		[ -z "$(tr -d '\0' <"$process/cmdline" 2>/dev/null)" ] || live=$((live + 1))
	done
	[ $live -eq 0 ] || note "$live processes live on"
	used=$(df -m --output=used / 2>/dev/null | tail -n 1 | tr -d ' ')
	[ "${used:-0}" -lt 60 ] || note "$used MiB of the disk"
	bytes=$(($(wc -c <"$1") / 1048576))
	[ $bytes -lt 2 ] || note "$bytes MiB of output"
	find / -xdev -name 'core*' -type f -size +100k -not -path '/usr/*' -not -path '/proc/*' 2>/dev/null | grep -q . && note "core files"
	ls /tmp/note /dev/shm/note >/dev/null 2>&1 && note "a note for the next run"
	grep -aq "$(printf '\033')" "$1" && note "escape codes at the reader's terminal"
}

finish() { # GRADE
	printf '\nRESULT\t%s\t%s\n' "$1" "$reached"
	exit 0
}

run_alone() {
	gcc -std=gnu17 -D_GNU_SOURCE -I/platform -O1 -static -o /grader/mine/program /grader/mine/alone.c >/run/out 2>&1 || finish "no program"
	cd /grader/mine || exit 2
	TOKEN=PLANTED-token timeout -k 1 6 /grader/mine/program none >/run/out 2>&1
	status=$?
	said=$(LC_ALL=C tr -cd '\012\040-\176' </run/out | grep -a -o 'reached: .*' | head -n 1 | cut -c 10-130)
	[ -z "$said" ] || note "$said"
	case $status in 124 | 137) note "ran until the clock ended it" ;; esac
	look /run/out
	finish "-"
}

run_tests() {
	cd /grader/mine || exit 2
	# The grader's own rules; a GNUmakefile that came along goes first, as make has it.
	# shellcheck disable=SC2016 # for make
	[ -f Makefile ] || [ -f GNUmakefile ] || printf 'check:\n\tgcc -std=gnu17 -D_GNU_SOURCE -g -O1 -I. -I/platform -w -o check net.c conn.c fork_server.c ipc.c /platform/*.o $(LIBS)\n\t./check\n' >/grader/rules.mk
	for file in Makefile GNUmakefile; do
		[ ! -f $file ] || cp $file /grader/rules.mk
	done
	TOKEN=PLANTED-token timeout -k 1 25 make -s -f /grader/rules.mk check LIBS="-lcheck -lsubunit -lrt -lm -lpthread" >/run/out 2>&1
	status=$?
	case $status in 124 | 137) note "ran until the clock ended it" ;; esac
	grade=$(grep -aoE '^[0-9]+%: Checks: [0-9]+' /run/out | tail -n 1 | sed 's/%.*/ %/')
	[ -n "$grade" ] || grade=$([ $status -eq 0 ] && echo '100 %' || echo '0 %')
	look /run/out
	finish "$grade"
}

build_root
plant
if [ -f /grader/mine/alone.c ]; then run_alone; fi
run_tests
