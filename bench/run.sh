#!/bin/bash
# run.sh: what ./dev bench does: measures this binary and prints one table against the figures that the project builds towards.
#
#   ./dev bench                 on a demo world of its own, with PostgreSQL
#   ./dev bench --quick         short, without PostgreSQL
#   ./dev bench --data DIR      on a copy of that world (made by `lilong generate`); --place CODE: the community that is asked
#   --long (three times as long), --keep (the folder stays)
#
# Everything runs on this machine: server, load generator, nginx, bare SQLite, bare PostgreSQL. Ratios of one run say more than its numbers.
set -euo pipefail
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.."
export LC_ALL=C.UTF-8 TZ=Asia/Shanghai
PLACE=310113007011
CONNECTIONS=64
SECONDS_EACH=4 PAIRS=5
KEEP='' QUICK='' DATA=''
while [ $# -gt 0 ]; do
    case $1 in
    --quick) QUICK=1 SECONDS_EACH=2 PAIRS=3 ;;
    --long) SECONDS_EACH=12 ;;
    --keep) KEEP=1 ;;
    --data) DATA=${2:?} && shift ;;
    --place) PLACE=${2:?} && shift ;;
    *) echo "bench: what is $1?" >&2 && exit 64 ;;
    esac
    shift
done

LILONG=$PWD/build/lilong
LOAD=$PWD/build/load
QUERY=$PWD/build/query
nice -n 5 ninja -C build load query db_bench >/dev/null
DIR=$(mktemp -d "${TMPDIR:-/tmp}/lilong-bench-XXXXXX")
SERVER='' NGINX='' POSTGRES=''
clean() {
    [ -z "$SERVER" ] || kill "$SERVER" 2>/dev/null || true
    [ -z "$NGINX" ] || kill "$NGINX" 2>/dev/null || true
    [ -z "$POSTGRES" ] || tests/support/postgres.sh stop >/dev/null 2>&1 || true
    if [ -n "$KEEP" ]; then echo "kept: $DIR" >&2; else sleep 0.3 && rm -rf "$DIR"; fi
}
trap clean EXIT
cc -shared -fPIC -O2 -x c -o "$DIR/syncs.so" bench/syncs_preload.h -ldl

say() { printf '\r\033[K%s' "$*" >&2; }
free_port() { # a port that nobody listens on
    local p
    while p=$((20000 + RANDOM % 12000)); do
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null; then echo "$p" && return; fi
    done
}
value() { sed -n "s/.*\b$1=\([0-9.]*\).*/\1/p" <<<"$2"; } # NAME LINE
calc() { awk "BEGIN { printf \"$1\", ($2) }"; }           # FORMAT EXPRESSION
memory() { awk '/^Pss:/ { s += $2 } END { printf "%.0f", s / 1024 }' "/proc/$1/smaps_rollup"; } # MiB of the process
children() { tr ' ' '\n' <"/proc/$1/task/$1/children" | grep . || true; }
memory_all() { # with the sandboxed workers
    local sum p
    sum=$(memory "$1")
    for p in $(children "$1"); do sum=$((sum + $(memory "$p"))); done
    echo "$sum"
}
processes() { echo "$1$(children "$1" | sed 's/^/,/' | tr -d '\n')"; }
syncs() { od -An -tu8 -N8 "$DIR/syncs" | tr -d ' '; }
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
at_least() { calc '%d' "($1) >= ($2)"; }
at_most() { calc '%d' "($1) <= ($2)"; }

ROWS=()
SHORT=()
row() { # WORK FIGURE GOAL verdict(0|1|-) RATIO load's-line [SYNCS]
    local mark='' mem=''
    case $4 in 0) mark='short' && SHORT+=("$1: $2, goal $3") ;; 1) mark='ok' ;; esac
    if [ -n "${6:-}" ] && [ -n "$SERVER" ]; then mem=$(memory_all "$SERVER"); fi
    ROWS+=("$1|$2|$3|$mark|$5|$(value cpu_us "${6:-}")|$(value p50_us "${6:-}")|$(value p99_us "${6:-}")|$(value max_us "${6:-}")|${7:-}|$mem")
}

# ---- the world, and the start

