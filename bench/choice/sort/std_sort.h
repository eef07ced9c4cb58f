/* std::sort, where there is a C++ compiler. */
#ifndef HUNCH_BENCH_SORT_STD_SORT_H
#define HUNCH_BENCH_SORT_STD_SORT_H

#include "menu.h"

#ifdef __cplusplus
extern "C" {
#endif

/* NULL when it is there, else why it is not: "not built". */
const char *std_sort_missing(void);

/* Sort the array; does nothing when it is missing. */
void std_sort_run(const struct sort_array *array);

/* The shim of bench/peers. */
void std_sort_u32(uint32_t *keys, size_t n);
void std_sort_u64(uint64_t *keys, size_t n);

#ifdef __cplusplus
}
#endif

#endif
