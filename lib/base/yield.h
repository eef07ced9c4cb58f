/* A point where another thread may run, for the cooperative scheduler of the tests.
 *
 * Each atomic operation passes one. In the library it is nothing; a test that compiles a source
 * with HUNCH_SCHEDULED defined provides hunch__yield() and so decides every interleaving. */
#ifndef HUNCH_BASE_YIELD_H
#define HUNCH_BASE_YIELD_H

#ifdef HUNCH_SCHEDULED
void hunch__yield(void);
#    define HUNCH__YIELD() hunch__yield()
#else
#    define HUNCH__YIELD() ((void)0)
#endif

#endif
