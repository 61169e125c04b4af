#!/bin/bash
# Gives a new box to Vagrant, if it is here, and removes the volume of the old one, which libvirt would go on using.
# Usage: vm/add-box.sh FILE.box
#        vm/add-box.sh --forget FILE.box     the other way: Vagrant's copy and libvirt's, which stay after `vagrant destroy`
set -euo pipefail
name=interleave/debian12
forget=
[ "$1" != --forget ] || { forget=1; shift; }
box=$1
virsh=(virsh --connect qemu:///system)

remove_volumes() {
	"${virsh[@]}" pool-info default >/dev/null 2>&1 || return 0
	for volume in $("${virsh[@]}" vol-list default | awk -v prefix="${name/\//-VAGRANTSLASH-}" 'index($1, prefix) == 1 { print $1 }'); do
		path=$("${virsh[@]}" vol-path --pool default "$volume")
		# A machine's disk is a difference to that volume: it would be another disk tomorrow.
		for domain in $("${virsh[@]}" list --all --name); do
			if "${virsh[@]}" domblklist "$domain" --details | awk '{ print $4 }' | xargs -r -n 1 qemu-img info -U --output=json 2>/dev/null |
				grep -qF "\"$path\""; then
				echo "The machine $domain still runs from the old box: vagrant destroy, then make vm again." >&2
				exit 1
			fi
		done
		"${virsh[@]}" vol-delete --pool default "$volume" >/dev/null
	done
}

if [ -n "$forget" ]; then
	remove_volumes
	if vagrant box list | grep -q "^$name "; then vagrant box remove --force "$name" >/dev/null; fi
	rm -f "$box.added"
	echo "The box $name is forgotten; make vm gives it to Vagrant again."
	exit 0
fi
command -v vagrant >/dev/null || { echo "$box is made; Vagrant is not installed: make deps VM=1, then make vm again."; exit 0; }
sum=$(sha256sum "$box" | cut -d' ' -f1)
if [ -f "$box.added" ] && [ "$(cat "$box.added")" = "$sum" ] && vagrant box list | grep -q "^$name "; then exit 0; fi
vagrant box add --force --name "$name" "$box" >/dev/null
remove_volumes
echo "$sum" >"$box.added"
echo "Vagrant has the box $name now: vagrant up"
