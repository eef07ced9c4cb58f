/* Filling the caller's diag. */
#ifndef HUNCH_BASE_DIAG_H
#define HUNCH_BASE_DIAG_H

#include <hunch/status.h>

/* Fill *diag, when there is one, and return `status`: `return hunch__fail(diag, ...)`. The text is
 * cut to fit. */
__attribute__((format(printf, 4, 5))) hunch_status hunch__fail(hunch_diag *diag,
                                                               hunch_status status, uint64_t at,
                                                               const char *format, ...);

#endif
