/* hunch/choice.h — make a choice, hear later how it went.
 *
 * A chooser stands where a program now has an `if` and a guess. hunch_choose() picks an arm for a
 * context; it never fails, never blocks, allocates nothing and reads no clock. hunch_reward() may
 * come much later, from another thread, out of order, or never; the next choices are better for it.
 *
 * Use a plain `if` when one side is always right, when the outcome is never observed, or when what
 * is steered takes less than a hundred times as long as the choice.
 *
 * Caveats:
 * - Arm 0, or the `fallback`, is the heuristic that was there before: on any doubt (an empty mask,
 *   a candidate that is not finite, HUNCH_DISABLE in the environment) it is what you get. A feature
 *   that is not finite counts as missing.
 * - Rewards are finite and larger is better: hand in minus the time, not the time.
 * - A ticket that waited for more than `pending` later choices of its thread is forgotten:
 *   HUNCH_EEXPIRED.
 * - Same seed, same calls from one thread, no trainer: same choices, on every instruction set. With
 *   FTZ or DAZ set, contexts of subnormal numbers may be an exception.
 * - Not for signal handlers that interrupt a choice on the same chooser, nor for a `fallback` that
 *   chooses on it itself.
 * - After fork() parent and child each go on with their own copy; a trainer stays with the parent.
 *   Both draw the same from then on and issue the same ids. A fork in the middle of a step of
 *   learning may leave the child with half of that step's batch.
 */
#ifndef HUNCH_CHOICE_H
#define HUNCH_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/io.h>
#include <hunch/learner.h>
#include <hunch/status.h>

HUNCH_API_BEGIN

/* A place in a program where something is chosen, and what was learned there. */
typedef struct hunch_chooser hunch_chooser;

/* What was chosen, and with what probability: enough to learn from and to replay off-line. */
typedef struct hunch_ticket {
    uint64_t id;      /* unique in its chooser; 0: not remembered, see `threads`            */
    uint32_t arm;     /* in [0, arms), or the position of the chosen candidate              */
    float propensity; /* in (0, 1]: its probability at that moment, after the last override */
} hunch_ticket;

/* How a feature of the context is to be read. */
typedef enum hunch_feature_kind {
    HUNCH_FEATURE_NUMERIC = 0,     /* any scale; the library standardises               */
    HUNCH_FEATURE_CATEGORICAL = 1, /* a number in [0, levels) without order             */
    HUNCH_FEATURE_BUCKETED = 2     /* numeric, cut into `levels` buckets of equal share */
} hunch_feature_kind;

/* One column of the context. */
typedef struct hunch_feature {
    const char *name;  /* for people and files, cut after 31 bytes; NULL = its number           */
    uint32_t kind;     /* a hunch_feature_kind                                                  */
    uint32_t levels;   /* categories or buckets; 0 for numeric                                  */
    float missing;     /* numeric: what stands for a value that is not finite                   */
    uint32_t reserved; /* zero                                                                  */
    const float *cuts; /* bucketed: [levels - 1], ascending: bucket = how many are <= x; NULL =
                        * taken from the first contexts learned from, then kept; copied         */
} hunch_feature;

/* Which side of its limit a metric should keep to. */
typedef enum hunch_limit_kind {
    HUNCH_LIMIT_NONE = 0,    /* any value will do; `limit` is not read */
    HUNCH_LIMIT_AT_MOST = 1, /* metric <= limit                        */
    HUNCH_LIMIT_AT_LEAST = 2 /* metric >= limit                        */
} hunch_limit_kind;

/* One of several numbers that a reward consists of. */
typedef struct hunch_metric {
    const char *name;    /* for people and files; NULL = its number                     */
    double weight;       /* in the reward: the sum of weight * metric; 0 = watched only */
    double limit;        /* see limit_kind                                              */
    uint32_t limit_kind; /* a hunch_limit_kind                                          */
    uint32_t reserved;   /* zero                                                        */
} hunch_metric;

/* What is learned when a ticket expires without a reward. */
typedef enum hunch_unrewarded {
    HUNCH_UNREWARDED_NOTHING = 0, /* censored: counted, not learned from */
    HUNCH_UNREWARDED_DEFAULT = 1  /* as if default_reward had come       */
} hunch_unrewarded;

