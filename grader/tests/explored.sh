#!/bin/bash
# What a submission meets in an explored build: it may print, what is not scheduled is refused by name and place, the runtime's own
# names are not to be had, and a wrong schedule is found, told and drawn the same way each time.
# Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lab=3-work-queue
passed=0
failed=0

good() {
	passed=$((passed + 1))
	echo "ok    $1"
}
bad() {
	failed=$((failed + 1))
	echo "FAIL  $1"
	tail -n 30 "$work/log"
}
check() { # TITLE COMMAND...
	title=$1
	shift
	if "$@"; then good "$title"; else bad "$title"; fi
}

# The reference with these lines before bq_push and this one at its start.
with() { # NAME HEAD STATEMENT
	cp -r "solutions/$lab/reference" "$work/$1"
	awk -v head="$2" -v line="$3" '/^int bq_push\(/ { print head; inside = 1 }
		{ print } inside && /^{/ { print line; inside = 0 }' \
		"solutions/$lab/reference/bqueue.c" >"$work/$1/bqueue.c"
	build/grade run --lab=3 --submission="$work/$1" --json="$work/$1.json" >"$work/log" 2>&1
}
finding() { # NAME TEST -> id
	jq -r --arg id "$2" '.tests[] | select(.id == $id) | .finding.id // "none"' "$work/$1.json"
}
full_marks() { [ "$(jq '.score == .max' "$work/$1.json")" = true ]; }
is_refused() { [ "$(finding "$1" L3.B.1)" = uncontrolled ] && grep -q "calls $2" "$work/log"; }

with prints '#include <stdio.h>' '	printf("push %p ", item); fputs("now ", stderr); (void)pthread_setname_np(pthread_self(), "pusher");'
check "a line printed at every push, and a name for its thread, cost nothing" full_marks prints
with looks '#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>' '	if (environ == NULL || (*environ != NULL && **environ == 0) || stdin == NULL || in6addr_any.s6_addr[0] != 0 || optarg != NULL) return 1;'
check "data of libc can be read" full_marks looks
with calls '#include <sys/syscall.h>
#include <unistd.h>' '	(void)syscall(SYS_gettid);'
check "a system call is refused by name where it is made" is_refused calls syscall
with names 'void rt_free(void *);' '	rt_free(NULL);'
check "the runtime's names do not exist for a submission" test "$(finding names L3.A.1)" = link-error
with counts 'int explored_pushes;' '	explored_pushes++;'
check "a counter beside the lock is a data race" test "$(finding counts L3.B.2)" = data-race

token=$(jq -r '.tests[] | select(.id == "L3.B.2") | .replay' "$work/counts.json")
check "its schedule is drawn" sh -c "build/grade show --token='$token' >'$work/lanes' 2>'$work/log' && grep -q explored_pushes '$work/lanes'"
cp "$work/counts.json" "$work/first.json"
taskset -c 0 build/grade run --lab=3 --submission="$work/counts" --json="$work/counts.json" >"$work/log" 2>&1
check "it is found again in the same way on one core" cmp -s "$work/first.json" "$work/counts.json"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
