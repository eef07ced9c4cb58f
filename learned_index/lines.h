/* Lines of the model in one word, and the router made of them. */
#ifndef HUNCH_LEARNED_INDEX_LINES_H
#define HUNCH_LEARNED_INDEX_LINES_H

#include "internal.h"
#include "pla.h"

/* The line half-way between the two rays of a segment, in one word, starting at its first key.
 * Positions are rounded to the nearest and moved up by `bias`, since a word has no negative ones.
 */
uint64_t hunch__line_fit(const struct hunch__pla_line *segment, uint64_t bias);

/* A line that stays at `position`. */
static inline uint64_t hunch__line_flat(uint64_t position)
{
    const uint64_t most = UINT64_MAX >> HUNCH__LINE_FROM_SHIFT;
    return (position < most ? position : most) << HUNCH__LINE_FROM_SHIFT;
}

/* The router LINES over edges[count]: see hunch__router_build() and the rest of router.h. */
HUNCH_MUST_USE hunch_status hunch__lines_build(hunch_index *index, const uint64_t *edges,
                                               size_t count, hunch_diag *diag);
HUNCH_MUST_USE hunch_status hunch__lines_place(hunch_index *index, hunch_diag *diag);
HUNCH_MUST_USE hunch_status hunch__lines_validate(const hunch_index *index, hunch_diag *diag);

#endif
