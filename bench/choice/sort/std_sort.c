/* std::sort, where there is a C++ compiler. */
#include "std_sort.h"

#ifdef HUNCH_HAVE_STD_SORT

const char *std_sort_missing(void)
{
    return NULL;
}

void std_sort_run(const struct sort_array *array)
{
    if (array->width == sizeof(uint32_t)) {
        std_sort_u32(array->keys, array->n);
    } else {
        std_sort_u64(array->keys, array->n);
    }
}

#else

const char *std_sort_missing(void)
{
    return "not built";
}

void std_sort_run(const struct sort_array *array)
{
    (void)array;
}

#endif
