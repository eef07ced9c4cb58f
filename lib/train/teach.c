/* Handing on what a teacher knows, through the public functions of a chooser: they take it for the
 * world. */
#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "diag.h"
#include "explore.h"
#include "teacher.h"

static void teach_one(hunch_chooser *chooser, const float *x, const float *scores, uint32_t arms);

hunch_status hunch_teacher_teach(const hunch_teacher *teacher, hunch_chooser *chooser,
                                 const float *x, size_t n, hunch_diag *diag)
{
    const hunch_allocator *a = &teacher->allocator;
    const size_t bytes = (size_t)HUNCH__TEACHER_ROWS * teacher->arms * sizeof(float);
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    hunch_status status = HUNCH_OK;
    hunch_chooser_read_stats(chooser, &stats);
    if (stats.arms != teacher->arms) {
        return hunch__fail(diag, HUNCH_EINVAL, stats.arms,
                           "the chooser has %u arms, the teacher %u", stats.arms, teacher->arms);
    }
    float *scores = hunch__alloc(a, bytes, HUNCH__CACHE_LINE);
    if (scores == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, bytes, "no memory for the scores of a batch");
    }
    for (size_t from = 0; status == HUNCH_OK && from < n; from += HUNCH__TEACHER_ROWS) {
        const size_t count = n - from < HUNCH__TEACHER_ROWS ? n - from : HUNCH__TEACHER_ROWS;
        const float *rows = hunch__context_at(x, teacher->features, from);
        status = hunch_teacher_score_batch(teacher, rows, count, scores, diag);
        for (size_t i = 0; status == HUNCH_OK && i < count; i++) {
            teach_one(chooser, hunch__context_at(rows, teacher->features, i),
                      scores + i * teacher->arms, teacher->arms);
        }
    }
    hunch_chooser_learn(chooser);
    hunch__free(a, scores, bytes, HUNCH__CACHE_LINE);
    return status;
}

/* With one arm allowed, its propensity is 1: nothing is to be corrected for. A chooser that is
 * switched off answers with its fallback, and then learns nothing. */
static void teach_one(hunch_chooser *chooser, const float *x, const float *scores, uint32_t arms)
{
    uint64_t mask[HUNCH__ARMS_MAX / 64] = {0};
    for (uint32_t a = 0; a < arms; a++) {
        mask[a / 64] = (uint64_t)1 << (a % 64);
        const hunch_ticket ticket = hunch_choose_masked(chooser, x, mask);
        if (ticket.arm == a) {
            (void)hunch_reward(chooser, ticket, scores[a]);
        } else {
            (void)hunch_abandon(chooser, ticket);
        }
        mask[a / 64] = 0;
    }
}
