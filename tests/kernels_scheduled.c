/* A second copy of lib/kernels/kernels.c under other names. */
#define HUNCH_SCHEDULED
#define hunch__kernels_get  scheduled_kernels_get
#define hunch__kernels_find scheduled_kernels_find
#define hunch_isa           scheduled_isa

#include "kernels_scheduled.h"
#include "kernels.c"

void scheduled_kernels_forget(void)
{
    atomic_store_explicit(&chosen, NULL, memory_order_relaxed);
}
