/* hunch/train.h — learn a whole log at once, then teach a chooser what it says.
 *
 * A teacher is an ensemble of networks larger than any that answers within a microsecond. It learns
 * from a log of choices in large batches, on as many cores as OpenBLAS uses, and can then say what
 * every arm would have brought in every context: more than the log, which knows only the arms that
 * were played. hunch_teacher_teach() hands that on to a chooser, which begins with it instead of
 * with nothing, and goes on learning by itself.
 *
 * Use the chooser alone when it can simply go on learning, as it usually can: a teacher pays when
 * there is a log of an older system, when a chooser's shape changes and its state cannot be kept,
 * or when thousands of choosers shall begin with what one log knows.
 *
 * Caveats:
 * - In a library of its own, libhunch-train, since it needs OpenBLAS. It never changes the number
 *   of OpenBLAS's threads, which belongs to the process (openblas_set_num_threads() is yours to
 *   call), and its results may differ in the last bits with that number and with the processor.
 *   What a chooser learns from given rewards does not.
 * - Arms must be fixed: candidates, numbers in a range and episodes have no teacher.
 * - The log should hold every arm now and then: of an arm that was never played there is nothing to
 *   learn.
 */
#ifndef HUNCH_TRAIN_H
#define HUNCH_TRAIN_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/choice.h>
#include <hunch/status.h>

HUNCH_API_BEGIN

/* What has learned a log; never changed after it was built. */
typedef struct hunch_teacher hunch_teacher;

/* Choices whose outcome is known. Borrowed for the call. */
typedef struct hunch_log {
    uint32_t struct_size;        /* sizeof(hunch_log)                                          */
    uint32_t arms;               /* K >= 1                                                     */
    uint32_t features;           /* length of every context                                    */
    uint32_t reserved;           /* zero                                                       */
    size_t n;                    /* choices                                                    */
    const float *x;              /* [n][features]; what is not finite is missing               */
    const uint32_t *played;      /* [n]: the arm, < arms                                       */
    const float *rewards;        /* [n], finite                                                */
    const float *propensities;   /* [n] in (0, 1]: with what probability the arm was played;
                                  * NULL when nobody knows                                     */
    const hunch_feature *schema; /* [features] as the chooser's; NULL = all numeric            */
} hunch_log;

/* How a teacher is built. Zero is the default of every field. */
typedef struct hunch_teacher_options {
    uint32_t struct_size; /* sizeof(hunch_teacher_options)                          */
    uint32_t members;     /* networks in the ensemble; 0 = 4, at most 64            */
    uint32_t units;       /* in each of two hidden layers; 0 = 128, at most 4096    */
    uint32_t batch;       /* choices a step; 0 = 128                                */
    uint32_t epochs;      /* passes over the log at most; 0 = 60                    */
    uint32_t reserved;    /* zero                                                   */
    uint64_t seed;        /* 0 is a seed like any other                             */

    const hunch_allocator *allocator; /* NULL = hunch_allocator_default(); copied */
} hunch_teacher_options;

/* What a teacher is. Of the log a tenth is held out, to know when to stop and how good it is. */
typedef struct hunch_teacher_stats {
    uint32_t struct_size;   /* set by the caller: sizeof(hunch_teacher_stats)                  */
    uint32_t members;       /* see hunch_teacher_options                                       */
    uint32_t units;         /* see hunch_teacher_options                                       */
    uint32_t columns;       /* of the contexts, once categories have one each                  */
    uint32_t epochs;        /* of the longest training                                         */
    uint32_t competing;     /* 1: rewards are 0 or 1 and one arm's success told most about the
                             * others, as when one of them is right; 0: arms were independent  */
    uint64_t choices;       /* of the log                                                      */
    uint64_t teacher_bytes; /* memory, the object itself included                              */
    double mean_reward;     /* of the choices held out                                         */
    double held_out_error;  /* mean square of reward - estimate there                          */
    double held_out_spread; /* variance of their rewards: the error of knowing nothing         */
    double held_out_value;  /* what always playing the best arm would have brought there, by
                             * self-normalised weights 1 / propensity; NaN without them        */
} hunch_teacher_stats;

/* -- make ------------------------------------------------------------------------------------ */

/* Learn the log. Takes seconds for 10^5 choices. On failure *out is NULL.
 * Errors: EINVAL (an empty log, a reward or propensity out of range, an option out of range),
 * ENOMEM, EVERSION (a struct of a newer library).                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_teacher_build(hunch_teacher **out, const hunch_log *log,
                                                          const hunch_teacher_options *options,
                                                          hunch_diag *diag);

/* -- ask ------------------------------------------------------------------------------------- */

/* scores[n][arms] = the reward that each arm is estimated to bring for x[n][features].
 * Errors: ENOMEM.                                                          Threads: immutable. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_teacher_score_batch(const hunch_teacher *teacher,
                                                                const float *x, size_t n,
                                                                float *scores, hunch_diag *diag);

/* -- tell ------------------------------------------------------------------------------------ */

/* Teach a chooser, whatever its learner: for every context of x[n][features], in order, every arm
 * is chosen, as the only one that is allowed, and rewarded with the teacher's estimate of it; then
 * one step of learning. That is n * arms choices of the chooser. Contexts need no outcome: any that
 * the chooser may meet will do.
 * Errors: EINVAL (the chooser has other arms), ENOMEM.                      Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_teacher_teach(const hunch_teacher *teacher,
                                                          hunch_chooser *chooser, const float *x,
                                                          size_t n, hunch_diag *diag);

/* -- look inside ----------------------------------------------------------------------------- */

/* Fill *stats, whose struct_size the caller has set. On return struct_size says how many bytes were
 * filled: the smaller of the caller's struct and the library's.            Threads: immutable. */
HUNCH_API void hunch_teacher_read_stats(const hunch_teacher *teacher, hunch_teacher_stats *stats);

/* -- end ------------------------------------------------------------------------------------- */

/* Release the teacher; NULL is fine.                                        Threads: confined. */
HUNCH_API void hunch_teacher_free(hunch_teacher *teacher);

HUNCH_API_END

#endif
