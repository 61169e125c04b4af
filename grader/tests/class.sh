#!/bin/bash
# Makes a class of made-up hand-ins whose outcome is known: references, skeletons, variants, mutants, attacks, broken archives, equal
# copies, somebody who hands in nothing. The same arguments make the same bytes.
#   grader/tests/class.sh LAB COUNT FOLDER [FIRST]    writes FOLDER/submissions, roster.csv, and expected.tsv: entry, state, outcome
# The outcome is an entry of the lab's corpus (M3-06), "finding ID DETECTOR", "points N", "less" (fewer than all), or "-" (no grade).
# FIRST is the number of the first person: other numbers, other hashes.
#   grader/tests/class.sh --one LAB WHAT FOLDER WHO   writes one hand-in: an entry of the corpus (reference, V3-1, M3-06) or an attack
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=grader/tests/hostile_lib.sh
. grader/tests/hostile_lib.sh
one=
[ "${1:-}" != --one ] || { one=1; shift; }
number=${1:?class.sh LAB COUNT FOLDER [FIRST]}
count=${2:?}
out=$(realpath -m "${3:?}")
first=${4:-1}
lab=$(cd labs && echo "$number"-*)
[ -d "labs/$lab" ] || { echo "class.sh: there is no lab $number" >&2; exit 2; }
solutions=solutions/$lab
mapfile -t sources < <(sed -n 's/^files *= *//p' "labs/$lab/lab.conf" | tr ' ' '\n')
entries=(reference skeleton)
for path in "$solutions"/variants/*/ "$solutions"/mutants/*.patch; do
	entries+=("$(basename "$path" .patch)")
done
attacks=(no_end forks memory disk output exits kills constructor reads_host raises)
[ "$number" != 1 ] || attacks+=(corpus corpus corpus corpus)
corpus=(forge_evidence escape_output wire_garbage no_sanitize hash_macro daemon ptrace_init read_hidden)
broken=(truncated outside absolute link twice nothing two_labs garbage)

# An entry of the corpus as a student would hand it in.
entry_into() { # ENTRY FOLDER
	mkdir -p "$2"
	if [ "$1" = skeleton ]; then
		(cd "labs/$lab" && cp --parents "${sources[@]}" "$2/")
		[ ! -f "labs/$lab/answers.conf" ] || cp "labs/$lab/answers.conf" "$2/"
		return
	fi
	cp -r "$solutions/reference/." "$2/"
	[ ! -d "$solutions/variants/$1" ] || cp -r "$solutions/variants/$1/." "$2/"
	[ ! -f "$solutions/mutants/$1.patch" ] || patch -s -p1 -d "$2" <"$solutions/mutants/$1.patch" || exit 2
	rm -f "$2/NOTES.md" "$2/expect.conf"
}

# The name and the tidiness of people differ: the hash is another one, the code is the same, and no line moves.
sign() { # FOLDER WHO
	echo "/* $2 wrote this, or so they say. */" >>"$1/${sources[0]}"
}

# Statements at the start of the lab's first function.
begin_with() { # FOLDER STATEMENTS
	name=$(sed -n 's/^exports *= *\([a-z_]*\).*/\1/p' "labs/$lab/lab.conf")
	file=$1/${sources[0]}
	code=$2 awk -v name="$name" '
		!done && $0 ~ "^[a-z].*[ *]" name "\\(" { near = 1 }
		{ print }
		near && !done && /^{/ { print ENVIRON["code"]; done = 1 }' "$file" >"$file.new" && mv "$file.new" "$file"
	grep -qF "$2" "$file" || { echo "class.sh: $name is not in $file" >&2; exit 2; }
}

attack_into() { # ATTACK FOLDER; says the outcome
	entry_into reference "$2"
	head='#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n#include <fcntl.h>'
	outcome=less
	case $1 in
	no_end) begin_with "$2" 'for (volatile int turn = 0;; turn = 1) continue;' ;;
	forks) begin_with "$2" 'for (;;) (void)fork();' ;;
	memory) begin_with "$2" 'for (;;) { char *more = malloc(1 << 20); if (more != NULL) memset(more, 1, 1 << 20); }' ;;
	disk) begin_with "$2" 'static char block[4096]; int file = open("/tmp/fill", O_CREAT | O_WRONLY, 0600); for (;;) if (write(file, block, sizeof block) < 0) continue;' ;;
	output) begin_with "$2" 'for (;;) puts("100%: Checks: 29, Failures: 0, Errors: 0");' ;;
	exits) begin_with "$2" 'puts("{\"score\": 100}"); exit(0);' ;;
	kills) begin_with "$2" 'kill(-1, SIGKILL); kill(0, SIGKILL);' ;;
	constructor)
		printf '__attribute__((constructor)) static void before(void) { for (;;); }\n' >>"$2/${sources[0]}"
		outcome='finding constructor POL'
		;;
	reads_host)
		printf '#include "/etc/passwd"\n' >>"$2/${sources[0]}"
		outcome='points 0'
		;;
	raises)
		printf '#error "Score 100 of 100 \033[2J <script>alert(1)</script> ]]> ::error::"\n' >>"$2/${sources[0]}"
		outcome='points 0'
		;;
	esac
	case $1 in constructor | reads_host | raises) return ;; esac
	file=$2/${sources[0]}
	{ printf '%b\n' "$head"; cat "$file"; } >"$file.new" && mv "$file.new" "$file"
}

