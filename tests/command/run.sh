#!/bin/bash
# run.sh: the commands that operators' scripts rely on, with a real binary, real folders and a real server.
set -u
cd "$(dirname "$0")/../.."
lilong=${LILONG_BINARY:-$PWD/build/lilong}
work=$(mktemp -d "${TMPDIR:-/tmp}/lilong-command-XXXXXX")
server=
passed=0 failed=0
export ASAN_OPTIONS=${ASAN_OPTIONS:-abort_on_error=0}

cleanup() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; fi
    rm -rf "$work"
}
trap cleanup EXIT

# check WORDS COMMAND...: does it succeed?
check() {
    local what=$1
    shift
    if "$@" >"$work/check" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $what"
        head -5 "$work/check"
    fi
}
# ends STATUS ARGUMENTS...: how `lilong ARGUMENTS` ends; what it says is in $work/out and $work/err.
ends() {
    local want=$1 code=0
    shift
    "$lilong" "$@" >"$work/out" 2>"$work/err" || code=$?
    if [ "$code" != "$want" ]; then cat "$work/out" "$work/err"; echo "lilong $*: ended with $code, not $want"; return 1; fi
}
says() { cat "$work/out" "$work/err" | grep -q -e "$1"; }
sql() { sqlite3 "$1" "$2"; }
# serve FOLDER: starts a server on a free port; sets $server and $url.
serve() {
    "$lilong" serve --data "$1" --listen 127.0.0.1:0 >"$work/serve" 2>"$work/serve.err" &
    server=$!
    for _ in $(seq 200); do
        url=$(grep -m1 -o 'http://[0-9.:]*' "$work/serve") && return
        sleep 0.05
    done
    echo "no server"; cat "$work/serve.err"
    return 1
}
stop() { kill "$server"; wait "$server" 2>/dev/null; server=; }

# ---- init

data=$work/real
check 'init makes an installation' ends 0 init --data "$data"
cp "$work/out" "$work/init.out"
check 'the folder is ours alone' test "$(stat -c %a "$data")" = 700
check 'the keys too' test "$(stat -c %a "$data/secret.key")" = 600
check 'the database too' test "$(stat -c %a "$data/lilong.db")" = 600
check 'the tree is whole' test "$(sql "$data/lilong.db" 'SELECT group_concat(n) FROM (SELECT COUNT(*) AS n FROM place GROUP BY level ORDER BY level)')" = 1,16,234,6509
check 'there is nobody in it' test "$(sql "$data/lilong.db" 'SELECT COUNT(*) FROM person')" = 0
code=$(grep -oE '[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}' "$work/init.out")
check 'a code is printed' test -n "$code"
check 'the code is not stored' test "$(grep -c "$(echo "$code" | tr -d -)" "$data/lilong.db")" = 0
check 'twice is refused' ends 73 init --data "$data"
check 'and says why' says 'holds an installation already'
mkdir "$work/full"; touch "$work/full/letter.txt"
check 'a folder with something in it is refused' ends 73 init --data "$work/full"
check 'and nothing was put into it' test "$(ls "$work/full")" = letter.txt
cp -r "$data" "$work/half"; touch "$work/half/UNFINISHED"
check 'an interrupted one is not made again' ends 73 init --data "$work/half"
check 'and says what to do' says 'rm -r'
check 'an interrupted one is not served' ends 66 serve --data "$work/half"
check 'verify is content' ends 0 verify --data "$data"
check 'no folder is named' ends 64 init
check 'nothing there' ends 66 verify --data "$work/nowhere"

# ---- the first administrator

jar=$work/jar
# first CODE LOGIN: sends the form as a browser does; prints the status.
first() {
    local page csrf key
    page=$(curl -s -b "$jar" -c "$jar" "$url/first")
    csrf=$(echo "$page" | grep -o 'name="_csrf" value="[^"]*"' | head -1 | sed 's/.*value="//;s/"$//')
    key=$(echo "$page" | grep -o 'name="_key" value="[^"]*"' | head -1 | sed 's/.*value="//;s/"$//')
    curl -s -o "$work/answer" -w '%{http_code}' -b "$jar" -c "$jar" -H 'Accept: text/html' --data-urlencode "_csrf=$csrf" --data-urlencode "_key=$key" \
        --data-urlencode "code=$1" --data-urlencode 'name=张三' --data-urlencode "login=$2" --data-urlencode 'password=Kranich-im-Regen-7' \
        --data-urlencode 'again=Kranich-im-Regen-7' "$url/first"
}
check 'the server starts' serve "$data"
check 'a wrong code is refused' test "$(first ZZZZ-ZZZZ-ZZZZ chef)" = 422
check 'a wrong login is refused' test "$(first "$code" 9)" = 422
check 'the code makes an administrator' test "$(first "$(echo "$code" | tr 'A-Z-' 'a-z ')" chef)" = 303
check 'then the page is gone' test "$(curl -s -o /dev/null -w '%{http_code}' "$url/first")" = 404
check 'with the role at the city' test "$(sql "$data/lilong.db" 'SELECT post.role || organisation.place FROM post JOIN organisation ON organisation.id = post.organisation')" = administrator310000000000
stop
check 'no second code once somebody is there' ends 73 init --data "$data" --new-code

