/* The two bounds of the suite. */
#include "floors.h"

#include "bits.h"
#include "diag.h"
#include "index_alloc.h"
#include "random.h"

#define LINE_WORDS (HUNCH__CACHE_LINE / sizeof(uint64_t))

hunch_status floor_chase_build(struct floor_chase *out, size_t n, uint64_t seed, hunch_diag *diag)
{
    size_t lines = n / LINE_WORDS + 1;
    *out = (struct floor_chase){.line = index_alloc(lines, HUNCH__CACHE_LINE), .lines = lines};
    if (out->line == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, lines, "no memory for a floor of %zu lines", lines);
    }
    uint64_t *line = out->line;
    for (size_t i = 0; i < lines; i++) {
        line[i * LINE_WORDS] = i;
    }
    /* Sattolo 1986: a shuffle that leaves one cycle. */
    uint64_t state = seed;
    for (size_t i = lines - 1; i > 0; i--) {
        size_t other = (size_t)hunch__below(hunch__splitmix64(&state), i);
        uint64_t moved = line[i * LINE_WORDS];
        line[i * LINE_WORDS] = line[other * LINE_WORDS];
        line[other * LINE_WORDS] = moved;
    }
    return HUNCH_OK;
}

void floor_chase_free(struct floor_chase *chase)
{
    index_free(chase->line, chase->lines, HUNCH__CACHE_LINE);
    *chase = (struct floor_chase){.line = NULL};
}

/* From the same line in every repetition: the look-ups too come back to the same lines. */
void floor_chase_run(void *self, const void *work, uint64_t *answers)
{
    const struct floor_chase *chase = self;
    const struct queries *q = work;
    uint64_t at = 0;
    for (size_t i = 0; i < q->count; i++) {
        at = chase->line[at * LINE_WORDS];
        answers[i] = at;
    }
}

/* An answer of n, beyond the keys, loads the last key. */
void floor_loads_run(void *self, const void *work, uint64_t *answers)
{
    const struct floor_loads *loads = self;
    const struct queries *q = work;
    const uint64_t last = q->n - 1;
    for (size_t i = 0; i < q->count; i++) {
        size_t ahead = i + loads->distance;
        uint64_t next = q->answer[ahead < q->count ? ahead : i];
        uint64_t here = q->answer[i];
        __builtin_prefetch(q->keys + (next < last ? next : last));
        answers[i] = q->keys[here < last ? here : last];
    }
}
