#!/bin/bash
# What of the machine's image can be made in half a minute: the kernel, from its Debian package alone, and what boots with it. For
# tests on a machine where nobody has called `make vm`. Usage: vm/tests/image.sh DIR     exit status 77: it cannot be made, and why
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$1
cannot() { echo "image.sh: $1" >&2; exit 77; }
mkdir -p "$out"
out=$(cd "$out" && pwd)
[ ! -f "$out/SHA256SUMS" ] || exit 0
vm/deps.sh host || cannot 'the packages that run a machine are missing'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The one that the metapackage asks for today.
package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
[ -n "$package" ] || cannot 'apt knows no linux-image-cloud-amd64 here (apt-get update)'
(cd "$work" && apt-get -qq download "$package" 2>"$work/err") || cannot "cannot download $package: $(tail -n 1 "$work/err")"
mkdir "$work/tree"
dpkg-deb --fsys-tarfile "$work"/*.deb | tar -x -C "$work/tree" --wildcards './boot/vmlinuz-*' './lib/modules/*'
make -s build/guest/drive build/guest/reseed CI=1
vm/small-boot.sh "$work/tree" "$out" build/guest
(cd "$out" && sha256sum vmlinux initramfs.cpio.gz deterministic.cpio.gz >SHA256SUMS)
