#!/bin/sh
# banned.sh: functions that must not be called, with what stands in their place. Comments and strings do not count. Tests may use
# system and popen.
set -eu
cd "$(dirname "$0")/../.."
bad=0

# name, why
while read -r name why; do
    found=$(find src tools tests -name node_modules -prune -o -name '*.[ch]' -print0 2>/dev/null | sort -z |
        xargs -0 grep -nE "(^|[^A-Za-z0-9_.>])$name[[:space:]]*\(" 2>/dev/null |
        grep -vE ':[0-9]+:[[:space:]]*(/\*|\*|//)' |
        sed 's|/\*[^*]*\*/||; s|"[^"]*"||g' | grep -E "(^|[^A-Za-z0-9_.>])$name[[:space:]]*\(" || true)
    case $name in system | popen) found=$(echo "$found" | grep -vE '^(tests/|[^:]*_test\.[ch]:)' || true) ;; esac
    if [ -n "$found" ]; then
        echo "$found" | sed "s|^\([^:]*:[0-9]*\):.*|\1: $name is banned: $why|"
        bad=1
    fi
done <<END
strcpy use struct str, or snprintf into a buffer of known size
strcat use struct buf
strncpy use memcpy with a length that was checked
sprintf use buf_printf, str_printf or snprintf
vsprintf use str_vprintf or vsnprintf
strtok use str_cut
atoi use str_int64
atol use str_int64
atof use strtod and look at its end
gets use fgets
gmtime use time_civil
localtime use time_civil
asctime use time_print
ctime use time_print
alloca use the arena
system use posix_spawn with a list of arguments
popen use posix_spawn with a list of arguments
mktemp use mkstemp or mkdtemp
tmpnam use mkstemp
rand use crypto_random_below
END
exit $bad
