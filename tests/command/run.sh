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
    rm -f "$work/serve" # or the address of the one before is read
    "$lilong" serve --data "$@" --listen 127.0.0.1:0 >"$work/serve" 2>"$work/serve.err" &
    server=$!
    for _ in $(seq 200); do
        url=$(grep -m1 -o 'http://[0-9.:]*' "$work/serve" 2>/dev/null) && return
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
# What the administrator does next: password, second factor, and in.
field() { grep -o "name=\"$1\" value=\"[^\"]*\"" "$work/page" | head -1 | sed 's/.*value="//;s/"$//'; }
page() { curl -s -o "$work/page" -b "$jar" -c "$jar" "$url$1"; }
send() { # PATH FIELDS: prints the status
    curl -s -o "$work/answer" -w '%{http_code}' -b "$jar" -c "$jar" -H 'Accept: text/html' --data-urlencode "_csrf=$(field _csrf)" --data "$2" "$url$1"
}
one_time() { # SECRET IN BASE32: the six digits of now (RFC 6238)
    node -e 'const c = require("crypto"), signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        const bits = [...process.argv[1]].map((x) => signs.indexOf(x).toString(2).padStart(5, "0")).join("");
        const key = Buffer.from(bits.match(/.{8}/g).map((x) => parseInt(x, 2))), t = Buffer.alloc(8);
        t.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
        const h = c.createHmac("sha1", key).update(t).digest();
        console.log(String((h.readUInt32BE(h[19] & 15) & 0x7fffffff) % 1e6).padStart(6, "0"));' "$1"
}
page /sign-in/password
check 'a wrong password is refused' test "$(send /sign-in/password 'login=chef&password=Kranich-im-Regen-8')" = 422
check 'the right one leads on' test "$(send /sign-in/password 'login=chef&password=Kranich-im-Regen-7')" = 303
check 'not in yet' test "$(curl -s -o /dev/null -w '%{http_code}' -b "$jar" "$url/desk")" = 303
page /sign-in/setup
secret=$(grep -o '<p class="text"><b>[A-Z2-7 ]*' "$work/page" | sed 's/.*<b>//;s/ //g')
check 'the second factor is set up' test "$(send /sign-in/setup "code=$(one_time "$secret")")" = 200
check 'then the desk opens' test "$(curl -s -o /dev/null -w '%{http_code}' -b "$jar" "$url/desk")" = 200
check 'with the role at the city' test "$(sql "$data/lilong.db" 'SELECT post.role || organisation.place FROM post JOIN organisation ON organisation.id = post.organisation')" = administrator310000000000
stop
check 'no second code once somebody is there' ends 73 init --data "$data" --new-code

# ---- demo

without=$work/without
mkdir "$without"
cp "$lilong" "$without/lilong"
check 'without the program for PDF files no demo world is begun' test "$("$without/lilong" demo --data "$work/none" >"$work/says" 2>&1; echo $?)" = 69
check 'it says what is missing' grep -q "not there: $without/lilong-pdf" "$work/says"
check 'and leaves nothing' test ! -e "$work/none"

demo=$work/demo
check 'demo makes a world' ends 0 demo --data "$demo"
check 'and says what next' says 'lilong serve --data'
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

# ---- generate

year=$work/year
at=2026-11-20T00:00:00+08:00
"$lilong" generate --scale tiny --data "$year" --at $at >"$work/out" 2>&1 &
maker=$!
for _ in $(seq 400); do # killed when it has begun to live
    if [ "$(sqlite3 "file:$year/lilong.db?mode=ro" 'SELECT COUNT(*) > 10 FROM report' 2>/dev/null)" = 1 ]; then break; fi
    sleep 0.05
