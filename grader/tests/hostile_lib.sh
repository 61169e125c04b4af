# shellcheck shell=sh
# What the scripts of the hostile corpus share; read by them with `.`, from the root of the repository.
lab=1-fork-server

# A field of an attack's head comment: field hostile/fork_bomb.c Row
field() { # FILE NAME
	sed -n "1,/\*\//s,^ \* $2: \(.*[^ */]\) *\**/*\$,\1,p" "$1" | head -n 1
}

names() { # every attack that is a file
	for source in grader/tests/hostile/*.c; do
		basename "$source" .c
	done
}

# Folders that are attacks by themselves, not by what is in a file: row, base, expectation, what it is, what contains it.
set_ups='file_names|C11|skeleton|not-written MODEL|File names with escape codes, bad UTF-8, line feeds and a leading dash.|only listed names are opened; names are cleaned where they are shown
symlink|C9|skeleton|missing-file BUILD|A link instead of a file, to the reference.|files are opened beneath the folder, without links
shadowed_headers|C12|skeleton|not-written MODEL|Headers with the names of the system and of the lab.|only listed files are taken
build_files|C7|skeleton|not-written MODEL|A makefile, specs and response files of its own.|the argument vector is ours; only listed files are taken
huge_answers|C14|reference|file-too-large BUILD|Ten megabytes of answers, a million keys, NUL.|a cap on the bytes of every file that is read'

set_up_field() { # NAME NUMBER
	echo "$set_ups" | sed -n "s/^$1|/$1|/p" | cut -d '|' -f "$2"
}

# Row, base, expectation, and so on of an attack of either kind.
of() { # NAME FIELD
	if [ -f "grader/tests/hostile/$1.c" ]; then
		case $2 in
		What) sed -n '1,/\*\//p' "grader/tests/hostile/$1.c" | tr '\n' ' ' | sed 's,^/\* *,,; s, \* Row:.*,,; s, \* , ,g; s, *$,,' ;;
		*) field "grader/tests/hostile/$1.c" "$2" ;;
		esac
		return
	fi
	case $2 in
	Row) set_up_field "$1" 2 ;; Base) set_up_field "$1" 3 ;; Expect) set_up_field "$1" 4 ;;
	What) set_up_field "$1" 5 ;; By) set_up_field "$1" 6 ;;
	esac
}

# The files of the lab, as the skeleton or as the reference, into a fresh folder.
fresh() { # BASE FOLDER
	from=labs/$lab
	[ "$1" = reference ] && from=solutions/$lab/reference
	rm -rf "$2"
	mkdir "$2"
	# shellcheck disable=SC2013 # one line of words
	for file in $(sed -n 's/^files *= *//p' labs/$lab/lab.conf); do
		cp "$from/$file" "$2/"
	done
}

# The submission of an attack. ROOT is where the grader and its secrets live, from the attack's point of view.
submission() { # NAME FOLDER ROOT
	base=$(of "$1" Base)
	hook=${base#*, }
	[ "$hook" != "$base" ] || hook=
	fresh "${base%,*}" "$2"
	case $1 in
	file_names)
		touch "$2/$(printf 'a\033[2Jb.c')" "$2/-o" "$2/$(printf 'bad\377name')" "$2/$(printf 'two\nScore 100 of 100')" \
			"$2/Makefile" "$2/pthread.h"
		;;
	symlink) ln -sf "$3/solutions/$lab/reference/net.c" "$2/net.c" ;;
	shadowed_headers) echo '#error taken' | tee "$2/errno.h" "$2/fork_server.h" >/dev/null ;;
	build_files)
		printf 'all check:\n\t@echo 100%%: Checks: 29, Failures: 0, Errors: 0\n' | tee "$2/Makefile" "$2/GNUmakefile" >/dev/null
		echo '-fplugin=/tmp/plugin.so' | tee "$2/specs" "$2/@file" "$2/compile_flags.txt" >/dev/null
		;;
	huge_answers)
		{ awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "k%d = nan\n", i }'; printf 'x\000y = 1\nx = 1\nx = 2\n'; } >"$2/answers.conf"
		;;
	*)
		target=net.c
		case $hook in server) target=fork_server.c ;; conn) target=conn.c ;; esac
		mv "$2/$target" "$2/honest"
		{
			sed "s,@ROOT@,$3,g" "grader/tests/hostile/$1.c"
			[ -z "$hook" ] || cat "grader/tests/hostile/hooks/$hook.c"
			cat "$2/honest"
		} >"$2/$target"
		rm "$2/honest"
		;;
	esac
}

# Processes in a PID namespace of their own whose parent is gone, cgroups whose maker is gone, mounts, shared memory,
# network namespaces, and what lies in the temporary folders.
leftovers() {
	own=$(readlink /proc/self/ns/pid)
	for process in /proc/[0-9]*; do
		name=$(readlink "$process/ns/pid" 2>/dev/null) || continue
		[ "$name" != "$own" ] || continue
		[ "$(sed -n 's/^PPid:\t//p' "$process/status" 2>/dev/null)" = 1 ] && echo "process ${process#/proc/}"
	done
	# On a hybrid host a memory group lies in the maker's own: one elsewhere is that of a grader that somebody else started.
	mine=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
	find /sys/fs/cgroup -type d -name 'interleave-*-*' 2>/dev/null | while read -r group; do
		maker=${group##*/interleave-}
		[ ! -d "/proc/${maker%-*}" ] || continue
		[ -z "$mine" ] || [ -z "$(find /sys/fs/cgroup/memory -name "${group##*/}" -not -path "*$mine/*" 2>/dev/null)" ] || continue
		echo "cgroup $group"
	done
	echo "mounts $(wc -l </proc/self/mountinfo)"
	grep -h ' 125518 ' /proc/sysvipc/* 2>/dev/null # box_shared_memory's key
	find /tmp /var/tmp /dev/shm /dev/mqueue . -maxdepth 1 \( -name 'interleave*' -o -name 'fill.*' -o -name note -o -name made \) 2>/dev/null
}
