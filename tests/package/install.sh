#!/usr/bin/env bash
# Install into an empty folder, then build and run the consumer against what is there.
# Usage: install.sh BUILD_FOLDER SOURCE_FOLDER CMAKE GENERATOR C_COMPILER
set -euo pipefail

build=$1
source=$2
cmake=$3
generator=$4
compiler=$5
consumer=$source/tests/package/consumer

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
prefix=$scratch/prefix

fail() {
    echo "FAILED: $*"
    exit 1
}

configure() { # NAME ARGUMENT...
    local name=$1
    shift
    env CC="$compiler" "$cmake" -G "$generator" -S "$consumer" -B "$scratch/$name" \
        -DCMAKE_PREFIX_PATH="$prefix" "$@" > "$scratch/$name.log" 2>&1
}

by_cmake() { # NAME TARGET [ARGUMENT...]
    configure "$1" "-DCONSUMER_TARGET=$2" "${@:3}" || fail "find_package, $1: $(cat "$scratch/$1.log")"
    "$cmake" --build "$scratch/$1" > "$scratch/$1.log" 2>&1 ||
        fail "build with find_package, $1: $(cat "$scratch/$1.log")"
    run "find_package, $1" "$scratch/$1/consumer"
}

by_pkg_config() { # NAME [--static]
    local flags
    read -ra flags < <(PKG_CONFIG_PATH=$pkgconfig pkg-config --cflags --libs "${@:2}" hunch)
    [ "$1" = static ] && flags=("${flags[@]/#-lhunch/-l:libhunch.a}")
    "$compiler" -std=c11 -Wall -Werror -o "$scratch/by-$1" "$consumer/main.c" "${flags[@]}" ||
        fail "build with pkg-config, $1: ${flags[*]}"
    run "pkg-config, $1" "$scratch/by-$1"
}

run() { # WHAT PROGRAM
    LD_LIBRARY_PATH=$libdir "$2" "$scratch/saved.hunch" || fail "$1: the consumer says no"
    if readelf -d "$2" | grep -q 'NEEDED.*libhunch'; then
        [[ $1 == *shared ]] || fail "$1: depends on the shared library"
    else
        [[ $1 == *static ]] || fail "$1: does not depend on the shared library"
    fi
    echo "ok: $1"
}

"$cmake" --install "$build" --prefix "$prefix" > "$scratch/install.log" ||
    fail "install: $(cat "$scratch/install.log")"
libdir=$(dirname "$(find "$prefix" -name libhunch.a)")
pkgconfig=$libdir/pkgconfig

for header in "$source"/include/hunch/*.h; do
    name=$(basename "$header")
    draft=$(head -n 1 "$header" | grep -c 'draft, compiled but not installed' || true)
    if [ "$draft" -eq 1 ] && [ -e "$prefix/include/hunch/$name" ]; then
        fail "the draft $name is installed"
    elif [ "$draft" -eq 0 ] && [ ! -e "$prefix/include/hunch/$name" ]; then
        fail "$name is not installed"
    fi
done
echo "ok: headers"

by_cmake shared hunch::hunch
by_cmake static hunch::hunch_static
by_cmake subproject-shared hunch::hunch "-DCONSUMER_SUBPROJECT=$source"
by_cmake subproject-static hunch::hunch_static "-DCONSUMER_SUBPROJECT=$source"

if configure component -DCONSUMER_COMPONENTS=place; then
    fail "a component that is not there is found"
fi
grep -q "libhunch-place is not installed" "$scratch/component.log" || fail "unclear: $(cat "$scratch/component.log")"
echo "ok: an absent component is refused by name"

if command -v pkg-config > /dev/null; then
    by_pkg_config shared
    by_pkg_config static --static
else
    echo "skipped: no pkg-config"
fi
