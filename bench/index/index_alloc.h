/* Memory for contenders: all of them get it from the library's default allocator, so that large
 * blocks are on huge pages for everybody. */
#ifndef HUNCH_BENCH_INDEX_INDEX_ALLOC_H
#define HUNCH_BENCH_INDEX_INDEX_ALLOC_H

#include <stddef.h>

#include <hunch/status.h>

HUNCH_API_BEGIN

/* `count` elements of `size` bytes > 0, aligned to a line; at least one. NULL when there is no
 * memory. */
void *index_alloc(size_t count, size_t size);

/* The counterpart, with the same count and size; NULL is fine. */
void index_free(void *p, size_t count, size_t size);

/* Fill *diag and return ENOMEM. */
hunch_status index_no_memory(hunch_diag *diag, size_t n);

HUNCH_API_END

#endif
