/* The page of hunch-index inspect --html: one file, no script, light or dark as the reader has it.
 */
#ifndef HUNCH_INDEX_INSPECT_PAGE_H
#define HUNCH_INDEX_INSPECT_PAGE_H

#include "survey.h"

/* Write it, atomically. Errors: EIO, ENOENT, ENOMEM. */
HUNCH_MUST_USE hunch_status index__page_write(const char *path, const char *title,
                                              const struct survey *survey, const hunch_index *index,
                                              hunch_diag *diag);

#endif
