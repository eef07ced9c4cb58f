#include "lesson.h"

#include <string.h>

#include "explore.h"
#include "real.h"

/* Probabilities nearer to 1 than this are as good as it: their slope would be any size. */
static const float sure = 1e-4f;

static void slope_independent(const void *ctx, const uint32_t *rows, size_t n, const float *out,
                              float *delta);
static double loss_independent(const void *ctx, const uint32_t *rows, size_t n, const float *out);
static void slope_competing(const void *ctx, const uint32_t *rows, size_t n, const float *out,
                            float *delta);
static double loss_competing(const void *ctx, const uint32_t *rows, size_t n, const float *out);

struct hunch__lesson hunch__lesson_independent(const struct hunch__rewards *rewards)
{
    return (struct hunch__lesson){rewards, slope_independent, loss_independent};
}

struct hunch__lesson hunch__lesson_competing(const struct hunch__rewards *rewards)
{
    return (struct hunch__lesson){rewards, slope_competing, loss_competing};
}

void hunch__lesson_softmax(float *out, uint32_t arms)
{
    float most = out[0];
    float sum = 0;
    for (uint32_t a = 1; a < arms; a++) {
        most = out[a] > most ? out[a] : most;
    }
    for (uint32_t a = 0; a < arms; a++) {
        out[a] -= most;
    }
    hunch__exp_f32(out, arms, out);
    for (uint32_t a = 0; a < arms; a++) {
        sum += out[a];
    }
    for (uint32_t a = 0; a < arms; a++) {
        out[a] /= sum;
    }
}

static void slope_independent(const void *ctx, const uint32_t *rows, size_t n, const float *out,
                              float *delta)
{
    const struct hunch__rewards *rewards = ctx;
    const hunch_log *log = rewards->log;
    memset(delta, 0, n * log->arms * sizeof(float));
    for (size_t i = 0; i < n; i++) {
        const size_t at = i * log->arms + log->played[rows[i]];
        const float target = (log->rewards[rows[i]] - rewards->mean) / rewards->deviation;
        delta[at] = (out[at] - target) / (float)n;
    }
}

/* In units of the rewards. */
static double loss_independent(const void *ctx, const uint32_t *rows, size_t n, const float *out)
{
    const struct hunch__rewards *rewards = ctx;
    const hunch_log *log = rewards->log;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const float estimate = out[i * log->arms + log->played[rows[i]]];
        const double reward = (double)log->rewards[rows[i]];
        const double error = (double)(estimate * rewards->deviation + rewards->mean) - reward;
        sum += error * error;
    }
    return sum;
}

/* With p of the played arm: p_j - [j = a] after a success, p_a / (1 - p_a) ([j = a] - p_j) after a
 * failure. */
static void slope_competing(const void *ctx, const uint32_t *rows, size_t n, const float *out,
                            float *delta)
{
    const hunch_log *log = ((const struct hunch__rewards *)ctx)->log;
    memcpy(delta, out, n * log->arms * sizeof(float));
    for (size_t i = 0; i < n; i++) {
        float *p = delta + i * log->arms;
        const uint32_t played = log->played[rows[i]];
        hunch__lesson_softmax(p, log->arms);
        const float rest = 1.0f - p[played] > sure ? 1.0f - p[played] : sure;
        const bool success = log->rewards[rows[i]] > 0.0f;
        const float factor = (success ? 1.0f : -p[played] / rest) / (float)n;
        p[played] -= 1.0f;
        for (uint32_t a = 0; a < log->arms; a++) {
            p[a] *= factor;
        }
    }
}

static double loss_competing(const void *ctx, const uint32_t *rows, size_t n, const float *out)
{
    const hunch_log *log = ((const struct hunch__rewards *)ctx)->log;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        float p[HUNCH__ARMS_MAX];
        memcpy(p, out + i * log->arms, log->arms * sizeof(float));
        hunch__lesson_softmax(p, log->arms);
        const double error = (double)p[log->played[rows[i]]] - (double)log->rewards[rows[i]];
        sum += error * error;
    }
    return sum;
}
