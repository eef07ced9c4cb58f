/* Asserts in three strengths: _Static_assert for layouts, HUNCH_ASSERT for cheap preconditions
 * (level 1: presets dev and up), HUNCH_ASSERT_DEEP for whole invariants (level 2: sanitizers and
 * fuzzing). Level 0, the release, evaluates nothing. */
#ifndef HUNCH_BASE_ASSERTS_H
#define HUNCH_BASE_ASSERTS_H

#ifndef HUNCH_ASSERT_LEVEL
#    define HUNCH_ASSERT_LEVEL 0
#endif

#if HUNCH_ASSERT_LEVEL >= 1
/* A trap, not abort() with a message: the library never prints, and a debugger stops here. */
#    define HUNCH_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())
#else
#    define HUNCH_ASSERT(condition) ((void)sizeof(!(condition)))
#endif

#if HUNCH_ASSERT_LEVEL >= 2
#    define HUNCH_ASSERT_DEEP(condition) HUNCH_ASSERT(condition)
#else
#    define HUNCH_ASSERT_DEEP(condition) ((void)sizeof(!(condition)))
#endif

#endif
