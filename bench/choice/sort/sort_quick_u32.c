/* Introsort and insertion of 32-bit keys. */
#include <stdbool.h>

#include "menu.h"

#define KEY             uint32_t
#define SORT_NAME(stem) sort_##stem##_u32
#include "quick_sorts.h"
