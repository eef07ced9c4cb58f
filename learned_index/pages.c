/* A checksum for each page of the keys. */
#include "pages.h"

#include "alloc.h"
#include "bits.h"
#include "diag.h"
#include "hash.h"

static uint64_t page_hash(const uint64_t *keys, size_t n, size_t lead, size_t page);

hunch_status hunch__pages_new(struct hunch__pages *out, const uint64_t *keys, size_t n, size_t lead,
                              const hunch_allocator *allocator, hunch_diag *diag)
{
    *out = (struct hunch__pages){.allocator = *allocator};
    const size_t count = (size_t)hunch__div_up((lead + n) * sizeof *keys, HUNCH__PAGE_BYTES);
    if (count == 0) {
        return HUNCH_OK;
    }
    out->hash = hunch__alloc(allocator, count * sizeof *out->hash, HUNCH__CACHE_LINE);
    if (out->hash == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, count, "no memory for %zu checksums", count);
    }
    out->count = count;
    for (size_t i = 0; i < count; i++) {
        out->hash[i] = page_hash(keys, n, lead, i);
    }
    return HUNCH_OK;
}

void hunch__pages_free(struct hunch__pages *pages)
{
    hunch__free(&pages->allocator, pages->hash, pages->count * sizeof *pages->hash,
                HUNCH__CACHE_LINE);
    pages->hash = NULL;
    pages->count = 0;
}

hunch_status hunch__pages_validate(const hunch_index *index, hunch_diag *diag)
{
    uint64_t count = 0;
    const uint64_t *hash =
        hunch__container_section(&index->container, HUNCH__SECTION_PAGES, HUNCH__U64, &count);
    const size_t lead = index->tree.lead;
    const size_t pages =
        (size_t)hunch__div_up((lead + index->tree.n) * sizeof(uint64_t), HUNCH__PAGE_BYTES);
    if (hash == NULL) {
        return HUNCH_OK; /* written before there were any */
    }
    if (count != pages) {
        return hunch__fail(diag, HUNCH_ECORRUPT, count, "section pages: not those of %zu pages",
                           pages);
    }
    for (size_t i = 0; i < pages; i++) {
        if (hash[i] != page_hash(index->tree.keys, index->tree.n, lead, i)) {
            const unsigned char *begin = (const unsigned char *)(index->tree.keys - lead);
            const uint64_t at = (uint64_t)(begin - (const unsigned char *)index->container.bytes) +
                                (uint64_t)i * HUNCH__PAGE_BYTES;
            return hunch__fail(diag, HUNCH_ECORRUPT, at,
                               "section keys: the checksum of page %zu differs", i);
        }
    }
    return HUNCH_OK;
}

/* The lead's zeros belong to the first page. */
static uint64_t page_hash(const uint64_t *keys, size_t n, size_t lead, size_t page)
{
    const size_t words = HUNCH__PAGE_BYTES / sizeof *keys;
    const size_t from = page * words;
    const size_t end = from + words < lead + n ? from + words : lead + n;
    const size_t zeros = from < lead ? lead - from : 0;
    return hunch__xxh3_after_zeros(zeros * sizeof *keys, keys + (from + zeros - lead),
                                   (end - from - zeros) * sizeof *keys);
}
