#!/bin/sh
# Everything that is no ordinary submission or no right command: each gets a clear message and its exit status, never a crash
# and never a wrong grade. Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
lab=1-fork-server
skeleton=labs/$lab
reference=solutions/$lab/reference
grade=build/grade
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

begin() { # a fresh copy of the skeleton
	rm -rf "$work/submission"
	mkdir "$work/submission"
	# shellcheck disable=SC2013 # one line of words
	for file in $(sed -n 's/^files *= *//p' $skeleton/lab.conf); do
		cp "$skeleton/$file" "$work/submission/"
	done
}

# Runs build/grade with the arguments; wants this exit status and this text (a pattern) in what it prints.
expect() { # TITLE STATUS PATTERN ARGUMENTS...
	title=$1
	wanted=$2
	pattern=$3
	shift 3
	start=$(date +%s)
	"$grade" "$@" >"$work/out" 2>&1
	got=$?
	if [ "$got" -ne "$wanted" ]; then
		wrong="exit status $got instead of $wanted"
	elif ! tr '\n' ' ' <"$work/out" | tr -s ' ' | grep -Eq -- "$pattern"; then
		wrong="no text like: $pattern"
	elif LC_ALL=C grep -q "[$(printf '\001-\010\013-\037\177')]" "$work/out"; then
		wrong="control characters in the output"
	elif [ $(($(date +%s) - start)) -gt 120 ]; then
		wrong="more than two minutes"
	else
		passed=$((passed + 1))
		echo "ok    $title"
		return
	fi
	failed=$((failed + 1))
	echo "FAIL  $title: $wrong"
	sed 's/^/        /' "$work/out" | head -n 20
}
run() { # TITLE STATUS PATTERN
	expect "$1" "$2" "$3" run --lab=1 --submission="$work/submission"
}

begin
rm "$work/submission/net.c"
run "a missing file" 1 'missing-file net\.c is missing\..*Next: put net\.c'
run "a missing file scores 0" 1 'Score 0 of'
begin
rm "$work/submission/net.c"
mkdir "$work/submission/net.c"
run "a folder in place of a file" 1 'missing-file net\.c is a folder, not a file'
begin
rm "$work/submission/net.c"
mkfifo "$work/submission/net.c"
run "a FIFO in place of a file" 1 'missing-file net\.c is a FIFO'
begin
ln -sf /etc/passwd "$work/submission/net.c"
run "a symbolic link to a file of the host" 1 'missing-file net\.c is a symbolic link'
begin
ln -sf conn.c "$work/submission/net.c"
run "a symbolic link inside the submission" 1 'missing-file net\.c is a symbolic link'
begin
truncate -s 1G "$work/submission/net.c"
run "a source of 1 GB" 1 'file-too-large net\.c is larger than 256 KiB'
begin
head -c 262144 /dev/zero | tr '\0' '\n' >"$work/submission/net.c"
run "a source of exactly 256 KiB is read" 1 'missing-function No file defines the function net_listen for others to call'
begin
echo 'int f(void) { return 1 }' >>"$work/submission/net.c"
run "what does not compile" 1 "compile-error net\.c does not compile: line [0-9]+: expected .*;.* before .*net\.c:[0-9]+"
begin
: >"$work/submission/net.c"
run "an empty source" 1 'missing-function No file defines the function net_listen for others to call'
begin
echo 'int g(void); int call_g(void); int call_g(void) { return g(); }' >>"$work/submission/net.c"
run "a call of a function that is not there" 1 'link-error The program does not link: undefined reference to .g.'
begin
echo 'int twice = 1;' | tee -a "$work/submission/net.c" >>"$work/submission/conn.c"
run "one name defined in two files" 1 'link-error The program does not link: multiple definition of .twice.'
begin
printf '// \377\376 \300\257\nstatic const char text[] __attribute__((unused)) = "\377";\n' >>"$work/submission/net.c"
run "bytes that are not UTF-8" 1 'Note: net\.c holds bytes that are not UTF-8\..*Score 0 of'
begin
printf 'int \377broken;\n' >>"$work/submission/net.c"
run "bytes that are not UTF-8 in an error" 1 'compile-error.*\\xff|compile-error.*\\377'
begin
printf '\0\0\0' >>"$work/submission/net.c"
run "NUL bytes" 1 'Score 0 of'
begin
for i in 1 2 3 4 5 6 7 8; do touch "$work/submission/extra$i"; done
run "files that nobody asked for" 1 'extra5 is not part of this lab.*3 more files'

