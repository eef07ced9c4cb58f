/* Telling the sanitizers that another stack is in use; nothing in other builds. */
#ifndef HUNCH_TESTS_FIBER_H
#define HUNCH_TESTS_FIBER_H

#include <stdbool.h>
#include <stddef.h>

#include "sanitizer.h"

#if SANITIZER_ADDRESS
#    include <sanitizer/common_interface_defs.h>
#endif
#if SANITIZER_THREAD
#    include <sanitizer/tsan_interface.h>
#endif

/* A call that entered on one stack and returned on another would confuse ThreadSanitizer. */
#define FIBER_INLINE static inline __attribute__((always_inline))

struct fiber {
    const void *stack; /* lowest address; of the thread's own, known after the first arrival */
    size_t bytes;
    void *fake;   /* AddressSanitizer's stack of variables that are used after return */
    void *handle; /* ThreadSanitizer's thread */
};

/* The thread's own stack. */
static inline void fiber_enter_home(struct fiber *home)
{
    *home = (struct fiber){NULL, 0, NULL, NULL};
#if SANITIZER_THREAD
    home->handle = __tsan_get_current_fiber();
#endif
}

static inline void fiber_begin(struct fiber *fiber, const void *stack, size_t bytes)
{
    *fiber = (struct fiber){stack, bytes, NULL, NULL};
#if SANITIZER_THREAD
    fiber->handle = __tsan_create_fiber(0);
#endif
}

/* Not from the fiber itself. */
static inline void fiber_end(struct fiber *fiber)
{
#if SANITIZER_THREAD
    __tsan_destroy_fiber(fiber->handle);
#endif
    fiber->handle = NULL;
}

/* Called on `from` before the change of stacks; `for_ever` when it will not be resumed. */
FIBER_INLINE void fiber_leave(struct fiber *from, struct fiber *to, bool for_ever)
{
#if SANITIZER_ADDRESS
    __sanitizer_start_switch_fiber(for_ever ? NULL : &from->fake, to->stack, to->bytes);
#endif
#if SANITIZER_THREAD
    __tsan_switch_to_fiber(to->handle, 0);
#endif
    (void)from;
    (void)to;
    (void)for_ever;
}

/* Called on `self` after the change; `from` is where the control came from. */
static inline void fiber_arrive(struct fiber *self, struct fiber *from)
{
#if SANITIZER_ADDRESS
    __sanitizer_finish_switch_fiber(self->fake, &from->stack, &from->bytes);
#endif
    (void)self;
    (void)from;
}

#endif
