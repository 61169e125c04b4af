#!/bin/sh
# What of a grading machine is here, line by line: in the VM all must be ok; on any other host it says what to do.
# Usage: vm/check-environment.sh       exit status 0: all ok; 1: something is missing
here=$(cd "$(dirname "$0")" && pwd)
missing=0

ok() { printf '  ok       %s\n' "$1"; }
bad() { # bad WHAT REMEDY
	printf '  missing  %s\n           %s\n' "$1" "$2"
	missing=$((missing + 1))
}
check() { # check WHAT REMEDY COMMAND...
	what=$1 remedy=$2
	shift 2
	if "$@" >/dev/null 2>&1; then ok "$what"; else bad "$what" "$remedy"; fi
}

echo "Kernel $(uname -r), $(nproc) cores, $(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo) MiB"
# Each setting of sysctl.conf; a leading "-" may be unknown to the kernel.
while read -r name _ value; do
	case $name in '' | '#'*) continue ;; esac
	optional=${name#-}
	path=/proc/sys/$(echo "$optional" | tr . /)
	if [ "$optional" != "$name" ] && [ ! -e "$path" ]; then continue; fi
	value_now=$(cat "$path" 2>/dev/null || sudo -n cat "$path" 2>/dev/null || true)
	[ -n "$value_now" ] || { bad "$optional = $value" "cannot be read here: as root, or sudo vm/provision.sh"; continue; }
	if [ "$value_now" = "$value" ]; then ok "$optional = $value"; else
		bad "$optional = $value (it is $value_now)" "sudo sysctl $optional=$value, or sudo vm/provision.sh"
	fi
done <"$here/sysctl.conf"

check "huge pages off" "echo never | sudo tee /sys/kernel/mm/transparent_hugepage/enabled" \
	grep -q '\[never\]' /sys/kernel/mm/transparent_hugepage/enabled
check "no swap" "sudo swapoff -a: a memory limit means what it says" \
	awk 'NR > 1 { found = 1 } END { exit found }' /proc/swaps
check "no socket to a hypervisor" "sudo vm/provision.sh, then restart: it keeps the vsock module out" test ! -e /dev/vsock
check "control groups of version 2" "boot with systemd.unified_cgroup_hierarchy=1" test -f /sys/fs/cgroup/cgroup.controllers
check "Landlock" "boot with lsm=landlock,... (/sys/kernel/security/lsm names those in force)" \
	grep -q landlock /sys/kernel/security/lsm

# What the sandbox itself says; it is the one that decides.
box=$here/../build/box
if [ -x "$box" ]; then
	"$box" --host | sed 's/^/  /'
	check "isolation: full" "see the lines above" sh -c "'$box' --host | grep -q '^isolation: full'"
else
	bad "the sandbox" "make, then run this again"
fi
[ $missing = 0 ] && echo "All is here." || echo "$missing missing."
[ $missing = 0 ]
