#!/bin/bash
# A real `vagrant up`, a check of the machine, grades inside, `vagrant destroy`; and that nothing is left. As root, since
# libvirt is started by hand where it does not run. Usage: vm/tests/vagrant.sh [LAB:SUBMISSION...]
# default: the references of all labs. Last line: "N as expected, N deviations"
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
good=0
deviations=0
virsh() { command virsh --connect qemu:///system "$@"; }
expect() { # TITLE COMMAND...
	local title=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		good=$((good + 1))
		echo "ok    $title"
	else
		deviations=$((deviations + 1))
		echo "FAIL  $title"
		tail -n 30 "$work/out" | sed 's/^/        /'
	fi
}
state() { # what a machine could leave behind
	virsh list --all --name
	virsh net-list --all --name
	virsh vol-list default 2>/dev/null | awk 'NR > 2 { print $1 }'
	ip -o link | cut -d: -f2 | cut -d@ -f1
	pgrep -c qemu-system
	pgrep -c dnsmasq
} 2>/dev/null
finish() {
	vagrant destroy -f >/dev/null 2>&1
	vm/tests/libvirt.sh stop "$work/libvirt"
	rm -rf "$work"
}
for tool in vagrant virsh libvirtd; do
	command -v $tool >/dev/null || { echo "skipped: no $tool (make deps VM=1)"; echo "0 as expected, 0 deviations"; exit 0; }
done
trap finish EXIT
vm/tests/libvirt.sh start "$work/libvirt" || { echo "0 as expected, 1 deviations"; exit 1; }
[ -f build/vm/interleave.box ] || { echo "FAIL  no box: make vm"; echo "0 as expected, 1 deviations"; exit 1; }

vm/add-box.sh build/vm/interleave.box
state >"$work/before"
inside() { timeout "${LIMIT:-900}" vagrant ssh -c "cd /vagrant && { $1; }" -- -n -T; }
same_grade() { # LAB SUBMISSION: what a grade is about, not by which compiler on which machine it came about
	build/grade run --lab="$1" --submission="$2" --detectors=none --json="$work/native" >"$work/native.txt" 2>&1
	LIMIT=3600 inside "build/grade run --lab=$1 --submission='$2' --detectors=none --json=/tmp/grade >/tmp/report 2>&1; cat /tmp/grade" >"$work/guest"
	jq -e '.isolation == "full"' "$work/guest" >/dev/null || { echo "isolation is not full"; head -c 600 "$work/guest"; return 1; }
	diff <(jq -S '{score, max, tests: [.tests[] | del(.replay, .finding.token)]}' "$work/native") \
		<(jq -S '{score, max, tests: [.tests[] | del(.replay, .finding.token)]}' "$work/guest")
}

seconds=$SECONDS
expect "vagrant up" timeout 1800 vagrant up --provider=libvirt --no-tty
[ $deviations = 0 ] || { tail -n 30 build/vm/serial.log; echo "$good as expected, $deviations deviations"; exit 1; }
echo "      $((SECONDS - seconds)) s"
expect "no address outside is reachable" inside '! ping -c 1 -W 2 192.0.2.1 && ! timeout 5 bash -c "exec 3<>/dev/tcp/192.0.2.1/80"'
seconds=$SECONDS
expect "make, inside" env LIMIT=3600 bash -c "$(declare -f inside); inside 'make all'"
echo "      $((SECONDS - seconds)) s"
expect "every line of check-environment.sh" inside vm/check-environment.sh
for pair in "${@:-1:solutions/1-fork-server/reference}"; do
	seconds=$SECONDS
	expect "the same grade as outside: lab ${pair%%:*}, ${pair#*:}" same_grade "${pair%%:*}" "${pair#*:}"
	echo "      $((SECONDS - seconds)) s"
done
expect "vagrant halt" timeout 600 vagrant halt
expect "vagrant destroy" timeout 300 vagrant destroy -f
# What destroy keeps on purpose, for the next up: libvirt's copy of the box.
expect "the box is forgotten" vm/add-box.sh --forget build/vm/interleave.box
state >"$work/after"
expect "nothing is left: domains, networks, volumes, links, processes" diff "$work/before" "$work/after"
echo "$good as expected, $deviations deviations"
[ $deviations = 0 ]
