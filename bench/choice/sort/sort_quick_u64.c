/* Introsort and insertion of 64-bit keys. */
#include <stdbool.h>

#include "menu.h"

#define KEY             uint64_t
#define SORT_NAME(stem) sort_##stem##_u64
#include "quick_sorts.h"
