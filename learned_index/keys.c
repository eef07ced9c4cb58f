/* Keys of other types: maps to u64 that keep their order. */
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "bits.h"
#include "diag.h"
#include "internal.h"

#define SIGN         ((uint64_t)1 << 63)
/* What infinity maps to: above it are NaNs alone. */
#define INFINITY_KEY ((uint64_t)0xfff0000000000000)

_Static_assert(sizeof(double) == sizeof(uint64_t), "a double is mapped to a word");

static hunch_status build_mapped(hunch_index **out, const void *keys, size_t n,
                                 hunch_index_key_type type, const hunch_index_options *given,
                                 hunch_diag *diag);
static hunch_status map_and_build(hunch_index **out, const void *keys, size_t n,
                                  hunch_index_key_type type, const hunch_index_options *given,
                                  hunch_diag *diag);

/* IEEE 754 totalOrder by its bits, but for what the header says of zeros and NaNs. */
uint64_t hunch_key_from_f64(double key)
{
    if (key != key) {
        return UINT64_MAX;
    }
    uint64_t bits;
    key = key == 0 ? 0.0 : key;
    memcpy(&bits, &key, sizeof bits);
    return (bits & SIGN) != 0 ? ~bits : bits | SIGN;
}

double hunch_key_to_f64(uint64_t key)
{
    const uint64_t quiet_nan = 0x7ff8000000000000;
    uint64_t bits = (key & SIGN) != 0 ? key & ~SIGN : ~key;
    double value;
    bits = key > INFINITY_KEY ? quiet_nan : bits;
    memcpy(&value, &bits, sizeof value);
    return value;
}

hunch_status hunch_index_build_i64(hunch_index **out, const int64_t *keys, size_t n,
                                   const hunch_index_options *options, hunch_diag *diag)
{
    return build_mapped(out, keys, n, HUNCH_INDEX_I64, options, diag);
}

hunch_status hunch_index_build_f64(hunch_index **out, const double *keys, size_t n,
                                   const hunch_index_options *options, hunch_diag *diag)
{
    return build_mapped(out, keys, n, HUNCH_INDEX_F64, options, diag);
}

static hunch_status build_mapped(hunch_index **out, const void *keys, size_t n,
                                 hunch_index_key_type type, const hunch_index_options *given,
                                 hunch_diag *diag)
{
    HUNCH_ASSERT(out != NULL && (keys != NULL || n == 0));
    hunch_index_options checked;
    *out = NULL;
    hunch_status status = hunch__index_options(&checked, given, diag);
    if (status == HUNCH_OK && n > HUNCH__INDEX_KEYS_MAX) {
        status = hunch__fail(diag, HUNCH_EINVAL, n, "keys: more than 2^38");
    }
    if (status == HUNCH_OK && (uintptr_t)keys % sizeof(uint64_t) != 0) {
        status = hunch__fail(diag, HUNCH_EINVAL, (uintptr_t)keys % sizeof(uint64_t),
                             "keys: not aligned to 8 bytes");
    }
    if (status == HUNCH_OK) {
        status = n == 0 ? hunch_index_build(out, NULL, 0, given, diag)
                        : map_and_build(out, keys, n, type, given, diag);
    }
    if (status == HUNCH_OK) {
        (*out)->key_type = type;
    }
    return status;
}

static hunch_status map_and_build(hunch_index **out, const void *keys, size_t n,
                                  hunch_index_key_type type, const hunch_index_options *given,
                                  hunch_diag *diag)
{
    const hunch_allocator allocator =
        hunch__allocator_or_default(given != NULL ? given->allocator : NULL);
    uint64_t *mapped = hunch__alloc(&allocator, n * sizeof *mapped, HUNCH__CACHE_LINE);
    if (mapped == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, n, "no memory for %zu keys", n);
    }
    for (size_t i = 0; i < n; i++) {
        mapped[i] = type == HUNCH_INDEX_I64 ? hunch_key_from_i64(((const int64_t *)keys)[i])
                                            : hunch_key_from_f64(((const double *)keys)[i]);
    }
    hunch_status status = hunch_index_build(out, mapped, n, given, diag);
    if (status != HUNCH_OK) {
        hunch__free(&allocator, mapped, n * sizeof *mapped, HUNCH__CACHE_LINE);
        return status;
    }
    (*out)->mapped_keys = mapped;
    return HUNCH_OK;
}
