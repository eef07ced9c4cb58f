/* Option structs that may be older or newer than the library. */
#ifndef HUNCH_BASE_OPTIONS_H
#define HUNCH_BASE_OPTIONS_H

#include <stddef.h>

#include <hunch/status.h>

/* Copy the caller's options over zeroed defaults.
 *
 * `given` is the caller's struct, whose first field is its own uint32_t struct_size; NULL is all
 * defaults. `out[size]` is ours. `floor` is the size of the first layout that was ever released,
 * frozen as offsetof(last field) + sizeof(that field): what is smaller cannot be. A larger struct,
 * from a newer caller, is accepted when the part that is not known here is zero.
 * Errors: EINVAL (too small, or larger than any struct), EVERSION (a newer option is set). */
HUNCH_MUST_USE hunch_status hunch__options_copy(void *out, size_t size, size_t floor,
                                                const void *given, hunch_diag *diag);

#endif
