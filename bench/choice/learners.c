/* The learners that stand beside the default. */
#include "learners.h"

const struct bench_learner bench_learners[LEARNERS] = {
    {"hunch", NULL, true},
    {"hunch-linear", "linear", true},
    {"hunch-quadratic", "quadratic", false},
    {"hunch-mlp", "mlp", false},
    {"hunch-linucb", "linucb", false},
    {"hunch-linear-thompson", "linear-thompson", false},
    {"hunch-uniform", "uniform", false},
};
