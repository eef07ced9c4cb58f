/* The end of every test program: return suite_run(x_suite()) from main(). */
#ifndef HUNCH_TESTS_SUITE_H
#define HUNCH_TESTS_SUITE_H

#include <check.h>

/* Run and release the suite; the program's exit status. */
int suite_run(Suite *suite);

/* For loops that run a million times: Check makes a system call for each assertion that holds. */
#define SUITE_ASSERT(condition)                                                                    \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            ck_abort_msg("%s", #condition);                                                        \
        }                                                                                          \
    } while (0)

#endif
