/* Option structs that may be older or newer than the library. */
#include "options.h"

#include <string.h>

#include "asserts.h"
#include "diag.h"

/* No struct will ever be larger; a field that was not set would make us read far past it. */
#define STRUCT_SIZE_MAX 4096u

hunch_status hunch__options_copy(void *out, size_t size, size_t floor, const void *given,
                                 hunch_diag *diag)
{
    HUNCH_ASSERT(floor <= size);
    uint32_t given_size = 0;
    memset(out, 0, size);
    if (given == NULL) {
        return HUNCH_OK;
    }
    memcpy(&given_size, given, sizeof given_size);
    if (given_size < floor) {
        return hunch__fail(diag, HUNCH_EINVAL, given_size,
                           "options: struct_size is %u, at least %zu expected", given_size, floor);
    }
    if (given_size > STRUCT_SIZE_MAX) {
        return hunch__fail(diag, HUNCH_EINVAL, given_size,
                           "options: struct_size is %u, at most %u expected", given_size,
                           STRUCT_SIZE_MAX);
    }
    for (size_t i = size; i < given_size; i++) {
        if (((const unsigned char *)given)[i] != 0) {
            return hunch__fail(diag, HUNCH_EVERSION, i,
                               "options: byte %zu is set and not known to this version", i);
        }
    }
    memcpy(out, given, given_size < size ? given_size : size);
    return HUNCH_OK;
}
