#!/bin/bash
# libvirt's daemons where no service manager runs (a container, CI): no file of the host is changed, both are ended by the
# pid files that they wrote. Complaints about dbus, udev and dmidecode are harmless. As root.
# Usage: vm/tests/libvirt.sh start|stop DIR
set -euo pipefail
what=$1 dir=$2
alive() { [ -s "$dir/$1.pid" ] && kill -0 "$(cat "$dir/$1.pid")" 2>/dev/null; }
case $what in
start)
	mkdir -p "$dir"
	if virsh --connect qemu:///system version >/dev/null 2>&1; then exit 0; fi # somebody else's
	[ -c /dev/net/tun ] || { echo "libvirt.sh: no /dev/net/tun here: no network for a guest" >&2; exit 77; }
	# No polkit to ask; who may open the socket is root.
	printf 'auth_unix_rw = "none"\nauth_unix_ro = "none"\nunix_sock_group = "root"\n' >"$dir/libvirtd.conf"
	virtlogd -d -p "$dir/virtlogd.pid"
	libvirtd -d -f "$dir/libvirtd.conf" -p "$dir/libvirtd.pid"
	for _ in $(seq 100); do
		virsh --connect qemu:///system version >/dev/null 2>&1 && exit 0
		sleep 0.1
	done
	echo "libvirt.sh: libvirtd does not answer" >&2
	exit 1
	;;
stop)
	for daemon in libvirtd virtlogd; do
		if alive $daemon; then
			pid=$(cat "$dir/$daemon.pid")
			kill "$pid"
			while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
		fi
	done
	;;
esac
