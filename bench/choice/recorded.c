/* Figures of others that were measured elsewhere. */
#include "recorded.h"

#include <string.h>

/* First 20,000 rows in the file's order, one run each. */
const struct recorded_set recorded_sets[RECORDED_SETS] = {
    {"letter", false, {.663, .464, .367, .368}},
    {"pendigits", false, {.161, .139, .116, .075}},
    {"satimage", false, {.339, .318, .192, .170}},
    {"shuttle", false, {.070, .090, .057, .019}},
    {"mushroom", false, {.0037, .0028, .0030, .0095}},
    {"adult", false, {.155, .156, .154, .151}},
    {"nursery", false, {.060, .093, .097, .058}},
    {"krkopt", false, {.752, .731, .732, .686}},
    {"spambase", false, {.084, .090, .085, .089}},
    {"yeast", true, {.652, .598, .501, .517}},
    {"segment", true, {.234, .177, .110, .172}},
    {"waveform5000", false, {.181, .160, .157, .181}},
    {"splice", false, {.098, .066, .110, .148}},
    {"winequality_white", false, {.551, .542, .495, .492}},
    {"magic04", false, {.188, .219, .208, .145}},
    {"car", true, {.145, .142, .240, .237}},
    {"vowel", true, {.749, .670, .615, .729}},
    {"digits", true, {.268, .107, .220, .342}},
    {"hpc_jobs", false, {.319, .335, .301, .334}},
    {"page_blocks", false, {.066, .055, .057, .057}},
};

const char *recorded_impl(size_t i)
{
    static const char *const names[RECORDED_IMPLS] = {
        "vw-best-of-all",          /* an oracle over explorers, rates and -q ff      */
        "vw-oaa-full-information", /* told the right class, best rate                */
        "disjoint-linucb-0.3",     /* ridge 1, one-hot, standardised online          */
        "mlp-64-squarecb",         /* Adam, replay of 28 events a step               */
    };
    return names[i];
}

const char *recorded_source(size_t i)
{
    return i == RECORDED_VW || i == RECORDED_OAA ? "VowpalWabbit 9.11.2, file order, one run"
                                                 : "plain C, file order, one run";
}

struct bench_value recorded_value(const struct recorded_set *set, size_t impl)
{
    return (struct bench_value){.impl = recorded_impl(impl),
                                .value = set->loss[impl],
                                .reps = 1,
                                .recorded = recorded_source(impl)};
}

const struct recorded_set *recorded_find(const char *name)
{
    for (size_t i = 0; i < RECORDED_SETS; i++) {
        if (strcmp(recorded_sets[i].name, name) == 0) {
            return &recorded_sets[i];
        }
    }
    return NULL;
}
