/* Building a teacher: the log is checked, its contexts are laid out as columns, networks are
 * trained one after the other, since OpenBLAS already uses the cores. */
#include "teacher.h"

#include <math.h>
#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "diag.h"
#include "explore.h"
#include "fit.h"
#include "lesson.h"
#include "log_check.h"
#include "options.h"
#include "random.h"

#define RATE  .002f
#define DECAY .1f

/* What is needed while a teacher is built. */
struct building {
    hunch_teacher *teacher;
    const hunch_log *log;
    hunch_teacher_options options;
    struct hunch__rewards rewards;
    struct hunch__examples examples;
    struct hunch__net_batch batch;
};

static hunch_status read_options(const hunch_teacher_options *given, hunch_teacher_options *out,
                                 hunch_diag *diag);
static hunch_status make_teacher(struct building *b, hunch_diag *diag);
static void measure_rewards(struct building *b);
static bool rewards_are_bits(const hunch_log *log);
static hunch_status fit_members(struct building *b, hunch_diag *diag);
static hunch_status fit_member(struct building *b, uint32_t i, bool competing, double *loss,
                               hunch_diag *diag);
static hunch_status fit_first(struct building *b, hunch_diag *diag);
static void measure_held_out(struct building *b);
static void measure_batch(struct building *b, const uint32_t *row, size_t n, double *value,
                          double *weights);