done
kill -9 $maker 2>/dev/null
wait $maker 2>/dev/null
check 'generate goes on where it was killed' ends 0 generate --scale tiny --data "$year" --at $at
check 'and has it whole' ends 0 verify --data "$year"
check 'once more changes nothing' ends 0 generate --scale tiny --data "$year" --at $at
check 'one uninterrupted' ends 0 generate --scale tiny --data "$work/year2" --at $at
sums="SELECT COUNT(*) || ',' || SUM(reported_at) || ',' || SUM(comments) || ',' || SUM(thumbs) || ',' || SUM(joined) FROM report"
check 'is the same' test "$(sql "$year/lilong.db" "$sums")" = "$(sql "$work/year2/lilong.db" "$sums")"
sums="SELECT COUNT(*) || ',' || SUM(created_at) || ',' || SUM(comments) || ',' || SUM(thumbs) FROM entry"
check 'with the same talk' test "$(sql "$year/lilong.db" "$sums")" = "$(sql "$work/year2/lilong.db" "$sums")"
sums="SELECT (SELECT COUNT(*) FROM bulletin_receipt) || ',' || (SELECT COUNT(*) || ',' || SUM(state = 'done') FROM exchange_turn) || ',' || (SELECT COUNT(*) || ',' || SUM(came_at) FROM activity_signup) || ',' || (SELECT COUNT(*) || ',' || SUM(state = 'came') FROM booking) || ',' || (SELECT SUM(useful) FROM guide_vote) || ',' || (SELECT COUNT(*) || ',' || SUM(rating) FROM inquiry) || ',' || (SELECT SUM(minutes) FROM hours)"
check 'with the same on all other boards' test "$(sql "$year/lilong.db" "$sums")" = "$(sql "$work/year2/lilong.db" "$sums")"
check 'and something on each of them' test "$(sql "$year/lilong.db" "SELECT MIN(n) > 5 FROM (SELECT COUNT(*) AS n FROM bulletin_receipt UNION ALL SELECT COUNT(*) FROM exchange_turn WHERE state = 'done' UNION ALL SELECT COUNT(*) FROM activity_signup WHERE state = 'came' UNION ALL SELECT COUNT(*) FROM booking WHERE state = 'came' UNION ALL SELECT COUNT(*) FROM guide_vote UNION ALL SELECT COUNT(*) FROM inquiry_message UNION ALL SELECT COUNT(*) FROM hours UNION ALL SELECT COUNT(*) FROM bulletin)")" = 1
check 'with as many events' test "$(sql "$year/lilong.db" 'SELECT COUNT(*) FROM ledger')" = "$(sql "$work/year2/lilong.db" 'SELECT COUNT(*) FROM ledger')"
check 'with no day left to add up and nobody left to tell' test "$(sql "$year/lilong.db" "SELECT (SELECT MAX(day) FROM counter_closed) || ',' || (SELECT COUNT(*) FROM bulletin_reach WHERE tell <> '')")" = $((($(date -d $at +%s) + 8 * 3600 - 600) / 86400 - 1)),0 # a day is added up ten minutes after its end
check 'another scale is unknown' ends 64 generate --scale huge --data "$work/year3"
check 'nothing is invented in a real installation' ends 73 generate --scale tiny --data "$data"

# ---- what a demo world shows on the console

# taps PERSON: does what the page of that link asks for; prints the status and where it leads.
taps() {
    local jar=$work/tap page csrf
    rm -f "$jar"
    page=$(curl -s -b "$jar" -c "$jar" "$url/demo?person=$1")
    test "$(echo "$page" | grep -o 'action="/demo"' | wc -l)" = 1 || return 1 # one button
    csrf=$(echo "$page" | grep -o 'name="_csrf" value="[^"]*"' | head -1 | sed 's/.*value="//;s/"$//')
    curl -s -o /dev/null -w '%{http_code} %{redirect_url}' -b "$jar" -c "$jar" --data-urlencode "_csrf=$csrf" --data "person=$1" "$url/demo"
}
check 'the demo world is served' serve "$demo"
# the words come after the address
for _ in $(seq 100); do grep -q 'until Ctrl-C' "$work/serve" && break; sleep 0.05; done
gate=$(grep -o "$url/q/[0-9A-Z]*" "$work/serve" | head -1)
check 'the address behind the code of the estate' test -n "$gate"
check 'leads to where the story plays' grep -q '海江路小区' <(curl -s -L "$gate")
check 'drawn in half blocks, its colours its own' test "$(grep -c $'^\033\\[97;40m[ ▀▄█]*\033\\[0m$' "$work/serve")" -ge 17
for role in resident party_member party_secretary cadre handler community_police grid_operator street_officer district_officer city_officer administrator auditor; do
    person=$(grep -m1 " $role " "$work/serve" | grep -o '/demo?person=[0-9]*$' | grep -o '[0-9]*$')
    check "a link for a $role" test -n "$person"
    case $role in resident | party_member) to=$url/p/310113007011 ;; *) to=$url/desk ;; esac
    check "one tap, and one is that $role" test "$(taps "$person" | cut -c1-3)" = 303
