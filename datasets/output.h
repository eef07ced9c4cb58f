/* A file being written. The bytes go to a temporary file beside it, which takes the name at the end
 * only: whoever opens it sees the old file or the whole new one. */
#ifndef HUNCH_DATASETS_OUTPUT_H
#define HUNCH_DATASETS_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/io.h>
#include <hunch/status.h>

/* A file not yet called by its name. */
struct output;

/* Begin. Where a link stands, the file that it leads to is replaced. `io` NULL is POSIX. Errors:
 * EINVAL (what is there is no regular file), ENOENT (no such folder), EIO, ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__output_open(struct output **out, const char *path,
                                               const hunch_io *io, hunch_diag *diag);

/* Put bytes[n] at this offset. Errors: EIO. */
HUNCH_MUST_USE hunch_status hunch__output_write(struct output *output, const void *bytes, size_t n,
                                                uint64_t at, hunch_diag *diag);

/* Give it the name and release it, whatever happens. Errors: EIO. */
HUNCH_MUST_USE hunch_status hunch__output_finish(struct output *output, hunch_diag *diag);

/* Remove what was written and release it; NULL is fine. */
void hunch__output_abandon(struct output *output);

#endif
