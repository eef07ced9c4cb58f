/* Saved choosers from plain and packed files. */
#ifndef HUNCH_CHOICE_SAVED_H
#define HUNCH_CHOICE_SAVED_H

#include <hunch/choice.h>

/* Open the chooser in the file at `path`, plain, .zst, .gz or "-" for stdin, and check it as a
 * whole. On failure *out is NULL. Errors: those of hunch_chooser_open(), and EUNSUPPORTED
 * (compressed in a way that this build cannot read). */
HUNCH_MUST_USE hunch_status choice__saved_open(hunch_chooser **out, const char *path,
                                               hunch_diag *diag);

#endif
