/* What a glance at the keys tells: roughness and hardness of slices, since a sample of single keys
 * would look harder than the keys are. */
#include "arms.h"
#include "pla.h"

/* An eighth of the keys in eight slices, as long as these are neither so short that each is hardly
 * a segment, nor longer than it takes to know. */
#define SLICES    8u
#define SLICE_MIN 4096u
#define SLICE_MAX 32768u

/* What is counted over all slices. */
struct tally {
    double keys;
    double repeated;
    double segments8;
    double segments64;
};

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
                                  .repeated = tally.repeated / (tally.keys + 1)};
    return HUNCH_OK;
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
