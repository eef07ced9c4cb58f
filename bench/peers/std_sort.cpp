// std::sort for the sort choice.
#include <algorithm>

#include "std_sort.h"

void std_sort_u32(uint32_t *keys, size_t n)
{
    std::sort(keys, keys + n);
}

void std_sort_u64(uint64_t *keys, size_t n)
{
    std::sort(keys, keys + n);
}
