/* Any keys, any questions: the answers are those of plain binary search.
 *
 * The input is read as:
 *   1 byte   flags: bit 0 nodes of 8 keys, bit 1 the index is saved and opened before it is asked,
 *            bit 2 the keys are not sorted
 *   1 byte   batch width
 *   2 bytes  how many keys, at most 4096
 *   1 byte   how many words before the keys, at most 15
 *   keys     sorted: a byte b, then b % 9 bytes of the distance from the key before;
 *            not sorted: 8 bytes each
 *   the rest questions of 8 bytes each
 * What is missing is zeros. */
#define _POSIX_C_SOURCE 200809L /* posix_memalign */
#include <stdlib.h>

#include "fuzz.h"
#include "index_answers.h"
#include "memdisk.h"
#include "oracle.h"

enum { KEYS_MAX = 4096, OFFSET_MAX = 15, QUESTIONS_MAX = 300 };

/* What of the input is not read yet. */
struct input {
    const uint8_t *data;
    size_t size;
};

/* Keys as the input has them. */
struct keys {
    uint64_t *block; /* owned */
    uint64_t *keys;  /* [n], in block; not a byte more */
    size_t n;
};

static uint64_t take(struct input *input, size_t bytes);
static struct keys take_keys(struct input *input, bool sorted);
static void check_refused(struct keys keys, const hunch_index_options *options);
static hunch_index *reopen(hunch_index *index, const hunch_index_options *options);
static void ask(const hunch_index *index, struct keys keys, struct input *input);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct memdisk *disk = memdisk_new();
    const uint64_t flags = take(&input, 1);
    const hunch_index_options options = {.struct_size = sizeof options,
                                         .node_keys = (flags & 1) != 0 ? 8 : 16,
                                         .batch_width = 16 + (uint32_t)take(&input, 1) % 113,
                                         .io = memdisk_io(disk)};
    const struct keys keys = take_keys(&input, (flags & 4) == 0);
    if (oracle_is_sorted(keys.keys, keys.n)) {
        hunch_index *index = NULL;
        FUZZ_ASSERT(hunch_index_build(&index, keys.keys, keys.n, &options, NULL) == HUNCH_OK);
        if ((flags & 2) != 0) {
            index = reopen(index, &options);
        }
        FUZZ_ASSERT(hunch_index_validate(index, NULL) == HUNCH_OK);
        FUZZ_ASSERT(index_answers_are_right(index, keys.keys, keys.n));
        ask(index, keys, &input);
        hunch_index_free(index);
    } else {
        check_refused(keys, &options);
    }
    free(keys.block);
    memdisk_free(disk);
    return 0;
}

/* A little-endian number of `bytes` bytes. */
static uint64_t take(struct input *input, size_t bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < bytes && input->size > 0; i++) {
        number |= (uint64_t)*input->data++ << 8 * i;
        input->size--;
    }
    return number;
}

static struct keys take_keys(struct input *input, bool sorted)
{
    struct keys keys = {.n = take(input, 2) % (KEYS_MAX + 1)};
    const size_t offset = take(input, 1) % (OFFSET_MAX + 1);
    uint64_t key = 0;
    void *memory = NULL;
    FUZZ_ASSERT(posix_memalign(&memory, 128, (offset + keys.n) * sizeof *keys.block) == 0);
    keys.block = memory;
    keys.keys = keys.block + offset;
    for (size_t i = 0; i < keys.n; i++) {
        const uint64_t more = take(input, sorted ? take(input, 1) % 9 : 8);
        if (sorted) {
            key = more < UINT64_MAX - key ? key + more : UINT64_MAX;
        } else {
            key = more;
        }
        keys.keys[i] = key;
    }
    return keys;
}

static void check_refused(struct keys keys, const hunch_index_options *options)
{
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    FUZZ_ASSERT(hunch_index_build(&index, keys.keys, keys.n, options, &diag) == HUNCH_EINVAL);
    FUZZ_ASSERT(index == NULL && diag.at > 0 && diag.at < keys.n);
    FUZZ_ASSERT(keys.keys[diag.at] < keys.keys[diag.at - 1]);
    FUZZ_ASSERT(oracle_is_sorted(keys.keys, diag.at));
}

static hunch_index *reopen(hunch_index *index, const hunch_index_options *options)
{
    hunch_index *opened = NULL;
    FUZZ_ASSERT(hunch_index_save(index, "index", NULL) == HUNCH_OK);
    FUZZ_ASSERT(hunch_index_open(&opened, "index", options, NULL) == HUNCH_OK);
    hunch_index_free(index);
    return opened;
}

static void ask(const hunch_index *index, struct keys keys, struct input *input)
{
    uint64_t questions[QUESTIONS_MAX];
    size_t positions[QUESTIONS_MAX];
    size_t m = 0;
    while (m < QUESTIONS_MAX && input->size > 0) {
        questions[m++] = take(input, 8);
    }
    hunch_index_lower_bound_batch(index, questions, m, positions);
    for (size_t i = 0; i < m; i++) {
        FUZZ_ASSERT(positions[i] == oracle_lower_bound(keys.keys, keys.n, questions[i]));
        FUZZ_ASSERT(positions[i] == hunch_index_lower_bound(index, questions[i]));
    }
}