corpus_into() { # NAME FOLDER: an attack of grader/tests/hostile
	submission "$1" "$2" "$PWD"
	outcome=$(of "$1" Expect)
	case $outcome in fail) outcome=less ;; score*) outcome="points ${outcome#score }" ;; *) outcome="finding $outcome" ;; esac
}

# One file in an archive, under a name that tar does not write by itself.
tar_as() { # ARCHIVE NAME
	echo 'int x;' >"$out/one"
	tar -C "$out" -P --transform "s,^one\$,$2," --owner=0 --group=0 --mtime=@0 -rf "$1" one
	rm "$out/one"
}

broken_into() { # KIND LOGIN; writes a file or a folder beside the others
	base=$out/submissions/$2
	case $1 in
	truncated)
		mkdir "$out/one" && entry_into reference "$out/one"
		tar -C "$out/one" --sort=name --owner=0 --group=0 --mtime=@0 -cf - . | gzip -n | head -c 1500 >"$base.tar.gz"
		rm -r "$out/one"
		;;
	outside) tar_as "$base.tar" ../escaped.c ;;
	absolute) tar_as "$base.tar" /tmp/interleave-escaped.c ;;
	link)
		mkdir "$out/one" && ln -s /etc/passwd "$out/one/${sources[0]}"
		tar -C "$out/one" --owner=0 --group=0 --mtime=@0 -cf "$base.tar" "${sources[0]}"
		rm -r "$out/one"
		;;
	twice) tar_as "$base.tar" "${sources[0]}" && tar_as "$base.tar" "${sources[0]}" ;;
	nothing) : >"$base.zip" ;;
	two_labs)
		mkdir -p "$base/one" "$base/two"
		cp "labs/$lab/${sources[0]}" "$base/one/"
		cp "labs/$lab/${sources[0]}" "$base/two/"
		;;
	garbage) printf 'PK\003\004this is no archive, whatever its name says' >"$base.zip" ;;
	esac
}

if [ -n "$one" ]; then
	case " ${attacks[*]} " in *" $count "*) attack_into "$count" "$out" ;; *) entry_into "$count" "$out" ;; esac
	sign "$out" "$first"
	exit 0
fi
mkdir -p "$out/submissions" || exit 2
: >"$out/expected.tsv"
echo 'entry,login,sid,email,name,section,group,submitted' >"$out/roster.csv"

expect() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$out/expected.tsv"; }

next_entry=0
next_attack=0
next_corpus=0
next_broken=0
for ((i = 0; i < count; i++)); do
	login=$(printf 's%04d' $((first + i)))
	folder=$out/submissions/$login
	echo "$login,$login,U$((10000 + first + i)),$login@example.edu,\"Person, No. $((first + i))\",S$((i % 3 + 1)),," >>"$out/roster.csv"
	case $((i % 20)) in
	14) entry_into reference "$folder" && expect "$login" final reference ;;
	15) entry_into skeleton "$folder" && expect "$login" final skeleton ;;
	16 | 18)
		attack=${attacks[next_attack++ % ${#attacks[@]}]}
		if [ "$attack" = corpus ]; then
			corpus_into "${corpus[next_corpus++ % ${#corpus[@]}]}" "$folder"
		else
			attack_into "$attack" "$folder"
		fi
		expect "$login" final "$outcome"
		;;
	17)
		broken_into "${broken[next_broken++ % ${#broken[@]}]}" "$login"
		expect "$login" unreadable -
		;;
	*)
		entry=${entries[next_entry++ % ${#entries[@]}]}
		entry_into "$entry" "$folder"
		sign "$folder" "$login"
		expect "$login" final "$entry"
		;;
	esac
	# Some hand in an archive, some a folder in a folder, with what editors and systems leave.
	[ -d "$folder" ] || continue
	[ $((i % 20)) -ne 17 ] || continue
	case $((i % 10)) in
	3) tar -C "$folder" --sort=name --owner=0 --group=0 --mtime=@0 -cf - . | gzip -n >"$folder.tar.gz" && rm -r "$folder" ;;
	7)
		mv "$folder" "$out/moved" && mkdir "$folder" && mv "$out/moved" "$folder/lab"
		echo junk | tee "$folder/.DS_Store" "$folder/lab/${sources[0]}~" >/dev/null
		;;
	esac
done
echo 'absent,absent,U9,absent@example.edu,"Gone, Long",S1,,' >>"$out/roster.csv"
expect absent missing -
echo "$count hand-ins of lab $number, and one person without"
