/* Worlds for learners. */
#include "learner_world.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

#include "random.h"

#define SHAPE(k, d, s, c, of_kind, half)                                                           \
    {                                                                                              \
        .struct_size = sizeof(hunch_learner_shape), .arms = (k), .dense = (d),                     \
        .features = (d) + (s), .candidate_features = (c), .arms_kind = (of_kind),                  \
        .half_life = (half)                                                                        \
    }
#define FIXED(k, d, s) SHAPE(k, d, s, 0, HUNCH_ARMS_FIXED, 0.0f)

/* Arms around the lanes of vectors, columns likewise; then the other kinds of arms. */
const hunch_learner_shape world_shapes[] = {
    FIXED(1, 0, 0),
    FIXED(2, 0, 0),
    FIXED(8, 0, 0),
    FIXED(9, 0, 0),
    FIXED(70, 0, 0),
    FIXED(1, 1, 0),
    FIXED(2, 8, 0),
    FIXED(3, 1, 0),
    FIXED(8, 16, 0),
    FIXED(9, 8, 0),
    FIXED(17, 16, 0),
    FIXED(70, 3, 0),
    FIXED(3, 40, 0),
    FIXED(2, 0, 30),
    FIXED(8, 0, 12),
    FIXED(5, 4, 9),
    FIXED(17, 1, 3),
    SHAPE(4, 0, 0, 0, HUNCH_ARMS_FIXED, 50.0f),
    SHAPE(8, 5, 4, 0, HUNCH_ARMS_FIXED, 50.0f),
    SHAPE(16, 0, 0, 0, HUNCH_ARMS_ORDERED, 0.0f),
    SHAPE(32, 2, 0, 0, HUNCH_ARMS_ORDERED, 0.0f),
    SHAPE(4, 0, 20, 0, HUNCH_ARMS_EPISODE, 0.0f),
    SHAPE(3, 2, 12, 0, HUNCH_ARMS_EPISODE, 0.0f),
    SHAPE(8, 0, 0, 3, HUNCH_ARMS_CANDIDATES, 0.0f),
    SHAPE(20, 4, 0, 2, HUNCH_ARMS_CANDIDATES, 0.0f),
    SHAPE(9, 2, 6, 3, HUNCH_ARMS_CANDIDATES, 0.0f),
};
const size_t world_shapes_count = sizeof world_shapes / sizeof world_shapes[0];

static float number(struct world *world, uint32_t column);
static float uniform(struct world *world);
static float extreme(struct world *world, uint32_t column);
static void fill_sparse(struct world *world, struct world_event *out);
static float easy_reward(struct world *world, const struct world_event *out, uint32_t arm);

const char *world_shape_name(const hunch_learner_shape *shape)
{
    static const char *const kinds[] = {"fixed", "ordered", "candidates", "episode"};
    static char text[128];
    (void)snprintf(text, sizeof text, "%s arms: K %u, dense %u, features %u, candidates' %u",
                   kinds[shape->arms_kind], shape->arms, shape->dense, shape->features,
                   shape->candidate_features);
    return text;
}

void world_ask(struct world *world, struct world_event *out)
{
    const hunch_learner_shape *shape = world->shape;
    memset(out, 0, sizeof *out);
    for (uint32_t f = 0; f < shape->dense; f++) {
        out->dense[f] = number(world, f);
    }
    fill_sparse(world, out);
    for (uint32_t a = 0; a < shape->arms; a++) {
        for (uint32_t f = 0; f < shape->candidate_features; f++) {
            out->candidates[a][f] = number(world, f);
        }
        const bool allowed = (hunch__splitmix64(&world->stream) & 3) != 0;
        out->mask[a / 64] |= (uint64_t)allowed << (a % 64);
    }
    const uint64_t sure = hunch__below(hunch__splitmix64(&world->stream), shape->arms);
    out->mask[sure / 64] |= (uint64_t)1 << (sure % 64);
    out->event.x = (hunch_context){out->dense, out->columns, out->values, out->event.x.count, 0};
    out->event.weight = 1.0f;
}

void world_tell(struct world *world, struct world_event *out, uint32_t arm, float p)
{
    out->event.arm = arm;
    out->event.propensity = p;
    out->event.candidate = world->shape->candidate_features > 0 ? out->candidates[arm] : NULL;
    switch (world->kind) {
    case WORLD_EASY:
        out->event.reward = easy_reward(world, out, arm);
        break;
    case WORLD_EXTREME:
        out->event.reward = extreme(world, arm % 4);
        out->event.weight = (hunch__splitmix64(&world->stream) & 1) != 0 ? 1e-6f : 1e6f;
        break;
    default:
        out->event.reward = number(world, 0);
        break;
    }
}

const float *world_candidates(const struct world *world, const struct world_event *asked,
                              float *packed)
{
    const uint32_t c = world->shape->candidate_features;
    for (uint32_t a = 0; a < world->shape->arms; a++) {
        memcpy(packed + (size_t)a * c, asked->candidates[a], c * sizeof *packed);
    }
    return c > 0 ? packed : NULL;
}

static float number(struct world *world, uint32_t column)
{
    switch (world->kind) {
    case WORLD_EXACT:
        return (float)(int)hunch__below(hunch__splitmix64(&world->stream), 17) * 0.25f - 2.0f;
    case WORLD_EXTREME:
        return extreme(world, column);
    default:
        return 4.0f * uniform(world) - 2.0f;
    }
}

static float uniform(struct world *world)
{
    return (float)(hunch__splitmix64(&world->stream) >> 40) * 0x1p-24f;
}

/* By column: the largest numbers, the smallest, a constant, alternating, mostly zero. */
static float extreme(struct world *world, uint32_t column)
{
    const float u = 2.0f * uniform(world) - 1.0f;
    switch (column % 6) {
    case 0:
        return u * 1e30f;
    case 1:
        return u * 1e-30f;
    case 2:
        return 1e9f;
    case 3:
        return u > 0.0f ? FLT_MAX : -FLT_MAX;
    case 4:
        return u > 0.99f ? FLT_MIN / 4.0f : 0.0f;
    default:
        return 1e6f + u;
    }
}

/* Each column with probability 1/3, as a category's level unless the world is extreme. */
static void fill_sparse(struct world *world, struct world_event *out)
{
    for (uint32_t f = world->shape->dense; f < world->shape->features; f++) {
        if (hunch__below(hunch__splitmix64(&world->stream), 3) == 0) {
            const uint32_t at = out->event.x.count++;
            out->columns[at] = f;
            out->values[at] = world->kind == WORLD_EXTREME ? extreme(world, f) : 1.0f;
        }
    }
}

/* The arm in the middle is the best, its neighbours are next; of candidates the one whose first
 * feature is the largest. */
static float easy_reward(struct world *world, const struct world_event *out, uint32_t arm)
{
    const float noise = 0.2f * (2.0f * uniform(world) - 1.0f);
    if (world->shape->candidate_features > 0) {
        return out->candidates[arm][0] + noise;
    }
    const uint32_t best = world->shape->arms / 2;
    const uint32_t distance = arm > best ? arm - best : best - arm;
    return 1.0f - (float)distance / (float)world->shape->arms - (distance > 0 ? 0.5f : 0.0f) +
           noise;
}
