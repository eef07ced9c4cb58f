/* One forward pass of a small network: our kernels, of floats and of bytes, and a BLAS. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "forward_blas.h"
#include "kernels.h"
#include "mlp_quantise.h"
#include "part.h"
#include "seeds.h"
#include "turns.h"

#define CASE             "forward/16-32-32-16"
#define INPUTS           16u
#define HIDDEN           32u
#define OUTPUTS          16u
/* Root mean square of the errors, as a share of that of the scores. A sum of floats may differ in
 * its last bits from another order of the same sum; bytes are right to a few percent. */
#define TOLERANCE_FLOATS 1e-5
#define TOLERANCE_BYTES  0.05
#define ALIGNMENT        64u

/* The network in the forms of the contenders, and its inputs. */
struct forward {
    struct hunch__mlp *floats;      /* owned */
    struct hunch__mlp8 *bytes;      /* owned */
    struct forward_network network; /* borrows from floats */
    const struct hunch__kernels *kernels;
    float x[TURN_CONTEXTS][INPUTS];
    hunch_context contexts[TURN_CONTEXTS]; /* of x; the first quarter sets the scales of bytes */
    float scores[TURN_OPS][OUTPUTS];
};

static void list(FILE *out, const struct bench *bench);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static hunch_status measure(struct forward *forward, struct bench *bench, hunch_diag *diag);
static hunch_status make(struct forward *forward, uint64_t seed, hunch_diag *diag);
static void draw_weights(struct forward *forward, uint64_t *random);
static void fill(float *to, size_t n, double scale, uint64_t *random);
static void run_floats(void *self, size_t batch);
static void run_bytes(void *self, size_t batch);
static bool right_floats(void *self);
static bool right_bytes(void *self);
static bool is_near(struct forward *forward, void (*run_batch)(void *, size_t), double tolerance);
static void plain(const struct forward_network *network, const float *x, float *scores);
#ifdef HUNCH_HAVE_BLAS
static void run_blas(void *self, size_t batch);
static bool right_blas(void *self);
#endif

const struct choice_part choice_forward = {"forward", 2, list, run};

static void list(FILE *out, const struct bench *bench)
{
    (void)bench;
    (void)fputs(CASE "\n", out);
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    if (!bench_wants_case(bench, CASE)) {
        return HUNCH_OK;
    }
    struct forward *forward = calloc(1, sizeof *forward);
    if (forward == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for a network");
    }
    hunch_status status = make(forward, bench_seed(bench), diag);
    if (status == HUNCH_OK) {
        status = measure(forward, bench, diag);
    }
    free(forward->floats);
    free(forward->bytes);
    free(forward);
    return status;
}

static hunch_status measure(struct forward *forward, struct bench *bench, hunch_diag *diag)
{
    _Atomic(uint64_t) counter = 0;
    struct turn turns[] = {
        {.impl = "hunch-mlp-int8", .self = forward, .run = run_bytes, .right = right_bytes},
        {.impl = "hunch-mlp", .self = forward, .run = run_floats, .right = right_floats},
#ifdef HUNCH_HAVE_BLAS
        {.impl = "cblas-sgemv", .self = forward, .run = run_blas, .right = right_blas},
#else
        {.impl = "cblas-sgemv", .error = "not built"},
#endif
        turn_fetch_add(&counter),
    };
    const struct bench_data data = {.name = CASE, .n = TURN_CONTEXTS, .note = "random weights"};
    return turns_measure(bench, CASE, FLOOR_FETCH_ADD, &data, turns, sizeof turns / sizeof *turns,
                         diag);
}

static hunch_status make(struct forward *forward, uint64_t seed, hunch_diag *diag)
{
    const struct hunch__mlp_shape shape = {
        .arms = OUTPUTS, .dense = INPUTS, .features = INPUTS, .hidden = {HIDDEN, HIDDEN}};
    uint64_t random = seed;
    forward->kernels = hunch__kernels_get();
    forward->floats = aligned_alloc(ALIGNMENT, hunch__mlp_bytes(&shape));
    forward->bytes = aligned_alloc(ALIGNMENT, hunch__mlp8_bytes(&shape));
    if (forward->floats == NULL || forward->bytes == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for a network");
    }
    memset(forward->floats, 0, hunch__mlp_bytes(&shape));
    memset(forward->bytes, 0, hunch__mlp8_bytes(&shape));
    hunch__mlp_begin(forward->floats, &shape);
    draw_weights(forward, &random);
    fill(&forward->x[0][0], sizeof forward->x / sizeof(float), 1, &random);
    for (size_t i = 0; i < TURN_CONTEXTS; i++) {
        forward->contexts[i].dense = forward->x[i];
    }
    hunch__mlp_quantise(forward->floats, forward->contexts, TURN_CONTEXTS / 4, forward->bytes);
    return HUNCH_OK;
}

