/* A second copy of lib/kernels/kernels.c, in which every atomic operation is a yield point and
 * whose choice can be forgotten. */
#ifndef HUNCH_TESTS_KERNELS_SCHEDULED_H
#define HUNCH_TESTS_KERNELS_SCHEDULED_H

#include "kernels.h"

/* hunch__kernels_get() of the copy. */
const struct hunch__kernels *scheduled_kernels_get(void);

/* Make its next call the first one. */
void scheduled_kernels_forget(void);

#endif
