/* How a piece is found among the edges of all. */
#ifndef HUNCH_LEARNED_INDEX_ROUTER_H
#define HUNCH_LEARNED_INDEX_ROUTER_H

#include "internal.h"

/* Make the part EDGES for `count` >= 1 edges, which *edges points at and the caller fills, the last
 * one with the last key, before hunch__router_build(). Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__router_edges(hunch_index *index, size_t count, uint64_t **edges,
                                                hunch_diag *diag);

/* Fill in what leads to the edges, as shape[ROUTER] says. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__router_build(hunch_index *index, uint64_t *edges, size_t count,
                                                hunch_diag *diag);

/* Point index->learned.router at its parts. Errors: ECORRUPT. */
HUNCH_MUST_USE hunch_status hunch__router_place(hunch_index *index, size_t count, hunch_diag *diag);

/* Compare all but the edges themselves with what they must be, and lines with every edge that they
 * predict. Errors: ECORRUPT. */
HUNCH_MUST_USE hunch_status hunch__router_validate(const hunch_index *index, hunch_diag *diag);

#endif