say 'a world'
if [ -n "$DATA" ]; then
    cp -a "$DATA" "$DIR/data"
    rm -f "$DIR/data"/*.lock
else
    "$LILONG" demo --data "$DIR/data" >"$DIR/demo.log" 2>&1 || { cat "$DIR/demo.log" >&2; exit 1; }
fi
PORT=$(free_port)
serve() { # PATH of the first answer, serve's options
    local path=$1
    shift
    LILONG_SYNCS=$DIR/syncs LD_PRELOAD=$DIR/syncs.so "$LOAD" start "$PORT" "$path" -- \
        "$LILONG" serve --data "$DIR/data" --listen "127.0.0.1:$PORT" --http.limits_percent=0 --log.level=warn "$@" 2>"$DIR/serve.log"
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
start=$(median "${starts[@]}")
PIDS=$(processes "$SERVER")

# ---- /healthz against nginx: in pairs, so that both meet the same weather

NGINX_PORT=$(free_port)
cat >"$DIR/nginx.conf" <<END2
daemon off; worker_processes auto; pid $DIR/nginx.pid; error_log $DIR/nginx.log;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; client_body_temp_path $DIR; proxy_temp_path $DIR; fastcgi_temp_path $DIR; uwsgi_temp_path $DIR; scgi_temp_path $DIR;
  server { listen 127.0.0.1:$NGINX_PORT; location / { default_type text/plain; return 200 "ok\n"; } } }
END2
nginx=$(command -v nginx || echo /usr/sbin/nginx)
"$nginx" -c "$DIR/nginx.conf" -e "$DIR/nginx.log" 2>/dev/null &
NGINX=$!
sleep 0.5
ratios=() ours=() theirs=()
get() { "$LOAD" get "$@" -c $CONNECTIONS; }
get "$PORT" /healthz -t 0.5 >/dev/null && get "$NGINX_PORT" / -t 0.5 >/dev/null
for i in $(seq $PAIRS); do
    say "/healthz and nginx, pair $i of $PAIRS"
    line=$(get "$PORT" /healthz -t 1.5 -p "$PIDS")
    other=$(get "$NGINX_PORT" / -t 1.5)
    ours+=("$(value rate "$line")") theirs+=("$(value rate "$other")")
    ratios+=("$(calc '%.2f' "$(value rate "$line") / $(value rate "$other")")")
done
healthz=$(median "${ours[@]}") nginx_rate=$(median "${theirs[@]}") ratio=$(median "${ratios[@]}")
row '/healthz' "$healthz/s" '≥ 0.8 nginx' "$(at_least "$ratio" 0.8)" "$ratio nginx ($nginx_rate/s)" "$line"
kill "$NGINX" && wait "$NGINX" 2>/dev/null || true
NGINX=''

# ---- pages

say 'some reports to list'
"$LOAD" report "$PORT" "$PLACE" -c 8 -n 100 -t 20 -a verified >/dev/null
measure_page() { # NAME PATH GOAL RATIO-AGAINST(µs, what) — sets PAGE_CPU, PAGE_RATE
    local line half
    say "$1"
    get "$PORT" "$2" -t 1 -a verified >/dev/null
    line=$(get "$PORT" "$2" -t "$SECONDS_EACH" -a verified -p "$PIDS")
    PAGE_RATE=$(value rate "$line") PAGE_CPU=$(value cpu_us "$line")
    row "$1, $(calc '%.1f' "$(value bytes "$line") / 1024") KiB" "$PAGE_RATE/s" "${3:+≥ $3/s}" "$([ -z "$3" ] && echo - || at_least "$PAGE_RATE" "$3")" \
        "${4:+$(calc '%.2f' "$PAGE_CPU / ${4:-1}") × ${5:-}}" "$line"
    half=$(get "$PORT" "$2" -t "$SECONDS_EACH" -r $((PAGE_RATE / 2 > 0 ? PAGE_RATE / 2 : 1)) -a verified -p "$PIDS")
    row '  at half load' "p99 $(calc '%.1f' "$(value p99_us "$half") / 1000") ms" 'p99 ≤ 5 ms' "$(at_most "$(value p99_us "$half")" 5000)" '' "$half"
}
query=$(value query_us "$("$QUERY" "$DIR/data/lilong.db" "$PLACE" 1)")
measure_page 'report list, signed in' "/p/$PLACE/report" 12000 "$query" "the bare query of its rows ($query µs)"
times=$(calc '%.2f' "$PAGE_CPU / $query")
row '  its CPU ÷ its bare SQLite query' "$times" '≤ 2' "$(at_most "$times" 2)" '' ''
report=$(curl -sS "http://127.0.0.1:$PORT/p/$PLACE/report" | grep -o "/p/$PLACE/report/[0-9]\{6,\}" | tail -1)
measure_page 'one report, signed in' "$report" ''
measure_page 'home, signed in' "/p/$PLACE" ''
# A board of each kind beside that of the reports, where the world has it: the same goal, for all of them are board pages.
while read -r name path; do
    say "$name"
    get "$PORT" "/p/$PLACE/$path" -t 1 -a verified >/dev/null 2>&1 || continue
    line=$(get "$PORT" "/p/$PLACE/$path" -t "$SECONDS_EACH" -a verified -p "$PIDS")
    row "$name, $(calc '%.1f' "$(value bytes "$line") / 1024") KiB" "$(value rate "$line")/s" '≥ 12000/s' "$(at_least "$(value rate "$line")" 12000)" '' "$line"
done <<'END2'
talk talk/neighbour_talk
bulletin bulletin/announcement
guide guide/guide
exchange exchange/mutual_help
activity activity/activity
service service/community_service
inquiry inquiry/police_line
END2

# ---- writes

say 'bare SQLite: one row a write, 64 waiting'
bare=$(TMPDIR=$DIR build/db_bench 1 2>/dev/null | sed -n 's/^write, *64 waiting: *\([0-9]*\) jobs.*/\1/p')
counter() { curl -sS "http://127.0.0.1:$PORT/metrics" | awk -v n="$1" '$1 == n { print $2 }'; }
say 'new reports'
before=$(syncs) jobs_before=$(counter lilong_writer_jobs_total)
line=$("$LOAD" report "$PORT" "$PLACE" -c $CONNECTIONS -t "$SECONDS_EACH" -a verified -p "$PIDS")
after=$(syncs) jobs_after=$(counter lilong_writer_jobs_total)
rate=$(value rate "$line")
share=$(calc '%.3f' "($after - $before) / ($jobs_after - $jobs_before)")
row 'new report (draft, then sent: 2 writes)' "$rate/s" '≥ 10000/s' "$(at_least "$rate" 10000)" \
    "$(calc '%.2f' "2 * $rate / ${bare:-1}") of one-row writes ($bare/s)" "$line" "$share"
