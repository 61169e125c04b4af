#!/bin/bash
# Server CPU for a connection (opened, one request, closed) and for a keep-alive request, at 64 clients: the reference, with a
# thread for each connection and with pools, beside nginx, Apache and the least that one epoll process can cost. Interleaved
# rounds, first free, then the server on core 0 and the client on core 1; each column is a median, and a ratio the median of
# the ratios of the rounds. chrt -b: threads that are woken do not push others off their core. What is missing is left out.
# Usage: solutions/2-thread-server/bench/servers.sh [ROUNDS [CONNECTIONS [REQUESTS]]]
set -u
cd "$(dirname "$0")/../../.." || exit 2
rounds=${1:-${ROUNDS:-9}} connections=${2:-5000} requests=${3:-10000}
make -s served LAB=2 SUBMISSION=solutions || exit 2
out=build/bench/2-thread-server src=solutions/2-thread-server/bench
mkdir -p $out
for program in load one_epoll; do
	${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O2 -o $out/$program $src/$program.c || exit 2
done
ulimit -n "$(ulimit -Hn)"
work=$(mktemp -d) || exit 2
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait; rm -rf "$work"' EXIT
names=() ports=()
echo pong >"$work/ping" && chmod 755 "$work" && chmod 644 "$work/ping"

row() { # NAME PORT: of the program started last
	until (: <"/dev/tcp/127.0.0.1/$2") 2>/dev/null; do
		kill -0 $! 2>/dev/null || { echo "$1 does not start: left out"; return; }
		sleep 0.05
	done
	pids+=($!)
	names+=("$1")
	ports+=("$2")
}
serve() { # NAME COMMAND...: says its address on its first line
	"${@:2}" >"$work/out" &
	until grep -q http: "$work/out" || ! kill -0 $!; do sleep 0.05; done
	row "$1" "$(sed -n 's/^http:.*:\([0-9]*\)\/.*/\1/p' "$work/out")"
}
free_port=$((20000 + $$ % 10000))
with_nginx() { # NAME LISTEN-OPTION
	free_port=$((free_port + 1))
	cat >"$work/nginx$free_port.conf" <<-CONF
		daemon off; worker_processes 1; pid $work/nginx$free_port.pid; error_log $work/nginx.err;
		events { worker_connections 4096; multi_accept on; use epoll; }
		http { access_log off; keepalive_requests 100000000; keepalive_timeout 600;
			client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work; uwsgi_temp_path $work; scgi_temp_path $work;
			open_file_cache max=16; sendfile on; default_type text/plain; root $work;
			server { listen 127.0.0.1:$free_port backlog=1024 $2; } }
	CONF
	nginx -p "$work" -e "$work/nginx.err" -c "$work/nginx$free_port.conf" &
	row "$1" $free_port
}
with_apache() {
	local modules=/usr/lib/apache2/modules
	free_port=$((free_port + 1))
	cat >"$work/apache.conf" <<-CONF
		ServerRoot $work
		ServerName a
		Listen 127.0.0.1:$free_port
		PidFile $work/apache.pid
		ErrorLog $work/apache.err
		LoadModule mpm_event_module $modules/mod_mpm_event.so
		LoadModule authz_core_module $modules/mod_authz_core.so
		User nobody
		Group nogroup
		DocumentRoot $work
		KeepAlive On
		KeepAliveTimeout 600
		MaxKeepAliveRequests 0
		StartServers 1
		ServerLimit 1
		ThreadsPerChild 128
		ThreadLimit 128
		MaxRequestWorkers 128
	CONF
	apache2 -f "$work/apache.conf" -DFOREGROUND 2>>"$work/apache.err" &
	row 'Apache event' $free_port
}

server=build/serve/2-thread-server
serve 'thread' $server --port 0 --workers 0 --conns 4096
serve 'pool 8' $server --port 0 --workers 8 --conns 4096
serve 'pool 64' $server --port 0 --workers 64 --conns 4096
serve 'pool 8, chrt -b' chrt -b 0 $server --port 0 --workers 8 --conns 4096
serve 'one epoll' $out/one_epoll
if command -v nginx >/dev/null; then
	with_nginx nginx ''
	with_nginx 'nginx, deferred' deferred
else
	echo 'nginx is not installed: left out'
fi
if command -v apache2 >/dev/null; then with_apache; else echo 'apache2 is not installed: left out'; fi

tree() { # PID: and its descendants
	echo "$1"
	# shellcheck disable=SC2013 # one line of words
	for child in $(cat "/proc/$1/task/$1/children"); do tree "$child"; done
}
measure() { # SHAPE MODE COUNT: a round of all servers, another one first each time
	local i k pid
	for k in "${!names[@]}"; do
		i=$(((k + round) % ${#names[@]}))
		# shellcheck disable=SC2046 # a list of words
		set -- "$1" "$2" "$3" $(tree "${pids[$i]}")
		for pid in "${@:4}"; do taskset -acp "$([ "$1" = apart ] && echo 0 || echo "$all")" "$pid" >/dev/null; done
		echo "$1 $2 $round $i $(taskset -c "$([ "$1" = apart ] && echo 1 || echo "$all")" \
			$out/load "$2" 64 "$3" "${ports[$i]}" "${@:4}" || echo failed)" >>"$work/runs"
	done
}
all=0-$(($(nproc) - 1)) shapes=free
[ "$(nproc)" -gt 1 ] && shapes='free apart'
for shape in $shapes; do
	for round in $(seq 0 "$rounds"); do # the first one warms up
		measure "$shape" close "$connections"
		measure "$shape" keep "$requests"
	done
done
cp "$work/runs" $out/servers.runs

for shape in $shapes; do
	printf '\n%s, %s rounds\n%-16s %28s %9s %9s %14s %9s\n' "$shape" "$rounds" server 'CPU us / connection' '/ nginx' '/ epoll' \
		'us / request' '/ nginx'
	printf '%s\n' "${names[@]}" | awk -v shape="$shape" '
		function median(v, n,   i, j, t) {
			for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j] < v[j - 1]; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
			return n ? v[int((n + 1) / 2)] : 0
		}
		function cost(mode, i,   r, n, v) {
			for (r = 1; r <= last; r++) if ((mode, r, i) in us) v[++n] = us[mode, r, i]
			middle = median(v, n); least = v[1]; most = v[n]
		}
		function ratio(mode, i, peer,   r, n, v) {
			for (r = 1; r <= last; r++) if ((mode, r, i) in us && (mode, r, peer) in us) v[++n] = us[mode, r, i] / us[mode, r, peer]
			return n ? sprintf("%.2f", median(v, n)) : "-"
		}
		FNR == NR { if ($1 == shape && $3 > 0 && $5 != "failed") { us[$2, $3, $4] = $5 + 0; if ($3 > last) last = $3 } next }
		{ name[count++] = $0; at[$0] = count - 1 }
		END {
			for (i = 0; i < count; i++) {
				cost("close", i)
				line = sprintf("%.1f [%.1f..%.1f]", middle, least, most)
				cost("keep", i)
				printf "%-16s %28s %9s %9s %14.1f %9s\n", name[i], line, ratio("close", i, "nginx" in at ? at["nginx"] : -1),
					ratio("close", i, at["one epoll"]), middle, ratio("keep", i, "nginx" in at ? at["nginx"] : -1)
			}
		}' "$work/runs" -
done
