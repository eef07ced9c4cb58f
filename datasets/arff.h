/* Attribute-relation files (ARFF), in which Weka keeps its examples, read as class sets.
 *
 * Numeric attributes (numeric, real, integer) and nominal ones ({a, 'b c', ...}) become columns, in
 * their order; the codes of a nominal one are the places of its values in the declaration. "?" is
 * missing. Strings, dates, relations and sparse rows are refused. */
#ifndef HUNCH_DATASETS_ARFF_H
#define HUNCH_DATASETS_ARFF_H

#include "class_set.h"

/* Read the files at paths[count] one after the other into one set; the headers of the second and
 * later ones must have as many attributes. `label` names the nominal attribute that is the class;
 * NULL is the last one. *bad is the file that an error is about. On failure *out is empty. Errors:
 * ECORRUPT (diag->at is the line, from 1), EUNSUPPORTED, ENOENT, EIO, ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__arff_read(struct class_set *out, const char *const *paths,
                                             size_t count, const char *label, const char **bad,
                                             hunch_diag *diag);

#endif
