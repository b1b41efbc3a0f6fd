#!/bin/bash
# run.sh: what ./dev bench does: measures this binary on a demo world of its own and prints one table against the figures that the project builds towards.
#
# Everything runs on this machine: server, load generator, nginx. Ratios of one run say more than its numbers. Options: --long (three times as long),
# --keep (the folder stays).
set -euo pipefail
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.."
export LC_ALL=C.UTF-8 TZ=Asia/Shanghai
PLACE=310113007011
CONNECTIONS=64
SECONDS_EACH=3
KEEP=''
for o in "$@"; do
    case $o in
    --long) SECONDS_EACH=9 ;;
    --keep) KEEP=1 ;;
    *) echo "bench: what is $o?" >&2 && exit 64 ;;
    esac
done

LILONG=$PWD/build/lilong
LOAD=$PWD/build/load
QUERY=$PWD/build/query
nice -n 5 ninja -C build load query >/dev/null
DIR=$(mktemp -d "${TMPDIR:-/tmp}/lilong-bench-XXXXXX")
SERVER='' NGINX=''
clean() {
    [ -z "$SERVER" ] || kill "$SERVER" 2>/dev/null || true
    [ -z "$NGINX" ] || kill "$NGINX" 2>/dev/null || true
    if [ -n "$KEEP" ]; then echo "kept: $DIR" >&2; else sleep 0.3 && rm -rf "$DIR"; fi
}
trap clean EXIT

say() { printf '\r\033[K%s' "$*" >&2; }
free_port() { # a port that nobody listens on
    local p
    while p=$((20000 + RANDOM)); do
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null; then echo "$p" && return; fi
    done
}
value() { sed -n "s/.*\b$1=\([0-9.]*\).*/\1/p" <<<"$2"; } # NAME LINE
calc() { awk "BEGIN { printf \"$1\", $2 }"; }             # FORMAT EXPRESSION
memory() { awk '/^Pss:/ { s += $2 } END { printf "%.0f", s / 1024 }' "/proc/$1/smaps_rollup"; } # MiB of the process
children() { tr ' ' '\n' <"/proc/$1/task/$1/children" | grep . || true; }
memory_all() { # with the sandboxed workers
    local sum p
    sum=$(memory "$1")
    for p in $(children "$1"); do sum=$((sum + $(memory "$p"))); done
    echo "$sum"
}
processes() { echo "$1$(children "$1" | sed 's/^/,/' | tr -d '\n')"; }

ROWS=()
SHORT=0
row() { # WORK FIGURE GOAL verdict(0|1|-) CPU P50 P99
    local mark=''
    case $4 in 0) mark='short' && SHORT=$((SHORT + 1)) ;; 1) mark='ok' ;; esac
    ROWS+=("$1|$2|$3|$mark|$5|$6|$7")
}
at_least() { calc '%d' "($1) >= ($2)"; }
at_most() { calc '%d' "($1) <= ($2)"; }

# ---- the world, and the start

