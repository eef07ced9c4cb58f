#!/usr/bin/env bash
# Each public header compiles alone, as C11 and as C++11, without a warning.
# Usage: headers.sh INCLUDE_FOLDER COMPILER...     A compiler that is missing is passed over.
set -euo pipefail

include=$1
shift
tried=0
failed=0

compile() { # COMPILER LANGUAGE STANDARD HEADER
    printf '#include <hunch/%s>\n#include <hunch/%s>\n' "$4" "$4" |
        "$1" "-x$2" "-std=$3" -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
            -Wundef -Werror -fsyntax-only -I "$include" -
}

for compiler in "$@"; do
    command -v "$compiler" > /dev/null || continue
    case $(basename "$compiler") in
    *++*) language=c++ standard=c++11 ;;
    *) language=c standard=c11 ;;
    esac
    for path in "$include"/hunch/*.h; do
        header=$(basename "$path")
        if [ "$header" = alloc_jemalloc.h ] &&
            ! echo '#include <jemalloc/jemalloc.h>' |
                "$compiler" "-x$language" -fsyntax-only - 2> /dev/null; then
            continue
        fi
        tried=$((tried + 1))
        if ! compile "$compiler" "$language" "$standard" "$header"; then
            echo "hunch/$header: does not compile alone as $standard with $compiler"
            failed=$((failed + 1))
        fi
    done
done
echo "$tried compiled, $failed failed"
[ "$tried" -gt 0 ] && [ "$failed" -eq 0 ]
