#!/bin/sh
# generate.sh NAME TOOL BUILD_DIR OUTPUTS...
#
# Runs a generator from the root of the project, as `TOOL WORK_DIR INPUTS...` with the inputs that tools/sources.sh lists
# (src/boards/report/report.sql); it writes boards/report/report.sql.h and the like below WORK_DIR. They are copied to the flat
# names that Meson knows (boards+report+report.sql.h), each only when it has changed, so that one changed view does not compile
# everything again. A declared .c that the generator does not write becomes an empty one.
set -eu
name=$1 tool=$(realpath "$2") build=$3
shift 3
work=$build/$name.out

cd "$(dirname "$0")/.."
mkdir -p "$work"
options=
if [ "$name" = views ] && [ -f "$build/assets.list" ]; then options="--assets $build/assets.list"; fi
# shellcheck disable=SC2046,SC2086 # names of sources have no blanks
ASAN_OPTIONS=detect_leaks=0 "$tool" "$work" $options $(tools/sources.sh inputs "$name")

for flat in "$@"; do
    flat=$(basename "$flat")
    real=$work/$(echo "$flat" | tr + /)
    if [ ! -f "$real" ]; then
        case $flat in
        *.c) echo "/* nothing here */" >"$work/nothing" && real=$work/nothing ;;
        *) echo "generate.sh: $name has not written $(echo "$flat" | tr + /)" >&2 && exit 1 ;;
        esac
    fi
    cmp -s "$real" "$build/$flat" || cp "$real" "$build/$flat"
done