/* How a number in a range is spread. */
typedef enum hunch_scale {
    HUNCH_SCALE_LINEAR = 0, /* equal differences matter equally                   */
    HUNCH_SCALE_LOG = 1     /* equal ratios matter equally; the range is positive */
} hunch_scale;

/* How a chooser is made or opened. Zero is the default of every field; one of `arms`,
 * `candidate_features` and value_min < value_max says what is chosen. */
typedef struct hunch_chooser_options {
    uint32_t struct_size;        /* sizeof(hunch_chooser_options)                         */
    uint32_t arms;               /* fixed arms, or the most candidates of one question    */
    uint32_t features;           /* length of every x; 0 = context-free                   */
    uint32_t candidate_features; /* features that each candidate brings; 0 = fixed arms   */
    double value_min;            /* a number in [value_min, value_max] is chosen          */
    double value_max;            /* see value_min                                         */
    uint32_t value_scale;        /* a hunch_scale                                         */
    uint32_t pending;            /* unrewarded tickets remembered; 0 = 16384              */
    uint32_t unrewarded;         /* a hunch_unrewarded                                    */
    float default_reward;        /* see HUNCH_UNREWARDED_DEFAULT                          */
    uint32_t learn_every;        /* rewards a step at most; 0 = 64, UINT32_MAX = no steps */
    uint32_t threads;            /* with a lane of their own; 0 = 2 a processor, <= 64.
                                  * More share one in turns: should that stay busy, the
                                  * heuristic answers and rewards are ELIMIT              */
    uint32_t nonzeros;           /* most entries of a sparse x; 0 = every x is dense      */
    uint32_t episode_steps;      /* steps of an episode told apart; 0 = no episodes       */
    float exploration;           /* scale of the learner's exploration; 0 = 1             */
    float half_life;             /* rewards after which one counts half; 0 = no such rule */
    uint32_t metrics_count;      /* metrics of a reward; 0 = the reward is one number     */
    const hunch_metric *metrics; /* [metrics_count]; copied                               */
    const hunch_feature *schema; /* [features]; NULL = all numeric; copied                */
    uint64_t seed;               /* 0 is a seed like any other                            */

    /* The heuristic that was there before; must return an arm that the mask allows. NULL = arm 0.
     * Called from any thread that chooses; x is NULL when contexts are sparse. */
    uint32_t (*fallback)(void *ctx, const float *x, const uint64_t *mask);
    void *fallback_ctx; /* first argument of fallback(); borrowed for the object's life */

    const hunch_learner_ops *learner; /* NULL = the library's choice; borrowed for life          */
    const hunch_allocator *allocator; /* NULL = hunch_allocator_default(); copied                */
    const hunch_io *io;               /* NULL = hunch_io_posix(); borrowed for the object's life */
} hunch_chooser_options;

/* A sequence of choices that get one reward in the end; owned by the caller, zeroed to begin but
 * for its size. */
typedef struct hunch_episode {
    uint32_t struct_size; /* sizeof(hunch_episode)                     */
    uint32_t steps;       /* choices made                              */
    uint64_t last;        /* id of the last one's ticket; 0 before it  */
    uint32_t arm;         /* what the last one chose                   */
    uint32_t reserved;    /* zero                                      */
} hunch_episode;

/* Everything that a choice may depend on. Zero and NULL are "not given". */
typedef struct hunch_question {
    uint32_t struct_size;      /* sizeof(hunch_question)                                      */
    uint32_t x_count;          /* entries of x when it is sparse                              */
    const float *x;            /* [features], or [x_count] when sparse; borrowed for the call */
    const uint32_t *columns;   /* [x_count], ascending: x is sparse, all others are 0         */
    const uint64_t *mask;      /* [ceil(arms / 64)], bit i: arm i may be chosen; NULL = all   */
    const float *candidates;   /* [candidates_count][candidate_features]                      */
    uint32_t candidates_count; /* <= arms                                                     */
    uint32_t ranks;            /* k: also the next best, k arms in all; 0 = 1                 */
    hunch_episode *episode;    /* this choice is its next step; borrowed for the call         */
} hunch_question;

