/* A teacher's knowledge in a network small enough to be asked in nanoseconds. */
#ifndef HUNCH_TRAIN_STUDENT_H
#define HUNCH_TRAIN_STUDENT_H

#include "mlp.h"
#include "teacher.h"

/* The shape of a teacher's student: hidden layers as in mlp.h. Its dense columns are the numbers of
 * the contexts, then come the categories, as choosers encode them. */
struct hunch__mlp_shape hunch__student_shape(const hunch_teacher *teacher, uint32_t hidden0,
                                             uint32_t hidden1);

/* Make `model`, zeroed memory of hunch__mlp_bytes(shape), say what the teacher says of
 * x[n][features]: its scores are rewards. *loss = the mean square of the difference on a tenth that
 * is held out. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__student_fit(const hunch_teacher *teacher, const float *x,
                                               size_t n, const struct hunch__mlp_shape *shape,
                                               uint64_t seed, struct hunch__mlp *model,
                                               double *loss, hunch_diag *diag);

#endif
