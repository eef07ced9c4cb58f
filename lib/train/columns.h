/* From the contexts of a log to the rows of a matrix: numbers standardised, a column for each
 * category, in the order in which choosers lay them out: numbers first. */
#ifndef HUNCH_TRAIN_COLUMNS_H
#define HUNCH_TRAIN_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/train.h>

/* Most columns: a dense row of them lies in memory for every choice. */
#define HUNCH__COLUMNS_MAX 4096u

/* What becomes of one feature. */
struct hunch__train_column {
    uint32_t base;   /* its first column                          */
    uint32_t levels; /* of a category; 0 for numbers              */
    float mean;      /* a number's column is (x - mean) scale,    */
    float scale;     /* clipped to +-HUNCH__TRAIN_CLIP            */
};

/* Standard deviations beyond which a number is an outlier. */
#define HUNCH__TRAIN_CLIP 4.0f

struct hunch__columns {
    struct hunch__train_column *feature; /* [features]                     */
    uint32_t features;
    uint32_t dense; /* columns of numbers, [0, dense) */
    uint32_t count; /* columns in all                 */
};

/* Read schema and numbers of the log, which was checked. On failure nothing is allocated.
 * Errors: EINVAL (too many columns), ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__columns_make(struct hunch__columns *columns,
                                                const hunch_log *log, const hunch_allocator *a,
                                                hunch_diag *diag);

/* Context i of x[][features]; without features x may be NULL, to which nothing can be added. */
static inline const float *hunch__context_at(const float *x, uint32_t features, size_t i)
{
    return features > 0 ? x + i * features : x;
}

/* row[count] = the columns of x[features]; what is missing is the mean, or no category. */
void hunch__columns_read(const struct hunch__columns *columns, const float *x, float *row);

void hunch__columns_free(struct hunch__columns *columns, const hunch_allocator *a);

#endif
