#!/bin/sh
# Plays `grade run` for tests of batches: what it does stands in the hand-in, "/* STUB what */": pass, fail; infra N (N times, then
# pass); abort; hang; lie (a grade of another submission); half (no end of the file); slow; fickle (passes once, then fails); kill N (the batch itself, N times);
# big N (a picture of N KiB); wait (until there is $STUB_FOLDER/go); tree (until then it hangs, with a child; in $STUB_FOLDER/pids).
# Who fails has the files of $STUB_FOLDER/schedules, if there are any. Counts its starts per hand-in in $STUB_FOLDER.
set -eu
for argument in "$@"; do
	case $argument in
	--submission=*) object=${argument#*=} ;;
	--seed=*) seed=${argument#*=} ;;
	--work=*) work=${argument#*=} ;;
	esac
done
hash=$(basename "$object")
read -r _ _ what times _ <"$object/bqueue.c"
case $times in \**) times=0 ;; esac
echo x >>"$STUB_FOLDER/$hash"
read -r starts <<end
$(wc -l <"$STUB_FOLDER/$hash")
end
folder=$work/3-work-queue/$hash
mkdir -p "$folder/schedules"
grade=pass
case $what in
fail) grade=fail ;;
fickle) [ "$starts" -eq 1 ] || grade=fail ;;
infra) [ "$starts" -gt "$times" ] || { echo "infra, for once"; exit 2; } ;;
abort) kill -ABRT $$ ;;
hang) exec sleep 100000 ;;
wait) until [ -e "$STUB_FOLDER/go" ]; do sleep 0.05; done ;;
tree) [ -e "$STUB_FOLDER/go" ] || { sleep 100000 & echo $$ $! >>"$STUB_FOLDER/pids"; wait; } ;;
slow) sleep 0.2 ;;
kill) [ "$starts" -gt "$times" ] || { kill -KILL "$PPID"; exec sleep 100000; } ;;
lie) hash=$(echo "$hash" | tr 0-9a-f f0-9a-e) ;;
esac
sed -e "s/HASH/$hash/" -e "s/SEED/$seed/" "$STUB_FOLDER/$grade.json" >"$folder/grade.json"
[ "$what" != half ] || truncate -s 100 "$folder/grade.json"
echo '{"format": "interleave-run/1", "jobs": [{"cpu_ms": 700}, {}, {"cpu_ms": 534}]}' >"$folder/run.json"
[ -d "$STUB_FOLDER/schedules" ] || echo '{}' >"$folder/schedules/L3.A.1-$times.json"
[ "$what" != big ] || { printf '{"big": "'; head -c "${times}k" /dev/zero | tr '\0' x; printf '"}'; } >"$folder/schedules/L3.A.1-big.json"
[ "$grade" = pass ] || ! [ -d "$STUB_FOLDER/schedules" ] || cp "$STUB_FOLDER"/schedules/*.json "$folder/schedules/"
[ "$grade" = pass ]
