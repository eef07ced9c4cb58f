/* Optimal piecewise linear approximation: see pla.h.
 *
 * On hard keys three points in four move an extreme line. What is done then is 150 instructions,
 * most of them comparisons of products, and one or two branches that cannot be predicted. */
#include "pla.h"

#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "bits.h"
#include "diag.h"

/* Vertices of a hull at first: 1 KiB. */
#define CAPACITY_LEAST 64

/* Segments of at most so many spans of 2 eps, hard keys have some 3, may have products of 64 bits,
 * if they are not too long for that. It makes hard keys faster by a tenth. */
#define SHORT_SPANS 16

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 product;

/* Compiled once for each width of the products. */
#define INLINE __attribute__((always_inline)) static inline

/* What the products of a segment fit in. */
enum width { BITS_64, BITS_128 };

/* What of a point reaches between the extreme lines, a set of bits. Of what does not, no line that
 * passes so far runs into it, and none will: the lines only get fewer. */
enum reach { NOTHING = 0, TOP = 1, BOTTOM = 2, TOO_FAR = 4 /* no line passes */ };

static bool is_short(const struct hunch__pla *pla, struct hunch__pla_point p);
static unsigned reach_of(const struct hunch__pla *pla, struct hunch__pla_point p, enum width width);
static hunch_status narrow(struct hunch__pla *pla, struct hunch__pla_point p, unsigned reach,
                           bool *finished, hunch_diag *diag);
static hunch_status make_room(struct hunch__pla *pla, struct hunch__pla_hull *hull,
                              hunch_diag *diag);
static void clear(struct hunch__pla *pla);
static void begin(struct hunch__pla *pla, struct hunch__pla_point p);
static void take(struct hunch__pla *pla, struct hunch__pla_point p, unsigned reach,
                 enum width width);
static struct hunch__pla_line line_of(const struct hunch__pla *pla);
static void lower_steepest(struct hunch__pla *pla, struct hunch__pla_point p, enum width width);
static void raise_flattest(struct hunch__pla *pla, struct hunch__pla_point p, enum width width);
static void push_top(struct hunch__pla_hull *tops, struct hunch__pla_point p, enum width width);
static void push_bottom(struct hunch__pla_hull *bottoms, struct hunch__pla_point p,
                        enum width width);
static bool is_less(uint64_t a, uint64_t b, uint64_t c, uint64_t d, enum width width);
static wide ray_at(const struct hunch__pla_ray *ray, uint64_t key);

void hunch__pla_init(struct hunch__pla *pla, uint64_t eps, const hunch_allocator *allocator)
{
    HUNCH_ASSERT(eps <= HUNCH__PLA_EPS_MAX);
    memset(pla, 0, sizeof *pla);
    pla->span = 2 * eps;
    pla->short_rise = SHORT_SPANS * (pla->span + 1);
    pla->short_run = UINT64_MAX / (pla->short_rise + pla->span);
    pla->allocator = *allocator;
    clear(pla);
}

hunch_status hunch__pla_add(struct hunch__pla *pla, uint64_t key, uint64_t pos, bool *finished,
                            hunch_diag *diag)
{
    const struct hunch__pla_point p = {key, pos};
    HUNCH_ASSERT(pos < HUNCH__PLA_POS_END);
    HUNCH_ASSERT(pla->points == 0 || (key > pla->last.key && pos > pla->last.pos));
    *finished = false;
    const unsigned reach =
        is_short(pla, p) ? reach_of(pla, p, BITS_64) : reach_of(pla, p, BITS_128);
    if (reach != NOTHING) {
        return narrow(pla, p, reach, finished, diag);
    }
    pla->last = p;
    pla->points++;
    return HUNCH_OK;
}

bool hunch__pla_finish(struct hunch__pla *pla, struct hunch__pla_line *line)
{
    if (pla->points == 0) {
        return false;
    }
    *line = line_of(pla);
    clear(pla);
    return true;
}

