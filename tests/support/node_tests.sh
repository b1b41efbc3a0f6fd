#!/bin/bash
# Runs node:test files one after the other; the last line is what ./dev counts.
set -uo pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 one=''
for file in "$@"; do
    : >"$log"
    node --test --test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination="$log" "$file"
    code=$?
    p=$(sed -n 's/^# pass //p' "$log" | tail -1) f=$(sed -n 's/^# fail //p' "$log" | tail -1) c=$(sed -n 's/^# cancelled //p' "$log" | tail -1)
    f=$((${f:-0} + ${c:-0}))
    if [ "$code" != 0 ] && [ "$f" = 0 ]; then f=1; fi
    passed=$((passed + ${p:-0}))
    failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
