/* Which lanes may take the shortest way, and which one that is here. */
#include "choose.h"
#include "chooser.h"
#include "kernels.h"
#include "learners.h"

/* The most columns and arms that hot.h is made for. */
enum { DENSE_MOST = 64, ARMS_MOST = 8 };

void hunch__hot_set(hunch_chooser *chooser)
{
    chooser->hot = hunch__choose_any;
#if defined(__x86_64__) && !defined(HUNCH__WORDWISE)
    const struct hunch__kernels *kernels = hunch__kernels_get();
    if (kernels == hunch__kernels_find("avx512")) {
        chooser->hot = hunch__choose_hot_avx512;
    } else if (kernels == hunch__kernels_find("avx2")) {
        chooser->hot = hunch__choose_hot_avx2;
    }
#endif
}

void hunch__refresh(const hunch_chooser *chooser, struct hunch__lane *lane)
{
    const struct hunch__linear *linear = NULL;
    if (!hunch__snapshot_take(&chooser->published, lane)) {
        return;
    }
    if (chooser->plain && chooser->features <= DENSE_MOST && chooser->shape.arms <= ARMS_MOST) {
        linear = hunch__linear_of(chooser->ops, lane->mine + chooser->learner_at);
    }
    lane->linear = linear;
}
