/* Any keys, any questions: the answers are those of plain binary search.
 *
 * The input is read as:
 *   1 byte   flags: bit 1 the index is saved and opened before it is asked, bit 2 the keys are not
 *            sorted, bits 3 to 7 the form, a row of index_forms; 0 is a tree, with bit 0 of nodes
 *            of 8 keys. Of other forms bit 0 says that the file comes from a writer
 *   1 byte   batch width, and threads that build
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
#include "index_forms.h"
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

static hunch_index_options take_options(struct input *input, uint64_t flags);
static uint64_t take(struct input *input, size_t bytes);
static struct keys take_keys(struct input *input, bool sorted);
static void check_refused(struct keys keys, const hunch_index_options *options);
static hunch_index *made(struct keys keys, const hunch_index_options *options, uint64_t flags);
static void write_file(struct keys keys, const hunch_index_options *options);
static void ask(const hunch_index *index, struct keys keys, struct input *input);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct memdisk *disk = memdisk_new();
    const uint64_t flags = take(&input, 1);
    hunch_index_options options = take_options(&input, flags);
    options.io = memdisk_io(disk);
    const struct keys keys = take_keys(&input, (flags & 4) == 0);
    if (oracle_is_sorted(keys.keys, keys.n)) {
        struct index_wrong wrong;
        hunch_index *index = made(keys, &options, flags);
        FUZZ_ASSERT(hunch_index_validate(index, NULL) == HUNCH_OK);
        FUZZ_ASSERT(index_answers_are_right(index, keys.keys, keys.n));
        FUZZ_ASSERT(index_pieces_ascend(index, &wrong));
        ask(index, keys, &input);
        hunch_index_free(index);
    } else {
        check_refused(keys, &options);
    }
    free(keys.block);
    memdisk_free(disk);
    return 0;
}

static hunch_index_options take_options(struct input *input, uint64_t flags)
{
    const uint64_t form = flags >> 3 == 0 ? ~flags & 1 : (flags >> 3) % INDEX_FORMS;
    const uint64_t width = take(input, 1);
    hunch_index_options options = index_form_options(&index_forms[form]);
    options.batch_width = 16 + (uint32_t)width % 113;
    options.threads = (uint32_t)width / 113;
    return options;
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

/* Built, or opened from its file, however that came to be. */
static hunch_index *made(struct keys keys, const hunch_index_options *options, uint64_t flags)
{
    hunch_index *built = NULL;
    hunch_index *opened = NULL;
    FUZZ_ASSERT(hunch_index_build(&built, keys.keys, keys.n, options, NULL) == HUNCH_OK);
    if ((flags & 2) == 0) {
        return built;
    }
    if ((flags & 1) != 0 && flags >> 3 != 0) {
        write_file(keys, options);
    } else {
        FUZZ_ASSERT(hunch_index_save(built, "index", NULL) == HUNCH_OK);
    }
    hunch_index_free(built);
    FUZZ_ASSERT(hunch_index_open(&opened, "index", options, NULL) == HUNCH_OK);
    return opened;
}

static void write_file(struct keys keys, const hunch_index_options *options)
{
    const size_t half = keys.n / 2;
    hunch_index_writer *writer = NULL;
    FUZZ_ASSERT(hunch_index_writer_new(&writer, "index", options, NULL) == HUNCH_OK);
    FUZZ_ASSERT(hunch_index_writer_add(writer, keys.keys, half, NULL) == HUNCH_OK);
    FUZZ_ASSERT(hunch_index_writer_add(writer, keys.keys + half, keys.n - half, NULL) == HUNCH_OK);
    FUZZ_ASSERT(hunch_index_writer_finish(writer, NULL) == HUNCH_OK);
    hunch_index_writer_free(writer);
}

static void ask(const hunch_index *index, struct keys keys, struct input *input)
{
    uint64_t questions[QUESTIONS_MAX];
    struct index_wrong wrong;
    size_t m = 0;
    while (m < QUESTIONS_MAX && input->size > 0) {
        questions[m++] = take(input, 8);
    }
    FUZZ_ASSERT(index_answers_agree(index, keys.keys, keys.n, questions, m, &wrong));
}
