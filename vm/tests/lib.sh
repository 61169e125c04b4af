# shellcheck shell=bash
# For tests of machines, to be sourced at the project's root: $image and $work (removed at the end), counts in $passed and $failed.
# INTERLEAVE_VM_IMAGE: the folder of the image (default: build/vm).
# shellcheck disable=SC2034 # for who sources it
image=${INTERLEAVE_VM_IMAGE:-build/vm}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# Ends here, with the reason, where QEMU or a file of the image is missing.
needs() { # FILE
	if ! command -v qemu-system-x86_64 >/dev/null; then
		echo 'skip  QEMU is not installed (apt-get install qemu-system-x86)'
	elif [ ! -f "$image/$1" ]; then
		echo 'skip  there is no image of a machine (make vm)'
	else
		return 0
	fi
	echo "0 passed, 0 failed"
	exit 0
}
check() { # TITLE COMMAND...: what goes wrong stands in $work/err
	title=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok    $title"
	else
		failed=$((failed + 1))
		echo "FAIL  $title"
		tail -n 20 "$work/err"
	fi
}
