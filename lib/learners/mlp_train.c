/* Steps of Adam on minibatches of remembered events. */
#include <math.h>
#include <string.h>

#include "kernels.h"
#include "learners.h"
#include "mlp_state.h"
#include "random.h"
#include "real.h"

/* Of .003, .01 and .02 the best on the first ten class sets; the decay (.03, .1, .3) too. */
#define RATE    0.01
#define DECAY   0.1
#define BETA1   0.9
#define BETA2   0.999
#define EPSILON 1e-8f

/* The belief that all arms are alike counts as much as 1 event of n for n = PRIOR_EVENTS and less
 * afterwards. Without it arms die out that were unlucky early: pendigits .07 instead of .04. */
#define PRIOR_EVENTS 10.0

/* Standard deviations at which an input is clipped. */
#define CLIP 4.0f

/* Room for a step, cut from the scratch. */
struct work {
    const struct hunch__kernels *kernels;
    const struct hunch__mlp_plan *plan;
    hunch_context context[HUNCH__MLP_BATCH]; /* sparse entries alone count            */
    uint32_t arm[HUNCH__MLP_BATCH];
    float target[HUNCH__MLP_BATCH];
    float weight[HUNCH__MLP_BATCH];
    float *x;          /* [n][dense] standardised                              */
    uint32_t *columns; /* [n][entries]                                        */
    float *values;     /* [n][entries]                                         */
    float *hidden;     /* [n][UNITS]                                           */
    float *back;       /* [n][UNITS] gradient of the above                     */
    float *z;          /* [n][stride] outputs, then their gradient             */
    float *spare;      /* [n][stride]                                          */
    float *turned;     /* [stride][UNITS] the output's weights                 */
    float *gradient;   /* [numbers]                                            */
    uint32_t n;
};

static float random_weight(struct hunch__mlp_state *head, float reach);
static float inputs_of(const void *state, const struct hunch__mlp_plan *plan);
static void work_begin(struct work *work, const void *state, const struct hunch__mlp_plan *plan);
static void draw_batch(struct work *work, struct hunch__mlp_state *head,
                       const hunch_learner_shape *shape);
static uint64_t draw_age(struct hunch__mlp_state *head, uint32_t stored, float half_life);
static void standardise(const void *state, const struct hunch__mlp_plan *plan, const float *dense,
                        float *x);
static float clip(float x, float most);
static void forward(struct work *work, const float *w);
static void backward(struct work *work, const float *w);
static void train_member(struct work *work, void *state, uint32_t member);
static void fill_rows(float *rows, const float *row, size_t units, size_t n);
static void add_rows(const struct work *work, const float *rows, size_t units, float *sums);
static void add_row_gradients(const struct work *work, const float *back, size_t units, float *g);
static void multiply(const struct work *work, float *c, const float *a, const float *b,
                     size_t inner, size_t columns);
static void multiply_turned(const struct work *work, float *c, const float *a, const float *b,
                            size_t rows, size_t columns);
static void apply(struct work *work, struct hunch__mlp_state *head, uint32_t member);

void hunch__mlp_start(void *state, const struct hunch__mlp_plan *plan)
{
    struct hunch__mlp_state *head = state;
    /* He and others, "Delving Deep into Rectifiers" (2015), for the inputs that are not 0. */
    const float reach = sqrtf(6.0f / inputs_of(state, plan));
    for (uint32_t e = 0; e < plan->members; e++) {
        float *w = hunch__mlp_numbers(state, plan, e, 0);
        memset(w, 0, 3 * plan->numbers * sizeof *w);
        for (size_t i = 0; i < HUNCH__MLP_UNITS; i++) {
            w[i] = random_weight(head, 0.2f);
        }
        for (size_t i = HUNCH__MLP_UNITS; i < plan->output; i++) {
            w[i] = random_weight(head, reach);
        }
        /* Small, so that at first all arms are alike. */
        for (size_t u = 1; u <= HUNCH__MLP_UNITS; u++) {
            for (size_t a = 0; a < plan->arms; a++) {
                w[plan->output + u * plan->stride + a] = random_weight(head, 0.04f);
            }
        }
    }
    head->beta[0] = 1.0;
    head->beta[1] = 1.0;
    head->started = 1;
}

