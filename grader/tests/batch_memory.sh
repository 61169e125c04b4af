#!/bin/sh
# A batch of a thousand takes the memory of a batch of ten: both end within the same data segment (heap and private pages,
# setrlimit(2) RLIMIT_DATA), and ten do not with a little less. With a grader that only plays one. Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
. grader/tests/batch_lib.sh
fits_kib=12288
tight_kib=6144

graded() { ask "SELECT count(*) FROM entries WHERE state = 'final'"; }
within() { # KIB
	rm -rf "$work/OUT"
	# shellcheck disable=SC3045,SC2119 # -d is in dash and bash; no options
	status=$(ulimit -d "$1" && batch && echo "$status")
}

for i in $(seq 10); do hand_in "student$i" pass; done
within $tight_kib
check "$tight_kib KiB are too little for ten" same 2 "$status"
check "... which says so" says 'out of memory'
within $fits_kib
check "ten in $fits_kib KiB: exit 0" same 0 "$status"
check "... all with a grade" same 10 "$(graded)"
for i in $(seq 11 1000); do hand_in "student$i" pass; done
within $fits_kib
check "a thousand in $fits_kib KiB: exit 0" same 0 "$status"
check "... all with a grade" same 1000 "$(graded)"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
