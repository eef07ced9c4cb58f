/* Where things are in the state of `mlp`. */
#include "bits.h"
#include "explore.h"
#include "learners.h"
#include "linear.h"
#include "mlp_state.h"

/* What the ring may take: fewer events when they are large. */
#define RING_BYTES ((size_t)4 << 20)

static size_t place(struct hunch__mlp_plan *plan, size_t bytes);
static void plan_ring(struct hunch__mlp_plan *plan);

bool hunch__mlp_plan_make(struct hunch__mlp_plan *plan, const hunch_learner_shape *shape)
{
    const uint32_t stride = hunch__arms_stride(shape->arms);
    const uint64_t rows = (uint64_t)shape->features;
    const uint64_t numbers = (1 + rows) * HUNCH__MLP_UNITS + (1 + HUNCH__MLP_UNITS + rows) * stride;
    if (!hunch__shape_has_own_arms(shape) || shape->features == 0 ||
        shape->dense > HUNCH__DENSE_MAX || numbers > HUNCH__MLP_NUMBERS_MAX) {
        return false;
    }
    *plan = (struct hunch__mlp_plan){.arms = shape->arms,
                                     .stride = stride,
                                     .dense = shape->dense,
                                     .features = shape->features,
                                     .members = stride <= HUNCH__ARMS_LANES ? 2 : 4,
                                     .numbers = (size_t)numbers};
    plan->output = (1 + (size_t)rows) * HUNCH__MLP_UNITS;
    plan->skip = plan->output + (1 + HUNCH__MLP_UNITS) * (size_t)stride;
    plan->total = hunch__align_up(sizeof(struct hunch__mlp_state), HUNCH__CACHE_LINE);
    plan->spread = place(plan, 2 * (size_t)shape->dense * sizeof(double));
    plan->center = place(plan, shape->dense * sizeof(float));
    plan->scale = place(plan, shape->dense * sizeof(float));
    plan->weights = place(plan, plan->members * (size_t)3 * plan->numbers * sizeof(float));
    plan_ring(plan);
    const size_t step = hunch__mlp_step_bytes(plan);
    const size_t publish = hunch__mlp_publish_bytes(plan);
    plan->scratch = place(plan, step > publish ? step : publish);
    return true;
}

static size_t place(struct hunch__mlp_plan *plan, size_t bytes)
{
    const size_t at = plan->total;
    plan->total += hunch__align_up(bytes, HUNCH__CACHE_LINE);
    return at;
}

static void plan_ring(struct hunch__mlp_plan *plan)
{
    const uint32_t sparse = plan->features - plan->dense;
    plan->entries = sparse < HUNCH__MLP_ENTRIES_MAX ? sparse : HUNCH__MLP_ENTRIES_MAX;
    plan->record_bytes =
        sizeof(struct hunch__mlp_record) + (plan->dense + (size_t)plan->entries) * sizeof(float);
    const size_t events = RING_BYTES / plan->record_bytes;
    plan->events = events < HUNCH__MLP_EVENTS_MAX ? (uint32_t)events : HUNCH__MLP_EVENTS_MAX;
    plan->ring = place(plan, plan->events * plan->record_bytes);
}
