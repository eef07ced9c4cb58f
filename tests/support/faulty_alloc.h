/* An allocator that fails when it is told to, and finds what is done wrong with it.
 *
 *     for (uint64_t k = 1;; k++) {
 *         struct faulty_alloc memory;
 *         faulty_alloc_begin(&memory, k, FAULTY_ONCE);
 *         status = hunch_index_build(&index, keys, n, &(hunch_index_options){
 *             .struct_size = sizeof(hunch_index_options), .allocator = &memory.allocator}, NULL);
 *         ...
 *         const char *wrong = faulty_alloc_end(&memory);
 *         ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
 *         if (memory.failed == 0) {
 *             break; // k is past the last allocation
 *         }
 *     }
 *
 * Fresh memory is full of 0xA5. May be called from several threads. */
#ifndef HUNCH_TESTS_FAULTY_ALLOC_H
#define HUNCH_TESTS_FAULTY_ALLOC_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>

enum faulty_alloc_mode {
    FAULTY_ONCE,   /* the k-th call alone fails */
    FAULTY_ONWARDS /* it and all after it       */
};

struct faulty_alloc {
    hunch_allocator allocator; /* to be handed in; its ctx is this struct, which must not move */
    uint64_t fail_at;          /* k, counted from 1; 0 = never                                 */
    enum faulty_alloc_mode mode;
    uint64_t calls;     /* of alloc, the failed ones included                                 */
    uint64_t failed;    /* of these                                                           */
    uint64_t frees;     /* calls of free                                                      */
    size_t live_blocks; /* allocated and not freed                                            */
    size_t live_bytes;  /* as asked for, without rounding                                     */
    size_t peak_bytes;  /* most that were live at once                                        */
    const char *misuse; /* the first: another size, double free, a pointer not ours; or NULL  */
    struct faulty_block *blocks; /* live ones; guarded by mutex, as all counters are           */
    pthread_mutex_t mutex;
};

void faulty_alloc_begin(struct faulty_alloc *f, uint64_t fail_at, enum faulty_alloc_mode mode);

/* NULL when everything was freed, once and with the right size; else what was wrong, static. Frees
 * what was left. The counters stay readable, live_blocks as it was before. */
const char *faulty_alloc_end(struct faulty_alloc *f);

#endif
