/* What a simulation says: as text, as JSON and as a page. */
#ifndef HUNCH_CHOICE_SIMULATION_H
#define HUNCH_CHOICE_SIMULATION_H

#include "bandit.h"

struct json_t;

/* On stdout. */
void choice__simulation_print(const struct bandit_plan *plan, const struct bandit_result *result);

/* One object; NULL when there is no memory. */
struct json_t *choice__simulation_json(const struct bandit_plan *plan,
                                       const struct bandit_result *result);

/* Write a page to `path`, atomically. Errors: ENOENT (no such folder), EIO, EINVAL (what is there
 * is no file), ENOMEM. */
HUNCH_MUST_USE hunch_status choice__simulation_page(const char *path,
                                                    const struct bandit_plan *plan,
                                                    const struct bandit_result *result,
                                                    hunch_diag *diag);

#endif
