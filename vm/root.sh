#!/bin/bash
# The image's root file system as a tar, from Debian packages: the same bytes from the same list and the same state of
# the archive, whoever builds it, when and where. Any user can (mmdebstrap takes user namespaces where it is not root).
# Usage: vm/root.sh OUT.tar PACKAGES.now
#   VM_MIRROR=  an URI, a one-line entry or a file for mmdebstrap; "host": this machine's own sources; none: its default
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=SCRIPTDIR/epoch.sh
. "$here/epoch.sh"
out=$1 now=$2

# A tag of the list that the image has, or none at all.
packages=$(sed 's/#.*//' "$here/packages" | awk 'NF == 1 || / guest( |$)/ { printf "%s%s", n++ ? "," : "", $1 }')

mirror=()
case ${VM_MIRROR-} in
'') ;;
host) for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list; do
		[ ! -s "$file" ] || mirror+=("$file")
	done ;;
*) mirror=("$VM_MIRROR") ;;
esac

part=$out.part
trap 'rm -f "$part"' EXIT
# No recommendations: what is in the image stands in the list. Its date is the archive's, not this machine's.
mmdebstrap --quiet --variant=minbase --format=tar --include="$packages" \
	--aptopt='Apt::Install-Recommends "false"' \
	--customize-hook="'$here/hook.sh' \"\$1\"" \
	bookworm "$part" ${mirror[@]+"${mirror[@]}"}
tar -xOf "$part" ./usr/share/interleave/packages >"$now"
mv "$part" "$out"
