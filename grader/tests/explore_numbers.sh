#!/bin/sh
# The numbers that the grader draws by are those of harness/explore.h: both lists of names, in order. Exit 1 if not.
set -eu
cd "$(dirname "$0")/../.."
names() { # FILE ENUM: its members without prefix, "= 1" kept, comments and blanks gone
	sed -n "/^enum $2 {/,/^};/p" "$1" | sed -e 's|/\*.*||' -e 's|^.*\*/||' | grep -o '[A-Z][A-Z_]*\( = [0-9]*\)\{0,1\},' |
		sed -e 's/^EXPLORE_//' -e 's/_OBJECT,/,/' | tr -d ' ,'
}
failed=0
check() { # OUR-ENUM OUR-PREFIX ENUM PREFIX
	ours=$(names grader/report/lanes_numbers.h "$1" | sed "s/^$2//")
	theirs=$(names harness/explore.h "$3" | sed "s/^$4//" | grep -vx 'STEPS' || true)
	[ -n "$ours" ] && [ "$ours" = "$theirs" ] && return
	echo "explore_numbers.sh: enum $1 of grader/report/lanes_numbers.h is not enum $3 of harness/explore.h" >&2
	failed=1
}
check event_kind EVENT_ explore_event_kind EVENT_
check step STEP_ explore_step STEP_
check access ACCESS_ explore_access_kind ''
check object OBJECT_ explore_object_kind ''
check thread_state THREAD_ explore_thread_state ''
exit $failed
