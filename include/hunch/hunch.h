/* hunch/hunch.h — the whole installed interface of libhunch in one include.
 *
 * A guest in your process: the library starts no thread unless you ask a chooser for a trainer,
 * installs no handler, prints nothing, never exits, and reads two variables of the environment at
 * most (HUNCH_ISA, HUNCH_DISABLE). It has no state but one constant table of kernels, so it can be
 * unloaded and loaded again, and after fork() both processes go on. What asks takes no lock, no
 * memory and no system call and leaves errno alone; asking an index is async-signal-safe, a chooser
 * is not for handlers that interrupt a choice on it. A stack of 64 kB is enough. Set FTZ or DAZ,
 * and tiny numbers may round a choice the other way; the rounding mode must be to nearest. Of the
 * locale it takes the language of the system's own messages in a diag. 64-bit machines only.
 *
 * bloom.h, place.h and tune.h are drafts so far: they compile, so that the family can be read side
 * by side, but are neither installed nor included here.
 */
#ifndef HUNCH_HUNCH_H
#define HUNCH_HUNCH_H

#include <hunch/alloc.h>
#include <hunch/choice.h>
#include <hunch/index.h>
#include <hunch/io.h>
#include <hunch/learner.h>
#include <hunch/status.h>
#include <hunch/version.h>

#endif
