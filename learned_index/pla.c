/* The points that leave some lines out, and those that end a segment: see pla.h. */
#include "pla.h"

#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "diag.h"

/* Vertices of a hull at first: 1 KiB. */
#define CAPACITY_LEAST 64

__extension__ typedef __int128 wide;

static hunch_status make_room(struct hunch__pla *pla, struct hunch__pla_hull *hull,
                              hunch_diag *diag);
static bool fits(const struct hunch__pla *pla, struct hunch__pla_point p);
static void begin(struct hunch__pla *pla, struct hunch__pla_point p);
static struct hunch__pla_line line_of(const struct hunch__pla *pla);
static void lower_steepest(struct hunch__pla *pla, struct hunch__pla_point p);
static void raise_flattest(struct hunch__pla *pla, struct hunch__pla_point p);
static void push_top(struct hunch__pla_hull *tops, struct hunch__pla_point p);
static void push_bottom(struct hunch__pla_hull *bottoms, struct hunch__pla_point p);
static bool is_flatter(uint64_t rise, uint64_t run, uint64_t than_rise, uint64_t than_run);
static wide ray_at(const struct hunch__pla_ray *ray, uint64_t key);

void hunch__pla_init(struct hunch__pla *pla, uint64_t eps, const hunch_allocator *allocator)
{
    HUNCH_ASSERT(eps <= HUNCH__PLA_EPS_MAX);
    memset(pla, 0, sizeof *pla);
    pla->span = 2 * eps;
    pla->flattest.pos = UINT64_MAX; /* of no line, so that the first point takes the long way */
    pla->allocator = *allocator;
}

