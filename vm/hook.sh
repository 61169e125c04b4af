#!/bin/bash
# What the image has besides its packages. Called by mmdebstrap with the new root, while its package lists are there.
# Usage: vm/hook.sh ROOT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=SCRIPTDIR/epoch.sh
. "$here/epoch.sh"
root=$1
in_root() { chroot "$root" "$@"; }
put() { # put MODE PATH <text
	mkdir -p "$(dirname "$root$2")"
	cat >"$root$2"
	chmod "$1" "$root$2"
}

# What the image is made of: package, version, and the hash from the archive's signed index ("-": not in the index).
list=$(mktemp)
trap 'rm -f "$list"' EXIT
# shellcheck disable=SC2016 # dpkg-query's own variables
in_root dpkg-query -W -f='${Package} ${Version}\n' | sort >"$list"
sed 's/ /=/' "$list" | in_root xargs apt-cache show --no-all-versions | awk '
	/^Package: / { package = $2 } /^Version: / { version = $2 } /^SHA256: / { print package, version, $2 }' |
	sort -u | join -a 1 -o 1.1,1.2,2.3 -e - -j 1 "$list" - | put 644 /usr/share/interleave/packages

# Settings of a machine that grades, the same as on any other.
"$here/provision.sh" --root="$root"
echo '# The project names no mirror, and this machine reaches none. With a network: a line for yours, then apt update.' |
	put 644 /etc/apt/sources.list
rm -f "$root"/etc/apt/sources.list.d/*

# The user of Vagrant's boxes. `passwd -S` would show the day of the build otherwise.
in_root useradd -m -u 1000 -s /bin/bash -p '*' vagrant
in_root chage -d $((SOURCE_DATE_EPOCH / 86400)) vagrant
echo 'vagrant ALL=(ALL) NOPASSWD: ALL' | put 440 /etc/sudoers.d/vagrant
install -d -m 700 -o 1000 -g 1000 "$root/home/vagrant/.ssh"
install -m 600 -o 1000 -g 1000 "$here/insecure.pub" "$root/home/vagrant/.ssh/authorized_keys"

# Network: one address by DHCP, the same for the same machine.
echo interleave | put 644 /etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 interleave\n::1 localhost\n' | put 644 /etc/hosts
put 644 /etc/systemd/network/80-dhcp.network <<'X'
[Match]
Name=en* eth*
[Network]
DHCP=yes
[DHCPv4]
ClientIdentifier=mac
X
in_root systemctl --quiet enable systemd-networkd

# Each machine has its own ssh key, made at its first boot; sshd asks no network about its clients.
rm -f "$root"/etc/ssh/ssh_host_*
put 644 /etc/systemd/system/ssh-hostkey.service <<'X'
[Unit]
Description=The ssh key of this machine, at its first boot
Before=ssh.service
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key
[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key
[Install]
WantedBy=multi-user.target
X
in_root systemctl --quiet enable ssh-hostkey.service
printf 'UseDNS no\nGSSAPIAuthentication no\nHostKey /etc/ssh/ssh_host_ed25519_key\n' |
	put 644 /etc/ssh/sshd_config.d/interleave.conf

# Boot: the one file system, huge pages off, console on both.
echo 'LABEL=interleave / ext4 rw,noatime 0 1' | put 644 /etc/fstab
kernel=$(basename "$root"/boot/vmlinuz-*)
put 644 /boot/grub/grub.cfg <<X
set timeout=0
serial --unit=0 --speed=115200
terminal_output serial console
linux /boot/$kernel root=LABEL=interleave rw console=tty0 console=ttyS0,115200 quiet net.ifnames=0 transparent_hugepage=never
initrd /boot/initrd.img-${kernel#vmlinuz-}
boot
X
# Nothing that wakes up by itself while somebody measures.
in_root systemctl --quiet set-default multi-user.target
in_root systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer dpkg-db-backup.timer

# Last, what tells one build from another: ids, logs, a cache of the order in which files were found.
: >"$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id" "$root/var/cache/ldconfig/aux-cache" "$root"/var/log/*.log
rm -rf "$root"/var/log/apt/* "$root"/var/log/journal
