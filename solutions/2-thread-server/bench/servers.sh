#!/bin/bash
# Server CPU for a connection (opened, one request, closed) and for a keep-alive request, at 64 clients: the reference with a
# thread for each connection, with a pool of 64, and nginx with one worker. The client is ab; rounds are interleaved, medians
# are shown, and of each server the whole process tree is counted. What is missing is left out, and said so.
# Usage: solutions/2-thread-server/bench/servers.sh [ROUNDS [CONNECTIONS [REQUESTS]]]
set -u
cd "$(dirname "$0")/../../.." || exit 2
rounds=${1:-5} connections=${2:-10000} requests=${3:-50000}
command -v ab >/dev/null || { echo 'servers.sh: skipped, ab (apache2-utils) is not installed'; exit 0; }
make -s served LAB=2 SUBMISSION=solutions || exit 2
ulimit -n "$(ulimit -Hn)"
work=$(mktemp -d) || exit 2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait; rm -rf "$work"' EXIT
names=() urls=()

serve() { # NAME WORKERS
	build/serve/2-thread-server --port 0 --workers "$2" --conns 4096 >"$work/$2.out" &
	pids+=($!)
	until grep -q http: "$work/$2.out"; do sleep 0.05; done
	names+=("$1")
	urls+=("$(sed -n 's/^\(http:[^ ]*\) .*/\1/p' "$work/$2.out")ping")
}

serve 'thread' 0
serve 'pool 64' 64
if command -v nginx >/dev/null; then
	port=$((20000 + $$ % 20000))
	cat >"$work/nginx.conf" <<-CONF
		daemon off; worker_processes 1; pid $work/nginx.pid; error_log $work/nginx.err;
		events { worker_connections 4096; multi_accept on; use epoll; }
		http { access_log off; keepalive_requests 100000000; keepalive_timeout 600;
			client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work; uwsgi_temp_path $work; scgi_temp_path $work;
			open_file_cache max=16; sendfile on; default_type text/plain; root $work;
			server { listen 127.0.0.1:$port backlog=1024; } }
	CONF
	echo pong >"$work/ping" && chmod 755 "$work"
	nginx -p "$work" -e "$work/nginx.err" -c "$work/nginx.conf" &
	pids+=($!)
	names+=(nginx)
	urls+=("http://127.0.0.1:$port/ping")
	sleep 0.5
else
	echo 'nginx is not installed: left out'
fi
command -v apache2 >/dev/null && echo 'apache2 is not measured yet'

# Ticks that a process and its descendants have used.
ticks() { # PID
	local sum=0 child
	read -r _ _ _ _ _ _ _ _ _ _ _ _ _ user system _ <<<"$(sed 's/(.*)/x/' "/proc/$1/stat")"
	sum=$((user + system))
	# shellcheck disable=SC2013 # one line of words
	for child in $(cat "/proc/$1/task/$1/children"); do sum=$((sum + $(ticks "$child"))); done
	echo "$sum"
}

measure() { # SERVER COUNT OPTIONS...: microseconds of CPU for each of COUNT
	local pid=${pids[$1]} url=${urls[$1]} count=$2 before
	shift 2
	before=$(ticks "$pid")
	if ! ab -q -n "$count" -c 64 "$@" "$url" >"$work/ab" 2>&1 || ! grep -q 'Failed requests: *0' "$work/ab" ||
		grep -q Non-2xx "$work/ab"; then
		echo "ab failed at $url" >&2
		return 1
	fi
	awk -v t=$(($(ticks "$pid") - before)) -v hz="$(getconf CLK_TCK)" -v n="$count" 'BEGIN { printf "%.2f\n", t * 1e6 / hz / n }'
}

for _ in $(seq "$rounds"); do
	for i in "${!names[@]}"; do
		measure "$i" "$connections" >>"$work/close.$i" || exit 1
		measure "$i" "$requests" -k >>"$work/keep.$i" || exit 1
	done
done
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { printf "%.1f [%.1f..%.1f]", v[int((NR + 1) / 2)], v[1], v[NR] }'; }
printf '%-10s %24s %28s\n' server 'CPU us / connection' 'CPU us / keep-alive request'
for i in "${!names[@]}"; do
	printf '%-10s %24s %28s\n' "${names[$i]}" "$(median "$work/close.$i")" "$(median "$work/keep.$i")"
done
