#!/bin/sh
# packages.sh: docs/dependencies.md names every package of packaging/packages.txt with what it is for, every npm package with its version, and nothing else.
set -eu
cd "$(dirname "$0")/../.."
bad=0

wanted=$(awk '/^\[/ { s = substr($0, 2, length($0) - 2); next } /^[^#]/ && NF { print s, $1 }' packaging/packages.txt | sort)
named=$(awk -F ' *[|] *' '$2 ~ /^(build|run|test|check|fuzz|bench|package)$/ && $4 != "" { print $2, $3 }' docs/dependencies.md | sort)
missing=$(echo "$wanted" | grep -vxF "$named" || true)
stale=$(echo "$named" | grep -vxF "$wanted" || true)
if [ -n "$missing$stale" ]; then
    echo "$missing" | sed -n 's/^./docs\/dependencies.md does not say what this is for: &/p'
    echo "$stale" | sed -n 's/^./docs\/dependencies.md names what packaging\/packages.txt does not: &/p'
    bad=1
fi
sed -n '/ependencies": {/,/}/s/^ *"\(.*\)": "\([0-9].*\)".*/\1 \2/p' package.json | {
    while read -r name; do
        if ! grep -qF "$name" docs/dependencies.md; then
            echo "docs/dependencies.md does not name the npm package $name"
            bad=1
        fi
    done
    exit $bad
}
