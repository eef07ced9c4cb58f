/* The forms that AUTO chooses from, and a cost model in closed form.
 *
 * A visit costs what it did on a Zen 1 with 8 MiB of third cache; the factors were set on a Zen 3,
 * by sets of the benchmark. A build that measures uses it only to decide what is worth
 * trying. hunch-bench index --case auto prints what each is worth.
 */
#include "arms.h"

#define CELLS_OF(t)                                                                                \
    {                                                                                              \
        HUNCH_INDEX_CELLS, 0, t, 0, 0, 0                                                           \
    }
#define BLOCKS_OF(keys, router)                                                                    \
    {                                                                                              \
        HUNCH_INDEX_BLOCKS, 0, 0, keys, HUNCH_INDEX_ROUTER_##router, 0                             \
    }
#define SEGMENTS_OF(eps, router)                                                                   \
    {                                                                                              \
        HUNCH_INDEX_SEGMENTS, 0, 0, 0, HUNCH_INDEX_ROUTER_##router, eps                            \
    }

const struct hunch__arm hunch__arms[HUNCH__ARMS] = {
    {HUNCH_INDEX_STREE, 16, 0, 0, 0, 0},
    {HUNCH_INDEX_STREE, 8, 0, 0, 0, 0},
    CELLS_OF(6),
    CELLS_OF(8),
    CELLS_OF(10),
    CELLS_OF(14),
    CELLS_OF(20),
    CELLS_OF(40),
    CELLS_OF(80),
    BLOCKS_OF(256, CELLS),
    BLOCKS_OF(256, TREE),
    BLOCKS_OF(256, LINES),
    BLOCKS_OF(512, CELLS),
    BLOCKS_OF(512, TREE),
    BLOCKS_OF(512, LINES),
    SEGMENTS_OF(8, CELLS),
    SEGMENTS_OF(8, TREE),
    SEGMENTS_OF(8, LINES),
    SEGMENTS_OF(16, CELLS),
    SEGMENTS_OF(16, TREE),
    SEGMENTS_OF(16, LINES),
    SEGMENTS_OF(32, CELLS),
    SEGMENTS_OF(32, TREE),
    SEGMENTS_OF(32, LINES),
    SEGMENTS_OF(64, CELLS),
    SEGMENTS_OF(64, TREE),
    SEGMENTS_OF(64, LINES),
    SEGMENTS_OF(128, CELLS),
    SEGMENTS_OF(128, TREE),
    SEGMENTS_OF(128, LINES),
    SEGMENTS_OF(256, TREE),
    SEGMENTS_OF(256, LINES),
    SEGMENTS_OF(512, TREE),
    SEGMENTS_OF(512, LINES),
    SEGMENTS_OF(1024, TREE),
    SEGMENTS_OF(1024, LINES),
    SEGMENTS_OF(4096, TREE),
};

uint64_t hunch__arms_of(uint32_t kind)
{
    uint64_t set = 0;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        set |= (uint64_t)(hunch__arms[i].kind == kind) << i;
    }
    return set;
}

/* What the parts of a form add up to, beside what it was measured to take: dependent steps overlap
 * less than a sum of visits knows. Indexed by hunch_index_router where there is one. */
struct correction {
    double single;
    double batched;
};
static const struct correction of_tree = {3, 1.1};
static const struct correction of_blocks[] = {{0}, {1.6, 1.1}, {2.6, 1.6}, {4.4, 2.1}};
static const struct correction of_segments[] = {{0}, {1, 1}, {1.15, 1.1}, {1.35, 1.25}};

/* ns of a visit to a random place of so many bytes. */
struct visit {
    double bytes;
    double single;
    double batched;
};

static struct hunch__cost cost_tree(const struct hunch__arm *arm, double n);
static struct hunch__cost cost_cells(const struct hunch__arm *arm,
                                     const struct hunch__glance *glance);
static struct hunch__cost cost_blocks(const struct hunch__arm *arm,
                                      const struct hunch__glance *glance);
static struct hunch__cost cost_segments(const struct hunch__arm *arm,
                                        const struct hunch__glance *glance);
static struct hunch__cost cost_router(uint32_t router, double edges,
                                      const struct hunch__glance *glance);
static void visit(struct hunch__cost *cost, double bytes, double times);
static void visits(struct hunch__cost *cost, double bytes, double single, double batched);
static void work(struct hunch__cost *cost, double ns);
static void correct(struct hunch__cost *cost, const struct correction *correction);

struct hunch__cost hunch__arm_cost(const struct hunch__arm *arm, const struct hunch__glance *glance)
{
    struct hunch__cost cost;
    switch (arm->kind) {
    case HUNCH_INDEX_CELLS:
        cost = cost_cells(arm, glance);
        break;
    case HUNCH_INDEX_BLOCKS:
        cost = cost_blocks(arm, glance);
        break;
    case HUNCH_INDEX_SEGMENTS:
        cost = cost_segments(arm, glance);
        break;
    default:
        cost = cost_tree(arm, (double)glance->n);
        break;
    }
    visit(&cost, 8.0 * (double)glance->n, 1); /* the line of keys that nothing spares */
    cost.bytes += (double)sizeof(hunch_index);
    return cost;
}