/* What a chooser has seen. */
typedef struct hunch_chooser_stats {
    uint32_t struct_size;   /* set by the caller: sizeof(hunch_chooser_stats)   */
    uint32_t arms;          /* see hunch_chooser_options                        */
    uint64_t choices;       /* tickets issued                                   */
    uint64_t rewards;       /* rewards accepted                                 */
    uint64_t expired;       /* tickets forgotten without a reward               */
    uint64_t abandoned;     /* tickets given up by hunch_abandon()              */
    uint64_t refused;       /* rewards refused: twice, too late, not finite     */
    uint64_t dropped;       /* rewards not learned from because a ring was full */
    uint64_t overridden;    /* choices that were the fallback's                 */
    uint64_t not_finite;    /* contexts with NaN, infinity or an unknown level  */
    uint64_t learned;       /* events learned from                              */
    uint64_t steps;         /* steps of learning                                */
    uint64_t chooser_bytes; /* memory, the object itself included               */
    double mean_reward;     /* of the rewards accepted                          */
    const char *learner;    /* name of the learner in use; static               */
    const char *model;      /* what it asks now: "linear", "mlp"; static        */
    const char *isa;        /* instruction set in use, see hunch_isa(); static  */
} hunch_chooser_stats;

/* -- make ------------------------------------------------------------------------------------ */

/* Make a chooser that knows nothing. On failure *out is NULL.
 * Errors: EINVAL (nothing to choose from, an option out of range), ENOMEM, EVERSION (options of a
 * newer library).                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_chooser_new(hunch_chooser **out,
                                                        const hunch_chooser_options *options,
                                                        hunch_diag *diag);

/* -- ask: hot, cannot fail, no allocation ---------------------------------------------------- */

/* Choose an arm for x[features], borrowed for the call; NULL when there are no features.
 *                                                                             Threads: shared. */
HUNCH_API hunch_ticket hunch_choose(hunch_chooser *chooser, const float *x);

/* The same among the arms whose bit in mask[ceil(arms / 64)] is set.          Threads: shared. */
HUNCH_API hunch_ticket hunch_choose_masked(hunch_chooser *chooser, const float *x,
                                           const uint64_t *mask);

/* tickets[i] = a choice for row i of x[n][features], i < n.                   Threads: shared. */
HUNCH_API void hunch_choose_batch(hunch_chooser *chooser, const float *x, size_t n,
                                  hunch_ticket *tickets);

/* Choose *value in [value_min, value_max]; the propensity is that of its bucket, the arm.
 *                                                                             Threads: shared. */
HUNCH_API hunch_ticket hunch_choose_value(hunch_chooser *chooser, const float *x, double *value);

/* The general form: candidates, sparse contexts, ranked answers, steps of an episode. The question
 * is borrowed for the call. arms[ranks], best first, may be NULL; arms[0] is the ticket's.
 *                                                                             Threads: shared. */
HUNCH_API hunch_ticket hunch_choose_with(hunch_chooser *chooser, const hunch_question *question,
                                         uint32_t *arms);

/* -- tell ------------------------------------------------------------------------------------ */

/* Report the outcome of a ticket, once. No allocation, no lock. Without a trainer, the call that
 * brings the last of `learn_every` rewards also learns from all of them: with an MLP, milliseconds.
 * Errors: EEXPIRED (unknown, too late or already rewarded), EINVAL (not finite), ELIMIT (see
 * `threads`; may be tried again).
 *                                                                             Threads: shared. */
HUNCH_API hunch_status hunch_reward(hunch_chooser *chooser, hunch_ticket ticket, float reward);

/* The same by the ticket's id alone, for outcomes that come back through other systems. Ids are
 * unique in a chooser's life, and from each save to its opening, but not among processes: what was
 * issued after the save may be issued again.
 * Errors: as hunch_reward().                                                  Threads: shared. */
HUNCH_API hunch_status hunch_reward_id(hunch_chooser *chooser, uint64_t id, float reward);

/* The same for a chooser with metrics[metrics_count], whose weighted sum is the reward.
 * Errors: as hunch_reward(), EINVAL (there are no metrics).                   Threads: shared. */
HUNCH_API hunch_status hunch_reward_metrics(hunch_chooser *chooser, hunch_ticket ticket,
                                            const double *metrics);