# ---- demo

demo=$work/demo
check 'demo makes a world' ends 0 demo --data "$demo"
check 'and says who is who' says '宋奕奕'
check 'it is marked' test -f "$demo/DEMO"
check 'verify is content' ends 0 verify --data "$demo"
check 'forty reports at least' test "$(sql "$demo/lilong.db" 'SELECT COUNT(*) >= 40 FROM report')" = 1
check 'in every state' test "$(sql "$demo/lilong.db" 'SELECT COUNT(DISTINCT state) FROM report')" = 8
check 'the story has three handlers, one late' test "$(sql "$demo/lilong.db" "SELECT COUNT(*) || SUM(w.late) FROM report r JOIN work_order w ON w.community = r.community AND w.report = r.id WHERE r.title = '广场变菜园'")" = 31
# Whenever it is made: in the night, on a weekend, in the Spring Festival, on a swapped workday, in the first minutes of a day.
for at in 2026-02-18T03:00:00 2026-02-28T10:00:00 2026-10-05T14:00:00 2026-11-21T22:00:00 2026-11-23T09:01:00 2026-11-27T17:29:00; do
    check "a demo of $at" ends 0 demo --data "$work/at-$at" --at "$at+08:00"
    check "that is whole" ends 0 verify --data "$work/at-$at"
    rm -rf "$work/at-$at"
done

# ---- verify names the row

broken=$work/broken
cp -r "$demo" "$broken"
sql "$broken/lilong.db" "UPDATE ledger SET detail = replace(detail, '1', '2') WHERE community = 310113007011 AND seq = (SELECT MIN(seq) FROM ledger WHERE community = 310113007011 AND detail LIKE '%1%')"
seq=$(sql "$broken/lilong.db" "SELECT MIN(seq) FROM ledger WHERE community = 310113007011 AND detail LIKE '%2%' AND seq > 0")
check 'one byte of the ledger' ends 1 verify --data "$broken"
check 'and names the place' says 'place 310113007011, row [0-9]*: this row was changed'
rm -rf "$broken"; cp -r "$demo" "$broken"
sql "$broken/lilong.db" 'DELETE FROM ledger WHERE community = 310113007011 AND seq = 77'
check 'a removed row' ends 1 verify --data "$broken"
check 'is named' says 'row 77: this row was removed'
rm -rf "$broken"; cp -r "$demo" "$broken"
id=$(sql "$broken/lilong.db" "SELECT id FROM report WHERE title = '广场变菜园'")
sql "$broken/lilong.db" "UPDATE report SET joined = joined + 1 WHERE community = 310113007011 AND id = $id"
check 'a counter of a report' ends 1 verify --data "$broken"
check 'is named' says "report $id"
rm -rf "$broken"; cp -r "$demo" "$broken"
find "$broken/media" -name '*.jpg' ! -name '*thumb*' ! -name '*-*' | head -1 | xargs rm
check 'a missing picture' ends 1 verify --data "$broken"
check 'is named' says 'its file is missing'

# ---- backup under writes, restore

