/* Optimal piecewise linear approximation, the plain way: the longest piece that one line fits,
 * again and again. A line within eps of all points exists iff their convex hull is nowhere higher
 * than 2 eps, and the longest prefix that fits is always right to take. */
#include "segments.h"

#include <stdbool.h>
#include <stdlib.h>

#include "test_memory.h"

__extension__ typedef __int128 wide;

struct hulls {
    const uint64_t *keys;
    size_t *lower, *upper; /* positions of the vertices, left to right */
};

static size_t longest_piece(const struct hulls *h, size_t from, size_t n, size_t eps);
static bool fits(const struct hulls *h, size_t from, size_t to, size_t eps);
static size_t hull(const uint64_t *keys, size_t from, size_t to, int side, size_t *vertices);
static wide turn(const uint64_t *keys, size_t a, size_t b, size_t c);
static bool stays_near(const uint64_t *keys, const size_t *vertices, size_t n, const size_t *edges,
                       size_t eps);

size_t segments_least(const uint64_t *keys, size_t n, size_t eps)
{
    struct hulls h = {keys, memory_new((n + 1) * sizeof(size_t)),
                      memory_new((n + 1) * sizeof(size_t))};
    size_t segments = 0;
    for (size_t from = 0; from < n; segments++) {
        from = longest_piece(&h, from, n, eps);
    }
    free(h.lower);
    free(h.upper);
    return segments;
}

/* Its end: by doubling, then by halving. */
static size_t longest_piece(const struct hulls *h, size_t from, size_t n, size_t eps)
{
    size_t good = from + 1;
    size_t bad = from + 2 + 2 * eps;
    while (bad <= n && fits(h, from, bad, eps)) {
        good = bad;
        bad = from + 2 * (bad - from);
    }
    if (bad > n) {
        bad = n + 1;
    }
    while (bad - good > 1) {
        size_t middle = good + (bad - good) / 2;
        if (fits(h, from, middle, eps)) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    return good;
}

static bool fits(const struct hulls *h, size_t from, size_t to, size_t eps)
{
    if (to - from <= 2) {
        return true;
    }
    size_t lower = hull(h->keys, from, to, 1, h->lower);
    size_t upper = hull(h->keys, from, to, -1, h->upper);
    return stays_near(h->keys, h->lower, lower, h->upper, eps) &&
           stays_near(h->keys, h->upper, upper, h->lower, eps);
}

/* Monotone chain; side 1 is the lower hull, -1 the upper. */
static size_t hull(const uint64_t *keys, size_t from, size_t to, int side, size_t *vertices)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++) {
        while (n >= 2 && turn(keys, vertices[n - 2], vertices[n - 1], i) * side <= 0) {
            n--;
        }
        vertices[n++] = i;
    }
    return n;
}

/* > 0 when a, b, c turn left. */
static wide turn(const uint64_t *keys, size_t a, size_t b, size_t c)
{
    return (wide)(keys[b] - keys[a]) * (wide)(c - a) - (wide)(keys[c] - keys[a]) * (wide)(b - a);
}

/* Whether each vertex is within 2 eps of the edge of the other hull that spans its key. */
static bool stays_near(const uint64_t *keys, const size_t *vertices, size_t n, const size_t *edges,
                       size_t eps)
{
    size_t e = 0;
    for (size_t v = 0; v < n; v++) {
        while (edges[e + 1] < vertices[v]) {
            e++;
        }
        wide height = turn(keys, edges[e], edges[e + 1], vertices[v]);
        wide width = (wide)(keys[edges[e + 1]] - keys[edges[e]]);
        if (height > (wide)(2 * eps) * width || -height > (wide)(2 * eps) * width) {
            return false;
        }
    }
    return true;
}
