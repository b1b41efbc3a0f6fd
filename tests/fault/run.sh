#!/bin/bash
# run.sh [NAME ...]: all tests of faults, or NAME.test.mjs.
set -euo pipefail
cd "$(dirname "$0")"
if [ $# = 0 ]; then exec ../support/node_tests.sh ./*.test.mjs; fi
exec ../support/node_tests.sh "${@/%/.test.mjs}"
