#!/bin/sh
# Which folder may include which: reads the dependency files that the compiler wrote, so it sees transitive includes
# and ../ alike. Usage: grader/tests/layers.sh [FOLDER-OF-.d-FILES]. Prints each forbidden arrow; exit 1 if any.
set -eu
cd "$(dirname "$0")/../.."
objects=${1:-build/obj/own}
[ -d "$objects" ] || { echo "layers.sh: no $objects: run make first" >&2; exit 2; }

find "$objects" -name '*.d' | sort | xargs cat | awk '
# A room: the folder whose files may be named together in one rule.
function room(path) {
	if (path ~ /^build\/gen\//) return "grader/sandbox"
	if (path ~ /^grader\/[^\/]+\.[ch]$/) return "grader/main"
	if (path ~ /^grader\/[^\/]+\//) { split(path, p, "/"); return "grader/" p[2] }
	if (path ~ /^harness\/wire/) return "harness/wire"
	if (path ~ /^harness\/explore\.h/) return "harness/explore"
	if (path ~ /^harness\/runtime\/(tests|gdb)\//) return "harness/runtime/tests"
	if (path ~ /^harness\/[^\/]+\//) { split(path, p, "/"); return "harness/" p[2] }
	if (path ~ /^labs\/common\//) return "labs/common"
	if (path ~ /^labs\/[^\/]+\/tests\//) return "labs/tests"
	if (path ~ /^labs\/[^\/]+\/binding\.c$/) return "labs/binding"
	if (path ~ /^labs\/[^\/]+\//) return "labs/lab"
	if (path ~ /^solutions\//) return "solutions"
	if (path ~ /^vm\//) return "vm"
	return ""
}
BEGIN {
	allowed["grader/base"] = ""
	allowed["grader/sandbox"] = "grader/base"
	allowed["grader/intake"] = "grader/base grader/sandbox"
	allowed["grader/run"] = "grader/base grader/sandbox"
	allowed["grader/judge"] = "grader/base"
	allowed["grader/report"] = "grader/base grader/judge"
	allowed["grader/batch"] = "grader/base grader/sandbox grader/intake grader/run grader/judge grader/report"
	allowed["grader/command"] = allowed["grader/batch"] " grader/batch"
	allowed["grader/main"] = allowed["grader/command"] " grader/command"
	allowed["grader/tools"] = "grader/base grader/sandbox grader/intake"
	allowed["grader/tests"] = "grader/base grader/sandbox grader/report"
	allowed["labs/common"] = ""
	allowed["harness/wire"] = ""
	allowed["harness/explore"] = ""
	allowed["harness/runtime"] = "harness/explore harness/runtime/tests"
	allowed["harness/runtime/tests"] = "harness/wire harness/explore harness/runtime"
	allowed["harness/examiner"] = "harness/wire harness/explore labs/common"
	allowed["harness/subject"] = "harness/wire harness/explore harness/runtime labs/common"
	allowed["labs/lab"] = "labs/common"
	allowed["labs/tests"] = "harness/examiner harness/wire harness/explore labs/common labs/lab"
	allowed["labs/binding"] = "harness/subject harness/wire harness/explore labs/common labs/lab"
	allowed["vm"] = "grader/base"
	allowed["solutions"] = "labs/common labs/lab"
}
/^[^ ].*: / || /^ / {
	sub(/\\$/, "")
	for (i = 1; i <= NF; i++) {
		if ($i ~ /:$/) { source = ""; continue }
		path = $i
		while (sub(/[^\/]+\/\.\.\//, "", path)) {}
		here = room(path)
		if (source == "") { source = path; from = here; continue }
		if (here == "" || here == from) continue
		if (!(from in allowed)) { print source ": its folder has no rule in layers.sh"; bad = 1; continue }
		if (index(" " allowed[from] " ", " " here " ") == 0 && !((source, path) in seen)) {
			seen[source, path] = 1
			print source " (" from ") may not include " path " (" here ")"
			bad = 1
		}
	}
}
END { exit bad }'
