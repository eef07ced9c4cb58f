/* The menu of the sort choice. */
#include "menu.h"

const char *sort_arm_name(enum sort_arm arm)
{
    static const char *const names[SORT_ARMS] = {"introsort", "insertion", "merge", "radix"};
    return names[arm];
}

void sort_run(enum sort_arm arm, const struct sort_array *array, void *scratch)
{
    static void (*const u32[SORT_ARMS])(uint32_t *, size_t, uint32_t *) = {
        sort_intro_u32, sort_insertion_u32, sort_merge_u32, sort_radix_u32};
    static void (*const u64[SORT_ARMS])(uint64_t *, size_t, uint64_t *) = {
        sort_intro_u64, sort_insertion_u64, sort_merge_u64, sort_radix_u64};
    if (array->width == sizeof(uint32_t)) {
        u32[arm](array->keys, array->n, scratch);
    } else {
        u64[arm](array->keys, array->n, scratch);
    }
}
