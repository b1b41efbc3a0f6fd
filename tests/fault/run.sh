#!/bin/bash
set -euo pipefail
cd "$(dirname "$0")"
exec ../support/node_tests.sh ./*.test.mjs
