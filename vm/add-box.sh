#!/bin/bash
# Gives a new box to Vagrant, if it is here, and removes the volume of the old one, which libvirt would go on using.
# Usage: vm/add-box.sh FILE.box
set -euo pipefail
box=$1 name=interleave/debian12
command -v vagrant >/dev/null || { echo "$box is made; Vagrant is not installed: make deps VM=1, then make vm again."; exit 0; }
sum=$(sha256sum "$box" | cut -d' ' -f1)
if [ -f "$box.added" ] && [ "$(cat "$box.added")" = "$sum" ] && vagrant box list | grep -q "^$name "; then exit 0; fi
vagrant box add --force --name "$name" "$box" >/dev/null
virsh=(virsh --connect qemu:///system)
if "${virsh[@]}" pool-info default >/dev/null 2>&1; then
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
fi
echo "$sum" >"$box.added"
echo "Vagrant has the box $name now: vagrant up"