/* The one reward of all the episode's steps.
 * Errors: as hunch_reward(), EINVAL (no step was made), EVERSION (an episode of a newer library).
 *                                                                             Threads: shared. */
HUNCH_API hunch_status hunch_reward_episode(hunch_chooser *chooser, const hunch_episode *episode,
                                            float reward);

/* Say that no reward will ever come: the choice is not learned from.
 * Errors: EEXPIRED, ELIMIT as above.                                          Threads: shared. */
HUNCH_API hunch_status hunch_abandon(hunch_chooser *chooser, hunch_ticket ticket);

/* One step of learning now: take in the rewards so far, publish what they teach. Choices go on
 * undisturbed. With `learn_every` at UINT32_MAX only this and a trainer learn; then of more than
 * 512 rewards that one thread brings in between, a weighted sample is kept. Threads: one-writer. */
HUNCH_API void hunch_chooser_learn(hunch_chooser *chooser);

/* Start the one thread that this library ever starts: it learns, until the chooser is freed or the
 * trainer is stopped. Errors: ENOMEM, EUNSUPPORTED (no threads here), ELIMIT (it runs already).
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_chooser_start_trainer(hunch_chooser *chooser,
                                                                  hunch_diag *diag);

/* Stop it and wait for its end; nothing when none runs.                     Threads: confined. */
HUNCH_API void hunch_chooser_stop_trainer(hunch_chooser *chooser);

/* -- look inside ----------------------------------------------------------------------------- */

/* Fill *stats, whose struct_size the caller has set. On return struct_size says how many bytes were
 * filled: the smaller of the caller's struct and the library's.               Threads: shared. */
HUNCH_API void hunch_chooser_read_stats(const hunch_chooser *chooser, hunch_chooser_stats *stats);

/* p[arms] = the probabilities with which hunch_choose_masked() would now choose; mask may be NULL.
 *                                                                             Threads: shared. */
HUNCH_API void hunch_chooser_probabilities(const hunch_chooser *chooser, const float *x,
                                           const uint64_t *mask, float *p);

/* -- keep ------------------------------------------------------------------------------------ */

/* Write the chooser to `path`, atomically: under another name, synced, renamed. Learns first
 * from the rewards that wait; those that come meanwhile may or may not be in it. The format is
 * lib/format/README.md.
 * Errors: EIO, ENOENT (no such folder), ENOMEM.                               Threads: shared. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_chooser_save(const hunch_chooser *chooser,
                                                         const char *path, hunch_diag *diag);

/* Open a saved chooser: what was learned is copied from the file, then the file is closed. Of
 * `options`, what says what is chosen and from what is ignored: the file has its own. On failure
 * *out is NULL. Errors: ENOENT, EIO, ENOMEM, EVERSION, ECORRUPT (what and where in diag), EINVAL
 * (options).                                                                Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_chooser_open(hunch_chooser **out, const char *path,
                                                         const hunch_chooser_options *options,
                                                         hunch_diag *diag);

/* The same over a file's contents in memory: bytes[n], aligned to 64, borrowed for the call. On
 * failure *out is NULL. Errors: as hunch_chooser_open(), and EINVAL for a wrong alignment.
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_chooser_open_bytes(hunch_chooser **out,
                                                               const void *bytes, size_t n,
                                                               const hunch_chooser_options *options,
                                                               hunch_diag *diag);

/* Check everything: that the statistics are those of some sequence of rewards.
 * Errors: ECORRUPT with the reason and the place in diag.                   Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_chooser_validate(const hunch_chooser *chooser,
                                                             hunch_diag *diag);

/* Add to `chooser` what `other` learned, as if it had seen the other's rewards itself, those that
 * wait included.
 * Errors: EINVAL (they choose from different things), EUNSUPPORTED (the learner cannot).
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_chooser_merge(hunch_chooser *chooser,
                                                          const hunch_chooser *other,
                                                          hunch_diag *diag);

/* -- end ------------------------------------------------------------------------------------- */

/* Release the chooser and its trainer; NULL is fine. Open tickets are forgotten.
 *                                                                           Threads: confined. */
HUNCH_API void hunch_chooser_free(hunch_chooser *chooser);

HUNCH_API_END

#endif
