/* Logs come from outside. */
#ifndef HUNCH_TRAIN_LOG_CHECK_H
#define HUNCH_TRAIN_LOG_CHECK_H

#include <hunch/train.h>

/* Whether the log is one: sizes within limits, arms that exist, finite rewards, propensities in
 * (0, 1]; diag->at is the choice or the feature. Errors: EINVAL, EVERSION. */
HUNCH_MUST_USE hunch_status hunch__log_check(const hunch_log *log, hunch_diag *diag);

#endif
