#!/bin/bash
# baseline.sh OBJECTS COMPILER [FLAG...] - no object of the library but those of an instruction set
# may hold an instruction that the oldest processor of the family lacks: it would end the program
# there. OBJECTS is a file with a path a line. Exit 77: cannot be told here.
set -euo pipefail

objects=$1
shift
if [[ $(uname -m) != x86_64 ]] || ! command -v objdump > /dev/null; then
    echo "not x86-64, or no objdump (package binutils)"
    exit 77
fi
macros=$("$@" -dM -E -x c /dev/null)
if [[ $macros == *__AVX__* ]]; then
    echo "the whole build is for a newer processor: $*"
    exit 77
fi

# A vector register of AVX, or a mnemonic that begins with v, or one of AVX-512's masks.
newer='%[yz]mm|%k[0-7]|^ *[0-9a-f]+:\s+v[a-z]'

newer_in() {
    objdump -d --no-show-raw-insn "$1" | grep -cE "$newer" || true
}

failed=0
seen_avx2=0
seen_avx512=0
seen_baseline=0
while read -r object; do
    count=$(newer_in "$object")
    case $object in
    *avx2.c.o) seen_avx2=$((seen_avx2 + count)) ;;
    *avx512.c.o | *avx512vnni.c.o) seen_avx512=$((seen_avx512 + count)) ;;
    *)
        seen_baseline=$((seen_baseline + 1))
        if ((count > 0)); then
            echo "$object: $count instructions of AVX or later"
            failed=1
        fi
        ;;
    esac
done < <(tr ';' '\n' < "$objects" | grep .)

echo "$seen_baseline baseline objects; those of AVX2: $seen_avx2 and of AVX-512: $seen_avx512 such instructions"
if ((seen_baseline == 0 || seen_avx2 == 0 || seen_avx512 == 0)); then
    echo "the search finds nothing where something must be: it would not find a fault either"
    failed=1
fi
exit $failed