static void draw_weights(struct forward *forward, uint64_t *random)
{
    const struct hunch__mlp *model = forward->floats;
    float *const layer[FORWARD_LAYERS] = {hunch__mlp_first(model), hunch__mlp_second(model),
                                          hunch__mlp_output(model)};
    const uint32_t inputs[FORWARD_LAYERS] = {INPUTS, HIDDEN, HIDDEN};
    const uint32_t units[FORWARD_LAYERS] = {HIDDEN, HIDDEN, OUTPUTS};
    for (unsigned i = 0; i < INPUTS; i++) {
        hunch__mlp_low(model)[i] = -4;
        hunch__mlp_high(model)[i] = 4;
        hunch__mlp_scale(model)[i] = 1;
    }
    for (unsigned i = 0; i < FORWARD_LAYERS; i++) {
        /* So that the outputs of a layer are as large as its inputs. */
        fill(layer[i], ((size_t)1 + inputs[i]) * units[i], sqrt(1.0 / inputs[i]), random);
        forward->network.inputs[i] = inputs[i];
        forward->network.units[i] = units[i];
        forward->network.bias[i] = layer[i];
        forward->network.weights[i] = layer[i] + units[i];
    }
}

/* Uniform in [-scale sqrt 3, scale sqrt 3): of variance scale^2. */
static void fill(float *to, size_t n, double scale, uint64_t *random)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = (float)(scale * sqrt(3) * (2 * seeds_uniform(random) - 1));
    }
}

static void run_floats(void *self, size_t batch)
{
    struct forward *forward = self;
    for (unsigned i = 0; i < TURN_OPS; i++) {
        forward->kernels->mlp_scores(forward->floats, &forward->contexts[batch * TURN_OPS + i],
                                     forward->scores[i]);
    }
}

static void run_bytes(void *self, size_t batch)
{
    struct forward *forward = self;
    for (unsigned i = 0; i < TURN_OPS; i++) {
        forward->kernels->mlp8_scores(forward->bytes, &forward->contexts[batch * TURN_OPS + i],
                                      forward->scores[i]);
    }
}

static bool right_floats(void *self)
{
    return is_near(self, run_floats, TOLERANCE_FLOATS);
}

static bool right_bytes(void *self)
{
    return is_near(self, run_bytes, TOLERANCE_BYTES);
}

/* All inputs against the definition. */
static bool is_near(struct forward *forward, void (*run_batch)(void *, size_t), double tolerance)
{
    double errors = 0;
    double scores = 0;
    for (size_t batch = 0; batch < TURN_BATCHES; batch++) {
        run_batch(forward, batch);
        for (unsigned i = 0; i < TURN_OPS; i++) {
            float expected[OUTPUTS];
            plain(&forward->network, forward->x[batch * TURN_OPS + i], expected);
            for (unsigned k = 0; k < OUTPUTS; k++) {
                const double off = (double)forward->scores[i][k] - (double)expected[k];
                errors += off * off;
                scores += (double)expected[k] * (double)expected[k];
            }
        }
    }
    return sqrt(errors) <= tolerance * sqrt(scores);
}

static void plain(const struct forward_network *network, const float *x, float *scores)
{
    float values[FORWARD_LAYERS + 1][FORWARD_UNITS_MAX];
    memcpy(values[0], x, INPUTS * sizeof *x);
    for (unsigned i = 0; i < FORWARD_LAYERS; i++) {
        for (uint32_t unit = 0; unit < network->units[i]; unit++) {
            float sum = network->bias[i][unit];
            for (uint32_t in = 0; in < network->inputs[i]; in++) {
                sum += network->weights[i][in * network->units[i] + unit] * values[i][in];
            }
            values[i + 1][unit] = i + 1 < FORWARD_LAYERS && sum < 0 ? 0 : sum;
        }
    }
    memcpy(scores, values[FORWARD_LAYERS], OUTPUTS * sizeof *scores);
}

#ifdef HUNCH_HAVE_BLAS
static void run_blas(void *self, size_t batch)
{
    struct forward *forward = self;
    for (unsigned i = 0; i < TURN_OPS; i++) {
        forward_blas_run(&forward->network, forward->x[batch * TURN_OPS + i], forward->scores[i]);
    }
}

static bool right_blas(void *self)
{
    return is_near(self, run_blas, TOLERANCE_FLOATS);
}
#endif
