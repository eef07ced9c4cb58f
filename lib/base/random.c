/* The default source of randomness. */
#include "random.h"

static uint64_t next_splitmix64(void *ctx)
{
    return hunch__splitmix64(ctx);
}

hunch_random hunch_random_splitmix64(uint64_t *state)
{
    return (hunch_random){state, next_splitmix64};
}
