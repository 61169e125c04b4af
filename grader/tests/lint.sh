#!/bin/sh
# The checks of `make lint`: layers, layout, clang-tidy, cppcheck, gcc -fanalyzer, shellcheck. Exit 1 if one complains.
set -u
cd "$(dirname "$0")/../.." || exit 2
failed=0

check() { # NAME COMMAND...
	name=$1
	shift
	if "$@" >build/lint.log 2>&1; then
		echo "ok    $name"
	else
		echo "FAIL  $name"
		sed 's/^/      /' build/lint.log | head -n 40
		failed=1
	fi
}
have() { command -v "$1" >/dev/null || { echo "skip  $1 is not installed (make deps)"; return 1; }; }

sources=$(git ls-files '*.c')
headers=$(git ls-files '*.h')
scripts=$(git ls-files '*.sh' .ci/run)
# What stands beside peers needs their headers.
ours=$(echo "$sources" | grep -v -e '^solutions/.*/variants/' -e '^grader/tests/hostile/' -e '_fuzz\.c$' -e '_probe\.c$' -e '^harness/runtime/programs/' -e '^solutions/.*/bench/')
flags="-std=gnu17 -D_GNU_SOURCE -Igrader -Iharness/examiner -Iharness/subject -Iharness -Ilabs -DCL_SERVER_RUN=fork_server_run"

check "layers: who may include whom" grader/tests/layers.sh
# shellcheck disable=SC2086 # lists of words, here and below
have clang-format && check "clang-format" clang-format --dry-run -Werror $sources $headers
# shellcheck disable=SC2086
have clang-tidy && check "clang-tidy" sh -c "printf '%s\n' \$1 | xargs -P 2 -I{} sh -c 'clang-tidy --quiet {} -- $flags 2>/dev/null || { echo {}: clang-tidy ends with \$?; exit 1; }'" sh "$ours"
# resourceLeak: cppcheck does not know AUTO_FD; gcc -fanalyzer, below, does.
# shellcheck disable=SC2086
have cppcheck && check "cppcheck" cppcheck -q --std=c11 --enable=warning,performance,portability --library=posix,gnu --library=grader/tests/cppcheck.cfg \
	--inline-suppr --suppress=missingIncludeSystem --suppress=resourceLeak --error-exitcode=1 -j 2 -Ilabs -Igrader -Iharness -Iharness/examiner $ours
# shellcheck disable=SC2086
check "gcc -fanalyzer" sh -c "printf '%s\n' \$1 | xargs -P 2 -I{} gcc $flags -O1 -fanalyzer -Werror -c {} -o /dev/null" sh "$ours"
# shellcheck disable=SC2086
have shellcheck && check "shellcheck" shellcheck $scripts
exit "$failed"
