#!/usr/bin/env bash
# The shared library exports exactly what its map names, and needs only the C library.
# Usage: exports.sh LIBRARY MAP
set -euo pipefail

library=$1
map=$2

for tool in nm readelf; do
    if ! command -v $tool > /dev/null; then
        echo "skipped: no $tool, apt install binutils"
        exit 77
    fi
done

wanted=$(sed -n 's/#.*//; s/^ *\(hunch_[a-z0-9_]*\);$/\1/p' "$map" | sort)
exported=$(nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort)
if ! diff <(echo "$wanted") <(echo "$exported"); then
    echo "FAILED: < is in $map alone, > is in the library alone"
    exit 1
fi

needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
others=$(echo "$needed" | grep -v -E '^(libc|libm|libpthread|ld-linux[a-z0-9-]*)\.so' || true)
if [ -n "$others" ]; then
    echo "FAILED: the library needs $others"
    exit 1
fi
echo "ok: $(echo "$wanted" | wc -l) symbols; needs ${needed//$'\n'/, }"
