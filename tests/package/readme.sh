#!/usr/bin/env bash
# The program in the README compiles as it stands there and prints what its comment says.
# Usage: readme.sh README.md CC INCLUDE_DIR LIBRARY
set -euo pipefail

readme=$1 cc=$2 include=$3 library=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$readme" > "$work/main.c"
[ -s "$work/main.c" ] || {
    echo "$readme holds no program"
    exit 1
}
"$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror "-I$include" "$work/main.c" "$library" -lm -pthread \
    -o "$work/main"
expected=$(grep -o 'printf.*/\* [0-9]*' "$work/main.c" | grep -o '[0-9]*$')
found=$("$work/main")
[ "$found" = "$expected" ] || {
    echo "printed $found, the comment says $expected"
    exit 1
}
