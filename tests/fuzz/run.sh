#!/bin/bash
# run.sh: every fuzz target for a few seconds, beginning with what is kept in corpus/ and regressions/. The unit tests replay the same
# files without clang; here they are also changed. `./dev fuzz` does it for longer.
set -u
cd "$(dirname "$0")/../.."
exec ./dev fuzz "${LILONG_FUZZ_SECONDS:-4}"
