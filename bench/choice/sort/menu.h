/* The menu of the sort choice: four ways to sort unsigned keys, none of which wins everywhere. */
#ifndef HUNCH_BENCH_SORT_MENU_H
#define HUNCH_BENCH_SORT_MENU_H

#include <stddef.h>
#include <stdint.h>

/* An array to sort in place. */
struct sort_array {
    void *keys; /* [n] of `width` bytes; borrowed */
    size_t n;
    unsigned width; /* 4 or 8 */
};

/* Arms of the chooser, in this order. Arm 0 is what a program does that does not choose. */
enum sort_arm {
    SORT_INTRO,     /* quicksort without branches, heapsort when it goes wrong                  */
    SORT_INSERTION, /* insertion while that is cheap, else SORT_INTRO finishes                  */
    SORT_MERGE,     /* merges the runs that are there (powersort)                               */
    SORT_RADIX,     /* least significant byte first, bytes that do not differ left out          */
    SORT_ARMS
};

/* "introsort", "insertion", "merge", "radix". */
const char *sort_arm_name(enum sort_arm arm);

/* Sort the array; scratch[n] of its width is overwritten. */
void sort_run(enum sort_arm arm, const struct sort_array *array, void *scratch);

/* One function a width and an arm: scratch[n] is not used by all of them. */
void sort_intro_u32(uint32_t *keys, size_t n, uint32_t *scratch);
void sort_intro_u64(uint64_t *keys, size_t n, uint64_t *scratch);
void sort_insertion_u32(uint32_t *keys, size_t n, uint32_t *scratch);
void sort_insertion_u64(uint64_t *keys, size_t n, uint64_t *scratch);
void sort_merge_u32(uint32_t *keys, size_t n, uint32_t *scratch);
void sort_merge_u64(uint64_t *keys, size_t n, uint64_t *scratch);
void sort_radix_u32(uint32_t *keys, size_t n, uint32_t *scratch);
void sort_radix_u64(uint64_t *keys, size_t n, uint64_t *scratch);

#endif
