/* What the caller is told when the I/O table reports an error. */
#ifndef HUNCH_FORMAT_IO_FAILURE_H
#define HUNCH_FORMAT_IO_FAILURE_H

#include <stdint.h>

#include <hunch/status.h>

/* Fill *diag with "cannot <step>: <what the system says of `error`>" and return the status that
 * the errno value `error` stands for. */
hunch_status hunch__io_fail(hunch_diag *diag, int error, uint64_t at, const char *step);

#endif
