#!/bin/bash
# How many instructions the optimised program needs for one request of each kind, against those that stand in baseline.txt. Counted by callgrind, so it does not
# depend on the machine's mood. More than 25 % more fails; what became cheaper for good is written down anew.
#
#   tests/speed/run.sh            compares
#   tests/speed/run.sh --update   writes baseline.txt anew
set -uo pipefail
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../.."
export LC_ALL=C.UTF-8 TZ=Asia/Shanghai
PLACE=310113007011
BASELINE=tests/speed/baseline.txt
if ! command -v valgrind >/dev/null; then
    echo "speed: skipped, valgrind is not installed"
    echo "0 passed, 0 failed"
    exit 0
fi
# The sanitizers' build says nothing about speed: this suite has its own.
./dev build >/dev/null 2>&1 && ninja -C build load >/dev/null || { echo "the optimised program does not build"; echo "0 passed, 1 failed"; exit 1; }

DIR=$(mktemp -d "${TMPDIR:-/tmp}/lilong-speed-XXXXXX")
SERVER=''
clean() {
    if [ -n "$SERVER" ]; then kill "$SERVER" 2>/dev/null; wait "$SERVER" 2>/dev/null; fi
    rm -rf "$DIR"
}
trap clean EXIT
give_up() {
    echo "speed: $1"
    tail -5 "$DIR"/*.log 2>/dev/null
    echo "0 passed, 1 failed"
    exit 1
}

build/lilong demo --data "$DIR/data" >"$DIR/demo.log" 2>&1 || give_up 'the demo world cannot be made'
PORT=0
while [ $PORT = 0 ]; do
    PORT=$((20000 + RANDOM % 12000))
    if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then PORT=0; fi
done
valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file="$DIR/count" build/lilong serve --data "$DIR/data" --listen "127.0.0.1:$PORT" \
    --http.limits_percent=0 --log.level=warn >"$DIR/serve.log" 2>&1 &
SERVER=$!
for _ in $(seq 300); do
    kill -0 "$SERVER" 2>/dev/null || give_up 'the server ended'
    if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then break; fi
    sleep 0.2
done
cat >"$DIR/switch" <<SWITCH
#!/bin/sh
callgrind_control -i \$1 $SERVER >/dev/null 2>&1 || exit 1
if [ \$1 = off ]; then callgrind_control -d $SERVER >/dev/null 2>&1; fi
SWITCH
chmod +x "$DIR/switch"

count() { # NAME REQUESTS load's arguments...: instructions of one request
    local name=$1 n=$2 before sum
    shift 2
    build/load "$@" -c 1 -t 120 -n 10 >/dev/null 2>"$DIR/$name.log" || give_up "$name: $(cat "$DIR/$name.log")" # caches and statements are warm
    before=$(find "$DIR" -name 'count.*' | wc -l)
    build/load "$@" -c 1 -t 120 -n "$n" -x "$DIR/switch" >/dev/null 2>"$DIR/$name.log" || give_up "$name: $(cat "$DIR/$name.log")"
    for _ in $(seq 50); do
        if [ "$(find "$DIR" -name 'count.*' | wc -l)" -gt "$before" ]; then break; fi
        sleep 0.1
    done
    sum=$(find "$DIR" -name 'count.*' -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2 | xargs awk '/^(totals|summary):/ { n = $2 } END { print n + 0 }')
    echo $((sum / n))
}

report=$(curl -sS "http://127.0.0.1:$PORT/p/$PLACE/report" | grep -o "/p/$PLACE/report/[0-9]\{6,\}" | sed -n 3p)
[ -n "$report" ] || give_up 'the list shows no report'
declare -A NOW
NOW[healthz]=$(count healthz 200 get "$PORT" /healthz)
NOW[report_list]=$(count report_list 25 get "$PORT" "/p/$PLACE/report" -a verified)
NOW[report_page]=$(count report_page 25 get "$PORT" "$report" -a verified)
NOW[home]=$(count home 25 get "$PORT" "/p/$PLACE" -a verified)
# So many that the merging of the index of words, which comes now and then, is in them in its proportion.
NOW[new_report]=$(count new_report 100 report "$PORT" $PLACE -a verified)

passed=0 failed=0
[ "${1:-}" != --update ] || echo '# instructions of one request: name, count. tests/speed/run.sh --update writes this' >$BASELINE
for name in healthz report_list report_page home new_report; do
    now=${NOW[$name]}
    if [ "${1:-}" = --update ]; then
        echo "$name $now" | tee -a $BASELINE
        continue
    fi
    old=$(awk -v n="$name" '$1 == n { print $2 }' $BASELINE)
    if [ "$now" -gt 1000 ] && [ -n "$old" ] && [ $((now * 100)) -le $((old * 125)) ]; then
        echo "ok    $name: $now instructions, $((now * 100 / old)) % of the baseline"
        passed=$((passed + 1))
    else
        echo "MORE  $name: $now instructions; the baseline is ${old:-missing}. When that is meant: tests/speed/run.sh --update"
        failed=$((failed + 1))
    fi
done
[ "${1:-}" != --update ] || exit 0
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
