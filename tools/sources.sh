#!/bin/sh
# sources.sh KIND [BUILD_DIR]: the files of one kind, one a line, sorted, as seen from the root of the project. meson.build
# asks it, so that adding a file is adding a file. `./dev build` configures again when an answer has changed.
#
#   base | core | tests      the library's foundation, the rest of the library, the unit tests: beside the code, and those of tests/
#   tool NAME | tool_main NAME | tool_tests NAME     a generator's parts, its main file, its tests
#   inputs NAME              what a generator reads
#   outputs NAME BUILD_DIR   what it writes, in the flat form that Meson demands: '+' stands for '/'. For every header
#                            BUILD_DIR/include gets a one-line header of the real name that includes the flat one.
#   pdf                      the program that opens PDF files
#   fuzz | bench             fuzz targets, measurements
#   all                      everything together: the fingerprint for ./dev
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

files() { # files DIR find-expression...: nothing when DIR is not there
    dir=$1
    shift
    if [ -d "$dir" ]; then find "$dir" -type f "$@" | sort; fi
}

main_of() {
    if [ -f "tools/$1/main.c" ]; then echo "tools/$1/main.c"; elif [ -f "tools/$1/$1.c" ]; then echo "tools/$1/$1.c"; fi
}

inputs() {
    case $1 in
    statements)
        files schema -name '*.sql'
        echo schema/distribution.txt
        files src -name '*.sql'
        ;;
    views)
        files src -path '*/views/*.html'
        files i18n -name '*.txt'
        ;;
    assets)
        files assets
        echo tools/sources.sh # so that there is always one: without assets the tables are empty
        if [ -f package-lock.json ]; then echo package-lock.json; fi
        ;;
    esac
}

# The real names of what a generator writes, below its output folder.
written() {
    case $1 in
    statements)
        files src -name '*.sql' | sed 's|^src/||; s|.*|&.h\n&.c|'
        echo statements.c
        ;;
    views)
        files src -path '*/views/*.html' | sed 's|^src/||; s|.*|&.h|'
        files src -path '*/views/*.html' | sed 's|^src/||; s|/[^/]*$||; s|$|.c|' | sort -u
        printf '%s\n' engine/page/text.h text.c views.c
        ;;
    assets) printf '%s\n' assets.c assets.list ;;
    esac
}

case $1 in
base) files src/engine/base -name '*.c' ! -name '*_test.c' ;;
core) files src -name '*.c' ! -name '*_test.c' ! -path 'src/main.c' ! -path 'src/pdf/*' ! -path 'src/engine/base/*' ;;
pdf) files src/pdf -name '*.c' ! -name '*_test.c' ;;
tests)
    files src -name '*_test.c'
    files tests -name '*_test.c'
    ;;
tool_main) main_of "$2" ;;
tool)
    main=$(main_of "$2")
    files "tools/$2" -name '*.c' ! -name '*_test.c' ! -path "${main:-none}"
    ;;
tool_tests) files "tools/$2" -name '*_test.c' ;;
support) files tests/support -name '*.c' ! -name '*_test.c' ;;
fuzz) files tests/fuzz -name '*_fuzz.c' ;;
bench) files bench -name '*.c' ;;
inputs) inputs "$2" ;;
outputs)
    for name in $(written "$2"); do
        flat=$(echo "$name" | tr / +)
        echo "$flat"
        case $name in *.h)
            forward=$3/include/$name
            if [ ! -f "$forward" ]; then
                mkdir -p "$(dirname "$forward")"
                echo "#include \"$flat\" /* made by tools/sources.sh */" >"$forward"
            fi
            ;;
        esac
    done
    ;;
all)
    files src -name '*.[ch]'
    files tools -name '*.c'
    files tests -name '*.c'
    files bench -name '*.c'
    for tool in statements views assets; do inputs $tool; done
    ;;
*)
    echo "sources.sh: unknown kind '$1'" >&2
    exit 2
    ;;
esac