done
kill -INT "$server"; code=0; wait "$server" || code=$?; server=
check 'Ctrl-C ends it in peace' test "$code" = 0
check 'the real one has no such page' serve "$data"
check 'not to see' test "$(curl -s -o /dev/null -w '%{http_code}' "$url/demo")" = 404
check 'not to use' test "$(curl -s -o /dev/null -w '%{http_code}' --data 'person=1' "$url/demo")" = 404
check 'and shows nobody on the console' test "$(grep -c demo "$work/serve")" = 0
stop

# ---- verify names the row

broken=$work/broken
cp -r "$demo" "$broken"
seq=$(sql "$broken/lilong.db" "SELECT MAX(seq) FROM ledger WHERE community = 310113007011 AND length(detail) > 5")
sql "$broken/lilong.db" "UPDATE ledger SET detail = substr(detail, 1, 3) || char(unicode(substr(detail, 4, 1)) + 1) || substr(detail, 5) WHERE community = 310113007011 AND seq = $seq"
check 'one byte of the ledger' ends 1 verify --data "$broken"
check 'and names the row' says "place 310113007011, row $seq: this row was changed"
check 'of that place too' ends 1 verify --data "$broken" --place 310113007011
check 'the others are whole' ends 0 verify --data "$broken" --place 310113003005
rm -rf "$broken"; cp -r "$demo" "$broken"
sql "$broken/lilong.db" 'DELETE FROM ledger WHERE community = 310113007011 AND seq = 77'
check 'a removed row' ends 1 verify --data "$broken"
check 'is named' says 'row 77: this row was removed'
rm -rf "$broken"; cp -r "$demo" "$broken"
seq=$(sql "$broken/lilong.db" 'SELECT MAX(seq) FROM ledger WHERE community = 310113007011')
sql "$broken/lilong.db" "DELETE FROM ledger WHERE community = 310113007011 AND seq = $seq"
check 'the last row removed' ends 1 verify --data "$broken"
check 'is named' says "row $seq: this row was removed"
rm -rf "$broken"; cp -r "$demo" "$broken"
id=$(sql "$broken/lilong.db" "SELECT id FROM report WHERE title = '广场变菜园'")
sql "$broken/lilong.db" "UPDATE report SET joined = joined + 1 WHERE community = 310113007011 AND id = $id"
check 'a counter of a report' ends 1 verify --data "$broken"
check 'is named' says "report $id"
rm -rf "$broken"; cp -r "$demo" "$broken"
id=$(sql "$broken/lilong.db" 'SELECT MIN(entry) FROM entry_comment WHERE community = 310113007011')
sql "$broken/lilong.db" "UPDATE entry SET comments = comments - 1 WHERE community = 310113007011 AND id = $id"
check 'a counter of an entry' ends 1 verify --data "$broken"
check 'is named' says "entry $id"
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
check 'a database beside an embedded one is not passed over in silence' ends 0 restore --data "$work/r1b" --from "$work/b.tar" --database postgresql:///nowhere
check 'but told of' says 'lilong move --data'
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
check 'and leaves nothing' test ! -e "$work/r4"

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

# ---- what operators do from the console: on either engine

