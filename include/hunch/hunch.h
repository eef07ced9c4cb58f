/* hunch/hunch.h — the whole installed interface of libhunch in one include.
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
