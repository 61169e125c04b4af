#!/bin/sh
# Puts FILE between the two marks NAME of harness/README.md, in place of what is there. Usage: into_readme.sh NAME FILE
set -eu
cd "$(dirname "$0")/../.."
if ! grep -q "<!-- $1: begin" harness/README.md || ! grep -q "<!-- $1: end" harness/README.md; then
	echo "harness/README.md has no marks for $1: put '<!-- $1: begin -->' and '<!-- $1: end -->' where its table belongs" >&2
	exit 2
fi
awk -v name="$1" -v text="$2" '
	index($0, "<!-- " name ": end") == 1 { skip = 0 }
	!skip
	index($0, "<!-- " name ": begin") == 1 { while ((getline line < text) > 0) print line; skip = 1 }' harness/README.md >"$2.readme"
cat "$2.readme" >harness/README.md
rm "$2.readme"