# operators FOLDER [--database URL]
operators() {
    local data=$1 office post
    shift
    check 'the offices of the city' ends 0 user organisations --data "$data" --place 310000000000 "$@"
    office=$(awk '{ print $1; exit }' "$work/out")
    check 'a new account' ends 0 user add --login wang.wu --name 王五 --organisation "$office" --role city_officer --data "$data" "$@"
    check 'its first password is shown' says 'password  [a-z0-9]*-[a-z0-9]*-'
    check 'not twice' ends 73 user add --login wang.wu --name 王五 --organisation "$office" --role city_officer --data "$data" "$@"
    check 'a wrong role is explained' ends 64 user add --login zhao --name 赵六 --organisation "$office" --role king --data "$data" "$@"
    check 'with the right ones' says party_secretary
    check 'another password' ends 0 user password --login wang.wu --data "$data" "$@"
    check 'nobody of that name' ends 66 user password --login nobody --data "$data" "$@"
    check 'the list of accounts' ends 0 user list --data "$data" "$@"
    check 'with that one' says wang.wu
    check 'by the whole name: nobody has said whether it is a man or a woman' says 'wang.wu  *王五$'
    post=$(sed -n '/wang.wu/,$s/^ *post \([0-9]*\) .*/\1/p' "$work/out" | head -1)
    check 'its post ends' ends 0 user end --post "$post" --data "$data" "$@"
    check 'once' ends 73 user end --post "$post" --data "$data" "$@"

    printf 'estate,address\n海江路小区,海江路 1 号\n' >"$work/estates.csv"
    printf 'estate,building,staircase,room,area\n海江路小区,1号楼,,101,80\n海江路小区,1号楼,,102,80\n' >"$work/dwellings.csv"
    printf 'estate,building,room,name,document,phone,relation\n海江路小区,1号楼,101,张三,,13900001111,owner\n' >"$work/roster.csv"
    printf 'date,kind,name\n2027-01-01,holiday,元旦\n' >"$work/holidays.csv"
    check 'estates come' ends 0 import estates "$work/estates.csv" --data "$data" --place 310113007011 "$@"
    check 'dwellings come' ends 0 import dwellings "$work/dwellings.csv" --data "$data" --place 310113007011 "$@"
    check 'again: nothing new' ends 0 import dwellings "$work/dwellings.csv" --data "$data" --place 310113007011 "$@"
    check 'it says so' says '0 new, 0 changed, 2 as they were'
    check 'a roster comes' ends 0 import roster "$work/roster.csv" --data "$data" --place 310113007011 "$@"
    check 'holidays come' ends 0 import holidays "$work/holidays.csv" --data "$data" "$@"
    head=code,name,name_en,words,grade,limit_amount,limit_unit
    printf '%s\n06010,暴露垃圾,Rubbish lying about,垃圾,1,6,work_hour\n06099,共享单车堆积,Shared bicycles piled up,单车,2,2,work_day\n' $head >"$work/categories.csv"
    check 'categories come' ends 0 import categories "$work/categories.csv" --data "$data" "$@"
    check 'one new, one changed' says '2 categories: 1 new, 1 changed, 0 as they were'
    check 'the others stay' says '24 are not in the file; they stay'
    check 'again: nothing new' ends 0 import categories "$work/categories.csv" --data "$data" "$@"
    check 'it says so' says '0 new, 0 changed, 2 as they were'
    if [ $# = 0 ]; then
        check 'the limit is the new one' test "$(sql "$data/lilong.db" "SELECT limit_amount || limit_unit FROM report_category WHERE code = '06010'")" = 6work_hour
        check 'nothing is lost' test "$(sql "$data/lilong.db" 'SELECT COUNT(*) FROM report_category')" = 26
    fi
    printf '%s\n06010,暴露垃圾,Rubbish,,1,0,work_hour\n06097,好,Good,,2,2,fortnight\n06098,好,Good,,2,2,work_day\n06098,好,Good,,2,2,work_day\n' $head >"$work/categories.csv"
    check 'wrong limits are refused' ends 65 import categories "$work/categories.csv" --data "$data" "$@"
    check 'a limit of nothing, by its line' says 'line 2: the limit is a whole number'
    check 'an unknown unit' says 'line 3: .*fortnight'
    check 'a code that stands there twice' says 'line 5: .*twice: 06098'
    check 'and nothing was changed' says 'nothing was changed'
    printf 'estate,building,room,name,document,phone,relation\n海江路小区,1号楼,101,李四,,139,owner\n' >"$work/bad.csv"
    check 'a mistake in a file' ends 65 import roster "$work/bad.csv" --data "$data" --place 310113007011 "$@"
    check 'is named with its line' says 'line 2'
    check 'a file that is not there' ends 66 import roster "$work/nothing.csv" --data "$data" --place 310113007011 "$@"
    check 'everything is whole' ends 0 verify --data "$data" "$@"
    check 'the ledger goes out' ends 0 export --data "$data" --what ledger --place 310000000000 "$@"
    check 'without the name' test "$(grep -c 王五 "$work/out")" = 0
}
operators "$data"

# ---- two communities become one, and one becomes two

merged=$work/merged
cp -r "$work/r1" "$merged"
old=310113007011 near=310113007020 street=310113007000 new=310113007191
homes() { sql "$merged/lilong.db" "SELECT COUNT(*) FROM residence WHERE community = $1 AND state IN ('verified', 'waiting')"; }
counted() { curl -s -H 'Accept: application/json' "$url/p/$street/figures?period=month" | node -e 'const f = JSON.parse(require("fs").readFileSync(0)); console.log(JSON.stringify([...f.figures, ...f.more].map((x) => [x.figure, x.n, x.of])))'; }
people=$(($(homes $old) + $(homes $near)))
serve "$merged"; before=$(counted); stop
check 'what a merger would do' ends 0 place merge $old $near --into $near --try --data "$merged"
check 'is said' says "$old .*ended .*today $near"
check 'and not done' test "$(sql "$merged/lilong.db" "SELECT valid_to FROM place WHERE code = $old")" = 0
check 'a code that is not there' ends 66 place merge $old 310113007099 --into $near --data "$merged"
check 'a street does not merge' ends 65 place merge $old $street --into $near --data "$merged"
check 'a merger' ends 0 place merge $old $near --into $near --data "$merged"
check 'once' ends 73 place merge $old $near --into $near --data "$merged"
check 'nobody is lost' test "$(homes $near)" = "$people"
check 'everything is whole' ends 0 verify --data "$merged"
check 'the server starts' serve "$merged"
check 'the figures above say the same' test "$(counted)" = "$before"
check 'the old page says what it is today' sh -c "curl -s $url/p/$old | grep -q 'href=\"/p/$near\"'"
qr=$(sql "$merged/lilong.db" "SELECT code FROM estate_code WHERE community = $near AND void_at = 0 ORDER BY code LIMIT 1")
check 'posters on the wall still lead in' test "$(curl -s -o /dev/null -w '%{http_code}' "$url/q/$qr")" = 200
open=$(sql "$merged/lilong.db" "SELECT id FROM report WHERE title = '广场变菜园'")
check 'old links lead to the report' test "$(curl -s -o /dev/null -w '%{redirect_url}' "$url/p/$old/report/$open")" = "$url/p/$near/report/$open"
check 'show works beside the server' ends 0 place show $near --data "$merged"
stop
estate=$(sql "$merged/lilong.db" "SELECT id FROM estate WHERE community = $near AND name = '海江路小区' AND valid_to = 0")
check 'a split' ends 0 place split $near --into "$near,$new=海江路居委会" --estates "$estate=$new" --data "$merged"
check 'nobody is lost' test "$(($(homes $near) + $(homes $new)))" = "$people"
check 'both have people' test "$(homes $near)" -gt 0 -a "$(homes $new)" -gt 0
check 'everything is whole' ends 0 verify --data "$merged"
check 'a new name' ends 0 place rename $new --name '海江路第一居委会' --data "$merged"
check 'is shown' says '海江路第一居委会'
check 'a new community' ends 0 place found 310113007192 --name '新居委会' --data "$merged"
check 'not twice' ends 73 place found 310113007192 --name '新居委会' --data "$merged"
check 'without a word of what to do' ends 64 place --data "$merged"
check 'it is written down' test "$(sql "$merged/lilong.db" "SELECT COUNT(*) FROM ledger WHERE community = $street AND verb IN ('succeeded', 'renamed', 'founded')")" -ge 5

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
    check 'and no folder is left' test ! -e "$work/pg2"
    check 'export on PostgreSQL' ends 0 export --data "$work/pg" --database "$pg" --what reports --place 310113007011
    check 'with its rows' test "$(wc -l <"$work/out")" -gt 40
    check 'it is served' serve "$work/pg" --database "$pg"
    check 'and answers' curl -sf -o /dev/null "$url/p/310113007011"
    # another folder, another database
    psql -q -d "$LILONG_TEST_POSTGRES_URL" -c "CREATE DATABASE ${name}_r" >/dev/null
    again=${pg/$name/${name}_r}
    check 'a backup beside the server' ends 0 backup --data "$work/pg" --database "$pg" --to "$work/pg.tar"
    check 'a drill beside the server' ends 0 drill --data "$work/pg" --database "$pg"
    check 'that says how long it took' says 'minutes for each GB'
    check 'and leaves nothing' test "$(psql -At -d "$LILONG_TEST_POSTGRES_URL" -c "SELECT COUNT(*) FROM pg_database WHERE datname LIKE 'lilong_drill%'")$(find "$work/pg" -name '.drill*' | wc -l)" = 00
    stop
    check 'not without a database to go to' ends 65 restore --data "$work/pgr" --from "$work/pg.tar"
    check 'nothing was made' test ! -e "$work/pgr"
    cp "$work/pg.tar" "$work/pg.flip"
    printf '\x5a\xa5' | dd of="$work/pg.flip" bs=1 seek=2500000 conv=notrunc 2>/dev/null
    check 'two bytes of it changed' ends 65 restore --data "$work/pgx" --from "$work/pg.flip" --database "$again"
    check 'and nothing is in the database' test "$(psql -At -d "$again" -c "SELECT COUNT(*) FROM pg_class WHERE relname = 'ledger'")" = 0
    check 'restored' ends 0 restore --data "$work/pgr" --from "$work/pg.tar" --database "$again"
    check 'not over something' ends 73 restore --data "$work/pgr3" --from "$work/pg.tar" --database "$again"
    check 'both are whole' ends 0 verify --data "$work/pgr" --database "$again"
    psql -q -d "$again" -c "UPDATE ledger SET detail = overlay(detail PLACING 'Z' FROM 4 FOR 1) WHERE community = 310113007011 AND seq = (SELECT MAX(seq) FROM ledger WHERE community = 310113007011 AND length(detail) > 5)"
    check 'one byte of the ledger' ends 1 verify --data "$work/pgr" --database "$again"
    check 'is named' says 'place 310113007011, row [0-9]*: this row was changed'
    psql -q -d "$again" -c 'DELETE FROM ledger WHERE community = 310113007020 AND seq = 77'
    check 'a removed row' ends 1 verify --data "$work/pgr" --database "$again" --place 310113007020
    check 'is named' says 'place 310113007020, row 77: this row was removed'
    psql -q -d "$LILONG_TEST_POSTGRES_URL" -c "DROP DATABASE ${name}_r" -c "DROP DATABASE $name" -c "CREATE DATABASE $name" >/dev/null

    # out of the data folder into PostgreSQL
    cp -r "$demo" "$work/mover"
    check 'the server starts' serve "$work/mover"
    check 'not while it runs' ends 69 move --data "$work/mover" --to "$pg"
    stop
    check 'nothing is there' test "$(psql -At -d "$pg" -c "SELECT COUNT(*) FROM pg_class WHERE relname = 'ledger'")" = 0
    check 'a server that is not there' ends 69 move --data "$work/mover" --to "postgresql:///nothing?host=$work"
    check 'a move' ends 0 move --data "$work/mover" --to "$pg"
    check 'that was verified' says 'ledger: .* whole'
    check 'the old file is put away' test ! -e "$work/mover/lilong.db" -a -e "$work/mover/lilong.db.moved"
    check 'it is not served without its database' ends 69 verify --data "$work/mover"
    for table in person report ledger entry search_entry media notification; do
        check "all rows of $table" test "$(psql -At -d "$pg" -c "SELECT COUNT(*) FROM $table")" = "$(sql "$work/mover/lilong.db.moved" "SELECT COUNT(*) FROM $table")"
    done
    check 'and every word' test "$(psql -At -d "$pg" -c "SELECT COUNT(*) FROM search_index")" = "$(sql "$work/mover/lilong.db.moved" "SELECT COUNT(*) FROM search_entry")"
    check 'it is served' serve "$work/mover" --database "$pg"
    check 'words are found' test "$(curl -sf "$url/p/310113007011/report?q=%E5%B9%BF%E5%9C%BA" | grep -c '广场')" -gt 0
    stop
    check 'not into one that is not empty' ends 64 move --data "$work/mover" --database "$pg" --to "$pg"
    psql -q -d "$LILONG_TEST_POSTGRES_URL" -c "DROP DATABASE $name" -c "CREATE DATABASE $name" >/dev/null

    check 'a real one on PostgreSQL' ends 0 init --data "$work/pgreal" --database "$pg"
    code=$(grep -oE '[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}' "$work/out")
    jar=$work/jar.pg
    check 'it is served' serve "$work/pgreal" --database "$pg"
    check 'the code makes an administrator' test "$(first "$code" chef)" = 303
    check 'once' test "$(first "$code" other)" = 404
    stop
    operators "$work/pgreal" --database "$pg"
    psql -q -d "$LILONG_TEST_POSTGRES_URL" -c "DROP DATABASE $name" >/dev/null
fi

# ---- every command explains itself

check 'help lists the commands' ends 0 help
for command in serve init demo import export place user routes verify backup restore config version help; do
    ends 0 help
    check "help names $command" says "^  $command "
    check "$command --help" ends 0 "$command" --help
    check "and shows how it is called" says "lilong $command"
    check "help $command is the same" ends 0 help "$command"
    check "$command refuses what it does not know" ends 64 "$command" --no-such-thing
    check "and says where to look" says "lilong $command --help"
    check "$command has its place in the man page" grep -q "^\.SS $command" packaging/lilong.1
done
for command in serve verify backup restore export init demo user import; do
    case $command in
    export) more=(--what reports --place 310113007011) ;;
    user) more=(list) ;;
    import) more=(places) ;;
    backup) more=(--to "$work/x.tar") ;;
    restore) more=(--from "$work/b.tar") ;;
    *) more=() ;;
    esac
    check "$command asks for the folder" ends 64 "$command" "${more[@]}"
    check 'by its option' says '--data DIR'
