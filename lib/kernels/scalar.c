/* Plain C: the specification that the other tables must equal, and the fallback. */
#include "kernels.h"
#include "tables.h"

static size_t count_less(const uint64_t *keys, size_t n, uint64_t key)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += keys[i] < key;
    }
    return count;
}

static size_t rank_packed(const uint32_t *node, uint32_t key)
{
    size_t count = 0;
    for (size_t i = 0; i < 15; i++) {
        count += node[i] < key;
    }
    return count;
}

static size_t rank7of8(const uint64_t *node, uint64_t key)
{
    return count_less(node, 7, key);
}

static size_t rank8(const uint64_t *group, uint64_t key)
{
    return count_less(group, 8, key);
}

static size_t rank15of16(const uint64_t *node, uint64_t key)
{
    return count_less(node, 15, key);
}

static size_t rank16(const uint64_t *keys, uint64_t key)
{
    return count_less(keys, 16, key);
}

static size_t rank32_i16(const int16_t *line, int16_t key)
{
    size_t count = 0;
    for (size_t i = 0; i < 32; i++) {
        count += line[i] < key;
    }
    return count;
}

static size_t rank15_i32(const int32_t *line, int32_t key)
{
    size_t count = 0;
    for (size_t i = 0; i < 15; i++) {
        count += line[i] < key;
    }
    return count;
}

#define KERNELS scalar
#define TARGET
#include "stree_kernels.h"
