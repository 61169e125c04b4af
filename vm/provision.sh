#!/bin/sh
# Makes a Debian 12 machine one that grades: the settings of vm/sysctl.conf, no vsock, a slice for the graders' groups.
# As root. Usage: vm/provision.sh            this machine: packages, settings, and applies them now
#                vm/provision.sh --root=DIR  a root file system that does not run yet: settings only
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=
case ${1-} in
'') ;;
--root=?*) root=${1#--root=} ;;
*) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;;
esac

put() { # put MODE PATH <text
	mkdir -p "$(dirname "$root$2")"
	cat >"$root$2"
	chmod "$1" "$root$2"
}

[ -n "$root" ] || "$here/deps.sh"
put 644 /etc/sysctl.d/60-interleave.conf <"$here/sysctl.conf"

# A socket to the hypervisor that no network namespace holds back.
put 644 /etc/modprobe.d/interleave.conf <<'X'
install vsock /bin/false
install vmw_vsock_virtio_transport /bin/false
X

# Huge pages would make one thread's heap look like another machine's; there is no sysctl for them.
put 644 /etc/tmpfiles.d/interleave.conf <<'X'
w /sys/kernel/mm/transparent_hugepage/enabled - - - - never
X

# The groups of graders that root starts stay together here; those of a user live in the user's own manager.
put 644 /etc/systemd/system/interleave.slice <<'X'
[Unit]
Description=Boxes of Interleave's graders
[Slice]
MemoryAccounting=yes
TasksAccounting=yes
X

[ -n "$root" ] && exit 0
sysctl -q --system >/dev/null
[ ! -d /run/systemd/system ] || { systemctl daemon-reload && systemctl start interleave.slice && systemd-tmpfiles --create interleave.conf; }
"$here/check-environment.sh"
