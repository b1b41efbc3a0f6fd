#!/bin/bash
# Several processes, a replica, a fall of the primary, backups under load, a database spread over machines: on PostgreSQL servers of the
# suite's own. A year done again over HTTP: on SQLite. LILONG_LONG=1: longer and with more.
set -euo pipefail
cd "$(dirname "$0")"
ninja -C "${LILONG_BUILD:-../../build}" load replay >/dev/null
exec ../support/node_tests.sh ./*.test.mjs
