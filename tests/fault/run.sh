#!/bin/bash
# run.sh [NAME ...]: all tests of faults, or NAME.test.mjs. Broken disks are tried on the binary that is given (with the sanitizers, from ./dev test); what
# is about time and many people on the optimised one. With LILONG_LONG the long form, and race.long.mjs as well.
set -euo pipefail
cd "$(dirname "$0")"
files=() slow=()
if [ $# = 0 ]; then set -- disk clients kill power restart room; [ -z "${LILONG_LONG:-}" ] || set -- "$@" race; fi
for name in "$@"; do
    if [ "$name" = disk ]; then slow+=(disk.test.mjs); elif [ "$name" = race ]; then files+=(race.long.mjs); else files+=("$name.test.mjs"); fi
done
passed=0 failed=0
run() { # FILES...
    local out
    out=$(mktemp)
    ../support/node_tests.sh "$@" | tee "$out" || true
    set -- $(grep -E '^[0-9]+ passed, [0-9]+ failed' "$out" | tail -1)
    rm -f "$out"
    passed=$((passed + ${1:-0})) failed=$((failed + ${3:-1}))
}
if [ ${#slow[@]} != 0 ]; then run "${slow[@]}"; fi
if [ ${#files[@]} != 0 ]; then
    if [ -z "${LILONG_LONG:-}" ]; then
        ../../dev build
        ninja -C ../../build liblayer.so slow activate >/dev/null
        LILONG_BINARY=$(realpath ../../build/lilong) LILONG_BUILD=$(realpath ../../build)
        export LILONG_BINARY LILONG_BUILD
    fi
    run "${files[@]}"
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