check 'the server starts' serve "$demo"
check 'a second server is refused' ends 69 serve --data "$demo" --listen 127.0.0.1:0
writes() { # sessions come and go: a write each
    while :; do
        for _ in 1 2 3 4 5 6 7 8; do curl -s -o /dev/null -c "$work/j1" "$url/demo"; done
        csrf=$(curl -s -b "$work/j1" -c "$work/j1" "$url/demo" | grep -o 'name="_csrf" value="[^"]*"' | head -1 | sed 's/.*value="//;s/"$//')
        person=$(sql "$demo/lilong.db" 'SELECT person FROM person_login LIMIT 1')
        curl -s -o /dev/null -b "$work/j1" -c "$work/j1" --data-urlencode "_csrf=$csrf" --data "person=$person" "$url/demo"
    done
}
writes &
writer=$!
check 'verify beside the server' ends 0 verify --data "$demo"
check 'a backup beside the server' ends 0 backup --data "$demo" --to "$work/b.tar"
echo 'four quiet cranes' >"$work/words"; echo 'other quiet cranes' >"$work/others"
check 'a sealed one' ends 0 backup --data "$demo" --to "$work/b.sealed" --passphrase-file "$work/words"
kill "$writer"; wait "$writer" 2>/dev/null
stop
check 'a backup is ours alone' test "$(stat -c %a "$work/b.tar")" = 600
check 'any tar reads it' tar tf "$work/b.tar"
check 'a backup overwrites nothing' ends 73 backup --data "$demo" --to "$work/b.tar"
check 'restored' ends 0 restore --data "$work/r1" --from "$work/b.tar"
check 'with all reports' test "$(sql "$work/r1/lilong.db" 'SELECT COUNT(*) FROM report')" = "$(sql "$demo/lilong.db" 'SELECT COUNT(*) FROM report')"
check 'with the keys' cmp "$work/r1/secret.key" "$demo/secret.key"
check 'not over something' ends 73 restore --data "$work/r1" --from "$work/b.tar"
check 'what was restored can be served' serve "$work/r1"
check 'and answers' curl -sf -o /dev/null "$url/p/310113007011"
stop
check 'sealed: not without its passphrase' ends 77 restore --data "$work/r2" --from "$work/b.sealed"
check 'sealed: not with another' ends 77 restore --data "$work/r2" --from "$work/b.sealed" --passphrase-file "$work/others"
check 'sealed: nothing was made' test ! -e "$work/r2"
check 'sealed: with it' ends 0 restore --data "$work/r2" --from "$work/b.sealed" --passphrase-file "$work/words"
check 'nobody reads a sealed one' test "$(grep -c 'SQLite format' "$work/b.sealed")" = 0
head -c 700000 "$work/b.tar" >"$work/cut.tar"
check 'a cut one is refused' ends 65 restore --data "$work/r3" --from "$work/cut.tar"
check 'and what came of it is not served' ends 66 serve --data "$work/r3"
for kind in tar sealed; do
    cp "$work/b.$kind" "$work/flip.$kind"
    printf '\x5a\xa5' | dd of="$work/flip.$kind" bs=1 seek=1000000 conv=notrunc 2>/dev/null
    check "two bytes of the $kind changed" ends 65 restore --data "$work/r-$kind" --from "$work/flip.$kind" --passphrase-file "$work/words"
done
printf 'no backup at all' >"$work/none"
check 'what is none is refused' ends 65 restore --data "$work/r4" --from "$work/none"

# ---- export

for what in reports figures ledger; do
    check "export of $what" ends 0 export --data "$demo" --what $what --place 310113000000
    check "as CSV" test "$(wc -l <"$work/out")" -gt 40
    for name in 周晓岚 宋奕奕 199000; do check "without $name" test "$(grep -c "$name" "$work/out")" = 0; done
    check "export of $what as JSON" ends 0 export --data "$demo" --what $what --place 310113000000 --format json
    check "that is JSON" node -e "process.exit(JSON.parse(require('fs').readFileSync('$work/out')).length > 40 ? 0 : 1)"
done
sql "$demo/lilong.db" "UPDATE report SET title = '=1+1' WHERE title = '广场变菜园'"
check 'no formula goes out' ends 0 export --data "$demo" --what reports --place 310113007011
check 'it is quoted' says "'=1+1"
check 'an unknown place' ends 66 export --data "$demo" --what reports --place 310113999999
check 'an unknown what' ends 64 export --data "$demo" --what people --place 310113007011

# ---- PostgreSQL

if [ -n "${LILONG_TEST_POSTGRES_URL:-}" ]; then
    name=lilong_command_$$
    case $LILONG_TEST_POSTGRES_URL in
    *\?*) pg="${LILONG_TEST_POSTGRES_URL%%\?*}"; query="?${LILONG_TEST_POSTGRES_URL#*\?}" ;;
    *) pg=$LILONG_TEST_POSTGRES_URL query= ;;
    esac
    pg="${pg%/*}/$name$query"
    psql -q -d "$LILONG_TEST_POSTGRES_URL" -c "CREATE DATABASE $name" >/dev/null
    check 'a demo on PostgreSQL' ends 0 demo --data "$work/pg" --database "$pg"
    check 'verify on PostgreSQL' ends 0 verify --data "$work/pg" --database "$pg"
    check 'a second installation in it is refused' ends 73 init --data "$work/pg2" --database "$pg"
    check 'backup says what to use' ends 0 backup --data "$work/pg" --database "$pg" --to "$work/pg.tar"
    check 'pg_dump' says pg_dump
    check 'export on PostgreSQL' ends 0 export --data "$work/pg" --database "$pg" --what reports --place 310113007011
    psql -q -d "$LILONG_TEST_POSTGRES_URL" -c "DROP DATABASE $name" >/dev/null
fi

# ---- every command explains itself

for command in serve init demo import verify backup restore export config version routes; do
    check "$command --help" ends 0 "$command" --help
    check "$command has its place in the man page" grep -q "^\.SS $command" packaging/lilong.1
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
