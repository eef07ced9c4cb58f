#!/usr/bin/env bash
# The include paths of the build keep the layers apart: a source in the role of a layer compiles
# when it includes what it may, and does not when it includes what it may not.
# Usage: layers.sh COMPILER FOLDER     FOLDER/LAYER.txt holds the layer's include paths, one a line.
set -euo pipefail

compiler=$1
folder=$2
failed=0

compile() { # LAYER INCLUDE
    local paths=()
    mapfile -t paths < "$folder/$1.txt"
    echo "#include $2" | "$compiler" -xc -std=c11 -fsyntax-only "${paths[@]/#/-I}" - 2>&1
}

may() { # LAYER INCLUDE...
    local layer=$1 header said
    shift
    for header in "$@"; do
        if ! said=$(compile "$layer" "$header"); then
            echo "$layer may include $header, but cannot: $said"
            failed=$((failed + 1))
        fi
    done
}

may_not() { # LAYER INCLUDE...
    local layer=$1 header said
    shift
    for header in "$@"; do
        if said=$(compile "$layer" "$header"); then
            echo "$layer may not include $header, but can"
        elif [[ $said == *"${header//\"/}"*@(No such file|not found)* ]]; then
            continue
        else
            echo "$layer: $header fails for another reason than its absence: $said"
        fi
        failed=$((failed + 1))
    done
}
shopt -s extglob

may base '<hunch/io.h>' '"alloc.h"'
may kernels '<hunch/io.h>' '"kernels.h"' '"bits.h"'
may format '"format.h"' '"bits.h"'
may learned_index '<hunch/index.h>' '"internal.h"' '"kernels.h"' '"format.h"' '"bits.h"'
may neighbour '<hunch/index.h>' '"neighbour.h"' '"kernels.h"' '"format.h"' '"bits.h"'

may_not base '"kernels.h"' '"format.h"' '"internal.h"'
may_not kernels '"format.h"' '"internal.h"'
may_not format '"kernels.h"' '"internal.h"'
# One component and another: the rule that matters most.
may_not learned_index '"neighbour.h"'
may_not neighbour '"internal.h"'

echo "$failed failed"
[ "$failed" -eq 0 ]
