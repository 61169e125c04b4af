# shellcheck shell=sh
# For tests of batches: classes of tiny hand-ins of lab 3 for a grader that only plays one (batch_stub.sh). To be sourced from the
# repository's root; makes $work, which is removed at the end, and counts in $passed and $failed.
lab=3-work-queue
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
STUB_FOLDER=$work/stub
export STUB_FOLDER
mkdir "$STUB_FOLDER"

# The grades that it hands out, over the lab's own tests: all passed, or the first one failed. HASH and SEED are put in later.
for status in pass fail; do
	tail -n +2 "build/labs/$lab/tests.tsv" | jq -Rn --arg lab $lab --arg status $status '
		[inputs | split("\t") | {id: .[0], part: (.[0] | split(".")[1]), gate: (.[1] == "1"), title: .[8], points: (.[2] | tonumber),
			max: (.[2] | tonumber), status: "pass", detector: "EXP", evidence: {}}]
		| if $status == "fail" then .[0] += {points: 0, status: "fail", finding: {id: "lost-item", what: "an item is gone",
			where: [], why: "a queue keeps what it was given", next: "look again"}} else . end
		| {format: "interleave-grade/1", lab: $lab, score: (map(.points) | add), max: (map(.max) | add), complete: true,
			isolation: "full", seed: "SEED", submission: "sha256:HASH", versions: {grader: "stub"}, notes: [], tests: .}' \
		>"$STUB_FOLDER/$status.json" || exit 2
done

# A hand-in: NAME WORDS; the words tell the stub what to do, see there. Names differ, so do hashes.
hand_in() {
	mkdir -p "$work/class/$1"
	echo "int csem_$1;" | tr -c 'a-zA-Z0-9_ ;\n' _ >"$work/class/$1/csem.c"
	echo "/* STUB $2 */" >"$work/class/$1/bqueue.c"
}

# The batch with the stub: status in $status, what it printed in $work/out.
batch() { # OPTIONS...
	build/grade batch --lab=3 --grader=grader/tests/batch_stub.sh --seed=1 "$@" "$work/class" "$work/OUT" >"$work/out" 2>&1
	status=$?
}

# What the store holds that an undisturbed run would hold, too.
store_sum() { # FOLDER
	sqlite3 "$1/store.sqlite" "SELECT name, state, hash, note, reason FROM entries ORDER BY name;
		SELECT hash, grade_key, score_c, json_hash, hex(json) FROM verdicts ORDER BY hash, grade_key;
		SELECT v.hash, t.test_id, t.status, t.points_c FROM tests t JOIN verdicts v ON v.id = verdict_id ORDER BY 1, 2;
		SELECT v.hash, f.test_id, f.finding_id FROM findings f JOIN verdicts v ON v.id = verdict_id ORDER BY 1, 2"
}
ask() { # SQL
	sqlite3 "$work/OUT/store.sqlite" "$1"
}

check() { # TITLE COMMAND...
	title=$1
	shift
	if "$@" >"$work/check" 2>&1; then
		passed=$((passed + 1))
		echo "ok    $title"
	else
		failed=$((failed + 1))
		echo "FAIL  $title"
		sed 's/^/        /' "$work/check" "$work/out" | tail -n 20
	fi
}
same() { # WANTED GOT
	[ "$1" = "$2" ] || { echo "wanted: $1"; echo "got:    $2"; return 1; }
}
says() { # PATTERN: what the batch printed
	tr '\n' ' ' <"$work/out" | grep -Eq -- "$1" || { echo "no text like: $1"; return 1; }
}
finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}