void hunch__mlp_step(void *state, const struct hunch__mlp_plan *plan,
                     const hunch_learner_shape *shape)
{
    struct hunch__mlp_state *head = state;
    struct work work;
    work_begin(&work, state, plan);
    head->beta[0] *= BETA1;
    head->beta[1] *= BETA2;
    for (uint32_t e = 0; e < plan->members; e++) {
        draw_batch(&work, head, shape);
        train_member(&work, state, e);
    }
}

size_t hunch__mlp_step_bytes(const struct hunch__mlp_plan *plan)
{
    const size_t n = HUNCH__MLP_BATCH;
    const size_t sample =
        plan->dense + 2 * (size_t)plan->entries + 2 * HUNCH__MLP_UNITS + 2 * (size_t)plan->stride;
    return (n * sample + HUNCH__MLP_UNITS * (size_t)plan->stride + plan->numbers) * sizeof(float);
}

void hunch__mlp_outputs(void *state, const struct hunch__mlp_plan *plan, const hunch_context *x,
                        float *out)
{
    struct work work;
    float z[HUNCH__DENSE_MAX];
    work_begin(&work, state, plan);
    work.n = 1;
    work.context[0] = *x;
    standardise(state, plan, x->dense, z);
    work.x = z;
    memset(out, 0, plan->stride * sizeof *out);
    for (uint32_t e = 0; e < plan->members; e++) {
        forward(&work, hunch__mlp_numbers(state, plan, e, 0));
        for (uint32_t a = 0; a < plan->stride; a++) {
            out[a] += work.z[a];
        }
    }
    for (uint32_t a = 0; a < plan->stride; a++) {
        out[a] /= (float)plan->members;
    }
}

/* Uniform in (-reach, reach). */
static float random_weight(struct hunch__mlp_state *head, float reach)
{
    const double u = (double)(hunch__splitmix64(&head->random) >> 11) * 0x1p-53;
    return reach * (float)(2.0 * u - 1.0);
}

/* How many inputs of a context are not 0. */
static float inputs_of(const void *state, const struct hunch__mlp_plan *plan)
{
    const struct hunch__mlp_state *head = state;
    const float *scale = hunch__mlp_at(state, plan->scale);
    const uint32_t stored = hunch__mlp_stored(head, plan);
    float count = 0.0f;
    for (uint32_t i = 0; i < stored && i < HUNCH__MLP_BATCH; i++) {
        count += (float)hunch__mlp_record_at(state, plan, i)->count;
    }
    count /= (float)(stored < HUNCH__MLP_BATCH ? stored + (stored == 0) : HUNCH__MLP_BATCH);
    for (uint32_t f = 0; f < plan->dense; f++) {
        count += scale[f] > 0.0f ? 1.0f : 0.0f;
    }
    return fmaxf(count, 1.0f);
}

static void work_begin(struct work *work, const void *state, const struct hunch__mlp_plan *plan)
{
    const size_t n = HUNCH__MLP_BATCH;
    float *at = hunch__mlp_at(state, plan->scratch);
    work->kernels = hunch__kernels_get();
    work->plan = plan;
    work->n = 0;
    work->gradient = at;
    work->turned = work->gradient + plan->numbers;
    work->z = work->turned + HUNCH__MLP_UNITS * (size_t)plan->stride;
    work->spare = work->z + n * plan->stride;
    work->hidden = work->spare + n * plan->stride;
    work->back = work->hidden + n * HUNCH__MLP_UNITS;
    work->x = work->back + n * HUNCH__MLP_UNITS;
    work->values = work->x + n * plan->dense;
    work->columns = (uint32_t *)(void *)(work->values + n * plan->entries);
}

static void draw_batch(struct work *work, struct hunch__mlp_state *head,
                       const hunch_learner_shape *shape)
{
    const struct hunch__mlp_plan *plan = work->plan;
    const uint32_t stored = hunch__mlp_stored(head, plan);
    work->n = HUNCH__MLP_BATCH;
    for (uint32_t i = 0; i < work->n; i++) {
        const struct hunch__mlp_record *record =
            hunch__mlp_record_at(head, plan, draw_age(head, stored, shape->half_life));
        work->context[i] = hunch__mlp_recall(record, plan, work->columns + i * plan->entries,
                                             work->values + i * plan->entries);
        standardise(head, plan, work->context[i].dense, work->x + (size_t)i * plan->dense);
        work->arm[i] = record->arm;
        work->target[i] = hunch__mlp_target(head, record->reward);
        work->weight[i] = record->weight / (float)HUNCH__MLP_BATCH;
    }
}

