/* hunch/hunch.h — the whole installed interface of libhunch in one include.
 *
 * A guest in your process: the library starts no thread, installs no handler, prints nothing, never
 * exits, and reads two variables of the environment at most (HUNCH_ISA, HUNCH_DISABLE). It has no
 * state but one constant table of kernels, so it can be unloaded and loaded again, and after fork()
 * both processes go on. What asks is async-signal-safe: no lock, no memory, no system call, errno
 * untouched. A stack of 64 kB is enough. It computes in integers, so FTZ, DAZ and the
 * rounding mode change nothing; of the locale it takes the language of the system's own messages in
 * a diag. 64-bit machines only.
 *
 * learner.h, choice.h, bloom.h, place.h and tune.h are drafts so far: they compile, so that the
 * family can be read side by side, but are neither installed nor included here.
 */
#ifndef HUNCH_HUNCH_H
#define HUNCH_HUNCH_H

#include <hunch/alloc.h>
#include <hunch/index.h>
#include <hunch/io.h>
#include <hunch/status.h>
#include <hunch/version.h>

#endif
