/* Random sorted keys, and what to ask about them. */
#include <string.h>

#include "prop.h"
#include "random.h"

/* How the keys of one set lie. */
struct shape {
    unsigned traits; /* prop_keys that this set has                                  */
    unsigned shift;  /* key = values of a range of bits, shifted, plus what all share */
    uint64_t most;   /* largest value                                                */
    uint64_t shared;
    uint64_t stride; /* largest difference of neighbours                            */
    unsigned skew;   /* differences are shifted right by up to this                 */
    uint64_t repeat; /* a key is repeated with probability 1 - 1 / repeat            */
};

static struct shape choose_shape(size_t n, unsigned flags, uint64_t *state);
static void fill(uint64_t *keys, size_t n, const struct shape *shape, uint64_t *state);
static uint64_t gap(const struct shape *shape, uint64_t *state);

/* One number is taken from p whatever n is, so that the property goes on with the same ones when
 * the set is cut to a piece. */
uint64_t *prop_sorted_keys(struct prop *p, size_t n, unsigned flags)
{
    uint64_t state = prop_random(p);
    const bool piece = n == p->now.n;
    const size_t full = piece ? p->now.full : n;
    uint64_t *all = prop_alloc(p, full * sizeof *all);
    const struct shape shape = choose_shape(full, flags, &state);
    fill(all, full, &shape, &state);
    if (full == n) {
        return all;
    }
    uint64_t *keys = prop_alloc(p, n * sizeof *keys);
    return memcpy(keys, all + p->now.from, n * sizeof *keys);
}

uint64_t prop_query(struct prop *p, const uint64_t *keys, size_t n)
{
    const unsigned kind = (unsigned)prop_below(p, 8);
    const uint64_t any = prop_random(p);
    if (n == 0 || kind == 7) {
        return any % 4 == 0 ? 0 : any % 4 == 1 ? UINT64_MAX : any;
    }
    const size_t i = (size_t)prop_below(p, n);
    switch (kind) {
    case 0:
        return keys[i] - 1; /* wraps: any number may be asked for */
    case 1:
        return keys[i] + 1;
    case 2:
        return i + 1 < n ? keys[i] + hunch__below(any, keys[i + 1] - keys[i] + 1) : keys[i];
    case 3:
        return keys[0] > 0 ? hunch__below(any, keys[0]) : 0;
    case 4:
        return keys[n - 1] + hunch__below(any, UINT64_MAX - keys[n - 1]);
    default:
        return keys[i];
    }
}

static struct shape choose_shape(size_t n, unsigned flags, uint64_t *state)
{
    struct shape shape = {.traits = flags & (unsigned)(hunch__splitmix64(state) >> 32)};
    const uint64_t half = hunch__splitmix64(state) >> 32;
    const bool low = (shape.traits & PROP_SHARED_LOW_BITS) != 0;
    const bool high = !low && (shape.traits & PROP_SHARED_HIGH_BITS) != 0;
    shape.shift = low ? 32 : 0;
    shape.shared = low ? half : high ? half << 32 : 0;
    shape.most = low || high ? UINT32_MAX : UINT64_MAX;
    shape.stride = (shape.traits & PROP_DENSE) != 0 || n == 0 ? 1 : shape.most / n;
    shape.skew = (unsigned)hunch__below(hunch__splitmix64(state), 64);
    shape.repeat = 1;
    if ((shape.traits & PROP_LONG_RUNS) != 0) {
        shape.repeat = 1 + n / 4;
    } else if ((shape.traits & PROP_DUPLICATES) != 0) {
        shape.repeat = 2;
    }
    return shape;
}

/* Sums of n differences of at most `stride` stay in range, so that no sort is needed and the keys
 * are distinct unless repeated. */
static void fill(uint64_t *keys, size_t n, const struct shape *shape, uint64_t *state)
{
    if (n == 0) {
        return;
    }
    const uint64_t room = shape->most - (n - 1) * shape->stride;
    uint64_t value = hunch__below(hunch__splitmix64(state), room);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && hunch__below(hunch__splitmix64(state), shape->repeat) == 0) {
            value += gap(shape, state);
        }
        keys[i] = (value << shape->shift) + shape->shared;
    }
    if ((shape->traits & PROP_FULL_DOMAIN) != 0) {
        keys[n - 1] = UINT64_MAX;
        keys[0] = n > 1 || *state % 2 == 0 ? 0 : UINT64_MAX;
    }
}

static uint64_t gap(const struct shape *shape, uint64_t *state)
{
    const unsigned shift = (unsigned)hunch__below(hunch__splitmix64(state), shape->skew + 1);
    return 1 + (hunch__below(hunch__splitmix64(state), shape->stride) >> shift);
}
