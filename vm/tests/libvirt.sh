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
	printf 'auth_unix_rw = "none"\nauth_unix_ro = "none"\nunix_sock_group = "root"\nlog_outputs = "3:file:%s"\n' "$dir/log" >"$dir/libvirtd.conf"
	virtlogd -d -p "$dir/virtlogd.pid"
	libvirtd -d -f "$dir/libvirtd.conf" -p "$dir/libvirtd.pid"
	# Its first answer can take a while on a busy machine: as long as it lives we wait, up to two minutes.
	end=$((SECONDS + 120))
	while alive libvirtd && [ $SECONDS -lt $end ]; do
		virsh --connect qemu:///system version >/dev/null 2>&1 && exit 0
		sleep 0.1
	done
	echo "libvirt.sh: libvirtd $(alive libvirtd && echo 'does not answer' || echo 'has ended')" >&2
	grep ' error ' "$dir/log" | tail -n 3 >&2
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
