#!/bin/bash
# What proves the virtual machines right: `make verify VM=1`. An hour and a half or more without KVM. Last line: "N as expected, N deviations"
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
good=0
deviations=0
part() { # TITLE COMMAND...: a script whose last line counts, in either of our two forms
	echo "-- $1"
	shift
	local line
	line=$("$@" 2>&1 | tee >(cat >&2) | tail -n 1)
	if [[ $line =~ ^([0-9]+)\ (as\ expected|passed),\ ([0-9]+)\ (deviations|failed)$ ]]; then
		good=$((good + BASH_REMATCH[1]))
		deviations=$((deviations + BASH_REMATCH[3]))
	else
		echo "FAIL  it ended without a count"
		deviations=$((deviations + 1))
	fi
}
part "two builds of one commit" vm/tests/twice.sh build/vm
for script in vm/tests/probe.sh vm/tests/guests.sh vm/tests/deterministic.sh vm/tests/same.sh; do
	[ ! -x "$script" ] || part "$script" "$script"
done
part "Vagrant" vm/tests/vagrant.sh
echo "$good as expected, $deviations deviations"
[ $deviations = 0 ]
