#!/bin/bash
# What `lilong routes --demo` prints must be what stands in routes.txt: whoever changes a right, shows it in the diff.
#
#   tests/golden/run.sh            compares
#   tests/golden/run.sh --update   writes routes.txt anew
set -uo pipefail
cd "$(dirname "$0")/../.."
binary=${LILONG_BINARY:-build/lilong}
if [ "${1:-}" = --update ]; then
    "$binary" routes --demo | LC_ALL=C sed 's/ *$//' >tests/golden/routes.txt
    exit
fi
if diff -u tests/golden/routes.txt <("$binary" routes --demo | LC_ALL=C sed 's/ *$//'); then
    echo "1 passed, 0 failed"
else
    echo "routes have changed; when that is meant: tests/golden/run.sh --update"
    echo "0 passed, 1 failed"
    exit 1
fi
