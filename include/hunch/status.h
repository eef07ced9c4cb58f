/* hunch/status.h — how every function of the library says whether it worked.
 *
 * A function that can fail returns a hunch_status: 0 is success, failures are negative, and a
 * value is never renumbered. The detail goes to a hunch_diag that the caller owns: there is no
 * global and no thread-local state, and nothing to free.
 *
 * Programming errors (NULL where it is forbidden, a position past the end) are asserts of the
 * debug builds, not codes.
 */
#ifndef HUNCH_STATUS_H
#define HUNCH_STATUS_H

#include <stdint.h>

#include <hunch/version.h>

HUNCH_API_BEGIN

/* Every status once: name, value, text. The enum, hunch_status_text() and the tests are made from
 * this list, so that no code can be without a text. Append only. */
#define HUNCH_STATUS_LIST(X)                                                                       \
    X(OK, 0, "success")                                                                            \
    X(EINVAL, -1, "invalid argument")                                                              \
    X(ENOMEM, -2, "out of memory")                                                                 \
    X(EVERSION, -3, "made for another version of the library")                                     \
    X(ECORRUPT, -4, "damaged data")                                                                \
    X(EIO, -5, "input or output failed")                                                           \
    X(ENOENT, -6, "no such file")                                                                  \
    X(EUNSUPPORTED, -7, "not supported here")                                                      \
    X(ELIMIT, -8, "a declared limit was reached")                                                  \
    X(EEXPIRED, -9, "the ticket is no longer known")

#define HUNCH__STATUS_ENUM(name, value, text) HUNCH_##name = (value),

/* Outcome of a call: HUNCH_OK or one of the negative codes of HUNCH_STATUS_LIST. */
typedef enum hunch_status { HUNCH_STATUS_LIST(HUNCH__STATUS_ENUM) } hunch_status;

#undef HUNCH__STATUS_ENUM

/* What went wrong and where. Owned by the caller; written only on failure, always with a
 * zero-terminated text. A call that takes one accepts NULL. */
typedef struct hunch_diag {
    hunch_status status; /* the code that the call returned                               */
    uint32_t reserved;   /* zero                                                          */
    uint64_t at;         /* where: a byte offset, a position, a row; the text says which  */
    char text[112];      /* one line, e.g. "section 2: checksum differs"                  */
} hunch_diag;

/* One line of English for `status`; "unknown status" for a value that is none. The text is static.
 *                                                                          Threads: immutable. */
HUNCH_API const char *hunch_status_text(hunch_status status);

HUNCH_API_END

#endif
