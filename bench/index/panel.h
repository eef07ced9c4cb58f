/* Contenders, built over one set of keys, as the driver takes them. */
#ifndef HUNCH_BENCH_INDEX_PANEL_H
#define HUNCH_BENCH_INDEX_PANEL_H

#include "bench.h"
#include "contender.h"

#define PANEL_MAX        16u
#define PANEL_BUILDS_MAX 3u

/* How look-ups are asked: the three loops of a contender. */
enum loop { LOOP_FENCED, LOOP_INDEPENDENT, LOOP_BATCHED, LOOPS };

/* "fenced", "independent", "batched". */
const char *loop_name(enum loop loop);

struct entry {
    struct index_contender contender; /* by value: a sweep changes its name and its tuning  */
    char name[64];
    void *index;       /* owned; NULL where there is an error                */
    const char *error; /* "not built", why building failed, BENCH_ANSWERS_DIFFER; NULL: none */
    double build_ns[PANEL_BUILDS_MAX]; /* [builds of the panel] */
};

struct panel {
    struct entry entries[PANEL_MAX];
    size_t count;
    unsigned builds;
};

/* The impl that ratios are taken of: absl-btree, or std-lower-bound where that is not built. */
const char *panel_baseline(void);

/* Add a contender; `name` NULL is its own. At most PANEL_MAX. */
void panel_add(struct panel *panel, const struct index_contender *contender, const char *name,
               struct index_tuning tuning);

/* Build all entries over keys[n], `builds` times each, interleaved; the last ones stay. What cannot
 * be built has its reason in `error`. */
void panel_build(struct panel *panel, const struct bench *bench, const uint64_t *keys, size_t n,
                 unsigned builds);

/* Ask each entry some queries of every kind over keys[n], n > 0, which it was built over, untimed:
 * who is wrong gets the error BENCH_ANSWERS_DIFFER, so that none of its figures is reported.
 * Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status panel_check(struct panel *panel, const uint64_t *keys, size_t n,
                                        uint64_t seed, hunch_diag *diag);

/* Fill out[panel->count], whose work is a struct queries. The panel is borrowed. */
void panel_contenders(struct panel *panel, enum loop loop, struct bench_contender *out);

void panel_free(struct panel *panel);

#endif
