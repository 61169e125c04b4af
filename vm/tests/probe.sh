#!/bin/bash
# vm/probe.sh against QEMUs that are none: what counts is a line of userspace, and nothing else. Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=vm/tests/lib.sh
. vm/tests/lib.sh
unset INTERLEAVE_VM_DRIVER
touch "$work/kernel" "$work/kvm"

fake() { # VERSION: the script on stdin is what it does when it boots
	# shellcheck disable=SC2016 # a script
	{ printf '#!/bin/sh\necho start >>%s/starts\n[ "$1" != --version ] || { echo %s; exit 0; }\n' "$work" "$1"; cat -; } >"$work/qemu"
	chmod 755 "$work/qemu"
	: >"$work/starts"
}
probe() { # ANSWER
	said=$(INTERLEAVE_VM_QEMU=$work/qemu INTERLEAVE_VM_KVM=$work/kvm INTERLEAVE_VM_DRIVER_FILE=$work/driver vm/probe.sh "$work/kernel" 2>"$work/err") ||
		{ echo "ended with a status"; return 1; }
	[ "$said" = "$1" ] || { echo "said '$said', not '$1'"; return 1; }
}
starts() { grep -c start "$work/starts"; }

for tool in busybox cpio; do
	command -v "$tool" >/dev/null || { echo "skip  $tool is not installed (make vm)"; echo '0 passed, 0 failed'; exit 0; }
done

fake 1 <<'EOT'
printf '[    0.000000] Linux version 6.1\r\n[    0.5] Run /init as init process\r\n[    0.6] guest: userspace\r\n'
EOT
check "kernel lines alone are qemu, also those that quote us" probe qemu
check "it says why" grep -q 'did not reach userspace' "$work/err"
fake 2 <<'EOT'
exit 1
EOT
check "another QEMU is asked anew, and one that breaks at once is qemu" probe qemu
fake 3 <<'EOT'
printf '[    0.000000] Linux version 6.1\r\nguest: userspace\r\n'
EOT
check "a line of userspace is kvm" probe kvm
check "the answer is kept" sh -c "grep -qx kvm '$work/driver'"
: >"$work/starts"
check "and given again" probe kvm
check "without a boot: it was asked for its version only" test "$(starts)" -eq 1
fake 4 <<'EOT'
sleep 1000
EOT
begin=$SECONDS
check "one that hangs is qemu" probe qemu
check "after a limit" test $((SECONDS - begin)) -le 30
fake 5 <<'EOT'
exec yes '[    0.1] flood'
EOT
check "one that floods is qemu" probe qemu
chmod 000 "$work/kvm"
rm "$work/kvm"
check "no device is qemu" probe qemu
check "a driver that is given is taken" sh -c "[ \"\$(INTERLEAVE_VM_DRIVER=kvm vm/probe.sh)\" = kvm ]"
check "a word that is none is refused" sh -c "! INTERLEAVE_VM_DRIVER=xen vm/probe.sh 2>/dev/null"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
