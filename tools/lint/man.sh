#!/bin/sh
# man.sh: the man page has no mistakes that groff finds, and a place for every command.
set -eu
cd "$(dirname "$0")/../.."
bad=0

said=$(groff -t -man -ww -rF0 -Tutf8 -Kutf8 packaging/lilong.1 2>&1 >/dev/null)
if [ -n "$said" ]; then
    echo "$said"
    bad=1
fi
for command in $(sed -n 's/.*\.name = "\([a-z]*\)",$/\1/p' $(find src/command -name '*.c' ! -name '*_test.c')); do
    if ! grep -q "^\.SS $command\$" packaging/lilong.1; then
        echo "packaging/lilong.1 has no section for the command $command"
        bad=1
    fi
done
exit $bad