/* Uniform, or as often as the half-life says. */
static uint64_t draw_age(struct hunch__mlp_state *head, uint32_t stored, float half_life)
{
    const uint64_t random = hunch__splitmix64(&head->random);
    if (half_life > 0.0f) {
        const double u = (double)((random >> 11) + 1) * 0x1p-53;
        const double age = -hunch__log(u) * 1.4426950408889634 * (double)half_life;
        if (age < stored) {
            return (uint64_t)age;
        }
    }
    return hunch__below(random, stored);
}

static void standardise(const void *state, const struct hunch__mlp_plan *plan, const float *dense,
                        float *x)
{
    const float *center = hunch__mlp_at(state, plan->center);
    const float *scale = hunch__mlp_at(state, plan->scale);
    for (uint32_t f = 0; f < plan->dense; f++) {
        x[f] = scale[f] > 0.0f ? clip((dense[f] - center[f]) * scale[f], CLIP) : 0.0f;
    }
}

static float clip(float x, float most)
{
    x = x > -most ? x : -most;
    return x < most ? x : most;
}

/* hidden and z of the whole batch. */
static void forward(struct work *work, const float *w)
{
    const struct hunch__mlp_plan *plan = work->plan;
    const float *output = w + plan->output;
    const float *skip = w + plan->skip;
    const size_t sparse_first = (1 + (size_t)plan->dense) * HUNCH__MLP_UNITS;
    fill_rows(work->hidden, w, HUNCH__MLP_UNITS, work->n);
    multiply(work, work->hidden, work->x, w + HUNCH__MLP_UNITS, plan->dense, HUNCH__MLP_UNITS);
    add_rows(work, w + sparse_first, HUNCH__MLP_UNITS, work->hidden);
    for (size_t i = 0; i < work->n * HUNCH__MLP_UNITS; i++) {
        work->hidden[i] = work->hidden[i] > 0.0f ? work->hidden[i] : 0.0f;
    }
    fill_rows(work->z, output, plan->stride, work->n);
    multiply(work, work->z, work->hidden, output + plan->stride, HUNCH__MLP_UNITS, plan->stride);
    multiply(work, work->z, work->x, skip, plan->dense, plan->stride);
    add_rows(work, skip + (size_t)plan->dense * plan->stride, plan->stride, work->z);
}

/* gradient of the whole batch, from that of z. */
static void backward(struct work *work, const float *w)
{
    const struct hunch__mlp_plan *plan = work->plan;
    const size_t stride = plan->stride;
    const float *output = w + plan->output + stride;
    float *g = work->gradient;
    float *g_output = g + plan->output;
    float *g_skip = g + plan->skip;
    memset(g, 0, plan->numbers * sizeof *g);
    for (size_t u = 0; u < HUNCH__MLP_UNITS; u++) {
        for (size_t a = 0; a < stride; a++) {
            work->turned[a * HUNCH__MLP_UNITS + u] = output[u * stride + a];
        }
    }
    memset(work->back, 0, work->n * HUNCH__MLP_UNITS * sizeof(float));
    multiply(work, work->back, work->z, work->turned, stride, HUNCH__MLP_UNITS);
    for (size_t i = 0; i < work->n * HUNCH__MLP_UNITS; i++) {
        work->back[i] = work->hidden[i] > 0.0f ? work->back[i] : 0.0f;
    }
    for (size_t i = 0; i < work->n; i++) {
        for (size_t a = 0; a < stride; a++) {
            g_output[a] += work->z[i * stride + a];
        }
        for (size_t u = 0; u < HUNCH__MLP_UNITS; u++) {
            g[u] += work->back[i * HUNCH__MLP_UNITS + u];
        }
    }
    multiply_turned(work, g_output + stride, work->hidden, work->z, HUNCH__MLP_UNITS, stride);
    multiply_turned(work, g_skip, work->x, work->z, plan->dense, stride);
    multiply_turned(work, g + HUNCH__MLP_UNITS, work->x, work->back, plan->dense, HUNCH__MLP_UNITS);
    add_row_gradients(work, work->z, stride, g_skip + (size_t)plan->dense * stride);
    add_row_gradients(work, work->back, HUNCH__MLP_UNITS,
                      g + (1 + (size_t)plan->dense) * HUNCH__MLP_UNITS);
}