void hunch__pla_free(struct hunch__pla *pla)
{
    const struct hunch__pla_hull *hulls[] = {&pla->tops, &pla->bottoms};
    for (size_t i = 0; i < 2; i++) {
        hunch__free(&pla->allocator, hulls[i]->vertices,
                    hulls[i]->capacity * sizeof *hulls[i]->vertices, HUNCH__CACHE_LINE);
    }
    memset(pla, 0, sizeof *pla);
}

int64_t hunch__pla_line_at(const struct hunch__pla_line *line, uint64_t key)
{
    const wide sum = ray_at(&line->flattest, key) + ray_at(&line->steepest, key);
    return (int64_t)(sum >> 1); /* arithmetic in every compiler that knows this type */
}

static bool is_short(const struct hunch__pla *pla, struct hunch__pla_point p)
{
    return p.key <= pla->short_end.key && p.pos <= pla->short_end.pos;
}

INLINE unsigned reach_of(const struct hunch__pla *pla, struct hunch__pla_point p, enum width width)
{
    const struct hunch__pla_edge *flat = &pla->flattest;
    const struct hunch__pla_edge *steep = &pla->steepest;
    const uint64_t flat_rise = p.pos - flat->pos;
    const uint64_t flat_run = p.key - flat->key;
    const uint64_t steep_rise = p.pos - steep->pos;
    const uint64_t steep_run = p.key - steep->key;
    unsigned reach = NOTHING;
    if (is_less(steep_rise, steep->run, steep->rise, steep_run, width)) {
        reach |= TOP;
    } else if (is_less(steep->rise, steep_run, steep_rise - pla->span, steep->run, width)) {
        reach |= TOO_FAR; /* the bottom is above all lines */
    }
    if (p.pos <= flat->pos || is_less(flat->rise, flat_run, flat_rise, flat->run, width)) {
        reach |= BOTTOM;
    } else if (is_less(flat_rise + pla->span, flat->run, flat->rise, flat_run, width)) {
        reach |= TOO_FAR; /* the top is below */
    }
    return reach;
}

/* Not inline, so that the points that reach nothing pay for no registers that it needs. */
__attribute__((noinline)) static hunch_status narrow(struct hunch__pla *pla,
                                                     struct hunch__pla_point p, unsigned reach,
                                                     bool *finished, hunch_diag *diag)
{
    if (pla->tops.end == pla->tops.capacity || pla->bottoms.end == pla->bottoms.capacity) {
        hunch_status status = make_room(pla, &pla->tops, diag);
        status = status == HUNCH_OK ? make_room(pla, &pla->bottoms, diag) : status;
        if (status != HUNCH_OK) {
            return status;
        }
    }
    if ((reach & TOO_FAR) != 0) {
        if (pla->points > 0) {
            pla->finished = line_of(pla);
            *finished = true;
        }
        begin(pla, p);
        return HUNCH_OK;
    }
    if (is_short(pla, p)) {
        take(pla, p, reach, BITS_64);
    } else {
        take(pla, p, reach, BITS_128);
    }
    pla->last = p;
    pla->points++;
    return HUNCH_OK;
}

/* For one vertex more: over the vertices that no longer matter when they are half, else in twice as
 * much. Either way a vertex is moved once for each that came since. */