say 'a demo world'
"$LILONG" demo --data "$DIR/data" >"$DIR/demo.log" 2>&1 || { cat "$DIR/demo.log" >&2; exit 1; }
PORT=$(free_port)
serve() { # PATH of the first answer
    "$LOAD" start "$PORT" "$1" -- "$LILONG" serve --data "$DIR/data" --listen "127.0.0.1:$PORT" --http.limits_percent=0 --log.level=warn 2>"$DIR/serve.log"
}
stop() {
    kill "$SERVER"
    while kill -0 "$SERVER" 2>/dev/null; do sleep 0.05; done
    SERVER=''
}
starts=()
for _ in 1 2 3; do
    say 'start'
    line=$(serve "/p/$PLACE/report")
    SERVER=$(value pid "$line")
    starts+=("$(value ms "$line")")
    sleep 0.3
    idle=$(memory_all "$SERVER")
    if [ ${#starts[@]} -lt 3 ]; then stop; fi
done
start=$(printf '%s\n' "${starts[@]}" | sort -n | sed -n 2p)
PIDS=$(processes "$SERVER")

# ---- /healthz against nginx

NGINX_PORT=$(free_port)
cat >"$DIR/nginx.conf" <<END
daemon off; worker_processes auto; pid $DIR/nginx.pid; error_log $DIR/nginx.log;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; client_body_temp_path $DIR; proxy_temp_path $DIR; fastcgi_temp_path $DIR; uwsgi_temp_path $DIR; scgi_temp_path $DIR;
  server { listen 127.0.0.1:$NGINX_PORT; location / { default_type text/plain; return 200 "ok\n"; } } }
END
nginx=$(command -v nginx || echo /usr/sbin/nginx)
"$nginx" -c "$DIR/nginx.conf" -e "$DIR/nginx.log" 2>/dev/null &
NGINX=$!
sleep 0.5
per_second() { # URL
    wrk -t1 -c$CONNECTIONS -d2s "$1" | awk '/Requests\/sec/ { print $2 } /Non-2xx|Socket errors/ { print "errors: " $0 > "/dev/stderr" }'
}
ratios=() ours=() theirs=()
wrk -t1 -c$CONNECTIONS -d1s "http://127.0.0.1:$PORT/healthz" >/dev/null
wrk -t1 -c$CONNECTIONS -d1s "http://127.0.0.1:$NGINX_PORT/" >/dev/null
for i in 1 2 3 4 5; do
    say "/healthz and nginx, pair $i of 5"
    a=$(per_second "http://127.0.0.1:$PORT/healthz")
    b=$(per_second "http://127.0.0.1:$NGINX_PORT/")
    ours+=("$a") theirs+=("$b") ratios+=("$(calc '%.3f' "$a / $b")")
done
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
healthz=$(median "${ours[@]}") nginx_rate=$(median "${theirs[@]}") ratio=$(median "${ratios[@]}")
line=$("$LOAD" get "$PORT" /healthz -c $CONNECTIONS -t 2 -p "$PIDS")
row "/healthz ÷ nginx \`return 200\` ($(calc '%.0f' "$healthz") ÷ $(calc '%.0f' "$nginx_rate"))" "$ratio" '≥ 0.8' "$(at_least "$ratio" 0.8)" \
    "$(value cpu_us "$line")" "$(value p50_us "$line")" "$(value p99_us "$line")"
kill "$NGINX" && wait "$NGINX" 2>/dev/null || true
NGINX=''

# ---- pages

say 'some reports to list'
"$LOAD" report "$PORT" $PLACE -c 8 -n 100 -t 20 -a verified >/dev/null
measure_page() { # NAME PATH GOAL
    local line rate half
    say "$1"
    "$LOAD" get "$PORT" "$2" -c $CONNECTIONS -t 1 -a verified >/dev/null
    line=$("$LOAD" get "$PORT" "$2" -c $CONNECTIONS -t "$SECONDS_EACH" -a verified -p "$PIDS")
    rate=$(value rate "$line") PAGE_CPU=$(value cpu_us "$line")
    row "$1, $(calc '%.1f' "$(value bytes "$line") / 1024") KiB" "$rate/s" "$3" "$([ -z "$3" ] && echo - || at_least "$rate" "$(tr -dc 0-9 <<<"$3")")" \
        "$PAGE_CPU" "$(value p50_us "$line")" "$(value p99_us "$line")"
    half=$("$LOAD" get "$PORT" "$2" -c $CONNECTIONS -t "$SECONDS_EACH" -r $((rate / 2)) -a verified -p "$PIDS")
    row "  p99 at half of that" "$(calc '%.1f' "$(value p99_us "$half") / 1000") ms" '≤ 5 ms' "$(at_most "$(value p99_us "$half")" 5000)" \
        "$(value cpu_us "$half")" "$(value p50_us "$half")" "$(value p99_us "$half")"
}
measure_page 'report list, HTML, a resident signed in' "/p/$PLACE/report" '≥ 12000/s'
query=$("$QUERY" "$DIR/data/lilong.db" $PLACE 1)
times=$(calc '%.2f' "$PAGE_CPU / $(value query_us "$query")")
row "  its CPU ÷ its bare SQLite query ($(value query_us "$query") µs)" "$times" '≤ 2' "$(at_most "$times" 2)" '' '' ''
report=$(curl -sS "http://127.0.0.1:$PORT/p/$PLACE/report" | grep -o "/p/$PLACE/report/[0-9]\{6,\}" | tail -1)
measure_page 'one report, HTML, a resident signed in' "$report" ''

# ---- writes

counter() { curl -sS "http://127.0.0.1:$PORT/metrics" | awk -v n="$1" '$1 == n { print $2 }'; }
say 'new reports'
before=$(counter lilong_writer_commits_total) jobs_before=$(counter lilong_writer_jobs_total)
line=$("$LOAD" report "$PORT" $PLACE -c $CONNECTIONS -t "$SECONDS_EACH" -a verified -p "$PIDS")
after=$(counter lilong_writer_commits_total) jobs_after=$(counter lilong_writer_jobs_total)
busy=$(memory_all "$SERVER")
rate=$(value rate "$line")
row "new report (draft, then sent: 2 durable writes)" "$rate/s" '≥ 10000/s' "$(at_least "$rate" 10000)" "$(value cpu_us "$line")" \
    "$(value p50_us "$line")" "$(value p99_us "$line")"
if [ -n "$before" ] && [ -n "$jobs_before" ]; then
    share=$(calc '%.3f' "($after - $before) / ($jobs_after - $jobs_before)")
    row '  commits (fsync) for one acknowledged write' "$share" '≤ 0.1' "$(at_most "$share" 0.1)" '' '' ''
fi
line=$("$LOAD" report "$PORT" $PLACE -c $CONNECTIONS -t "$SECONDS_EACH" -r $((rate / 2)) -a verified -p "$PIDS")
row "  p99 at half of that" "$(calc '%.1f' "$(value p99_us "$line") / 1000") ms" '≤ 15 ms' "$(at_most "$(value p99_us "$line")" 15000)" \
    "$(value cpu_us "$line")" "$(value p50_us "$line")" "$(value p99_us "$line")"
line=$("$LOAD" report "$PORT" $PLACE -c 1 -t 1 -a verified -p "$PIDS")
row '  one lonely writer' "$(value rate "$line")/s" '' - "$(value cpu_us "$line")" "$(value p50_us "$line")" "$(value p99_us "$line")"

# ---- the process

row 'start to the first page' "$(calc '%.0f' "$start") ms" '≤ 200 ms' "$(at_most "$start" 200)" '' '' ''
row 'memory, idle' "$idle MiB" '≤ 30 MiB' "$(at_most "$idle" 30)" '' '' ''
row 'memory, after the load' "$busy MiB" '≤ 256 MiB' "$(at_most "$busy" 256)" '' '' ''
stop
say 'verify'
if "$LILONG" verify --data "$DIR/data" >"$DIR/verify.log" 2>&1; then verified=1; else verified=0; fi
row 'lilong verify after all of it' "$([ $verified = 1 ] && echo whole || echo broken)" whole $verified '' '' ''
say ''

# ---- the table

ROWS=('work|figure|goal||CPU µs|p50 µs|p99 µs' "${ROWS[@]}")
widths=(0 0 0 0 0 0 0)
for r in "${ROWS[@]}"; do
    IFS='|' read -r -a cells <<<"$r"
    for i in "${!cells[@]}"; do if [ ${#cells[i]} -gt "${widths[i]}" ]; then widths[i]=${#cells[i]}; fi; done
done
for r in "${ROWS[@]}"; do
    IFS='|' read -r -a cells <<<"$r"
    line=''
    for i in 0 1 2 3 4 5 6; do
        cell=${cells[i]:-}
        pad=$(printf '%*s' $((widths[i] - ${#cell})) '')
        case $i in 0 | 3) line+="$cell$pad  " ;; *) line+="$pad$cell  " ;; esac
    done
    echo "${line%"${line##*[! ]}"}"
    if [ "$r" = "${ROWS[0]}" ]; then echo "${line//?/-}"; fi
done
echo
echo "demo world, $CONNECTIONS connections, $(nproc) cores, everything on this machine; $SHORT short of the goal"
[ $verified = 1 ]
