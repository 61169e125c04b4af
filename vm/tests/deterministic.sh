#!/bin/bash
# The deterministic machine: a seed gives the same bytes again, also beside others and under load; another seed gives others; a server
# that leaves children behind is seen; a token is refused where it cannot repeat. A minute and more under emulation, which it needs.
# Last line: "N passed, N failed"; nothing of either where QEMU or an image is missing. --quick: what needs no boot.
# INTERLEAVE_VM_IMAGE: the image (default: build/vm).
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=vm/tests/lib.sh
. vm/tests/lib.sh
needs deterministic.cpio.gz
run() { # OUTPUT OPTION...
	out=$1
	shift
	build/machine deterministic --image="$image" --input="$work/race.tar" --output="$work/$out" --limit=300 "$@" 2>>"$work/err"
}
refused() { # WORD OPTION...: replay says what differs
	word=$1
	shift
	build/machine replay --image="$image" --input="$work/race.tar" --output="$work/refused" "$@" 2>"$work/err"
	[ $? -eq 2 ] && [ ! -e "$work/refused" ] && grep -q "$word" "$work/err"
}
: >"$work/err"

# Two threads that lose updates, each time others.
mkdir "$work/race"
cat >"$work/race.c" <<'EOT'
#include <pthread.h>
#include <stdio.h>
static volatile int x;
static void *f(void *a) { for (int i = 0; i < 3000000; i++) x++; return a; }
int main(void) { pthread_t a, b; pthread_create(&a, 0, f, 0); pthread_create(&b, 0, f, 0); pthread_join(a, 0); pthread_join(b, 0); printf("%d %p\n", x, (void *)&a); }
EOT
gcc -O1 -static-pie -fPIE -pthread -o "$work/race/race" "$work/race.c" || exit 2
echo 'for i in 1 2; do ./race; done; head -c 8 /dev/urandom | od -An -tx1; cat /proc/uptime' >"$work/race/run"
tar -C "$work/race" --format=ustar -cf "$work/race.tar" .

zero=000000000000
check "a token of another image is refused, by name" refused 'the image of this token' --token="VM-1-$zero-$zero-$zero-$zero"
check "and of another input" refused 'the input of this token' --token="VM-1-$zero-$zero-$zero-$zero"
check "and of another QEMU" refused 'QEMU of this token' --token="VM-1-$zero-$zero-$zero-$zero"
check "and of other options" refused 'the options of this token' --token="VM-1-$zero-$zero-$zero-$zero"
check "what is no token is refused" refused 'is no token' --token='L1.A.1-7f1c9e'
if [ "${1:-}" = --quick ]; then
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	exit
fi

token=$(run one --seed=7)
check "a seed runs, and has a token" test -n "$token"
check "its program raced: updates were lost" sh -c "sed -n 2,3p '$work/one' | grep -qv '^6000000 '"
run two --seed=7 >"$work/token"
check "again: the same bytes" cmp "$work/one" "$work/two"
check "and the same token" test "$token" = "$(cat "$work/token")"
run at_once_1 --seed=7 >/dev/null &
first=$!
run at_once_2 --seed=7 >/dev/null
wait "$first"
check "beside another: the same bytes" cmp "$work/one" "$work/at_once_1"
check "and for the other" cmp "$work/one" "$work/at_once_2"
run other --seed=8 >/dev/null
check "another seed gives other bytes" sh -c "[ -s '$work/other' ] && ! cmp -s '$work/one' '$work/other'"
check "other interleavings among them" sh -c "[ \"\$(sed -n 2,3p '$work/one' | cut -d' ' -f1)\" != \"\$(sed -n 2,3p '$work/other' | cut -d' ' -f1)\" ]"
check "a token replays" build/machine replay --image="$image" --input="$work/race.tar" --output="$work/again" --token="$token"
check "with the same bytes" cmp "$work/one" "$work/again"
check "not with other memory" refused 'the options of this token' --memory=128 --token="$token"
echo ':' >>"$work/race/run"
tar -C "$work/race" --format=ustar -cf "$work/race.tar" .
check "nor with another input" refused 'the input of this token' --token="$token"

# A server of lab 1, its reference, and one that leaves children behind when it ends.
lab=1-fork-server
server() { # FOLDER OUT
	# shellcheck disable=SC2046 # a list of files
	gcc -std=gnu17 -O2 -g -fPIE -ftls-model=local-exec -D_GNU_SOURCE -DCL_SERVER_RUN=fork_server_run -Ilabs -iquote "$1" -static-pie -o "$2" \
		"$1"/*.c labs/common/srv_main.c $(find labs/common -name '*.c' ! -name '*_test.c' ! -name '*_fuzz.c' ! -name srv_main.c)
}
cp -r "solutions/$lab/reference" "$work/mutant"
patch -s -p1 -d "$work/mutant" <"solutions/$lab/mutants/M1-15.patch" || exit 2
server "solutions/$lab/reference" "$work/reference.srv" && server "$work/mutant" "$work/mutant.srv" || exit 2
witness() { IMAGE=$image vm/deterministic.sh "$@" >"$work/witness" 2>"$work/err"; }
check "the reference breaks no law" witness "$work/reference.srv" 1
check "a server that leaves children behind breaks one" sh -c "IMAGE='$image' vm/deterministic.sh '$work/mutant.srv' 2 3 >'$work/witness' 2>'$work/err'; [ \$? -eq 1 ] && grep -q 'no child is left BROKEN' '$work/witness'"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
