/* From options to the parts of a chooser. */
#ifndef HUNCH_CHOICE_BUILD_H
#define HUNCH_CHOICE_BUILD_H

#include <stdint.h>

#include <hunch/choice.h>

/* What a file says of a chooser, instead of the options: what is chosen, and from what. */
struct hunch__saved_shape {
    uint32_t arms;
    uint32_t features;
    uint32_t candidate_features;
    uint32_t value_scale;
    double value_min;
    double value_max;
    uint32_t nonzeros;
    uint32_t episode_steps;
    uint32_t metrics_count;
    float exploration;
    float half_life;
    const hunch_metric *metrics;
    const hunch_feature *schema;
    const hunch_learner_ops *learner;
    uint64_t state_bytes; /* of the learner's state in the file */
};

/* A chooser whose learner knows nothing and has published nothing.
 * Errors: as hunch_chooser_new(). */
HUNCH_MUST_USE hunch_status hunch__chooser_make(hunch_chooser **out,
                                                const hunch_chooser_options *given,
                                                const struct hunch__saved_shape *saved,
                                                hunch_diag *diag);

/* Copy the caller's options over zeroes, unchecked but for their size. Errors: EINVAL, EVERSION. */
HUNCH_MUST_USE hunch_status hunch__copy_options(hunch_chooser_options *out,
                                                const hunch_chooser_options *given,
                                                hunch_diag *diag);

/* Copy and check the caller's options, with what `saved`, when there is one, says instead of them.
 * Errors: EINVAL, EVERSION. */
HUNCH_MUST_USE hunch_status hunch__read_options(hunch_chooser_options *out,
                                                const hunch_chooser_options *given,
                                                const struct hunch__saved_shape *saved,
                                                hunch_diag *diag);

/* Set everything in a zeroed chooser that follows from checked options; the schema, the metrics and
 * the learner's buffers are copied into chooser->kept. Errors: ENOMEM, EINVAL. */
HUNCH_MUST_USE hunch_status hunch__keep_options(hunch_chooser *chooser,
                                                const hunch_chooser_options *options,
                                                hunch_diag *diag);

#endif
