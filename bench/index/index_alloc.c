/* Memory for contenders. */
#include "index_alloc.h"

#include "alloc.h"
#include "bits.h"
#include "diag.h"

void *index_alloc(size_t count, size_t size)
{
    uint64_t bytes = 0;
    if (!hunch__mul(count > 0 ? count : 1, size, &bytes) || bytes > SIZE_MAX) {
        return NULL;
    }
    return hunch__alloc(hunch_allocator_default(), (size_t)bytes, HUNCH__CACHE_LINE);
}

void index_free(void *p, size_t count, size_t size)
{
    size_t bytes = (count > 0 ? count : 1) * size;
    hunch__free(hunch_allocator_default(), p, bytes, HUNCH__CACHE_LINE);
}

hunch_status index_no_memory(hunch_diag *diag, size_t n)
{
    return hunch__fail(diag, HUNCH_ENOMEM, n, "no memory for an index over %zu keys", n);
}
