/* The caller's diag. */
#include "diag.h"

#include <stdarg.h>
#include <stdio.h>

#include "asserts.h"

hunch_status hunch__fail(hunch_diag *diag, hunch_status status, uint64_t at, const char *format,
                         ...)
{
    HUNCH_ASSERT(status != HUNCH_OK);
    if (diag != NULL) {
        va_list arguments;
        diag->status = status;
        diag->reserved = 0;
        diag->at = at;
        va_start(arguments, format);
        (void)vsnprintf(diag->text, sizeof diag->text, format, arguments);
        va_end(arguments);
    }
    return status;
}