expect "a submission that is not there" 2 'cannot open the submission .*: No such file or directory' run --lab=1 --submission="$work/nothing"
expect "a file as the submission" 2 'is no folder; SUBMISSION is the folder' run --lab=1 --submission="$skeleton/net.c"
expect "an empty folder with a lab" 1 'missing-file' run --lab=1 --submission="$(mkdir "$work/empty" && echo "$work/empty")"
expect "an empty folder without a lab" 2 'holds no file of any lab; say which lab' run --submission="$work/empty"
expect "an unknown lab" 2 "there is no lab '99'" run --lab=99
expect "a lab with a path in it" 2 "there is no lab '../labs/$lab'" run --lab=../labs/$lab
expect "an unknown option" 2 'unrecognized option' run --grade-me-well
expect "an argument that is none" 2 'Too many arguments' run $reference
expect "a seed that is no number" 2 'a seed is 1 to 16 hex digits' run --lab=1 --seed=lucky
expect "a number of jobs that is none" 2 '--jobs is a number' run --lab=1 --jobs=0
expect "a place for the JSON that is none" 2 'cannot write /nowhere/grade.json' run --lab=1 --submission="$work/empty" --json=/nowhere/grade.json
expect "an unknown command" 2 "unknown command 'pass'" pass
expect "no command" 2 'Usage: grade COMMAND'
expect "help" 0 'Exit status: 0 full marks' run --help
expect "a hint for an unknown test" 2 "has no test 'L1.Z.9'" hint --lab=1 --test=L1.Z.9
expect "a hint for a path" 2 "has no test '../../../../etc/passwd'" hint --lab=1 --test=../../../../etc/passwd
expect "a hint without a test" 2 'a hint needs a lab and a test' hint --lab=1
expect "an unknown entry of the corpora" 2 "no entry 'M9-99'" verify --lab=1 --only=M9-99
expect "more slots than cores, before anything is read" 2 '--slots=64, but there are .* cores here' batch --lab=3 --slots=64 "$work/empty" "$work/OUT"
if [ -e "$work/OUT" ]; then
	echo "FAIL  a batch that was refused left something in OUT"
	failed=$((failed + 1))
else
	passed=$((passed + 1))
fi

begin
mkdir "$work/all"
cp -r "$work/submission" "$work/all/$lab"
expect "a folder named like the lab, without LAB" 1 "lab $lab .*Score 0 of" run --submission="$work/all"
expect "a folder named like the lab, with LAB" 1 "lab $lab .*Score 0 of" run --lab=1 --submission="$work/all"
expect "the lab's files themselves, without LAB" 1 "lab $lab .*Score 0 of" run --submission="$work/submission"
cp "$work/submission/net.c" "$work/all/"
expect "files and folders of labs at once, without LAB" 2 'choose one: LAB=' run --submission="$work/all"

# Tokens of nothing.
expect "show without a token" 2 'which schedule\? make show TOKEN=' show
expect "show with a path for a token" 2 'that is no token: one looks like' show --token=../../etc/passwd
expect "show with a token of no grading" 2 'no grading here has the token L3\.B\.2-000000.*Run make grade LAB=3' show --token=L3.B.2-000000
expect "show with a token of no lab" 2 'no grading here has the token x\.1' show --token=x.1

# A house whose own files are wrong: never a grade.
mkdir -p "$work/house/harness" "$work/house/build/labs/$lab"
cp -r labs "$work/house/"
cp harness/builds.conf "$work/house/harness/"
cp build/labs/$lab/tests.tsv "$work/house/build/labs/$lab/"
cp build/grade "$work/house/build/"
sed -i 's/^first .*/first = L1.B.4 L1.Z.9/' "$work/house/labs/$lab/lab.conf"
grade=$work/house/build/grade
expect "a lab whose longest test is unknown" 2 "lab.conf: 'L1.Z.9', which shall begin first, is none of the tests" run --lab=1

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
