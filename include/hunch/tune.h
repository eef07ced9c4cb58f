/* hunch/tune.h — draft, compiled but not installed: find good values for the knobs of a program.
 *
 * A tuner is told which knobs there are. It proposes settings, hears what came of them, and
 * proposes better ones; several may be out at once. Which search strategy asks next is itself
 * chosen and learned. It is in a library of its own, libhunch-tune.
 *
 * Use the defaults of the program when one run costs more than all that a better setting will ever
 * save, and try all settings when there are only a few.
 *
 * Caveats:
 * - The best of many noisy measurements looks better than it is: measure it again before you
 *   believe it. hunch_tuner_best() gives the setting that is best after that correction.
 * - A setting that failed is an outcome too: tell it, and its neighbourhood is avoided.
 * - The objective is finite and larger is better, as every reward: give a time the weight -1.
 * - Same seed, same outcomes in the same order: same proposals.
 */
#ifndef HUNCH_TUNE_H
#define HUNCH_TUNE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/choice.h>
#include <hunch/io.h>
#include <hunch/status.h>

HUNCH_API_BEGIN

/* The knobs, and what was learned about them. */
typedef struct hunch_tuner hunch_tuner;

/* What a knob's values are. */
typedef enum hunch_knob_kind {
    HUNCH_KNOB_REAL = 0,        /* a number in [value_min, value_max]                  */
    HUNCH_KNOB_INTEGER = 1,     /* a whole number in [value_min, value_max]            */
    HUNCH_KNOB_ORDERED = 2,     /* a position in values[], where neighbours are alike  */
    HUNCH_KNOB_CATEGORICAL = 3, /* a position in values[], no order                    */
    HUNCH_KNOB_PERMUTATION = 4  /* value_max places in a row: an order of 0, 1, 2, ... */
} hunch_knob_kind;

/* A knob. What is zero or NULL is not given. */
typedef struct hunch_knob {
    uint32_t kind;             /* a hunch_knob_kind                                           */
    uint32_t value_scale;      /* a hunch_scale                                               */
    const char *name;          /* required, unique; copied                                    */
    double value_min;          /* a number in [value_min, value_max] is proposed              */
    double value_max;          /* see value_min                                               */
    double start;              /* the value in use now; tried first                           */
    const double *special;     /* [special_count]: values with a meaning of their own; copied */
    const char *const *values; /* [values_count]: names of the values; copied                 */
    uint32_t special_count;    /* length of special                                           */
    uint32_t values_count;     /* length of values                                            */
    uint32_t parent;           /* 1 + position of the knob that this one depends on; 0 = none */
    uint32_t reserved;         /* zero                                                        */
    double parent_min;         /* it counts only while the parent's value is in               */
    double parent_max;         /* [parent_min, parent_max]                                    */
} hunch_knob;

/* How a run ended. */
typedef enum hunch_trial_end {
    HUNCH_TRIAL_DONE = 0,    /* the metrics were measured                               */
    HUNCH_TRIAL_FAILED = 1,  /* the setting does not work                               */
    HUNCH_TRIAL_CENSORED = 2 /* stopped early: the objective is at most that of metrics */
} hunch_trial_end;

/* A setting to be tried. The array is the caller's and is filled in. */
typedef struct hunch_trial {
    uint64_t id;       /* to tell its outcome by; 0 is never issued                         */
    double *values;    /* [width]: see hunch_tuner_width(); NaN where a knob does not count */
    uint32_t fidelity; /* share of a full run that suffices, in 1/1000; 1000 = all          */
    uint32_t reserved; /* zero                                                              */
} hunch_trial;

/* What came of a trial; borrowed for the call. */
typedef struct hunch_outcome {
    uint32_t struct_size;  /* sizeof(hunch_outcome)                            */
    uint32_t end;          /* a hunch_trial_end                                */
    const double *metrics; /* [metrics_count], or [1]; NULL for a failed one   */
    double cost;           /* of the trial, in any unit; 0 = all cost the same */
} hunch_outcome;

/* How a tuner is made or opened. Zero is the default of every field; NULL options are all
 * defaults. */
typedef struct hunch_tuner_options {
    uint32_t struct_size;        /* sizeof(hunch_tuner_options)                                   */
    uint32_t pending;            /* trials that may be out at once; 0 = 64                        */
    uint64_t budget;             /* trials intended, so that the end is spent well; 0 = not known */
    uint64_t seed;               /* 0 is a seed like any other                                    */
    uint32_t metrics_count;      /* metrics of an outcome; 0 = one number, the objective itself   */
    uint32_t features_count;     /* length of features                                            */
    const hunch_metric *metrics; /* [metrics_count]; the weighted sum is the objective; copied    */
    const double *features;      /* [features_count], of the workload, for a warm start; copied   */

    /* Whether a setting, values[width], may be tried at all. NULL = every one may. */
    bool (*allowed)(void *ctx, const double *values);
    void *allowed_ctx; /* first argument of allowed(); borrowed for the object's life */

    const hunch_allocator *allocator; /* NULL = hunch_allocator_default(); copied                */
    const hunch_io *io;               /* NULL = hunch_io_posix(); borrowed for the object's life */
} hunch_tuner_options;

