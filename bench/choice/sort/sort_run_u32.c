/* Merge and radix sort of 32-bit keys. */
#include <stdbool.h>
#include <string.h>

#include "menu.h"

#define KEY             uint32_t
#define SORT_NAME(stem) sort_##stem##_u32
#include "run_sorts.h"