static hunch_status make_room(struct hunch__pla *pla, struct hunch__pla_hull *hull,
                              hunch_diag *diag)
{
    const size_t n = hull->end - hull->first;
    if (hull->end < hull->capacity) {
        return HUNCH_OK;
    }
    if (n > hull->capacity / 2 || hull->capacity == 0) {
        const size_t capacity = hull->capacity == 0 ? CAPACITY_LEAST : 2 * hull->capacity;
        uint64_t bytes = UINT64_MAX;
        struct hunch__pla_point *vertices = NULL;
        if (hunch__mul(capacity, sizeof *vertices, &bytes) && bytes <= SIZE_MAX) {
            vertices = hunch__alloc(&pla->allocator, (size_t)bytes, HUNCH__CACHE_LINE);
        }
        if (vertices == NULL) {
            return hunch__fail(diag, HUNCH_ENOMEM, 0, "no %ju bytes for a hull", (uintmax_t)bytes);
        }
        if (n > 0) {
            memcpy(vertices, hull->vertices + hull->first, n * sizeof *vertices);
        }
        hunch__free(&pla->allocator, hull->vertices, hull->capacity * sizeof *vertices,
                    HUNCH__CACHE_LINE);
        hull->vertices = vertices;
        hull->capacity = capacity;
    } else {
        memmove(hull->vertices, hull->vertices + hull->first, n * sizeof *hull->vertices);
    }
    hull->first = 0;
    hull->end = n;
    return HUNCH_OK;
}

/* No segment, but a line that is below all bottoms, so that every point begins one. */
static void clear(struct hunch__pla *pla)
{
    pla->steepest = (struct hunch__pla_edge){0, UINT64_MAX - pla->span, 0, 1};
    pla->points = 0;
}

/* A segment of one point: every line through it passes, from the horizontal to the vertical. */
static void begin(struct hunch__pla *pla, struct hunch__pla_point p)
{
    pla->flattest = (struct hunch__pla_edge){p.key, p.pos + pla->span, 0, 1};
    pla->steepest = (struct hunch__pla_edge){p.key, p.pos - pla->span, 1, 0};
    pla->first = p;
    pla->last = p;
    pla->short_end.key = p.key > UINT64_MAX - pla->short_run ? UINT64_MAX : p.key + pla->short_run;
    pla->short_end.pos = p.pos + pla->short_rise;
    pla->points = 1;
    pla->tops.first = 0;
    pla->tops.end = 1;
    pla->tops.vertices[0] = p;
    pla->bottoms.first = 0;
    pla->bottoms.end = 1;
    pla->bottoms.vertices[0] = p;
}

static struct hunch__pla_line line_of(const struct hunch__pla *pla)
{
    const struct hunch__pla_edge *flat = &pla->flattest;
    const struct hunch__pla_edge *steep = &pla->steepest;
    const int64_t eps = (int64_t)(pla->span / 2);
    struct hunch__pla_line line = {.first = pla->first, .last = pla->last, .points = pla->points};
    if (pla->points == 1) {
        line.flattest = (struct hunch__pla_ray){pla->first.key, (int64_t)pla->first.pos, 0, 1};
        line.steepest = line.flattest;
        return line;
    }
    line.flattest = (struct hunch__pla_ray){flat->key, (int64_t)flat->pos - eps,
                                            (int64_t)flat->rise, flat->run};
    if (flat->rise == 0) { /* falls to the last bottom */
        line.flattest.rise = (int64_t)pla->last.pos - (int64_t)flat->pos;
        line.flattest.run = pla->last.key - flat->key;
    }
    line.steepest = (struct hunch__pla_ray){steep->key, (int64_t)steep->pos + eps,
                                            (int64_t)steep->rise, steep->run};
    return line;
}

/* Move the extreme lines to where p reaches between them. */
INLINE void take(struct hunch__pla *pla, struct hunch__pla_point p, unsigned reach,
                 enum width width)
{
    if (reach == BOTTOM) {
        raise_flattest(pla, p, width);
        push_bottom(&pla->bottoms, p, width);
    } else if (reach == TOP) {
        lower_steepest(pla, p, width);
        push_top(&pla->tops, p, width);
    } else {
        /* Lines first: an extreme line joins two points, not top and bottom of one. */
        lower_steepest(pla, p, width);
        raise_flattest(pla, p, width);
        push_top(&pla->tops, p, width);
        push_bottom(&pla->bottoms, p, width);
    }
}

/* The steepest line to the top of p. It leaves the bottom from which p is seen under the smallest
 * slope; the bottoms before that one can be left out, since the next such line is flatter. */
