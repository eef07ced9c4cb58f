/* Option structs that may be older or newer than the library. */
#include "options.h"

#include <string.h>

#include "asserts.h"
#include "diag.h"

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
    for (size_t i = size; i < given_size; i++) {
        if (((const unsigned char *)given)[i] != 0) {
            return hunch__fail(diag, HUNCH_EVERSION, i,
                               "options: byte %zu is set and not known to this version", i);
        }
    }
    memcpy(out, given, given_size < size ? given_size : size);
    return HUNCH_OK;
}
