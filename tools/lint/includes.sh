#!/bin/sh
# includes.sh: arrows point down only (ARCHITECTURE.md).
#
#   main, modules, command, pdf, demo (which builds its world out of every room) -> bureau -> boards -> civic -> engine; inside the engine app -> page, http, db -> base.
#   A neighbour on the same floor is reached through its headers <folder>/<folder>.h (or <folder>/<folder>_<part>.h) alone. Nobody
#   else includes a folder's tables (.sql.h), its views (.html.h) or its private headers. Tests may reach further.
set -eu
cd "$(dirname "$0")/../.."

find src -name '*.[ch]' | sort | xargs awk '
function floor_of(path,    p) { # a number; arrows go to smaller ones. Engine rooms have their own order
    split(path, p, "/")
    if (p[1] == "engine") return p[2] == "base" ? 0 : p[2] == "app" ? 20 : 10
    if (p[1] == "civic") return 30
    if (p[1] == "boards") return 40
    if (p[1] == "bureau") return 50
    if (p[1] == "command" || p[1] == "demo" || p[1] == "pdf" || p[1] ~ /^(main\.c|modules\.[ch])$/) return 60
    return -1
}
function room_of(path,    p) { split(path, p, "/"); return floor_of(path) == 60 ? "command" : p[1] "/" p[2] }
function bad(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; failed = 1 }
/^[ \t]*#[ \t]*include[ \t]*"/ {
    to = $0
    sub(/^[^"]*"/, "", to)
    sub(/".*/, "", to)
    from = FILENAME
    sub(/^src\//, "", from)
    test = from ~ /_test\.[ch]$/
    if (to ~ /^support\// || (test && to !~ /^(engine|civic|boards|bureau|command|demo)\//)) { # the folders of tests/
        if (!test) bad("only tests include " to)
        next
    }
    if (floor_of(to) < 0) { bad("includes name their floor: \"engine/base/str.h\", not \"" to "\""); next }
    if (to !~ /\//) next
    if (room_of(to) == room_of(from)) next
    if (floor_of(to) > floor_of(from) && !test) { bad("this arrow points up: " room_of(from) " -> " room_of(to)); next }
    if (to ~ /\/views\//) { if (to !~ /^engine\/page\/views\//) bad("the views of " room_of(to) " are its own"); next }
    if (to ~ /\.sql\.h$/) { if (!test && from !~ /^demo\//) bad("the tables of " room_of(to) " are its own"); next }
    split(to, p, "/")
    if (p[3] ~ /private/ && !test) { bad(to " is private"); next }
    if (floor_of(to) == floor_of(from) && !test && p[1] != "command" && p[1] != "demo" && p[3] != p[2] ".h" && index(p[3], p[2] "_") != 1)
        bad("a neighbour is reached through " p[1] "/" p[2] "/" p[2] ".h, not " p[3])
}
END { exit failed }
'
