/* The self-similar generator. */
#include "cascade.h"

#include "asserts.h"
#include "random.h"
#include "variates.h"

/* A spread in 1/65536, so that the probabilities are integers. */
#define SPREAD_ONE 65536

struct cascade {
    uint64_t *next; /* where the next key goes */
    int64_t spread; /* [0, SPREAD_ONE]         */
    uint64_t seed;
};

static void node_fill(struct cascade *c, uint64_t node, unsigned levels, uint64_t n);
static uint64_t node_ones(const struct cascade *c, uint64_t node, unsigned levels, uint64_t n);

void hunch__cascade(uint64_t *keys, size_t n, unsigned levels, double spread, uint64_t seed)
{
    HUNCH_ASSERT(levels <= HUNCH__CASCADE_LEVELS && n <= (uint64_t)1 << levels);
    HUNCH_ASSERT(spread >= 0 && spread <= 1);
    struct cascade c = {keys, (int64_t)(spread * SPREAD_ONE + 0.5), hunch__mix64(seed + 1)};
    uint64_t root = 1; /* a node is its bits behind a leading 1, so that each has its own number */
    node_fill(&c, root, levels, n);
    for (size_t i = 0; i < n; i++) {
        keys[i] -= (uint64_t)1 << levels;
    }
    HUNCH_ASSERT(c.next == keys + n);
}

/* The n keys below `node`, which has `levels` bits to come. As deep as there are levels. */
static void node_fill(struct cascade *c, uint64_t node, unsigned levels, uint64_t n)
{
    while (n > 1) {
        uint64_t ones = node_ones(c, node, levels, n);
        levels--;
        node_fill(c, 2 * node, levels, n - ones);
        node = 2 * node + 1;
        n = ones;
    }
    if (n == 1) {
        uint64_t low = hunch__mix64(node ^ c->seed) & (((uint64_t)1 << levels) - 1);
        *c->next++ = node << levels | low;
    }
}

/* How many of the n > 1 keys below `node` have a 1 next. */
static uint64_t node_ones(const struct cascade *c, uint64_t node, unsigned levels, uint64_t n)
{
    uint64_t state = node ^ c->seed;
    int64_t w = (int64_t)(hunch__splitmix64(&state) >> 32) - ((int64_t)1 << 31);
    uint64_t p = (uint64_t)(((int64_t)1 << 31) + w * c->spread / SPREAD_ONE);
    uint64_t ones = hunch__binomial(n, p, &state);
    uint64_t room = (uint64_t)1 << (levels - 1);
    if (ones > room) {
        ones = room;
    }
    return n - ones > room ? n - room : ones;
}