/* What a tuner has seen. */
typedef struct hunch_tuner_stats {
    uint32_t struct_size; /* set by the caller: sizeof(hunch_tuner_stats)           */
    uint32_t knobs;       /* n                                                      */
    uint64_t proposed;    /* trials handed out                                      */
    uint64_t done;        /* outcomes told of runs that ended well                  */
    uint64_t failed;      /* see HUNCH_TRIAL_FAILED                                 */
    uint64_t censored;    /* see HUNCH_TRIAL_CENSORED                               */
    double best;          /* objective of the best setting, as measured             */
    double best_expected; /* the same, corrected for having been picked as the best */
    double cost;          /* of all trials so far                                   */
    const char *strategy; /* which was asked most of late; static                   */
    uint64_t tuner_bytes; /* memory, the object itself included                     */
} hunch_tuner_stats;

/* -- make ------------------------------------------------------------------------------------ */

/* Make a tuner for knobs[n], n >= 1, copied. On failure *out is NULL.
 * Errors: EINVAL (a knob is wrong: diag->at is its position; an option out of range), ENOMEM,
 * EVERSION (options of a newer library).                                    Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_tuner_new(hunch_tuner **out, const hunch_knob *knobs,
                                                      size_t n, const hunch_tuner_options *options,
                                                      hunch_diag *diag);

/* -- ask ------------------------------------------------------------------------------------- */

/* Fill *trial with the setting to try next. Errors: ELIMIT (`pending` trials are out, or all
 * settings have been tried), ENOMEM.                                        Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_tuner_propose(hunch_tuner *tuner, hunch_trial *trial,
                                                          hunch_diag *diag);

/* Fill trials[n] with settings to be tried at the same time. *done says how many there are, which
 * is fewer than n only on failure. Errors: as hunch_tuner_propose().        Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_tuner_propose_batch(hunch_tuner *tuner,
                                                                hunch_trial *trials, size_t n,
                                                                size_t *done, hunch_diag *diag);

/* Fill *trial with the best setting known so far. Errors: ELIMIT (there is none: no trial is done
 * yet).                                                                     Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_tuner_best(const hunch_tuner *tuner, hunch_trial *trial,
                                                       hunch_diag *diag);

/* Length of a setting's `values`: one a knob, value_max for a permutation. Threads: immutable. */
HUNCH_API size_t hunch_tuner_width(const hunch_tuner *tuner);

/* -- tell ------------------------------------------------------------------------------------ */

/* Report what came of trial `id`, once, in any order.
 * Errors: EEXPIRED (unknown or already told), EINVAL (not finite), ENOMEM, EVERSION (an outcome of
 * a newer library).                                                         Threads: confined. */
HUNCH_API hunch_status hunch_tuner_reward(hunch_tuner *tuner, uint64_t id,
                                          const hunch_outcome *outcome);

/* Say that no outcome of trial `id` will ever come. Errors: EEXPIRED.       Threads: confined. */
HUNCH_API hunch_status hunch_tuner_abandon(hunch_tuner *tuner, uint64_t id);

/* Report a run that was not proposed: values[width] and its outcome.
 * Errors: EINVAL (a value out of its range: diag->at is its position), ENOMEM, EVERSION (an outcome
 * of a newer library).                                                      Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_tuner_insert(hunch_tuner *tuner, const double *values,
                                                         const hunch_outcome *outcome,
                                                         hunch_diag *diag);

/* -- look inside ----------------------------------------------------------------------------- */

/* Fill *stats, whose struct_size the caller has set. On return struct_size says how many bytes were
 * filled: the smaller of the caller's struct and the library's.             Threads: confined. */
HUNCH_API void hunch_tuner_read_stats(const hunch_tuner *tuner, hunch_tuner_stats *stats);

/* importance[n] = the share of the objective's spread among the better settings that each knob
 * explains.                                                                 Threads: confined. */
HUNCH_API void hunch_tuner_importance(const hunch_tuner *tuner, double *importance);

/* -- keep ------------------------------------------------------------------------------------ */

/* Write knobs, trials and what was learned to `path`, atomically: under another name, synced,
 * renamed. The format is lib/format/README.md.
 * Errors: EIO, ENOENT (no such folder), ENOMEM.                             Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_tuner_save(const hunch_tuner *tuner, const char *path,
                                                       hunch_diag *diag);

/* Open a saved tuner: everything is copied from the file, then the file is closed. Of `options`,
 * what says what is tuned is ignored: the file has its own. On failure *out is NULL.
 * Errors: ENOENT, EIO, ENOMEM, EVERSION, ECORRUPT (what and where in diag), EINVAL (options).
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_tuner_open(hunch_tuner **out, const char *path,
                                                       const hunch_tuner_options *options,
                                                       hunch_diag *diag);

/* The same over a file's contents in memory: bytes[n], aligned to 64, borrowed for the call. On
 * failure *out is NULL. Errors: as hunch_tuner_open(), and EINVAL for a wrong alignment.
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_tuner_open_bytes(hunch_tuner **out, const void *bytes,
                                                             size_t n,
                                                             const hunch_tuner_options *options,
                                                             hunch_diag *diag);

/* Check everything: that every trial's values are in the knobs' ranges, that every id is unique.
 * Errors: ECORRUPT with the reason and the place in diag.                   Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_tuner_validate(const hunch_tuner *tuner,
                                                           hunch_diag *diag);

/* Add to `tuner` the trials of `other`: of the same knobs, perhaps for another workload.
 * Errors: EINVAL (other knobs), ENOMEM.                                     Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_tuner_merge(hunch_tuner *tuner,
                                                        const hunch_tuner *other, hunch_diag *diag);

/* -- end ------------------------------------------------------------------------------------- */

/* Release the tuner; NULL is fine. Trials that are out are forgotten.       Threads: confined. */
HUNCH_API void hunch_tuner_free(hunch_tuner *tuner);

HUNCH_API_END

#endif
