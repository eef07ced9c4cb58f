/* hunch/place.h — draft, compiled but not installed: put the units of a graph on devices.
 *
 * A placer is given a graph of operators with costs and the machine they shall run on. It proposes
 * placements, each a device and a priority for every operator, hears the step time of those that
 * were tried, and proposes better ones. hunch_placer_search() does both sides by itself, with the
 * built-in simulator as the machine. It is in a library of its own, libhunch-place.
 *
 * Use one device when the graph fits there and has no parallel branches: stats say so, since the
 * lower bound is then what one device takes.
 *
 * Caveats:
 * - Makespan and max-load are different objectives; figures of one say nothing about the other.
 * - All times are in us. A placer's reward is the objective itself: here, smaller is better.
 * - A placement is never worse, in the simulator, than the best of the classic ones, which are
 *   always tried first. The simulator is not your machine: tell the placer what yours measured.
 * - Same seed and same number of evaluations: same placement, on any number of threads.
 */
#ifndef HUNCH_PLACE_H
#define HUNCH_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/io.h>
#include <hunch/status.h>

HUNCH_API_BEGIN

/* A graph, a machine, and what was learned about placing the one on the other. */
typedef struct hunch_placer hunch_placer;

/* What is made small. */
typedef enum hunch_place_objective {
    HUNCH_PLACE_MAKESPAN = 0, /* time of one step that runs alone                           */
    HUNCH_PLACE_MAX_LOAD = 1  /* time that a step keeps the busiest device, steps pipelined */
} hunch_place_objective;

/* An edge: operator `to` needs `bytes` of the output of operator `from`; 0 = only the order. */
typedef struct hunch_place_edge {
    uint32_t from;  /* in [0, n)                                             */
    uint32_t to;    /* in [0, n)                                             */
    uint64_t bytes; /* of one output, sent once to each device that needs it */
} hunch_place_edge;

/* What is placed. All arrays are borrowed for the call; NULL is all zero unless said otherwise. */
typedef struct hunch_place_graph {
    uint32_t struct_size;            /* sizeof(hunch_place_graph)                          */
    uint32_t n;                      /* operators                                          */
    uint32_t classes;                /* kinds of device for which costs are given; >= 1    */
    uint32_t reserved;               /* zero                                               */
    uint64_t edges_count;            /* length of edges                                    */
    const hunch_place_edge *edges;   /* [edges_count], any order, without a cycle          */
    const double *cost_us;           /* [n][classes], >= 0; infinity = cannot run there    */
    const uint64_t *parameter_bytes; /* [n], there all the time                            */
    const uint64_t *temporary_bytes; /* [n], while the operator runs                       */
    const uint32_t *group;           /* [n]; equal numbers stay together; NULL = all apart */
    const char *const *names;        /* [n], for people and files; copied                  */
} hunch_place_graph;

/* A device. */
typedef struct hunch_place_device {
    uint32_t kind;         /* its class, in [0, classes) */
    uint32_t reserved;     /* zero                       */
    uint64_t memory_bytes; /* 0 = no limit               */
} hunch_place_device;

/* What it is placed on; borrowed for the call. */
typedef struct hunch_place_machine {
    uint32_t struct_size;              /* sizeof(hunch_place_machine)                        */
    uint32_t devices_count;            /* D >= 1                                             */
    const hunch_place_device *devices; /* [D]                                                */
    double bandwidth;                  /* bytes a us of every link; 0 = 7600                 */
    double latency_us;                 /* of every transfer; 0 = 25                          */
    double overhead_us;                /* of every operator; 0 = 5.7                         */
    const double *bandwidths;          /* [D][D], from row to column; NULL = all `bandwidth` */
    const double *latencies_us;        /* [D][D]; NULL = all `latency_us`                    */
} hunch_place_machine;

/* How a placer is made or opened. Zero is the default of every field; NULL options are all
 * defaults. */
typedef struct hunch_placer_options {
    uint32_t struct_size; /* sizeof(hunch_placer_options)                                        */
    uint32_t objective;   /* a hunch_place_objective                                             */
    uint32_t threads;     /* that a search may start; 0 = none but the caller's                  */
    uint32_t pending;     /* proposals that may be out at once; 0 = 1024                         */
    uint64_t seed;        /* 0 is a seed like any other                                          */
    const hunch_clock *clock;         /* NULL = hunch_clock_monotonic(); borrowed for life       */
    const hunch_allocator *allocator; /* NULL = hunch_allocator_default(); copied                */
    const hunch_io *io;               /* NULL = hunch_io_posix(); borrowed for the object's life */
} hunch_placer_options;

/* A placement. The arrays are the caller's and are filled in. */
typedef struct hunch_placement {
    uint32_t struct_size; /* sizeof(hunch_placement)                                 */
    uint32_t reserved;    /* zero                                                    */
    uint64_t id;          /* to tell its outcome by; 0 is never issued               */
    double expected_us;   /* the objective, simulated                                */
    uint32_t *device;     /* [n]                                                     */
    uint32_t *priority;   /* [n], larger runs first on its device; NULL = not wanted */
} hunch_placement;

/* When a search ends: at whichever of these comes first. Zero is "not this one". */
typedef struct hunch_place_budget {
    uint32_t struct_size; /* sizeof(hunch_place_budget) */
    uint32_t reserved;    /* zero                       */
    uint64_t evaluations; /* simulated placements       */
    uint64_t time_us;     /* by the placer's clock      */

    /* Called after each improvement with the best so far: whether to go on. NULL = always. */
    bool (*progress)(void *ctx, uint64_t evaluations, double best_us);
    void *progress_ctx; /* first argument of progress(); borrowed for the call */
} hunch_place_budget;

