#!/bin/sh
# distribution.sh: the schema can be spread over several machines by community (docs/scale.md). The proof itself is part of every build
# (tools/statements/placement.c, spread.c): keys and foreign keys contain the column of distribution, no row changes it, every statement names it for
# every table or says why not. This prints what was proved; with --list, the statements that go across all machines, with their reasons.
set -eu
cd "$(dirname "$0")/../.."
tool=build/statements
if [ ! -x "$tool" ]; then tool=build-asan/statements; fi
if [ ! -x "$tool" ]; then ./dev build >/dev/null && tool=build/statements; fi
work=$(mktemp -d "${TMPDIR:-/tmp}/lilong-distribution-XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2046 # names of sources have no blanks
ASAN_OPTIONS=detect_leaks=0 "$tool" "$work" $(tools/sources.sh inputs statements)
if [ "${1:-}" = --list ]; then cat "$work/distribution.list"; else head -2 "$work/distribution.list" | sed 's/:$//'; fi
