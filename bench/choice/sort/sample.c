/* What is known of an array before it is sorted. Stretches are read front to back, which costs a
 * tenth of as many keys that lie apart. */
#include "sample.h"

#include <math.h>

/* Keys of a stretch: at the beginning, in the middle and at the end. */
#define STRETCH   64u
#define STRETCHES 3u
/* Keys apart, which say whether the whole rises. */
#define APART     16u
/* Of all pairs of neighbours: a few that fall are a disturbed order, nearly all are a falling one.
 */
#define FEW       12u
#define MOST      (STRETCHES * (STRETCH - 1) - 2)

enum pattern { SORTED, RUNS, FALLING, APPENDED, DISTURBED, OTHER, PATTERNS };

/* Bytes that differ: 0 to 8. */
#define BYTES 9u

const hunch_feature sort_schema[SORT_FEATURES] = {
    {.name = "pattern and bytes",
     .kind = HUNCH_FEATURE_CATEGORICAL,
     .levels = (uint32_t)PATTERNS * BYTES},
    {.name = "wide", .kind = HUNCH_FEATURE_CATEGORICAL, .levels = 2},
    {.name = "log2 n", .kind = HUNCH_FEATURE_NUMERIC},
};

static unsigned falls(const struct sort_array *array, size_t from, uint64_t *differing);
static unsigned rises(const struct sort_array *array);
static enum pattern pattern_of(unsigned falling, unsigned falling_at_end, unsigned rising);
static inline uint64_t key_at(const struct sort_array *array, size_t i);
static unsigned differing_bytes(uint64_t differing);

void sort_sample(const struct sort_array *array, float *x)
{
    uint64_t differing = 0;
    const unsigned at_end = falls(array, array->n - STRETCH, &differing);
    const unsigned before =
        falls(array, 0, &differing) + falls(array, (array->n - STRETCH) / 2, &differing);
    const enum pattern pattern = pattern_of(before + at_end, at_end, rises(array));
    x[0] = (float)((unsigned)pattern * BYTES + differing_bytes(differing));
    x[1] = array->width == sizeof(uint64_t) ? 1.0F : 0.0F;
    x[2] = log2f((float)array->n);
}

/* How many neighbours of a stretch fall; the bits in which its keys differ from the array's first
 * are added to *differing. */
static unsigned falls(const struct sort_array *array, size_t from, uint64_t *differing)
{
    const uint64_t first = key_at(array, 0);
    uint64_t before = key_at(array, from);
    uint64_t bits = before ^ first;
    unsigned falling = 0;
    for (size_t i = from + 1; i < from + STRETCH; i++) {
        const uint64_t key = key_at(array, i);
        falling += key < before;
        bits |= key ^ first;
        before = key;
    }
    *differing |= bits;
    return falling;
}

/* How many of keys that lie apart are above the one before. */
static unsigned rises(const struct sort_array *array)
{
    unsigned rising = 0;
    for (size_t i = 1; i < APART; i++) {
        rising +=
            key_at(array, i * (array->n / APART)) >= key_at(array, (i - 1) * (array->n / APART));
    }
    return rising;
}

static enum pattern pattern_of(unsigned falling, unsigned falling_at_end, unsigned rising)
{
    if (falling == 0) {
        return rising == APART - 1 ? SORTED : RUNS;
    }
    if (falling == falling_at_end && rising == APART - 1) {
        return APPENDED;
    }
    return falling <= FEW ? DISTURBED : falling >= MOST ? FALLING : OTHER;
}

static inline uint64_t key_at(const struct sort_array *array, size_t i)
{
    const uint32_t *narrow = array->keys;
    const uint64_t *wide = array->keys;
    return array->width == sizeof *narrow ? narrow[i] : wide[i];
}

/* Passes that radix sort will make, as far as can be seen. */
static unsigned differing_bytes(uint64_t differing)
{
    unsigned bytes = 0;
    for (; differing != 0; differing >>= 8) {
        bytes += (differing & 0xFF) != 0;
    }
    return bytes;
}
