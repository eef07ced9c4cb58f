/* Plain binary search as a subject of the suite. */
#include <stdlib.h>

#include "index.h"
#include "oracle.h"
#include "test_memory.h"

struct array {
    const uint64_t *keys;
    size_t n;
};

static hunch_status array_build(void **out, const void *with, const uint64_t *keys, size_t n,
                                hunch_diag *diag);
static uint64_t array_ask(const void *self, uint64_t key);
static void array_ask_batch(const void *self, const uint64_t *keys, size_t n, uint64_t *answers);

const struct index_subject index_subject_binary_search = {
    .name = "binary-search",
    .build = array_build,
    .ask = array_ask,
    .ask_batch = array_ask_batch,
    .free = free,
};

static hunch_status array_build(void **out, const void *with, const uint64_t *keys, size_t n,
                                hunch_diag *diag)
{
    (void)with;
    (void)diag;
    struct array *array = memory_new(sizeof *array);
    *array = (struct array){keys, n};
    *out = array;
    return HUNCH_OK;
}

static uint64_t array_ask(const void *self, uint64_t key)
{
    const struct array *array = self;
    return oracle_lower_bound(array->keys, array->n, key);
}

static void array_ask_batch(const void *self, const uint64_t *keys, size_t n, uint64_t *answers)
{
    for (size_t i = 0; i < n; i++) {
        answers[i] = array_ask(self, keys[i]);
    }
}
