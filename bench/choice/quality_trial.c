/* One class set, played by each learner in each order. */
#include "quality_trial.h"

#include <string.h>

#include <hunch/learner.h>

#include "jobs.h"
#include "protocol.h"
#include "quartiles.h"

static void play_one(void *ctx, size_t i);
static bool plays(const struct trials *trials, size_t learner);

void trials_play(struct trials *trials, struct bench *bench, const char *what, double begun,
                 double share)
{
    jobs_run(bench, (size_t)LEARNERS * trials->shuffles, play_one, trials, what, begun, share);
}

size_t trials_values(const struct trials *trials, struct bench_value *values)
{
    size_t count = 0;
    for (size_t i = 0; i < LEARNERS; i++) {
        double losses[SHUFFLES_MAX];
        struct bench_value value = {.impl = bench_learners[i].impl, .reps = trials->shuffles};
        if (!plays(trials, i)) {
            continue;
        }
        for (unsigned k = 0; k < trials->shuffles; k++) {
            const struct trial *trial = &trials->trial[i][k];
            losses[k] = trial->loss;
            value.error = trial->error != NULL ? trial->error : value.error;
            value.model = trial->model;
        }
        const struct bench_quartiles quartiles = bench__quartiles(losses, trials->shuffles);
        value.value = quartiles.median;
        value.q1 = quartiles.q1;
        value.q3 = quartiles.q3;
        values[count++] = value;
    }
    return count;
}

/* The slow learners last would leave one thread alone at the end: orders are the inner loop. */
static void play_one(void *ctx, size_t i)
{
    struct trials *trials = ctx;
    const size_t learner = i / trials->shuffles;
    const unsigned shuffle = (unsigned)(i % trials->shuffles);
    struct trial *trial = &trials->trial[learner][shuffle];
    struct protocol_result result;
    const struct protocol protocol = {.learner = bench_learners[learner].learner,
                                      .seed = bench_seed(trials->bench) + shuffle,
                                      .shuffle = shuffle};
    if (!plays(trials, learner)) {
        return;
    }
    const bool is_built = protocol.learner == NULL || hunch_learner_find(protocol.learner) != NULL;
    const hunch_status status = protocol_play(&result, trials->set, &protocol, NULL);
    if (status == HUNCH_OK) {
        trial->loss = protocol_loss(&result, 0, result.rounds);
        trial->model = result.model;
        protocol_free(&result);
    } else {
        trial->error = !is_built                      ? "not built"
                       : status == HUNCH_EUNSUPPORTED ? "not for so many columns"
                                                      : hunch_status_text(status);
    }
}

static bool plays(const struct trials *trials, size_t learner)
{
    const struct bench_learner *l = &bench_learners[learner];
    return (trials->all || l->quick) &&
           (bench_wants_impl(trials->bench, l->impl) || strcmp(l->impl, TRIALS_BASELINE) == 0);
}
