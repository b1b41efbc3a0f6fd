#!/bin/sh
# generate.sh TOOL WORK_DIR BUILD_DIR OUTPUTS... -- ARGUMENTS...
#
# Runs a generator (`TOOL WORK_DIR ARGUMENTS...` writes boards/report/report.sql.h and the like below WORK_DIR) and copies what
# it wrote to the flat names that Meson knows (boards+report+report.sql.h), each only when it has changed, so that one changed
# view does not compile everything again. A declared .c that the generator does not write becomes an empty one.
set -eu
tool=$1 work=$2 build=$3
shift 3
outputs=
while [ "$1" != -- ]; do
    outputs="$outputs $1"
    shift
done
shift

mkdir -p "$work"
"$tool" "$work" "$@"

for flat in $outputs; do
    flat=$(basename "$flat")
    real=$work/$(echo "$flat" | tr + /)
    if [ ! -f "$real" ]; then
        case $flat in
        *.c) echo "/* nothing here */" >"$real.none" && real=$real.none ;;
        *) echo "generate.sh: $(basename "$tool") has not written $(echo "$flat" | tr + /)" >&2 && exit 1 ;;
        esac
    fi
    cmp -s "$real" "$build/$flat" || cp "$real" "$build/$flat"
done