row '  fsyncs for one acknowledged write' "$share" '≤ 0.1' "$(at_most "$share" 0.1)" '' ''
line=$("$LOAD" report "$PORT" "$PLACE" -c $CONNECTIONS -t "$SECONDS_EACH" -r $((rate / 2 > 0 ? rate / 2 : 1)) -a verified -p "$PIDS")
row '  at half load' "p99 $(calc '%.1f' "$(value p99_us "$line") / 1000") ms" 'p99 ≤ 15 ms' "$(at_most "$(value p99_us "$line")" 15000)" '' "$line"
line=$("$LOAD" report "$PORT" "$PLACE" -c 1 -t 1 -a verified -p "$PIDS")
row '  one lonely writer' "$(value rate "$line")/s" '' - '' "$line"

# ---- the process

busy=$(memory_all "$SERVER")
row 'start to the first page' "$(calc '%.0f' "$start") ms" '≤ 200 ms' "$(at_most "$start" 200)" '' ''
row 'memory, idle' "$idle MiB" '≤ 30 MiB' "$(at_most "$idle" 30)" '' ''
row 'memory, after the load' "$busy MiB" '≤ 256 MiB' "$(at_most "$busy" 256)" '' ''
stop
say 'verify'
if "$LILONG" verify --data "$DIR/data" >"$DIR/verify.log" 2>&1; then verified=1; else verified=0; fi
row 'lilong verify after all of it' "$([ $verified = 1 ] && echo whole || echo broken)" whole $verified '' ''

# ---- PostgreSQL

