#!/bin/sh
# Installs the packages of vm/packages that are missing; without root or sudo says how, and stops.
# Usage: vm/deps.sh [TAG...]      those without a tag, and those with one of these: optional, host, vagrant
set -eu
cd "$(dirname "$0")"

wanted=$(sed -e 's/#.*//' packages | awk -v tags=" $* " '
	NF { take = NF == 1; for (i = 2; i <= NF; i++) take = take || index(tags, " " $i " "); if (take) print $1 }')

missing=
for package in $wanted; do
	status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
	[ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

command="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" -eq 0 ]; then
	prefix=
elif sudo -n true 2>/dev/null; then
	prefix=sudo
else
	echo "These packages are missing:$missing" >&2
	echo "Install them (needs root), then run make again:" >&2
	echo "  sudo apt-get update && sudo $command" >&2
	exit 1
fi
echo "make deps: installing$missing" >&2
DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
# shellcheck disable=SC2086 # a list of words
$prefix apt-get -qq update >&2
# shellcheck disable=SC2086
$prefix $command >/dev/null
