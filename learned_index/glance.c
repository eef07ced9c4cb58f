/* What a glance at the keys tells: roughness and hardness of slices, since a sample of single keys
 * would look harder than the keys are; and how many of a sample a cell around them would miss. */
#include "glance.h"

#include <math.h>

#include "kernels.h"
#include "pla.h"

/* An eighth of the keys in eight slices, as long as these are neither so short that each is hardly
 * a segment, nor longer than it takes to know. */
#define SLICES    8u
#define SLICE_MIN 4096u
#define SLICE_MAX 32768u

/* Keys whose cells are looked at, and how many cells on either side say how wide one is: half of
 * those that share a line. */
#define SAMPLE 2048u
#define SIDE   32u
/* On either side no more than so many times the keys that a cell has on average: in such a crowd
 * the key is missed, whatever else there is. */
#define CROWD  4u
/* Keys of which one is looked at. */
#define SPARSE 8u

/* log2 of the top cells that a router has at most. */
#define TOP_BITS 13

const uint32_t hunch__cell_sizes[HUNCH__CELL_SIZES] = {6, 8, 10, 14, 20, 40, 80};

/* What is counted over all slices. */
struct tally {
    double keys;
    double repeated;
    double segments8;
    double segments64;
};

static double bits_hidden(const uint64_t *keys, size_t n);
static double share_missed(const uint64_t *keys, size_t n, uint32_t cell_keys);
static double chance_missed(const uint64_t *keys, size_t n, size_t i, uint32_t cell_keys,
                            double phase);
static double outside(double off);
static hunch_status look_at(struct tally *tally, const uint64_t *keys, size_t n, uint64_t eps,
                            const hunch_allocator *allocator, double *segments, hunch_diag *diag);

hunch_status hunch__glance(struct hunch__glance *out, const uint64_t *keys, size_t n,
                           const hunch_allocator *allocator, hunch_diag *diag)
{
    struct tally tally = {0};
    const size_t share = n / SLICES / SLICES;
    const size_t many = share > SLICE_MAX ? SLICE_MAX : share > SLICE_MIN ? share : SLICE_MIN;
    const size_t slices = n > SLICES * many ? SLICES : 1;
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < slices && status == HUNCH_OK; i++) {
        const size_t length = slices > 1 ? many : n;
        const uint64_t *slice = keys + (n - length) / slices * i;
        status = look_at(&tally, slice, length, 8, allocator, &tally.segments8, diag);
        if (status == HUNCH_OK) {
            status = look_at(NULL, slice, length, 64, allocator, &tally.segments64, diag);
        }
    }
    if (status != HUNCH_OK) {
        return status;
    }
    /* Gaps without memory need 1 / (3.5 eps^2) segments a key (Ferragina, Lillo and Vinciguerra,
     * "Why are learned indexes so effective?", ICML 2020), times their relative variance. */
    const double per_key = tally.segments8 / (tally.keys + 1);
    const double fewer = log2((tally.segments8 + 1) / (tally.segments64 + 1)) / 3;
    *out = (struct hunch__glance){.n = n,
                                  .roughness = per_key * 3.5 * 64,
                                  .per_eps8 = per_key,
                                  .exponent = fewer < 0   ? 0
                                              : fewer > 2 ? 2
                                                          : fewer,
                                  .repeated = tally.repeated / (tally.keys + 1),
                                  .hidden = bits_hidden(keys, n)};
    for (size_t i = 0; i < HUNCH__CELL_SIZES; i++) {
        out->misses[i] = share_missed(keys, n, hunch__cell_sizes[i]);
    }
    return HUNCH_OK;
}

/* A few keys far outside hide all others in one top cell. */
static double bits_hidden(const uint64_t *keys, size_t n)
{
    const size_t rim = n / 100;
    const double range = (double)(keys[n - 1] - keys[0]);
    const double middle = (double)(keys[n - 1 - rim] - keys[rim]);
    return fmax(0, log2((range + 1) / (middle + 1)) - TOP_BITS);
}

static double share_missed(const uint64_t *keys, size_t n, uint32_t cell_keys)
{
    const size_t sample = n / SPARSE < SAMPLE ? n / SPARSE : SAMPLE;
    double missed = 0;
    for (size_t i = 0; i < sample; i++) {
        /* Where in its cell a key lies is any place: golden-ratio steps are even. */
        const double phase = (double)(i * UINT64_C(0x9e3779b97f4a7c15) >> 11) / 0x1p53;
        missed += chance_missed(keys, n, n / sample * i + n / sample / 2, cell_keys, phase);
    }
    return missed / (double)sample;
}

/* The cell of keys[i] is as wide as its neighbours are on average, and begins `phase` of that
 * before it. Its line has the slope of them all, its correction is the middle of what its own keys
 * need: the chance that this leaves keys[i] outside of the window. */
static double chance_missed(const uint64_t *keys, size_t n, size_t i, uint32_t cell_keys,
                            double phase)
{
    const size_t side = (size_t)SIDE * cell_keys;
    const size_t low = i > side ? i - side : 0;
    const size_t high = n - 1 - i > side ? i + side : n - 1;
    const size_t crowd = (size_t)CROWD * cell_keys;
    const size_t least_from = i - low > crowd ? i - crowd : low;
    const size_t most_to = high - i > crowd ? i + crowd : high;
    const double width = (double)(keys[high] - keys[low]) / (double)(high - low) * cell_keys;
    const double slope = width > 0 ? cell_keys / width : 0;
    size_t from = i;
    size_t to = i;
    while (from > least_from && (double)(keys[i] - keys[from - 1]) <= phase * width) {
        from--;
    }
    while (to < most_to && (double)(keys[to + 1] - keys[i]) <= (1 - phase) * width) {
        to++;
    }
    double least = HUGE_VAL;
    double most = -HUGE_VAL;
    double own = 0;
    for (size_t k = from; k <= to; k++) {
        const double off = (double)(k - from) - slope * (double)(keys[k] - keys[from]);
        least = fmin(least, off);
        most = fmax(most, off + 1);
        /* Of equal keys the first is meant. */
        own = k <= i && (k == from || keys[k] != keys[k - 1]) ? off : own;
    }
    return outside(own - (least + most) / 2);
}

/* The window of two lines begins 4 to 11 positions before the predicted one, evenly. */
static double outside(double off)
{
    double chance = 0;
    for (unsigned before = 4; before < 12; before++) {
        chance += off < -(double)before || off >= HUNCH__CELLS_WINDOW - (double)before ? 0.125 : 0;
    }
    return chance;
}

/* Count the segments of keys[n]; and, when there is a tally, keys and repetitions. */
static hunch_status look_at(struct tally *tally, const uint64_t *keys, size_t n, uint64_t eps,
                            const hunch_allocator *allocator, double *segments, hunch_diag *diag)
{
    struct hunch__pla pla;
    bool finished;
    hunch_status status = HUNCH_OK;
    hunch__pla_init(&pla, eps, allocator);
    for (size_t i = 0; i < n && status == HUNCH_OK; i++) {
        if (i > 0 && keys[i] == keys[i - 1]) {
            if (tally != NULL) {
                tally->repeated++;
            }
            continue;
        }
        status = hunch__pla_add(&pla, keys[i], i, &finished, diag);
        *segments += status == HUNCH_OK && finished ? 1 : 0;
    }
    if (tally != NULL) {
        tally->keys += (double)n;
    }
    hunch__pla_free(&pla);
    return status;
}
