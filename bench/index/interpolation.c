/* Contender: interpolation-sequential search. A guess from the slope of all keys, a few more from
 * the key found there with the same slope, then a scan of the neighbourhood. After P. Van Sandt,
 * Y. Chronis, J. Patel, "Efficiently searching in-memory sorted arrays: revenge of the
 * interpolation search?", SIGMOD 2019: slope reuse and a guarded sequential finish. Slopes between
 * the ends of the window were slower, by the division on uniform keys and by one-sided convergence
 * on skewed ones.
 *
 * Where guesses do not come nearer, or the scan finds nothing, all keys are halved: the first
 * probes of that are the same for every key and so in the cache. Halving or galloping from the last
 * guess looks shorter, but each of its probes is a miss. */
#include "contender.h"
#include "halving.h"
#include "index_alloc.h"
#include "loops.h"

/* Keys scanned: two lines. A guess that moved less is near enough. */
#define SCAN 16

struct interpolation {
    const uint64_t *keys; /* [n] */
    size_t n;
    double slope;   /* positions a unit of key */
    unsigned steps; /* guesses after the first */
    size_t width;
};

/* A search on its way: the answer is in [low, high], the next guess is `at`, in [low, high) unless
 * the two are equal; `step` is how far the slope said to move from the guess before. */
struct window {
    size_t low;
    size_t high;
    size_t at;
    size_t step;
};

static hunch_status build(void **out, const uint64_t *keys, size_t n,
                          const struct index_tuning *tuning, hunch_diag *diag);
static size_t bytes(const void *self);
static void release(void *self);
static inline uint64_t interpolation_look_up(const struct interpolation *index, uint64_t key);
static inline void interpolation_group(const struct interpolation *index, const uint64_t *queries,
                                       size_t width, uint64_t *answers);
static inline struct window first_guess(const struct interpolation *index, uint64_t key);
static inline bool guess_again(const struct interpolation *index, uint64_t key, struct window *w);
static inline size_t finish(const struct interpolation *index, uint64_t key,
                            const struct window *w);
static inline size_t positions(const struct interpolation *index, uint64_t distance, size_t limit);

INDEX_LOOPS(interpolation, struct interpolation)
INDEX_BATCHED(interpolation, struct interpolation)

const struct index_contender index_interpolation = {
    .name = "interpolation-sequential",
    /* hunch-bench index --profile full --case sweep-interpolation */
    .tuning = {.batch_width = 64, .parameter = 4},
    .builds_nothing = true,
    .build = build,
    .fenced = interpolation_fenced,
    .independent = interpolation_independent,
    .batched = interpolation_batched,
    .bytes = bytes,
    .free = release,
};

static hunch_status build(void **out, const uint64_t *keys, size_t n,
                          const struct index_tuning *tuning, hunch_diag *diag)
{
    struct interpolation *index = index_alloc(1, sizeof *index);
    *out = index;
    if (index == NULL) {
        return index_no_memory(diag, n);
    }
    *index = (struct interpolation){.keys = keys, .n = n, .width = tuning->batch_width};
    index->steps = tuning->parameter;
    if (n > 0 && keys[n - 1] > keys[0]) {
        index->slope = (double)(n - 1) / (double)(keys[n - 1] - keys[0]);
    }
    return HUNCH_OK;
}

static size_t bytes(const void *self)
{
    (void)self;
    return sizeof(struct interpolation);
}

static void release(void *self)
{
    index_free(self, 1, sizeof(struct interpolation));
}

static inline uint64_t interpolation_look_up(const struct interpolation *index, uint64_t key)
{
    struct window w = first_guess(index, key);
    for (unsigned step = 0; step < index->steps && guess_again(index, key, &w); step++) {
    }
    return finish(index, key, &w);
}

static inline void interpolation_group(const struct interpolation *index, const uint64_t *queries,
                                       size_t width, uint64_t *answers)
{
    struct window w[INDEX_BATCH_WIDTH_MAX];
    for (size_t i = 0; i < width; i++) {
        w[i] = first_guess(index, queries[i]);
        __builtin_prefetch(index->keys + w[i].at);
    }
    for (unsigned step = 0; step < index->steps; step++) {
        for (size_t i = 0; i < width; i++) {
            (void)guess_again(index, queries[i], &w[i]);
            __builtin_prefetch(index->keys + w[i].at);
        }
    }
    for (size_t i = 0; i < width; i++) {
        answers[i] = finish(index, queries[i], &w[i]);
    }
}

static inline struct window first_guess(const struct interpolation *index, uint64_t key)
{
    struct window w = {.low = 0, .high = index->n, .at = 0, .step = index->n};
    if (index->n > 0 && key > index->keys[0]) {
        w.at = positions(index, key - index->keys[0], index->n - 1);
    }
    return w;
}

/* Look at the guess, narrow the window and guess from there. False when the next guess is near
 * enough, or not much nearer than the last: then the keys are not as the slope says. */
static inline bool guess_again(const struct interpolation *index, uint64_t key, struct window *w)
{
    if (w->low == w->high) {
        return false;
    }
    uint64_t found = index->keys[w->at];
    size_t step;
    if (found < key) {
        w->low = w->at + 1;
        step = positions(index, key - found, w->high - w->low);
        w->at = w->low + step < w->high ? w->low + step : w->high - 1;
    } else {
        w->high = w->at;
        step = positions(index, found - key, w->high - w->low);
        w->at = w->high - step > w->low ? w->high - step : w->low;
    }
    bool nearer = step < w->step / 4;
    w->step = step;
    return nearer && step > SCAN;
}

static inline size_t finish(const struct interpolation *index, uint64_t key, const struct window *w)
{
    const uint64_t *keys = index->keys;
    if (w->low == w->high) {
        return w->low;
    }
    size_t at = w->at;
    if (w->step <= SCAN && keys[at] < key) {
        size_t end = w->high - at > SCAN ? at + SCAN : w->high;
        while (at < end && keys[at] < key) {
            at++;
        }
        if (at < end || at == w->high) {
            return at;
        }
    } else if (w->step <= SCAN) {
        size_t end = at - w->low > SCAN ? at - SCAN : w->low;
        while (at > end && keys[at - 1] >= key) {
            at--;
        }
        if (at > end || at == w->low) {
            return at;
        }
    }
    return halving_lower_bound(keys, 0, index->n, key);
}

/* How many positions the slope makes of a distance between keys, at most `limit`. */
static inline size_t positions(const struct interpolation *index, uint64_t distance, size_t limit)
{
    double estimate = (double)distance * index->slope;
    return estimate < (double)limit ? (size_t)estimate : limit;
}