/* What a placer knows. */
typedef struct hunch_placer_stats {
    uint32_t struct_size;   /* set by the caller: sizeof(hunch_placer_stats) */
    uint32_t n;             /* operators                                     */
    uint32_t units;         /* after groups are joined                       */
    uint32_t devices;       /* D                                             */
    uint64_t evaluations;   /* placements simulated                          */
    uint64_t rewards;       /* outcomes told                                 */
    double lower_bound_us;  /* no placement can be better                    */
    double best_classic_us; /* best of the classic methods, simulated        */
    double best_us;         /* best of all, simulated                        */
    const char *method;     /* what found the best; static                   */
    uint64_t placer_bytes;  /* memory, the object itself included            */
} hunch_placer_stats;

/* -- make ------------------------------------------------------------------------------------ */

/* Make a placer for a graph and a machine, both copied. On failure *out is NULL.
 * O(n + edges) time and memory.
 * Errors: EINVAL (a cycle, a number out of range: diag->at is the operator or edge), ELIMIT (a
 * group fits on no device: diag->at is the group), ENOMEM, EVERSION (graph, machine or options of a
 * newer library).                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_placer_new(hunch_placer **out,
                                                       const hunch_place_graph *graph,
                                                       const hunch_place_machine *machine,
                                                       const hunch_placer_options *options,
                                                       hunch_diag *diag);

/* -- ask ------------------------------------------------------------------------------------- */

/* Fill *placement with the one to try next. Errors: ELIMIT (`pending` proposals are out, or no
 * placement fits into the memories), ENOMEM.                                Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_placer_propose(hunch_placer *placer,
                                                           hunch_placement *placement,
                                                           hunch_diag *diag);

/* Fill *placement with the best one known so far. Errors: ELIMIT (there is none: no placement fits
 * into the memories).                                                       Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_placer_best(const hunch_placer *placer,
                                                        hunch_placement *placement,
                                                        hunch_diag *diag);

/* *value_us = the simulated objective of device[n] and priority[n] (NULL = the placer's own).
 * Errors: EINVAL (no such device, a group taken apart: diag->at is the operator), ELIMIT (over a
 * memory: diag->at is the device).                                         Threads: immutable. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_placer_simulate(const hunch_placer *placer,
                                                            const uint32_t *device,
                                                            const uint32_t *priority,
                                                            double *value_us, hunch_diag *diag);

/* Propose and simulate until the budget is used up; hunch_placer_best() has the result. `budget` is
 * borrowed for the call. Errors: EINVAL (no end given), ENOMEM, ELIMIT (no placement fits),
 * EVERSION (a budget of a newer library).                                   Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_placer_search(hunch_placer *placer,
                                                          const hunch_place_budget *budget,
                                                          hunch_diag *diag);

/* -- tell ------------------------------------------------------------------------------------ */

/* Report what came of proposal `id`, once, in any order: the objective, measured on the machine;
 * infinity = it did not run. Errors: EEXPIRED (unknown or already told), EINVAL (not a time).
 *                                                                           Threads: confined. */
HUNCH_API hunch_status hunch_placer_reward(hunch_placer *placer, uint64_t id, double measured_us);

/* Say that no outcome of proposal `id` will ever come. Errors: EEXPIRED.    Threads: confined. */
HUNCH_API hunch_status hunch_placer_abandon(hunch_placer *placer, uint64_t id);

/* -- look inside ----------------------------------------------------------------------------- */

/* Fill *stats, whose struct_size the caller has set. On return struct_size says how many bytes were
 * filled: the smaller of the caller's struct and the library's.             Threads: confined. */
HUNCH_API void hunch_placer_read_stats(const hunch_placer *placer, hunch_placer_stats *stats);

/* -- keep ------------------------------------------------------------------------------------ */

/* Write graph, machine, best placement and what was learned to `path`, atomically: under another
 * name, synced, renamed. The format is lib/format/README.md.
 * Errors: EIO, ENOENT (no such folder), ENOMEM.                             Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_placer_save(const hunch_placer *placer,
                                                        const char *path, hunch_diag *diag);

/* Open a saved placer: everything is copied from the file, then the file is closed. Of `options`,
 * the objective is ignored: the file has its own. On failure *out is NULL.
 * Errors: ENOENT, EIO, ENOMEM, EVERSION, ECORRUPT (what and where in diag), EINVAL (options).
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_placer_open(hunch_placer **out, const char *path,
                                                        const hunch_placer_options *options,
                                                        hunch_diag *diag);

/* The same over a file's contents in memory: bytes[n], aligned to 64, borrowed for the call. On
 * failure *out is NULL. Errors: as hunch_placer_open(), and EINVAL for a wrong alignment.
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_placer_open_bytes(hunch_placer **out, const void *bytes,
                                                              size_t n,
                                                              const hunch_placer_options *options,
                                                              hunch_diag *diag);

/* Check everything: that the graph has no cycle, that the best placement is allowed and takes what
 * is said. Errors: ECORRUPT with the reason and the place in diag.          Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_placer_validate(const hunch_placer *placer,
                                                            hunch_diag *diag);

/* Add to `placer` what `other` learned, which may be about another graph or machine.
 * Errors: EINVAL (another objective), ENOMEM.                               Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_placer_merge(hunch_placer *placer,
                                                         const hunch_placer *other,
                                                         hunch_diag *diag);

/* -- end ------------------------------------------------------------------------------------- */

/* Release the placer; NULL is fine. Proposals that are out are forgotten.   Threads: confined. */
HUNCH_API void hunch_placer_free(hunch_placer *placer);

HUNCH_API_END

#endif