static void train_member(struct work *work, void *state, uint32_t member)
{
    struct hunch__mlp_state *head = state;
    const struct hunch__mlp_plan *plan = work->plan;
    const float *w = hunch__mlp_numbers(state, plan, member, 0);
    forward(work, w);
    const struct hunch__mlp_outcomes outcomes = {
        .arm = work->arm,
        .target = work->target,
        .weight = work->weight,
        .n = work->n,
        .arms = plan->arms,
        .stride = plan->stride,
        .prior = (float)(PRIOR_EVENTS / (PRIOR_EVENTS + (double)head->known))};
    hunch__mlp_gradient(head->form, &outcomes, work->z, work->spare);
    backward(work, w);
    apply(work, head, member);
}

static void fill_rows(float *rows, const float *row, size_t units, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        memcpy(rows + i * units, row, units * sizeof *row);
    }
}

/* Add the rows of the sparse columns, of which the first is rows[units], to the sums. */
static void add_rows(const struct work *work, const float *rows, size_t units, float *sums)
{
    for (uint32_t i = 0; i < work->n; i++) {
        const hunch_context *x = &work->context[i];
        for (uint32_t j = 0; j < x->count; j++) {
            const float *row = rows + (x->columns[j] - (size_t)work->plan->dense) * units;
            const float value = clip(x->values[j], HUNCH__MLP_VALUE_MAX);
            for (size_t u = 0; u < units; u++) {
                sums[i * units + u] += value * row[u];
            }
        }
    }
}

static void add_row_gradients(const struct work *work, const float *back, size_t units, float *g)
{
    for (uint32_t i = 0; i < work->n; i++) {
        const hunch_context *x = &work->context[i];
        for (uint32_t j = 0; j < x->count; j++) {
            float *row = g + (x->columns[j] - (size_t)work->plan->dense) * units;
            for (size_t u = 0; u < units; u++) {
                row[u] += x->values[j] * back[i * units + u];
            }
        }
    }
}

/* c[n][columns] += a[n][inner] b[inner][columns]. */
static void multiply(const struct work *work, float *c, const float *a, const float *b,
                     size_t inner, size_t columns)
{
    const struct hunch__matmul product = {.c = c,
                                          .a = a,
                                          .b = b,
                                          .rows = work->n,
                                          .columns = columns,
                                          .inner = inner,
                                          .c_step = columns,
                                          .b_step = columns,
                                          .a_step = inner,
                                          .a_advance = 1};
    work->kernels->f32_matmul(&product);
}

/* c[rows][columns] += a'[rows][n] b[n][columns]. */
static void multiply_turned(const struct work *work, float *c, const float *a, const float *b,
                            size_t rows, size_t columns)
{
    const struct hunch__matmul product = {.c = c,
                                          .a = a,
                                          .b = b,
                                          .rows = rows,
                                          .columns = columns,
                                          .inner = work->n,
                                          .c_step = columns,
                                          .b_step = columns,
                                          .a_step = 1,
                                          .a_advance = rows};
    work->kernels->f32_matmul(&product);
}

static void apply(struct work *work, struct hunch__mlp_state *head, uint32_t member)
{
    const struct hunch__mlp_plan *plan = work->plan;
    const double rate = RATE * sqrt(1.0 - head->beta[1]) / (1.0 - head->beta[0]);
    const struct hunch__adam adam = {.rate = (float)rate,
                                     .beta1 = (float)BETA1,
                                     .beta2 = (float)BETA2,
                                     .epsilon = EPSILON,
                                     .keep = (float)(1.0 - RATE * DECAY)};
    work->kernels->f32_adam(
        &adam, work->gradient, plan->numbers, hunch__mlp_numbers(head, plan, member, 1),
        hunch__mlp_numbers(head, plan, member, 2), hunch__mlp_numbers(head, plan, member, 0));
}
