#!/bin/bash
# The disk of OUT gets full in the middle of a batch: it ends with a clear message, its store is sound, nothing half is left, and with
# room again the same command ends as if nothing had been. Needs root (a small tmpfs in a mount namespace of its own); with sizes in MiB
# as arguments it tries those. Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
if [ "${1:-}" != inside ]; then
	if ! unshare -m --propagation private mount -t tmpfs none /tmp 2>/dev/null; then
		echo "skip  not checked: a small file system can be mounted by root only"
		echo "0 passed, 0 failed"
		exit 0
	fi
	exec unshare -m --propagation private "$0" inside "$@"
fi
shift
. grader/tests/batch_lib.sh
for i in $(seq 10 27); do
	hand_in "s$i" "big 400"
done
files() { # every derived file but those that tell times
	(cd "$work/OUT" && find . -type f ! -path './objects/*' ! -path './entries/*/.made' ! -path './infra/*' ! -name 'store.sqlite*' ! -name progress.json \
		! -name lock ! -name report.html -print0 | sort -z | xargs -0 sha256sum)
}
halves() { find "$work/OUT" -name '*.tmp' -o -path "$work/OUT/spool/*" -o -path "$work/OUT/scan/*"; }
batch
check "an undisturbed run" same 0 "$status"
wanted=$(store_sum "$work/OUT" | sha256sum)
wanted_files=$(files)
[ $# -gt 0 ] || set -- 1 6 8 10
for size in "$@"; do
	rm -rf "$work/OUT" "${STUB_FOLDER:?}"/????????????????*
	mkdir "$work/OUT"
	mount -t tmpfs -o "size=${size}m,mode=700" none "$work/OUT" || exit 2
	batch --min-free=0
	echo "      $size MiB, $(ask "SELECT count(*) FROM verdicts") graded: $(grep -v '^lab' "$work/out" | tail -n 1)"
	check "$size MiB: exit 2" same 2 "$status"
	check "... says that the disk is full, and what to do" says '(is full|No space left).*|make room and run the same command again'
	check "... nothing half is left" same "" "$(halves)"
	check "... no grading is counted as a crash, nor as a failure" same 0 \
		"$(ask "SELECT count(*) FROM attempts WHERE ended IS NULL OR outcome LIKE 'infra%'")"
	check "... nobody is ungraded" same 0 "$(ask "SELECT count(*) FROM entries WHERE state = 'ungraded'")"
	mount -o remount,size=64m "$work/OUT" || exit 2
	check "... the store is sound" same ok "$(ask 'PRAGMA integrity_check')"
	batch --min-free=0
	check "with room again all have a grade" same 0 "$status"
	check "... the store is that of the undisturbed run" same "$wanted" "$(store_sum "$work/OUT" | sha256sum)"
	check "... the files, too" same "$wanted_files" "$(files)"
	umount "$work/OUT" || exit 2
done
finish
