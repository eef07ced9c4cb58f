/* One kind of question about an object, asked again and again: is it worth keeping? The answer is a
 * chooser's, from what is known of the object, its cell; the outcome, what keeping it was worth, is
 * heard much later.
 *
 * A question to a chooser costs more than what is decided here. So each cell remembers its last
 * answer, asks anew every time at first, and then every few times. */
#ifndef HUNCH_BENCH_CHOICE_CACHE_JUDGE_H
#define HUNCH_BENCH_CHOICE_CACHE_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/choice.h>

enum { JUDGE_CELLS_MAX = 48, JUDGE_FEATURES_MAX = 3 };

/* What becomes of questions and outcomes; 0 is as it should be, the others are for comparison. */
enum judge_mode {
    JUDGE_LEARNS = 0,
    JUDGE_CLASSIC,          /* never asks: the classic rule decides    */
    JUDGE_UNIFORM,          /* tosses a coin                           */
    JUDGE_REWARDS_SHUFFLED, /* hears at each outcome what another was worth */
    JUDGE_CONTEXTS_SHUFFLED /* asks about one cell and means another   */
};

/* What a judge is made for. */
struct judge_plan {
    uint32_t cells;                            /* <= JUDGE_CELLS_MAX                      */
    uint32_t features;                         /* <= JUDGE_FEATURES_MAX                   */
    void (*describe)(uint32_t cell, float *x); /* x[features] of a cell                   */
    size_t capacity;                           /* of the cache: it says how late rewards come */
    enum judge_mode mode;
    uint64_t seed;
};

struct judge {
    hunch_chooser *chooser; /* owned; NULL when none is asked */
    struct judge_plan plan;
    uint32_t every; /* times a cell is decided about for one question */
    uint64_t random;
    float swapped; /* worth that waits for the next outcome, while they are shuffled */
    float x[JUDGE_CELLS_MAX][JUDGE_FEATURES_MAX];
    uint32_t asked[JUDGE_CELLS_MAX]; /* questions so far                           */
    uint32_t wait[JUDGE_CELLS_MAX];  /* times to decide until the next question    */
    bool keep[JUDGE_CELLS_MAX];      /* the last answer                            */
};

/* An answer, to be given back with its outcome when `ticket` is not 0. */
struct judgement {
    uint64_t ticket;
    uint32_t cell;
    bool keep;
};

/* On failure it is empty and may be closed. Errors: those of hunch_chooser_new(). */
HUNCH_MUST_USE hunch_status judge_open(struct judge *out, const struct judge_plan *plan,
                                       const hunch_allocator *allocator, hunch_diag *diag);

/* Zeroed is fine. */
void judge_close(struct judge *judge);

/* Memory beyond the struct itself. */
size_t judge_bytes(const struct judge *judge);

/* Decide about an object of that cell. `classic` is what the rule of before would do: the first
 * answers are that. */
struct judgement judge_ask(struct judge *judge, uint32_t cell, bool classic);

/* What keeping the object was worth, or would have been: more than 0 when it was right. */
void judge_tell(struct judge *judge, const struct judgement *judgement, float worth);

#endif
