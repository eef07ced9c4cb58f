/* A chooser's file: sections of lib/format's container. README.md of this folder describes them;
 * numbers are never used again for something else. */
#ifndef HUNCH_CHOICE_FILE_H
#define HUNCH_CHOICE_FILE_H

enum {
    HUNCH__SECTION_NUMBERS = 1,       /* u64: by the enum below                               */
    HUNCH__SECTION_REALS = 2,         /* f64: by the enum below                               */
    HUNCH__SECTION_LEARNER = 3,       /* u8[32]: its name                                     */
    HUNCH__SECTION_METRICS = 4,       /* f64[metrics][7]: weight, limit, kind, sums, price    */
    HUNCH__SECTION_METRIC_NAMES = 5,  /* u8[metrics][32]                                      */
    HUNCH__SECTION_SCHEMA = 6,        /* u32[features][2]: kind, levels                       */
    HUNCH__SECTION_MISSING = 7,       /* f32[features]                                        */
    HUNCH__SECTION_FEATURE_NAMES = 8, /* u8[features][32]                                     */
    HUNCH__SECTION_CUTS = 9,          /* f32: as struct hunch__cuts has them                  */
    HUNCH__SECTION_CUT_SAMPLE = 10,   /* f32[features][512]                                   */
    HUNCH__SECTION_CUT_SEEN = 11,     /* u32[features]                                        */
    HUNCH__SECTION_STATE = 12         /* u8: the learner's                                    */
};

enum { HUNCH__NAME_BYTES = 32, HUNCH__METRIC_REALS = 7 };

/* Places in the section of numbers. */
enum {
    HUNCH__NUMBER_ARMS,
    HUNCH__NUMBER_FEATURES,
    HUNCH__NUMBER_CANDIDATE_FEATURES,
    HUNCH__NUMBER_VALUE_SCALE,
    HUNCH__NUMBER_NONZEROS,
    HUNCH__NUMBER_EPISODE_STEPS,
    HUNCH__NUMBER_METRICS,
    HUNCH__NUMBER_HAS_SCHEMA,
    HUNCH__NUMBER_LEARNER_VERSION,
    HUNCH__NUMBER_SEED,
    HUNCH__NUMBER_DICE,
    HUNCH__NUMBER_GENERATION,
    HUNCH__NUMBER_LEARNED,
    HUNCH__NUMBER_STEPS,
    HUNCH__NUMBER_CHOICES,
    HUNCH__NUMBER_REWARDS,
    HUNCH__NUMBER_EXPIRED,
    HUNCH__NUMBER_ABANDONED,
    HUNCH__NUMBER_REFUSED,
    HUNCH__NUMBER_DROPPED,
    HUNCH__NUMBER_OVERRIDDEN,
    HUNCH__NUMBER_NOT_FINITE,
    HUNCH__NUMBERS
};

/* Places in the section of reals. */
enum {
    HUNCH__REAL_VALUE_MIN,
    HUNCH__REAL_VALUE_MAX,
    HUNCH__REAL_EXPLORATION,
    HUNCH__REAL_HALF_LIFE,
    HUNCH__REAL_REWARD_SUM,
    HUNCH__REALS
};

#endif