hunch_status hunch__pla_narrow(struct hunch__pla *pla, uint64_t key, uint64_t pos, bool *finished,
                               hunch_diag *diag)
{
    const struct hunch__pla_point p = {key, pos};
    const struct hunch__pla_edge *flat = &pla->flattest;
    const struct hunch__pla_edge *steep = &pla->steepest;
    *finished = false;
    if (pla->tops.end == pla->tops.capacity || pla->bottoms.end == pla->bottoms.capacity) {
        hunch_status status = make_room(pla, &pla->tops, diag);
        status = status == HUNCH_OK ? make_room(pla, &pla->bottoms, diag) : status;
        if (status != HUNCH_OK) {
            return status;
        }
    }
    if (pla->points == 0 || !fits(pla, p)) {
        if (pla->points > 0) {
            pla->finished = line_of(pla);
            *finished = true;
        }
        begin(pla, p);
        return HUNCH_OK;
    }
    const bool top = is_flatter(pos - steep->pos, key - steep->key, steep->rise, steep->run);
    const bool bottom =
        pos <= flat->pos || is_flatter(flat->rise, flat->run, pos - flat->pos, key - flat->key);
    if (top) {
        lower_steepest(pla, p);
    }
    if (bottom) {
        raise_flattest(pla, p);
    }
    /* Only now: an extreme line joins two points, not top and bottom of one. */
    if (top) {
        push_top(&pla->tops, p);
    }
    if (bottom) {
        push_bottom(&pla->bottoms, p);
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
    pla->points = 0;
    pla->flattest.pos = UINT64_MAX;
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

/* Whether the flattest line is not above its top, and the steepest not below its bottom. */
static bool fits(const struct hunch__pla *pla, struct hunch__pla_point p)
{
    const struct hunch__pla_edge *flat = &pla->flattest;
    const struct hunch__pla_edge *steep = &pla->steepest;
    return !is_flatter(p.pos - flat->pos + pla->span, p.key - flat->key, flat->rise, flat->run) &&
           !is_flatter(steep->rise, steep->run, p.pos - steep->pos - pla->span, p.key - steep->key);
}

/* A segment of one point: every line through it passes. */
static void begin(struct hunch__pla *pla, struct hunch__pla_point p)
{
    pla->flattest = (struct hunch__pla_edge){p.key, p.pos + pla->span, 0, 1, p};
    pla->steepest = (struct hunch__pla_edge){p.key, p.pos - pla->span, 1, 0, p};
    pla->first = p;
    pla->last = p;
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
    struct hunch__pla_line line = {pla->first, pla->last, pla->points, {0}, {0}};
    if (pla->points == 1) {
        line.flattest = (struct hunch__pla_ray){pla->first.key, (int64_t)pla->first.pos, 0, 1};
        line.steepest = line.flattest;
        return line;
    }
    line.flattest = (struct hunch__pla_ray){flat->key, (int64_t)flat->pos - eps,
                                            (int64_t)flat->to.pos - (int64_t)flat->pos,
                                            flat->to.key - flat->key};
    line.steepest = (struct hunch__pla_ray){steep->key, (int64_t)steep->pos + eps,
                                            (int64_t)steep->rise, steep->run};
    return line;
}

/* The steepest line to the top of p. It leaves the bottom from which p is seen under the smallest
 * slope; the bottoms before that one can be left out, since the next such line is flatter. */
static void lower_steepest(struct hunch__pla *pla, struct hunch__pla_point p)
{
    struct hunch__pla_hull *hull = &pla->bottoms;
    const struct hunch__pla_point *v = hull->vertices;
    size_t best = hull->first;
    uint64_t rise = p.pos - v[best].pos + pla->span;
    uint64_t run = p.key - v[best].key;
    for (size_t i = best + 1; i < hull->end; i++) {
        const uint64_t next_rise = p.pos - v[i].pos + pla->span;
        const uint64_t next_run = p.key - v[i].key;
        if (is_flatter(rise, run, next_rise, next_run)) {
            break;
        }
        best = i;
        rise = next_rise;
        run = next_run;
    }
    hull->first = best;
    pla->steepest = (struct hunch__pla_edge){v[best].key, v[best].pos - pla->span, rise, run, p};
}

/* The flattest line to the bottom of p, in the same way. While it does not rise it leaves the first
 * top: what is lost in height weighs most over the longest run. */
static void raise_flattest(struct hunch__pla *pla, struct hunch__pla_point p)
{
    struct hunch__pla_hull *hull = &pla->tops;
    const struct hunch__pla_point *v = hull->vertices;
    size_t best = hull->first;
    if (p.pos <= v[best].pos + pla->span) {
        pla->flattest.to = p;
        return;
    }
    uint64_t rise = p.pos - v[best].pos - pla->span;
    uint64_t run = p.key - v[best].key;
    for (size_t i = best + 1; i < hull->end && p.pos > v[i].pos + pla->span; i++) {
        const uint64_t next_rise = p.pos - v[i].pos - pla->span;
        const uint64_t next_run = p.key - v[i].key;
        if (is_flatter(next_rise, next_run, rise, run)) {
            break;
        }
        best = i;
        rise = next_rise;
        run = next_run;
    }
    hull->first = best;
    pla->flattest = (struct hunch__pla_edge){v[best].key, v[best].pos + pla->span, rise, run, p};
}

/* Keep the hull convex from below. */
static void push_top(struct hunch__pla_hull *tops, struct hunch__pla_point p)
{
    struct hunch__pla_point *v = tops->vertices;
    size_t end = tops->end;
    while (end >= tops->first + 2 &&
           !is_flatter(v[end - 1].pos - v[end - 2].pos, v[end - 1].key - v[end - 2].key,
                       p.pos - v[end - 2].pos, p.key - v[end - 2].key)) {
        end--;
    }
    v[end] = p;
    tops->end = end + 1;
}

/* Keep the hull convex from above. */
static void push_bottom(struct hunch__pla_hull *bottoms, struct hunch__pla_point p)
{
    struct hunch__pla_point *v = bottoms->vertices;
    size_t end = bottoms->end;
    while (end >= bottoms->first + 2 &&
           !is_flatter(p.pos - v[end - 2].pos, p.key - v[end - 2].key,
                       v[end - 1].pos - v[end - 2].pos, v[end - 1].key - v[end - 2].key)) {
        end--;
    }
    v[end] = p;
    bottoms->end = end + 1;
}

/* Whether rise / run < than_rise / than_run. */
static inline bool is_flatter(uint64_t rise, uint64_t run, uint64_t than_rise, uint64_t than_run)
{
    return (hunch__pla_product)rise * than_run < (hunch__pla_product)than_rise * run;
}

/* In 2^-20 positions, rounded down. The product has 42 + 65 bits, and 20 more would be too many. */
static wide ray_at(const struct hunch__pla_ray *ray, uint64_t key)
{
    const wide run = (wide)ray->run;
    const wide product = (wide)ray->rise * ((wide)key - (wide)ray->key);
    wide whole = product / run;
    wide rest = product % run;
    if (rest < 0) {
        whole--;
        rest += run;
    }
    return ((whole + ray->pos) << HUNCH__PLA_FRACTION_BITS) +
           (rest << HUNCH__PLA_FRACTION_BITS) / run;
}
