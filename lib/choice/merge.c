/* Adding what another chooser learned. */
#include <string.h>

#include "asserts.h"
#include "chooser.h"
#include "diag.h"
#include "learn.h"
#include "learners.h"

static hunch_status check_alike(const hunch_chooser *chooser, const hunch_chooser *other,
                                hunch_diag *diag);
static bool can_merge(const hunch_chooser *chooser);
static bool same_encoding(const hunch_chooser *chooser, const hunch_chooser *other);
static bool same_metrics(const hunch_chooser *chooser, const hunch_chooser *other);
static void add_metrics(hunch_chooser *chooser, const hunch_chooser *other);
static void add_totals(struct hunch__totals *to, const struct hunch__totals *more);

hunch_status hunch_chooser_merge(hunch_chooser *chooser, const hunch_chooser *other,
                                 hunch_diag *diag)
{
    HUNCH_ASSERT(chooser != NULL && other != NULL && chooser != other);
    hunch_chooser_learn(chooser);
    hunch__learn_begin(other->process);
    (void)hunch__learn(other->self);
    hunch__learn_begin(chooser->process);
    hunch_status status = check_alike(chooser, other, diag);
    if (status == HUNCH_OK) {
        struct hunch__totals totals;
        hunch__totals_read(other, &totals);
        add_totals(&chooser->before, &totals);
        add_metrics(chooser, other);
        chooser->ops->merge(chooser->state, &chooser->shape, other->state);
        hunch__store_relaxed(&chooser->learned, hunch__load_relaxed(&chooser->learned) +
                                                    hunch__load_relaxed(&other->learned));
        hunch__set_step_every(chooser);
        hunch__publish(chooser);
    }
    hunch__learn_end(chooser->process);
    hunch__learn_end(other->process);
    return status;
}

static hunch_status check_alike(const hunch_chooser *chooser, const hunch_chooser *other,
                                hunch_diag *diag)
{
    if (chooser->ops != other->ops || !can_merge(chooser)) {
        return hunch__fail(diag, HUNCH_EUNSUPPORTED, 0, "learners %.40s and %.40s do not merge",
                           chooser->ops->name, other->ops->name);
    }
    if (memcmp(&chooser->shape, &other->shape, sizeof chooser->shape) != 0 ||
        !same_encoding(chooser, other) || !same_metrics(chooser, other)) {
        return hunch__fail(diag, HUNCH_EINVAL, 0, "they do not choose the same from the same");
    }
    return HUNCH_OK;
}

static bool can_merge(const hunch_chooser *chooser)
{
    return chooser->ops == &hunch__learner_auto ? hunch__auto_merges(&chooser->shape)
                                                : chooser->ops->merge != NULL;
}

/* Statistics of columns add up only when the columns mean the same. */
static bool same_encoding(const hunch_chooser *chooser, const hunch_chooser *other)
{
    const struct hunch__encoder *a = &chooser->encoder;
    const struct hunch__encoder *b = &other->encoder;
    if (a->features != b->features || a->nonzeros != b->nonzeros || a->columns != b->columns ||
        a->cuts != b->cuts || (a->column == NULL) != (b->column == NULL) ||
        chooser->options.value_min != other->options.value_min ||
        chooser->options.value_max != other->options.value_max ||
        chooser->options.value_scale != other->options.value_scale) {
        return false;
    }
    for (uint32_t f = 0; a->column != NULL && f < a->features; f++) {
        if (a->column[f].kind != b->column[f].kind || a->column[f].base != b->column[f].base ||
            a->column[f].levels != b->column[f].levels) {
            return false;
        }
    }
    return a->cuts == 0 ||
           memcmp(chooser->cuts.values, other->cuts.values, a->cuts * sizeof(float)) == 0;
}

static bool same_metrics(const hunch_chooser *chooser, const hunch_chooser *other)
{
    bool same = chooser->objective.count == other->objective.count;
    for (uint32_t i = 0; same && i < chooser->objective.count; i++) {
        const hunch_metric *a = &chooser->objective.metrics[i];
        const hunch_metric *b = &other->objective.metrics[i];
        same = a->weight == b->weight && a->limit == b->limit && a->limit_kind == b->limit_kind;
    }
    return same;
}

/* What was seen adds up, in the shared lane, where the next step finds it too; prices stay. */
static void add_metrics(hunch_chooser *chooser, const hunch_chooser *other)
{
    const struct hunch__lane *lane = &chooser->lanes.lane[chooser->lanes.count];
    for (uint32_t i = 0; i < chooser->objective.count; i++) {
        struct hunch__metric_sums *sums = &lane->metrics[i];
        struct hunch__metric_seen *seen = &chooser->objective.seen[i];
        const struct hunch__metric_seen *more = &other->objective.seen[i];
        hunch__store_relaxed(&sums->count, hunch__load_relaxed(&sums->count) + more->count);
        hunch__store_relaxed(&sums->sum, hunch__load_relaxed(&sums->sum) + more->sum);
        hunch__store_relaxed(&sums->squares, hunch__load_relaxed(&sums->squares) + more->squares);
        seen->count += more->count;
        seen->sum += more->sum;
        seen->squares += more->squares;
    }
}

static void add_totals(struct hunch__totals *to, const struct hunch__totals *more)
{
    to->choices += more->choices;
    to->rewards += more->rewards;
    to->expired += more->expired;
    to->abandoned += more->abandoned;
    to->refused += more->refused;
    to->dropped += more->dropped;
    to->overridden += more->overridden;
    to->not_finite += more->not_finite;
    to->reward_sum += more->reward_sum;
}