hunch_status hunch_teacher_build(hunch_teacher **out, const hunch_log *log,
                                 const hunch_teacher_options *options, hunch_diag *diag)
{
    struct building b = {.log = log};
    *out = NULL;
    hunch_status status = read_options(options, &b.options, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const hunch_allocator a = hunch__allocator_or_default(b.options.allocator);
    status = hunch__log_check(log, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    b.examples = (struct hunch__examples){.x = log->x, .n = log->n};
    b.teacher = hunch__alloc(&a, sizeof(hunch_teacher), _Alignof(hunch_teacher));
    b.examples.order = hunch__alloc(&a, log->n * sizeof(uint32_t), HUNCH__CACHE_LINE);
    if (b.teacher == NULL || b.examples.order == NULL) {
        status = hunch__fail(diag, HUNCH_ENOMEM, log->n, "no memory for %zu choices", log->n);
        hunch__free(&a, b.teacher, sizeof(hunch_teacher), _Alignof(hunch_teacher));
        b.teacher = NULL;
        goto done;
    }
    *b.teacher = (hunch_teacher){.allocator = a};
    status = make_teacher(&b, diag);
done:
    hunch__free(&a, b.examples.order, log->n * sizeof(uint32_t), HUNCH__CACHE_LINE);
    hunch__net_batch_free(&b.batch, &a);
    if (status != HUNCH_OK) {
        hunch_teacher_free(b.teacher);
        return status;
    }
    *out = b.teacher;
    return HUNCH_OK;
}

void hunch_teacher_read_stats(const hunch_teacher *teacher, hunch_teacher_stats *stats)
{
    const uint32_t given = stats->struct_size;
    const size_t size = given < sizeof *stats ? given : sizeof *stats;
    memcpy(stats, &teacher->stats, size);
    if (size >= sizeof stats->struct_size) {
        stats->struct_size = (uint32_t)size;
    }
}

void hunch_teacher_free(hunch_teacher *teacher)
{
    if (teacher == NULL) {
        return;
    }
    const hunch_allocator a = teacher->allocator;
    for (uint32_t i = 0; teacher->member != NULL && i < teacher->members; i++) {
        hunch__net_free(&teacher->member[i], &a);
    }
    hunch__free(&a, teacher->member, teacher->members * sizeof(struct hunch__net),
                _Alignof(struct hunch__net));
    hunch__columns_free(&teacher->columns, &a);
    hunch__free(&a, teacher, sizeof *teacher, _Alignof(hunch_teacher));
}

static hunch_status read_options(const hunch_teacher_options *given, hunch_teacher_options *out,
                                 hunch_diag *diag)
{
    const size_t floor = offsetof(hunch_teacher_options, allocator) + sizeof out->allocator;
    const hunch_status status = hunch__options_copy(out, sizeof *out, floor, given, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    out->members = out->members != 0 ? out->members : 4;
    out->units = out->units != 0 ? out->units : 128;
    out->batch = out->batch != 0 ? out->batch : 128;
    out->epochs = out->epochs != 0 ? out->epochs : 60;
    if (out->members > 64 || out->units > 4096 || out->batch > 65536 || out->epochs > 100000) {
        return hunch__fail(diag, HUNCH_EINVAL, 0,
                           "options: members %u, units %u, batch %u, epochs %u: at most 64, 4096, "
                           "65536, 100000",
                           out->members, out->units, out->batch, out->epochs);
    }
    return HUNCH_OK;
}

static hunch_status make_teacher(struct building *b, hunch_diag *diag)
{
    hunch_teacher *t = b->teacher;
    t->arms = b->log->arms;
    t->features = b->log->features;
    hunch_status status = hunch__columns_make(&t->columns, b->log, &t->allocator, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const size_t bytes = b->options.members * sizeof(struct hunch__net);
    t->members = b->options.members;
    t->member = hunch__alloc(&t->allocator, bytes, _Alignof(struct hunch__net));
    if (t->member == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, bytes, "no memory for %u networks", t->members);
    }
    memset(t->member, 0, bytes);
    measure_rewards(b);
    b->examples.columns = &t->columns;
    hunch__examples_begin(&b->examples, b->options.seed);
    t->stats = (hunch_teacher_stats){.struct_size = sizeof t->stats,
                                     .members = t->members,
                                     .units = b->options.units,
                                     .columns = t->columns.count,
                                     .choices = b->log->n};
    status = fit_members(b, diag);
    if (status == HUNCH_OK) {
        measure_held_out(b);
    }
    return status;
}

static void measure_rewards(struct building *b)
{
    const hunch_log *log = b->log;
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < log->n; i++) {
        sum += (double)log->rewards[i] / (double)log->n;
    }
    for (size_t i = 0; i < log->n; i++) {
        squares += ((double)log->rewards[i] - sum) * ((double)log->rewards[i] - sum);
    }
    const double deviation = sqrt(squares / (double)log->n);
    b->teacher->mean = (float)sum;
    b->teacher->deviation = deviation > 1e-30 && isfinite(deviation) ? (float)deviation : 1.0f;
    b->rewards = (struct hunch__rewards){log, b->teacher->mean, b->teacher->deviation};
}

static bool rewards_are_bits(const hunch_log *log)
{
    bool bits = true;
    for (size_t i = 0; i < log->n && bits; i++) {
        bits = log->rewards[i] == 0.0f || log->rewards[i] == 1.0f;
    }
    return bits;
}

static hunch_status fit_members(struct building *b, hunch_diag *diag)
{
    hunch_teacher *t = b->teacher;
    hunch_status status = fit_first(b, diag);
    for (uint32_t i = 1; status == HUNCH_OK && i < t->members; i++) {
        double loss = 0;
        status = fit_member(b, i, t->competing, &loss, diag);
    }
    t->stats.competing = t->competing;
    t->stats.teacher_bytes = sizeof *t + t->members * sizeof(struct hunch__net) +
                             t->features * sizeof(struct hunch__train_column) +
                             t->members * 5 * t->member[0].count * sizeof(float);
    return status;
}

/* Where rewards are bits, the first network is trained both ways, and the better one stays. */
static hunch_status fit_first(struct building *b, hunch_diag *diag)
{
    hunch_teacher *t = b->teacher;
    double independent = 0;
    double competing = 0;
    hunch_status status = fit_member(b, 0, false, &independent, diag);
    if (status != HUNCH_OK || t->arms == 1 || !rewards_are_bits(b->log)) {
        return status;
    }
    struct hunch__net other = t->member[0];
    t->member[0] = (struct hunch__net){.count = 0};
    status = fit_member(b, 0, true, &competing, diag);
    t->competing = competing < independent;
    if (status == HUNCH_OK && !t->competing) {
        const struct hunch__net loser = t->member[0];
        t->member[0] = other;
        other = loser;
    }
    hunch__net_free(&other, &t->allocator);
    return status;
}

static hunch_status fit_member(struct building *b, uint32_t i, bool competing, double *loss,
                               hunch_diag *diag)
{
    hunch_teacher *t = b->teacher;
    const uint32_t units = b->options.units;
    const uint32_t sizes[] = {t->columns.count, units, units, t->arms};
    const uint64_t seed = hunch__mix64(b->options.seed + i);
    const struct hunch__lesson lesson =
        competing ? hunch__lesson_competing(&b->rewards) : hunch__lesson_independent(&b->rewards);
    const struct hunch__fit_options options = {b->options.epochs, RATE, DECAY, ~seed};
    hunch_status status = hunch__net_make(&t->member[i], sizes, 3, seed, &t->allocator, diag);
    if (status == HUNCH_OK && b->batch.block == NULL) {
        status =
            hunch__net_batch_make(&b->batch, &t->member[i], b->options.batch, &t->allocator, diag);
    }
    if (status == HUNCH_OK) {
        const uint32_t epochs =
            hunch__fit(&t->member[i], &b->examples, &lesson, &options, &b->batch, loss);
        t->stats.epochs = epochs > t->stats.epochs ? epochs : t->stats.epochs;
    }
    return status;
}

/* What the whole ensemble makes of the choices that were held out. */
static void measure_held_out(struct building *b)
{
    hunch_teacher_stats *stats = &b->teacher->stats;
    const size_t n = b->examples.held_out;
    const uint32_t *row = b->examples.order + (b->examples.n - n);
    double weights = 0;
    double value = 0;
    for (size_t i = 0; i < n; i++) {
        stats->mean_reward += (double)b->log->rewards[row[i]] / (double)n;
    }
    for (size_t from = 0; from < n; from += b->batch.rows) {
        const size_t count = n - from < b->batch.rows ? n - from : b->batch.rows;
        measure_batch(b, row + from, count, &value, &weights);
    }
    stats->held_out_value = weights > 0 ? value / weights : nan("");
}

/* Errors, and the sums of the self-normalised estimate of always playing the best arm. */
static void measure_batch(struct building *b, const uint32_t *row, size_t n, double *value,
                          double *weights)
{
    const hunch_log *log = b->log;
    hunch_teacher_stats *stats = &b->teacher->stats;
    const double share = 1.0 / (double)b->examples.held_out;
    float *scores = b->batch.delta[b->teacher->member[0].layers];
    hunch__teacher_score(b->teacher, &b->batch, log->x, row, n, scores);
    for (size_t i = 0; i < n; i++) {
        const float *score = scores + i * log->arms;
        const double reward = (double)log->rewards[row[i]];
        const double error = (double)score[log->played[row[i]]] - reward;
        const double apart = reward - stats->mean_reward;
        uint32_t best = 0;
        for (uint32_t a = 1; a < log->arms; a++) {
            best = score[a] > score[best] ? a : best;
        }
        stats->held_out_error += error * error * share;
        stats->held_out_spread += apart * apart * share;
        if (log->propensities != NULL && best == log->played[row[i]]) {
            *weights += 1.0 / (double)log->propensities[row[i]];
            *value += reward / (double)log->propensities[row[i]];
        }
    }
}
