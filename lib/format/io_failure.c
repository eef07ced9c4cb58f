/* What the caller is told when the I/O table reports an error. */
#define _POSIX_C_SOURCE 200809L /* strerror_r, the one that returns int */
#include "io_failure.h"

#include <string.h>

#include "asserts.h"
#include "diag.h"
#include "io.h"

hunch_status hunch__io_fail(hunch_diag *diag, int error, uint64_t at, const char *step)
{
    char reason[64];
    HUNCH_ASSERT(error != 0);
    if (strerror_r(error, reason, sizeof reason) != 0) {
        return hunch__fail(diag, hunch__io_status(error), at, "cannot %s: error %d", step, error);
    }
    return hunch__fail(diag, hunch__io_status(error), at, "cannot %s: %s", step, reason);
}
