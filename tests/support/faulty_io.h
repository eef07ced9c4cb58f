/* I/O that fails when it is told to, does less than it is asked, and counts what stays open.
 *
 *     struct faulty_io io;
 *     faulty_io_begin(&io, hunch_io_posix(), k, EIO);
 *     status = hunch_index_save(...);   // made with .io = &io.io
 *     ck_assert_uint_eq(io.open_files + io.live_mappings, 0);
 *     if (io.failed == 0) ...           // k is past the last call
 *
 * One thread at a time. */
#ifndef HUNCH_TESTS_FAULTY_IO_H
#define HUNCH_TESTS_FAULTY_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/io.h>

/* The functions of hunch_io, in its order. */
enum faulty_io_call {
    FAULTY_OPEN,
    FAULTY_CLOSE,
    FAULTY_PREAD,
    FAULTY_PWRITE,
    FAULTY_SIZE,
    FAULTY_TRUNCATE,
    FAULTY_SYNC,
    FAULTY_RENAME,
    FAULTY_REMOVE,
    FAULTY_SYNC_FOLDER,
    FAULTY_MAP,
    FAULTY_UNMAP,
    FAULTY_CALLS
};

struct faulty_io {
    hunch_io io;          /* to be handed in; its ctx is this struct, which must not move */
    const hunch_io *base; /* borrowed: does the work                                      */
    uint64_t fail_at;     /* k, counted from 1 over all functions; 0 = never              */
    int error;            /* errno value of the failure                                   */

    /* May be set after faulty_io_begin(). */
    bool onwards; /* all calls from the k-th on fail; not with EINTR, which is tried again */
    bool late;    /* the k-th call does its work and fails all the same                    */
    size_t most;  /* bytes done by one read or write; 0 = as many as asked                 */

    uint64_t calls;                 /* the failed ones included         */
    uint64_t failed;                /* of these                         */
    uint64_t count[FAULTY_CALLS];   /* calls by function                */
    enum faulty_io_call first_fail; /* the function that failed first   */
    size_t open_files;              /* opened and not closed            */
    size_t live_mappings;           /* mapped and not unmapped          */
};

/* A close or unmap that fails has released what it was given, as close() does on Linux. */
void faulty_io_begin(struct faulty_io *f, const hunch_io *base, uint64_t fail_at, int error);

/* "pwrite", for messages. */
const char *faulty_io_name(enum faulty_io_call call);

#endif
