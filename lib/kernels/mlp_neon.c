/* NEON: four units a vector; bytes are what the compiler makes of plain C. */
#if defined(__aarch64__)
#    include <stdbool.h>

#    include "kernels.h"
#    include "tables.h"
#    include "vector_neon.h"

#    include "mlp_vector.h"

void hunch__mlp8_scores_neon(const struct hunch__mlp8 *model, const hunch_context *x, float *scores)
{
    hunch__mlp8_scores_scalar(model, x, scores);
}
#else
typedef int hunch__no_neon_mlp; /* ISO C has no empty source */
#endif