if [ -z "$QUICK" ] && [ -z "$DATA" ]; then
    say 'PostgreSQL: a world'
    eval "$(LILONG_TEST_POSTGRES_DURABLE=1 tests/support/postgres.sh start)"
    POSTGRES=1
    name=bench_$$
    url=${LILONG_TEST_POSTGRES_URL/\/postgres?/\/$name?}
    psql -q "$LILONG_TEST_POSTGRES_URL" -c "CREATE DATABASE $name"
    rm -rf "$DIR/data"
    "$LILONG" demo --data "$DIR/data" --database "$url" >"$DIR/demo.log" 2>&1 || { cat "$DIR/demo.log" >&2; exit 1; }
    line=$(serve "/p/$PLACE/report" --database "$url")
    SERVER=$(value pid "$line")
    PIDS=$(processes "$SERVER")
    "$LOAD" report "$PORT" "$PLACE" -c 8 -n 100 -t 30 -a verified >/dev/null
    say 'PostgreSQL: pages'
    line=$(get "$PORT" "/p/$PLACE/report" -t "$SECONDS_EACH" -a verified -p "$PIDS")
    rate=$(value rate "$line")
    cat >"$DIR/page.sql" <<END2
SELECT report.*, person.shown_name, organisation.name FROM report LEFT JOIN person ON person.id = report.author
LEFT JOIN organisation ON organisation.id = report.lead_handler
WHERE report.community = $PLACE AND report.hidden = 0 AND report.state NOT IN ('merged', 'voided') ORDER BY report.id DESC LIMIT 21;
END2
    pgbench=$(command -v pgbench || ls /usr/lib/postgresql/*/bin/pgbench | tail -1)
    bare=$("$pgbench" -n -M prepared -c 16 -j 1 -T "$SECONDS_EACH" -f "$DIR/page.sql" "$url" 2>/dev/null | sed -n 's/^tps = \([0-9]*\).*/\1/p')
    row 'PostgreSQL: report list, signed in' "$rate/s" '≥ 4000/s' "$(at_least "$rate" 4000)" "$(calc '%.2f' "$rate / ${bare:-1}") of its bare query ($bare/s)" "$line"
    say 'PostgreSQL: new reports'
    line=$("$LOAD" report "$PORT" "$PLACE" -c $CONNECTIONS -t "$SECONDS_EACH" -a verified -p "$PIDS")
    rate=$(value rate "$line")
    row 'PostgreSQL: new report (2 writes)' "$rate/s" '≥ 3000/s' "$(at_least "$rate" 3000)" '' "$line"
    stop
fi
say ''

# ---- the table

ROWS=('work|figure|goal||ratio in this run|CPU µs|p50 µs|p99 µs|max µs|fsync/write|MiB' "${ROWS[@]}")
widths=(0 0 0 0 0 0 0 0 0 0 0)
for r in "${ROWS[@]}"; do
    IFS='|' read -r -a cells <<<"$r"
    for i in "${!cells[@]}"; do if [ ${#cells[i]} -gt "${widths[i]}" ]; then widths[i]=${#cells[i]}; fi; done
done
for r in "${ROWS[@]}"; do
    IFS='|' read -r -a cells <<<"$r"
    line=''
    for i in "${!widths[@]}"; do
        cell=${cells[i]:-}
        pad=$(printf '%*s' $((widths[i] - ${#cell})) '')
        case $i in 0 | 3 | 4) line+="$cell$pad  " ;; *) line+="$pad$cell  " ;; esac
    done
    echo "${line%"${line##*[! ]}"}"
    if [ "$r" = "${ROWS[0]}" ]; then echo "${line//?/-}"; fi
done
echo
echo "$([ -n "$DATA" ] && echo "$(basename "$DATA"), $(du -sh "$DIR/data" | cut -f1)" || echo 'demo world'), $CONNECTIONS connections, $(nproc) cores, everything on this machine;" \
    "load average $(cut -d' ' -f1-3 /proc/loadavg); closed loop unless it says half load"
if [ ${#SHORT[@]} -gt 0 ]; then printf 'short of the goal: %s\n' "${SHORT[@]}"; else echo 'all goals are reached'; fi
[ $verified = 1 ]