INLINE void lower_steepest(struct hunch__pla *pla, struct hunch__pla_point p, enum width width)
{
    struct hunch__pla_hull *hull = &pla->bottoms;
    const struct hunch__pla_point *v = hull->vertices;
    size_t best = hull->first;
    uint64_t rise = p.pos - v[best].pos + pla->span;
    uint64_t run = p.key - v[best].key;
    for (size_t i = best + 1; i < hull->end; i++) {
        const uint64_t next_rise = p.pos - v[i].pos + pla->span;
        const uint64_t next_run = p.key - v[i].key;
        if (is_less(rise, next_run, next_rise, run, width)) {
            break;
        }
        best = i;
        rise = next_rise;
        run = next_run;
    }
    hull->first = best;
    pla->steepest = (struct hunch__pla_edge){v[best].key, v[best].pos - pla->span, rise, run};
}

/* The flattest line to the bottom of p, in the same way. While it does not rise it leaves the first
 * top: what is lost in height weighs most over the longest run. */
INLINE void raise_flattest(struct hunch__pla *pla, struct hunch__pla_point p, enum width width)
{
    struct hunch__pla_hull *hull = &pla->tops;
    const struct hunch__pla_point *v = hull->vertices;
    size_t best = hull->first;
    if (p.pos <= v[best].pos + pla->span) {
        return;
    }
    uint64_t rise = p.pos - v[best].pos - pla->span;
    uint64_t run = p.key - v[best].key;
    for (size_t i = best + 1; i < hull->end && p.pos > v[i].pos + pla->span; i++) {
        const uint64_t next_rise = p.pos - v[i].pos - pla->span;
        const uint64_t next_run = p.key - v[i].key;
        if (is_less(next_rise, run, rise, next_run, width)) {
            break;
        }
        best = i;
        rise = next_rise;
        run = next_run;
    }
    hull->first = best;
    pla->flattest = (struct hunch__pla_edge){v[best].key, v[best].pos + pla->span, rise, run};
}

/* Keep the hull convex from below. */
INLINE void push_top(struct hunch__pla_hull *tops, struct hunch__pla_point p, enum width width)
{
    struct hunch__pla_point *v = tops->vertices;
    size_t end = tops->end;
    while (end >= tops->first + 2 &&
           !is_less(v[end - 1].pos - v[end - 2].pos, p.key - v[end - 2].key, p.pos - v[end - 2].pos,
                    v[end - 1].key - v[end - 2].key, width)) {
        end--;
    }
    v[end] = p;
    tops->end = end + 1;
}

/* Keep the hull convex from above. */
INLINE void push_bottom(struct hunch__pla_hull *bottoms, struct hunch__pla_point p,
                        enum width width)
{
    struct hunch__pla_point *v = bottoms->vertices;
    size_t end = bottoms->end;
    while (end >= bottoms->first + 2 &&
           !is_less(p.pos - v[end - 2].pos, v[end - 1].key - v[end - 2].key,
                    v[end - 1].pos - v[end - 2].pos, p.key - v[end - 2].key, width)) {
        end--;
    }
    v[end] = p;
    bottoms->end = end + 1;
}

/* Whether a b < c d. */
INLINE bool is_less(uint64_t a, uint64_t b, uint64_t c, uint64_t d, enum width width)
{
    return width == BITS_64 ? a * b < c * d : (product)a * b < (product)c * d;
}

/* In 2^-20 positions, rounded down. The product has 42 + 65 bits, and 20 more would be too many. */
static wide ray_at(const struct hunch__pla_ray *ray, uint64_t key)
{
    const wide run = (wide)ray->run;
    const wide scaled = (wide)ray->rise * ((wide)key - (wide)ray->key);
    wide whole = scaled / run;
    wide rest = scaled % run;
    if (rest < 0) {
        whole--;
        rest += run;
    }
    return (whole + ray->pos) * ((wide)1 << HUNCH__PLA_FRACTION_BITS) +
           (rest << HUNCH__PLA_FRACTION_BITS) / run;
}
