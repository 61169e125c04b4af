#!/bin/sh
# A user's grader asks systemd's manager for a delegated group: with a manager that we play. Needs root, to be a user without
# a group of its own. Last line: "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
if [ "$(id -u)" -ne 0 ]; then
	echo "skipped: only root can be a user without a group"
	echo "0 passed, 0 failed"
	exit 0
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
same() { # TITLE WANTED GOT
	if [ "$2" = "$3" ]; then passed=$((passed + 1)); echo "ok    $1"; else
		failed=$((failed + 1))
		printf 'FAIL  %s\n        wanted %s\n        got    %s\n' "$1" "$2" "$3"
	fi
}

mkdir -p "$work/bin" "$work/run/systemd"
chmod 755 "$work"
touch "$work/run/systemd/private" "$work/log"
chmod 666 "$work/run/systemd/private" "$work/log"
cp build/box "$work/box"
cat >"$work/bin/systemd-run" <<'X'
#!/bin/sh
echo "$#: $*" >>"$LOG"
[ "$ANSWER" = yes ] || exit 1
while [ "$1" != -- ]; do shift; done
shift
exec "$@"
X
chmod 755 "$work/bin/systemd-run"
as_user() { # ANSWER COMMAND...
	answer=$1
	shift
	: >"$work/log"
	setpriv --reuid=4711 --regid=4711 --clear-groups env PATH="$work/bin:$PATH" XDG_RUNTIME_DIR="$work/run" LOG="$work/log" \
		ANSWER="$answer" "$@"
}
wanted='7: --user --scope --quiet -p Delegate=yes -- '

as_user yes "$work/box" --no-such-option 'two words' '' >/dev/null 2>&1
same "exit status is the program's own" 125 $?
same "asked once, then started once, arguments as they were" \
	"7: ${wanted#7: }/bin/true|10: ${wanted#7: }$work/box --no-such-option two words |" "$(tr '\n' '|' <"$work/log")"
as_user no "$work/box" --no-such-option >/dev/null 2>&1
same "a manager that refuses: the program goes on by itself" 125 $?
same "and is not asked twice" "7: ${wanted#7: }/bin/true" "$(cat "$work/log")"
as_user yes env INTERLEAVE_SCOPE=1 "$work/box" --no-such-option >/dev/null 2>&1
same "who is in a scope does not ask for another" "" "$(cat "$work/log")"
rm "$work/run/systemd/private"
as_user yes "$work/box" --no-such-option >/dev/null 2>&1
same "without a manager nobody is asked" "" "$(cat "$work/log")"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
