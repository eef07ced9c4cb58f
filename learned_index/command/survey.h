/* What a look into an index finds: how far its model errs, and points of the keys' curve. */
#ifndef HUNCH_INDEX_SURVEY_H
#define HUNCH_INDEX_SURVEY_H

#include <stdint.h>

#include <hunch/index.h>

/* Errors are counted by powers of two on either side of 0: bin SURVEY_BINS / 2 is 0, the next one
 * 1, then 2 to 3, 4 to 7, ...; to the left the same below 0. */
#define SURVEY_BINS   43u
#define SURVEY_POINTS 1200u
#define SURVEY_PIECES 400u

struct survey {
    hunch_index_stats stats;
    uint64_t sampled;
    uint64_t bins[SURVEY_BINS];
    double mean_error; /* of its size */
    uint64_t worst;
    size_t points; /* of the curve, evenly spaced positions */
    uint64_t key[SURVEY_POINTS];
    uint64_t position[SURVEY_POINTS];
    size_t pieces; /* where some pieces begin, evenly spaced */
    uint64_t piece[SURVEY_PIECES];
    size_t largest_piece; /* in positions, of those looked at */
};

/* Look at up to 100,000 keys. *survey is large: not for the stack of a thread. */
void index__survey(struct survey *survey, const hunch_index *index);

/* The smallest error of a bin. */
int64_t index__survey_bin(size_t bin);

#endif
