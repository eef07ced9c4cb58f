/* The three routers, compiled once for each instruction set: from a key to its piece.
 *
 * Each has three steps, so that a batch can put other keys' work between them: begin() says what is
 * needed first, which fetch() asks for, middle() asks for the edges, end() compares. The key is
 * within the range. likely() is how many pieces, from the one that middle() names on, are worth
 * asking for while their edges come: a look-up that is alone has nothing else to do. */

/* Pieces are numbered up to count - 1; only a damaged file leads further. */
TARGET static inline size_t route_bounded(const struct hunch__router *router, size_t piece)
{
    return piece < router->count ? piece : router->count - 1;
}

/* -- CELLS ------------------------------------------------------------------------------------ */

TARGET static inline size_t route_cells_begin(const struct hunch__router *router, uint64_t key)
{
    uint64_t word;
    uint64_t rest;
    return hunch__cell_of(&router->cells, key - router->cells.low, &word, &rest);
}

TARGET static inline void route_cells_fetch(const struct hunch__router *router, size_t cell)
{
    __builtin_prefetch(router->first + cell);
}

/* The first of the cell's edges. Where it has more than are compared at once, it is halved. */
TARGET static inline size_t route_cells_middle(const struct hunch__router *router, size_t cell,
                                               uint64_t key)
{
    size_t from = route_bounded(router, router->first[cell]);
    size_t to = route_bounded(router, router->first[cell + 1]);
    while (__builtin_expect(to > from + HUNCH__ROUTER_WINDOW, 0)) {
        const size_t middle = from + (to - from) / 2;
        if (router->edges[middle] < key) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    __builtin_prefetch(router->edges + from);
    __builtin_prefetch(router->edges + from + HUNCH__ROUTER_WINDOW);
    return from;
}

/* Cells are about as many as edges: what is named is mostly the piece or the one before it. */
TARGET static inline size_t route_cells_likely(void)
{
    return 2;
}

TARGET static inline size_t route_cells_end(const struct hunch__router *router, size_t from,
                                            uint64_t key)
{
    const uint64_t *edge = router->edges + from;
    edge += 4 & LESS(edge[3], key);
    edge += 2 & LESS(edge[1], key);
    edge += 1 & LESS(edge[0], key);
    return route_bounded(router, (size_t)(edge - router->edges));
}

/* -- TREE ------------------------------------------------------------------------------------- */

/* No bound is needed on the way down: depth d leads to a node < 16^d, whatever the entries are, and
 * the edges, which lie behind all levels, alone fill more nodes than any level can lead to. */
TARGET static inline size_t route_tree_begin(const struct hunch__router *router, uint64_t key)
{
    size_t at = 0;
    for (uint32_t l = 0; l < router->levels; l++) {
        at = (at + rank15of16(router->level[l] + at, key)) * 16;
    }
    return at < router->last_window ? at : router->last_window;
}

TARGET static inline void route_tree_fetch(const struct hunch__router *router, size_t at)
{
    __builtin_prefetch(router->edges + at);
    __builtin_prefetch(router->edges + at + 8);
}

TARGET static inline size_t route_tree_middle(const struct hunch__router *router, size_t at,
                                              uint64_t key)
{
    (void)router;
    (void)key;
    return at;
}

/* Any of sixteen. */
TARGET static inline size_t route_tree_likely(void)
{
    return 0;
}

TARGET static inline size_t route_tree_end(const struct hunch__router *router, size_t at,
                                           uint64_t key)
{
    return route_bounded(router, at + rank15of16(router->edges + at, key));
}

/* -- LINES ------------------------------------------------------------------------------------ */

/* How many of keys[n], ascending, are < key, without a branch on any of them. */
TARGET static inline size_t halve_less(const uint64_t *keys, size_t n, uint64_t key)
{
    const uint64_t *from = keys;
    while (n > 1) {
        const size_t half = n / 2;
        from += half & LESS(from[half - 1], key);
        n -= half;
    }
    return (size_t)(from - keys) + (n == 1 && from[0] < key);
}

TARGET static inline size_t route_lines_begin(const struct hunch__router *router, uint64_t key)
{
    /* The last line whose first key is <= key; the first line's is the first key of all. */
    size_t line = halve_less(router->line_key, router->lines, key);
    line -= line == router->lines || router->line_key[line] > key;
    line = line < router->lines ? line : 0;
    const uint64_t end = hunch__line_from(router->line[line + 1]);
    uint64_t at = hunch__line_at(router->line[line], key - router->line_key[line]);
    at = at < end ? at : end;
    at = at > router->line_error ? at - router->line_error : 0;
    const uint64_t last = router->count - router->line_width;
    return at < last ? at : last;
}

TARGET static inline void route_lines_fetch(const struct hunch__router *router, size_t at)
{
    __builtin_prefetch(router->edges + at);
    __builtin_prefetch(router->edges + at + router->line_width);
}

TARGET static inline size_t route_lines_middle(const struct hunch__router *router, size_t at,
                                               uint64_t key)
{
    (void)router;
    (void)key;
    return at;
}

/* Any within the error of the line. */
TARGET static inline size_t route_lines_likely(void)
{
    return 0;
}

TARGET static inline size_t route_lines_end(const struct hunch__router *router, size_t at,
                                            uint64_t key)
{
    const size_t less = halve_less(router->edges + at, router->line_width, key);
    return route_bounded(router, at + less);
}