done
for code in $(sed -n '/^enum exit_code {/,/};/s/.*= \([0-9]*\),.*/\1/p' src/command/command.h); do
    check "exit status $code is in the man page" grep -q "^$code	" packaging/lilong.1
done
check 'no command' ends 64
check 'an unknown one' ends 64 sevre
check 'says where to look' says 'lilong help'
check 'the version' ends 0 version
check 'is the one of the sources' says "^lilong $(sed -n "s/^ *version: '\(.*\)',/\1/p" meson.build | head -1)"
check '--version' ends 0 --version
check 'the routes' ends 0 routes
check 'without the demo world' test "$(grep -c '/demo' "$work/out")" = 0
check 'with it' ends 0 routes --demo
check 'has its page' says ' /demo '

# ---- settings

check 'settings in order' ends 0 config check --data "$data"
check 'show' ends 0 config show --data "$data" --database 'postgresql://lilong:geheim@db/lilong' --sms.http_token=auchgeheim
check 'what is secret is not shown' test "$(grep -c geheim "$work/out")" = 0
check 'where a value came from' says '\[command line\]'
check 'an unknown setting' ends 78 config check --listen.prot=80
check 'is named' says 'listen.prot'
check 'a wrong value' ends 78 config check --listen.port=80000
check 'is named' says 'listen.port'
printf '[listen]\nport = 8090\ncolour = red\n' >"$work/wrong.ini"
check 'an unknown one in a file' ends 78 config check --config "$work/wrong.ini"
check 'is named with its line' says 'wrong.ini.*3.*colour\|colour.*wrong.ini'
check 'a file that is not there' ends 78 config check --config "$work/nothing.ini"
export LILONG_LISTEN_PROT=80
check 'an unknown variable' ends 78 config check --data "$data"
unset LILONG_LISTEN_PROT
check 'is named' says LILONG_LISTEN_PROT
check 'no database there' ends 69 init --data "$work/nodb" --database "postgresql:///none?host=$work"
check 'and no folder is left' test ! -e "$work/nodb"
check 'a port that is taken' serve "$data"
check 'is refused' ends 69 serve --data "$demo" --listen "${url#http://}"
check 'and named' says "${url##*:}"
stop

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