/* Nodes of u64 in levels, then, with 16 keys a node, packed nodes. */
static struct hunch__cost cost_tree(const struct hunch__arm *arm, double n)
{
    struct hunch__cost cost = {0, 0, 0};
    const double fan = arm->node_keys;
    const double entries = arm->node_keys == 16 ? n / 128 : n / 8;
    for (double level = entries; level > 1; level /= fan) {
        visit(&cost, 8 * level, arm->node_keys == 16 ? 1.2 : 1);
        work(&cost, arm->node_keys == 16 ? 6 : 4);
        cost.bytes += 8 * level;
    }
    if (arm->node_keys == 16) {
        visit(&cost, n / 2, 1);
        work(&cost, 8);
        cost.bytes += n / 2;
    }
    correct(&cost, &of_tree);
    return cost;
}

static struct hunch__cost cost_cells(const struct hunch__arm *arm,
                                     const struct hunch__glance *glance)
{
    struct hunch__cost cost = {0, 0, 0};
    const double n = (double)glance->n;
    const double cells = 1.4 * n / arm->cell_keys + 256;
    double misses = 1;
    for (size_t i = 0; i < HUNCH__CELL_SIZES; i++) {
        misses = arm->cell_keys == hunch__cell_sizes[i] ? glance->misses[i] : misses;
    }
    cost.bytes = cells * (1 + 8.0 / 64) + 2048;
    visit(&cost, cost.bytes, 1.2);
    visits(&cost, 8 * n, 0.2, 0.6); /* the second line, which comes with the first */
    /* A search from the wrong place: the wider the cell the farther, and no batch hides it. */
    visits(&cost, 8 * n, 5 * misses, (16 + 0.2 * arm->cell_keys) * misses);
    work(&cost, 14 + 270 * misses);
    return cost;
}

static struct hunch__cost cost_blocks(const struct hunch__arm *arm,
                                      const struct hunch__glance *glance)
{
    const double n = (double)glance->n;
    struct hunch__cost cost = cost_router(arm->router, n / arm->block_keys, glance);
    const double separators = 64 * n / arm->block_keys;
    cost.bytes += separators;
    visit(&cost, separators, 1);
    work(&cost, 12);
    /* A group of twice as many keys has a second line, which comes with the first. */
    visits(&cost, 8 * n, 0, arm->block_keys == 512 ? 0.15 : 0);
    correct(&cost, &of_blocks[arm->router]);
    return cost;
}

/* S(eps) follows a power of eps between 8 and 64, and is taken to go on so. */
static struct hunch__cost cost_segments(const struct hunch__arm *arm,
                                        const struct hunch__glance *glance)
{
    const double n = (double)glance->n;
    const double segments = n * glance->per_eps8 * pow(arm->eps / 8.0, -glance->exponent) + 1;
    /* The place behind a run of equal keys is as far off as the run is long. */
    const double eps = arm->eps + (glance->repeated > 0.2 ? 4 / (1.001 - glance->repeated) : 0);
    struct hunch__cost cost = cost_router(arm->router, segments / 16, glance);
    cost.bytes += 12 * segments;
    visit(&cost, 12 * segments, 2.5);
    work(&cost, 16);
    /* Single look-ups ask for three probes at once, batches for one. */
    visits(&cost, 8 * n, 1 + 1.2 * fmax(log2(eps) - 4.5, 0), 3.2 + 0.75 * fmax(log2(eps) - 4.5, 0));
    correct(&cost, &of_segments[arm->router]);
    return cost;
}

static struct hunch__cost cost_router(uint32_t router, double edges,
                                      const struct hunch__glance *glance)
{
    struct hunch__cost cost = {8 * edges, 0, 0};
    switch (router) {
    case HUNCH_INDEX_ROUTER_CELLS:
        cost.bytes += 8 * edges;
        visit(&cost, edges, 1);
        visit(&cost, 6 * edges, 1);
        /* Edges that share a cell are halved, a step a bit that their top cell hides. */
        work(&cost, 8 + 12 * fmin(glance->hidden, log2(edges + 1)));
        break;
    case HUNCH_INDEX_ROUTER_TREE:
        for (double level = edges / 16; level > 1; level /= 16) {
            visit(&cost, 8 * level, 1.2);
            work(&cost, 6);
            cost.bytes += 8 * level;
        }
        work(&cost, 6);
        break;
    default:
        work(&cost, 20);
        cost.bytes += edges / 4;
        visit(&cost, edges / 4, 2);
        break;
    }
    visit(&cost, 8 * edges, 1);
    return cost;
}

/* The far end of a cache costs as the next one does, long before it is full: keys pass through it.
 */
static void visits(struct hunch__cost *cost, double bytes, double single, double batched)
{
    static const struct visit visits[] = {
        {32e3, 2, 0.5}, {512e3, 7, 1.5}, {1.5e6, 15, 2.5}, {4e6, 30, 5}, {10e6, 75, 10},
    };
    struct visit here = {0, 110, 14};
    for (size_t i = sizeof visits / sizeof visits[0]; i-- > 0;) {
        here = bytes <= visits[i].bytes ? visits[i] : here;
    }
    /* A plain loop overlaps what it can: about half. */
    cost->single += single * here.single / 2;
    cost->batched += batched * here.batched;
}

static void visit(struct hunch__cost *cost, double bytes, double times)
{
    visits(cost, bytes, times, times);
}

static void work(struct hunch__cost *cost, double ns)
{
    cost->single += ns / 2;
    cost->batched += ns / 3;
}

static void correct(struct hunch__cost *cost, const struct correction *correction)
{
    cost->single *= correction->single;
    cost->batched *= correction->batched;
}
