/* The report: one HTML file for the browser and the printer, without anything from elsewhere. */
#ifndef HUNCH_BENCH_REPORT_H
#define HUNCH_BENCH_REPORT_H

#include "driver.h"
#include "suites.h"

/* Whether the report can be put at `path`: a regular file or nothing there, and a file can be made
 * beside it. Asked before the measuring, not after it. Errors: EINVAL, ENOENT, EIO, ENOMEM. */
HUNCH_MUST_USE hunch_status bench__report_check(const char *path, hunch_diag *diag);

/* Write the rows to options.report, atomically. Errors: ENOMEM, EIO. */
HUNCH_MUST_USE hunch_status bench__report_write(const struct bench *bench,
                                                const struct bench_catalogue *catalogue,
                                                hunch_diag *diag);

#endif
