#!/bin/sh
# Prints kvm or qemu: by what a guest can be run here. Asks a guest, not a file: only a line that userspace of a tiny guest
# prints under KVM means kvm. /dev/kvm may be there and writable, libvirt may list kvm, the kernel may print its first lines,
# and yet nothing boots. stderr says why it is qemu. Always status 0: qemu can run everywhere, slowly.
# Usage: vm/probe.sh [KERNEL]     default: the kernel of build/vm, else the host's. At most 10 s; the answer is kept in build/vm/driver
# INTERLEAVE_VM_DRIVER=kvm or qemu: that is the answer, and nothing is tried.
set -eu
cd "$(dirname "$0")/.."
limit=10
qemu=${INTERLEAVE_VM_QEMU:-qemu-system-x86_64} # the tests' fakes
answer=${INTERLEAVE_VM_DRIVER_FILE:-build/vm/driver}
kvm=${INTERLEAVE_VM_KVM:-/dev/kvm}

is_qemu() { # WHY
	echo "probe.sh: $1: guests are run by emulation" >&2
	echo qemu
}

case ${INTERLEAVE_VM_DRIVER:-} in
kvm | qemu)
	echo "$INTERLEAVE_VM_DRIVER"
	exit 0
	;;
'') ;;
*)
	echo "probe.sh: INTERLEAVE_VM_DRIVER is kvm or qemu, not '$INTERLEAVE_VM_DRIVER'" >&2
	exit 2
	;;
esac

if [ ! -r "$kvm" ] || [ ! -w "$kvm" ]; then
	is_qemu "$kvm cannot be opened"
	exit 0
fi
kernel=${1:-}
for candidate in build/vm/vmlinux "/boot/vmlinuz-$(uname -r)"; do
	[ -n "$kernel" ] || [ ! -r "$candidate" ] || kernel=$candidate
done
if [ -z "$kernel" ]; then
	is_qemu 'no kernel to try it with (make vm brings one)'
	exit 0
fi
for tool in "$qemu" busybox cpio timeout; do
	if ! command -v "$tool" >/dev/null; then
		is_qemu "$tool is not installed"
		exit 0
	fi
done

# What the answer depends on: this start of this machine, its kernel, this QEMU.
key="$(cat /proc/sys/kernel/random/boot_id) $(uname -r) $("$qemu" --version | head -n 1)"
if [ -f "$answer" ] && [ "$(sed -n 2p "$answer")" = "$key" ]; then
	head -n 1 "$answer"
	exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/root/bin" "$work/root/dev"
busybox=$(command -v busybox)
cp "$busybox" "$work/root/bin/busybox"
# The words stand nowhere on the kernel's command line, which a kernel prints.
printf '#!/bin/busybox sh\n/bin/busybox mount -t devtmpfs dev /dev\necho "guest: userspace" >/dev/ttyS0\n/bin/busybox poweroff -f\n' >"$work/root/init"
chmod 755 "$work/root/init"
vm/small-pack.sh "$work/root" "$work/initramfs"
timeout -k 1 "$limit" "$qemu" -M pc,accel=kvm -cpu host -m 256 -nodefaults -no-user-config -display none -no-reboot \
	-serial stdio -kernel "$kernel" -initrd "$work/initramfs" -append 'console=ttyS0 panic=-1 quiet' \
	</dev/null 2>"$work/err" | head -c 65536 | tr -d '\r' >"$work/out" || true
if grep -qx 'guest: userspace' "$work/out"; then
	driver=kvm
else
	driver=$(is_qemu "a guest under KVM did not reach userspace in $limit s")
fi
mkdir -p "$(dirname "$answer")"
printf '%s\n%s\n' "$driver" "$key" >"$work/driver"
cp "$work/driver" "$answer.part"
mv "$answer.part" "$answer"
echo "$driver"
