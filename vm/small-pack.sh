#!/bin/sh
# An initramfs from a folder: the same bits for the same files, whoever packs them and when.
# Usage: vm/small-pack.sh DIR OUT.cpio.gz
set -eu
[ $# -eq 2 ] || { echo 'usage: vm/small-pack.sh DIR OUT.cpio.gz' >&2; exit 2; }
epoch=${SOURCE_DATE_EPOCH:-1735689600}
find "$1" -exec touch -h -d "@$epoch" {} +
(cd "$1" && find . -print0 | LC_ALL=C sort -z | cpio -0 -o -H newc --reproducible --owner=0:0 --quiet) | gzip -9n >"$2.part"
mv "$2.part" "$2"
