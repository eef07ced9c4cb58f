/* Which suites the program has: a new one is a line here. */
#include "suites.h"

extern const struct bench_suite bench_choice_suite; /* choice/suite.c */
extern const struct bench_suite bench_index_suite;  /* index/suite.c  */

static const struct bench_suite *const suites[] = {&bench_index_suite, &bench_choice_suite, NULL};
static const char *const later[] = {"bloom", "placement", "tuning", NULL};

const struct bench_catalogue bench_catalogue = {suites, later};
