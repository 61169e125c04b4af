#!/bin/bash
# The throw-away machine with its real image: references and a mutant of each lab, graded inside and judged outside, against the same
# natively: grade.json equal byte for byte, isolation full. Under emulation half an hour. Then guests that are the enemy.
# Last line: "N passed, N failed". INTERLEAVE_VM_IMAGE: the image (default: build/vm); LABS: which (default: all).
set -u
cd "$(dirname "$0")/../.." || exit 2
image=${INTERLEAVE_VM_IMAGE:-build/vm}
skip() { echo "skip  $1"; echo "0 passed, 0 failed"; exit 0; }
command -v qemu-system-x86_64 >/dev/null || skip 'QEMU is not installed (apt-get install qemu-system-x86)'
[ -f "$image/SHA256SUMS" ] || skip 'there is no image of a machine (make vm)'
driver=$(vm/probe.sh 2>/dev/null) || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
seed=00000000000000a7

check() { # TITLE COMMAND...
	title=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok    $title"
	else
		failed=$((failed + 1))
		echo "FAIL  $title"
		tail -n 20 "$work/err"
	fi
}

# The submission as the machine takes it: regular files and what names the job.
pack() { # LAB FOLDER
	rm -rf "$work/job"
	mkdir "$work/job"
	find "$2" -maxdepth 1 -type f -exec cp {} "$work/job" \;
	printf '{"lab":"%s","seed":"%s"}\n' "$1" "$seed" >"$work/job/job.json"
	tar -C "$work/job" --sort=name --owner=0 --group=0 --mtime=@0 --format=ustar -cf "$work/input.tar" .
}
inside() { # LAB FOLDER
	pack "$1" "$2"
	rm -f "$work/evidence" "$work/judged.json"
	local begin=$SECONDS
	build/machine grade --image="$image" --driver="$driver" --input="$work/input.tar" --output="$work/evidence" --serial="$work/serial" \
		--limit="${LIMIT:-3600}" 2>"$work/err" || { tail -n 20 "$work/serial"; return 1; }
	echo "      inside: $((SECONDS - begin)) s, $(stat -c %s "$work/evidence") bytes of evidence"
	build/grade run --lab="$1" --submission="$2" --seed="$seed" --judge="$work/evidence" --work="$work/judging" --json="$work/judged.json" >"$work/report" 2>"$work/err"
	[ -s "$work/judged.json" ]
}
native() { # LAB FOLDER
	rm -f "$work/native.json"
	build/grade run --lab="$1" --submission="$2" --seed="$seed" --detectors=none --work="$work/native" --json="$work/native.json" >"$work/report" 2>"$work/err"
	[ -s "$work/native.json" ]
}

for path in labs/*/lab.conf; do
	lab=$(basename "$(dirname "$path")")
	case " ${LABS:-$lab} " in *" $lab "*) ;; *) continue ;; esac
	mutant=$(find "solutions/$lab/mutants" -name 'M*-03.patch')
	cp -r "solutions/$lab/reference" "$work/$lab.mutant"
	patch -s -p1 -d "$work/$lab.mutant" <"$mutant" || exit 2
	for folder in "solutions/$lab/reference" "$work/$lab.mutant"; do
		name="$lab, $(basename "$folder")"
		native "$lab" "$folder" || { check "$name: is graded natively" false; continue; }
		check "$name: is graded in a machine, judged outside" inside "$lab" "$folder"
		check "$name: the isolation inside is full" test "$(jq -r .isolation "$work/evidence")" = full
		check "$name: the same grade, byte for byte" cmp "$work/native.json" "$work/judged.json"
	done
done

line=$(INTERLEAVE_VM_IMAGE=$image vm/tests/guests.sh | tee /dev/stderr | tail -n 1)
passed=$((passed + $(echo "$line" | sed -n 's/^\([0-9]*\) passed, .*/\1/p')))
failed=$((failed + $(echo "$line" | sed -n 's/.* \([0-9]*\) failed$/\1/p')))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
