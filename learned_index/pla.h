/* Piecewise linear approximation of (key, position), streaming and with the fewest lines.
 *
 *     struct hunch__pla pla;
 *     hunch__pla_init(&pla, eps, &allocator);
 *     for (each key, ascending) {
 *         status = hunch__pla_add(&pla, key, pos, &finished, diag);
 *         if (finished) { use(&pla.finished); }
 *     }
 *     if (hunch__pla_finish(&pla, &line)) { use(&line); }
 *     hunch__pla_free(&pla);
 *
 * O'Rourke, "An on-line algorithm for fitting straight lines between data ranges", CACM 24(9),
 * 1981, as in Ferragina and Vinciguerra, "The PGM-index", PVLDB 13(8), 2020, section 2: a line that
 * comes within eps of the points passes below all their tops (key, pos + eps) and above all their
 * bottoms (key, pos - eps). Of the tops only their lower convex hull matters, of the bottoms the
 * upper one, and of all lines that pass, the flattest and the steepest say whether the next point
 * fits. Taking the longest piece again and again takes the fewest.
 *
 * All in integers: differences of keys have 64 bits, of positions 40, and products 104. */
#ifndef HUNCH_LEARNED_INDEX_PLA_H
#define HUNCH_LEARNED_INDEX_PLA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/status.h>

/* Largest error bound, and one past the largest position: no product overflows then. */
#define HUNCH__PLA_EPS_MAX       ((uint64_t)1 << 38)
#define HUNCH__PLA_POS_END       ((uint64_t)1 << 38)
/* Bits behind the point in the results of hunch__pla_line_at(). */
#define HUNCH__PLA_FRACTION_BITS 20u

struct hunch__pla_point {
    uint64_t key;
    uint64_t pos;
};

/* The line y(x) = pos + rise (x - key) / run, exactly. */
struct hunch__pla_ray {
    uint64_t key;
    int64_t pos;
    int64_t rise; /* negative only where the segment spans less than 2 eps positions */
    uint64_t run; /* > 0 */
};

/* A segment. Both rays are within eps of all its points, and so is every weighted mean of them. The
 * line to use is half-way between: it has most room for rounding on either side. There are two
 * because its own denominator would have 128 bits. */
struct hunch__pla_line {
    struct hunch__pla_point first;
    struct hunch__pla_point last;
    uint64_t points;
    struct hunch__pla_ray flattest;
    struct hunch__pla_ray steepest;
};

/* Vertices [first, end) of a hull, left to right. No extreme line can touch those before `first`
 * again. */
struct hunch__pla_hull {
    struct hunch__pla_point *vertices; /* [capacity], owned */
    size_t first;
    size_t end;
    size_t capacity;
};

/* One of the extreme lines, which leaves a vertex. Its slope is 0 as long as it would be negative,
 * which is as long as positions are <= pos. */
struct hunch__pla_edge {
    uint64_t key;  /* of the vertex                                                       */
    uint64_t pos;  /* of the vertex, and 2 eps: up for the flattest, down (even below 0)  */
    uint64_t rise; /* for the steepest; so that pos + rise is the position it arrives at */
    uint64_t run;  /* 0: vertical                                                         */
};

/* An approximation in the making. */
struct hunch__pla {
    struct hunch__pla_edge flattest; /* from a top down to a bottom */
    struct hunch__pla_edge steepest; /* from a bottom up to a top   */
    struct hunch__pla_point first;   /* of the current segment      */
    struct hunch__pla_point last;
    struct hunch__pla_point short_end; /* up to here its products fit in 64 bits      */
    uint64_t points;                   /* 0 before the first one                      */
    uint64_t span;                     /* 2 eps                                       */
    uint64_t short_rise;               /* from the first point of a segment to        */
    uint64_t short_run;                /* short_end: no product is larger than theirs */
    struct hunch__pla_hull tops;
    struct hunch__pla_hull bottoms;
    hunch_allocator allocator;
    struct hunch__pla_line finished; /* the segment that hunch__pla_add() finished last */
};

/* No points yet. eps <= HUNCH__PLA_EPS_MAX; 0 is fine. Allocates nothing; the allocator is copied.
 */
void hunch__pla_init(struct hunch__pla *pla, uint64_t eps, const hunch_allocator *allocator);

/* Add a point with a larger key and a larger position than all before. Where it does not fit the
 * current segment, *finished is true, pla->finished is that segment, and the point begins a new
 * one. O(1) amortised. Errors: ENOMEM, after which only hunch__pla_free() is of use. */
HUNCH_MUST_USE hunch_status hunch__pla_add(struct hunch__pla *pla, uint64_t key, uint64_t pos,
                                           bool *finished, hunch_diag *diag);

/* Write the current segment to *line and begin anew; false when there are no points. */
bool hunch__pla_finish(struct hunch__pla *pla, struct hunch__pla_line *line);

/* Release the memory; what was initialised and never used is fine. */
void hunch__pla_free(struct hunch__pla *pla);

/* The line half-way between both rays, at a key of its segment, in 2^-20 positions. Rounded down
 * twice: less than 2^-20 positions below the true one. */
int64_t hunch__pla_line_at(const struct hunch__pla_line *line, uint64_t key);

#endif
