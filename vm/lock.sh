#!/bin/bash
# Compares what an image was made of with what the last released one was made of. A report: nothing is pinned, since an
# archive that moved on no longer serves old versions. So equal bytes are promised for one state of the archive only.
# Usage: vm/lock.sh PACKAGES.now      STRICT=1: a difference is an error; LOCK=1: writes vm/packages.lock anew
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
now=$1 lock=$here/packages.lock
if [ "${LOCK-}" = 1 ]; then
	cp "$now" "$lock"
	echo "vm/packages.lock: $(wc -l <"$lock") packages"
	exit 0
fi
[ -f "$lock" ] || { echo "There is no vm/packages.lock: make vm LOCK=1 writes it." >&2; [ "${STRICT-}" != 1 ]; exit; }
drift=$(awk '
	FNR == NR { old[$1] = $2; sum[$1] = $3; next }
	{ seen[$1] = 1 }
	!($1 in old) { print $1, "-", $2; next }
	old[$1] != $2 { print $1, old[$1], $2; next }
	sum[$1] != $3 { print $1, $2, $2 " (other bytes)" }
	END { for (name in old) if (!(name in seen)) print name, old[name], "-" }' "$lock" "$now" | LC_ALL=C sort)
[ -n "$drift" ] || exit 0
count=$(wc -l <<<"$drift")
{
	printf '%s packages are not those of vm/packages.lock:\n' "$count"
	printf '%-32s %-32s %s\n' package locked now
	while read -r name old new; do printf '%-32s %-32s %s\n' "$name" "$old" "$new"; done <<<"$drift"
} >&2
[ "${STRICT-}" != 1 ] || { echo "STRICT=1: stopped. make vm LOCK=1 takes the new ones." >&2; exit 1; }
