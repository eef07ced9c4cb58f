/* Hardness, as users ask for it. */
#include <stddef.h>
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "diag.h"
#include "hardness.h"

#include <hunch/index.h>

#define EPS_MAX (1u << 20)

/* The struct's first released layout; never changes. */
#define FLOOR (offsetof(hunch_index_hardness, exponent) + sizeof(double))

hunch_status hunch_index_measure(hunch_index_hardness *out, const uint64_t *keys, size_t n,
                                 const uint32_t *eps, size_t count, hunch_diag *diag)
{
    HUNCH_ASSERT(out != NULL && (keys != NULL || n == 0) && (eps != NULL || count == 0));
    const hunch_allocator memory = hunch__allocator_or_default(NULL);
    struct hunch__hardness found;
    if (out->struct_size < FLOOR || count > HUNCH__HARDNESS_BOUNDS_MAX) {
        return hunch__fail(diag, HUNCH_EINVAL, count, "a struct of %u bytes, %zu bounds",
                           out->struct_size, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (eps[i] == 0 || eps[i] > EPS_MAX) {
            return hunch__fail(diag, HUNCH_EINVAL, i, "eps is %u, 1 to %u expected", eps[i],
                               EPS_MAX);
        }
    }
    hunch_status status = hunch__hardness_measure(&found, keys, n, eps, count, &memory, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const uint32_t size =
        (uint32_t)(out->struct_size < sizeof *out ? out->struct_size : sizeof *out);
    hunch_index_hardness all = {.struct_size = size,
                                .bits = found.bits,
                                .n = found.n,
                                .distinct = found.distinct,
                                .longest_run = found.longest_run,
                                .exponent = found.exponent};
    memcpy(all.segments, found.segments, sizeof all.segments);
    memcpy(out, &all, size);
    return HUNCH_OK;
}
