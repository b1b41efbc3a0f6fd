#!/bin/sh
# size.sh: no source file past 800 lines (tests: 1000), no tabs, no blanks at the ends of lines.
set -eu
cd "$(dirname "$0")/../.."
bad=0
for f in $(find src tools tests -name node_modules -prune -o \( -name '*.[ch]' -o -name '*.sql' -o -name '*.html' -o -name '*.sh' \) -print | sort); do
    lines=$(wc -l <"$f")
    case $f in *_test.c) most=1000 ;; *) most=800 ;; esac
    if [ "$lines" -gt $most ]; then
        echo "$f: $lines lines: split it ($most is the most)"
        bad=1
    fi
done
found=$(find src tools tests -name node_modules -prune -o \( -name '*.[ch]' -o -name '*.sql' -o -name '*.html' \) -print0 | sort -z |
    xargs -0 grep -nE "$(printf '\t')|[ $(printf '\t')]\$" /dev/null || true)
if [ -n "$found" ]; then
    echo "$found" | sed 's|^\([^:]*:[0-9]*\):.*|\1: a tab, or blanks at the end of the line|'
    bad=1
fi
exit $bad
