/* The form SEGMENTS: the fewest lines that err by at most eps positions.
 *
 * Segments lie in nodes of 16. A node has the 32-bit boundaries between its segments, as distances
 * from the edge before it, and each segment one word. After the lines are fitted and rounded, every
 * key and the place behind it are predicted as a look-up would predict them; the largest error
 * found, not the one asked for, is what look-ups search. */
#include <string.h>

#include "bits.h"
#include "diag.h"
#include "lines.h"
#include "list.h"
#include "parallel.h"
#include "pla.h"
#include "router.h"

#define NODE        HUNCH__SEGMENT_NODE
#define EPS_DEFAULT 64u
/* Of the bound, what rounding to a word may take. */
#define ROUNDING    1u
/* Windows up to here are counted, wider ones halved. hunch-bench index --profile full --case auto
 */
#define COUNT_MAX   24u

/* No error is larger: the sum of this one and any position is no overflow. */
#define ERROR_MAX ((uint64_t)1 << 62)

/* Positions that a boundary, rounded to 32 bits, may be off by. */
#define ROUNDED_MAX 2u

/* The segments in the making: their first keys, words that begin there, and of each node the first
 * segment. */
struct fitting {
    struct hunch__list keys;
    struct hunch__list words;
    struct hunch__list nodes;
    uint64_t bias; /* that positions are moved up by */
};

/* By how much predictions exceed the true position: with the bias, hardly ever by less than 0. */
struct errors {
    int64_t least, most;
};

/* A segment, and the keys that are sent to it. */
struct place {
    size_t node;
    uint64_t first; /* where its line begins */
    uint64_t last;  /* the largest key       */
    uint64_t word;
    uint64_t begins, ends; /* what the line says at first, and what cuts it off */
};

/* What the threads that verify share. */
struct verifying {
    const struct hunch__learned *learned;
    struct errors worst[HUNCH__THREADS_MAX];
};

static hunch_status build(hunch_index *index, const hunch_index_options *options, hunch_diag *diag);
static hunch_status place(hunch_index *index, hunch_diag *diag);
static hunch_status validate(const hunch_index *index, hunch_diag *diag);
static hunch_status fit(struct fitting *fitting, const hunch_index *index, uint32_t eps,
                        hunch_diag *diag);
static hunch_status add_segment(struct fitting *fitting, const struct hunch__pla_line *segment,
                                hunch_diag *diag);
static hunch_status arrange(hunch_index *index, const struct fitting *fitting, unsigned threads,
                            hunch_diag *diag);
static hunch_status cut_nodes(struct fitting *fitting, uint64_t last_key, hunch_diag *diag);
static uint64_t edge_of(const struct fitting *fitting, size_t segment, uint64_t last_key);
static void fill_node(const struct fitting *fitting, size_t node, const uint64_t *edge,
                      int32_t *boundaries, uint64_t *words);
static uint64_t moved_back(uint64_t word, uint64_t by);
static struct errors measure(const struct hunch__learned *learned, unsigned threads);
static void measure_keys(void *verifying, unsigned part, size_t from, size_t to);
static struct place place_of(const struct hunch__learned *learned, size_t node, uint64_t key);
static uint64_t predict_at(const struct place *place, uint64_t key);

const struct hunch__form hunch__segments_form = {build, place, validate};

size_t hunch__segments_start(const struct hunch__learned *learned, size_t node, uint64_t key)
{
    const struct place place = place_of(learned, node, key);
    const uint64_t said = predict_at(&place, key);
    const uint64_t from = said > learned->error ? said - learned->error : 0;
    const uint64_t last = learned->n - learned->window;
    return from < last ? from : last;
}

uint64_t hunch__segment_key(const struct hunch__learned *learned, size_t i)
{
    const uint64_t *edge = learned->router.edges + i / NODE;
    const size_t rank = i % NODE;
    if (rank == 0) {
        return i == 0 ? learned->low : edge[-1] + 1;
    }
    if (learned->boundary[i - 1] == INT32_MAX) { /* no such segment: where the next node begins */
        return edge[0] + (edge[0] != UINT64_MAX);
    }
    const uint64_t boundary = (uint32_t)learned->boundary[i - 1] ^ 0x80000000u;
    const uint64_t begun = (boundary + 1) << hunch__scale32(edge[-1], edge[0]);
    return edge[-1] + (begun < edge[0] - edge[-1] ? begun : edge[0] - edge[-1]);
}

static hunch_status build(hunch_index *index, const hunch_index_options *options, hunch_diag *diag)
{
    struct fitting fitting;
    const uint32_t eps = options->eps != 0 ? options->eps : EPS_DEFAULT;
    index->shape[HUNCH__SHAPE_ROUTER] = options->router != HUNCH_INDEX_ROUTER_AUTO
                                            ? options->router
                                            : (uint32_t)HUNCH_INDEX_ROUTER_TREE;
    index->shape[HUNCH__SHAPE_ASKED] = eps;
    fitting.bias = eps;
    hunch__list_init(&fitting.keys, &index->allocator);
    hunch__list_init(&fitting.words, &index->allocator);
    hunch__list_init(&fitting.nodes, &index->allocator);
    hunch_status status = fit(&fitting, index, eps - ROUNDING, diag);
    if (status == HUNCH_OK) {
        status = cut_nodes(&fitting, index->learned.keys[index->learned.n - 1], diag);
    }
    if (status == HUNCH_OK) {
        status = arrange(index, &fitting, options->threads, diag);
    }
    hunch__list_free(&fitting.keys);
    hunch__list_free(&fitting.words);
    hunch__list_free(&fitting.nodes);
    if (status != HUNCH_OK) {
        return status;
    }
    const uint64_t window = index->shape[HUNCH__SHAPE_WINDOW];
    index->shape[HUNCH__SHAPE_SEARCH] =
        options->search != HUNCH_INDEX_SEARCH_AUTO
            ? options->search
            : (window <= COUNT_MAX ? (uint32_t)HUNCH_INDEX_SEARCH_COUNT
                                   : (uint32_t)HUNCH_INDEX_SEARCH_HALVE);
    return HUNCH_OK;
}

static hunch_status place(hunch_index *index, hunch_diag *diag)
{
    struct hunch__learned *learned = &index->learned;
    const struct hunch__part_of_model *boundaries =
        hunch__model_part(index, HUNCH__SECTION_BOUNDARIES);
    const struct hunch__part_of_model *words = hunch__model_part(index, HUNCH__SECTION_SEGMENTS);
    const uint64_t pieces = index->shape[HUNCH__SHAPE_PIECES];
    const uint64_t window = index->shape[HUNCH__SHAPE_WINDOW];
    const uint64_t search = index->shape[HUNCH__SHAPE_SEARCH];
    if (pieces == 0 || pieces / NODE > learned->n || boundaries == NULL || words == NULL) {
        return hunch__fail(diag, HUNCH_ECORRUPT, pieces, "section segments: %llu of them",
                           (unsigned long long)pieces);
    }
    const size_t nodes = pieces / NODE;
    if (pieces % NODE != 0 || boundaries->size != nodes * NODE * sizeof(int32_t) ||
        words->size != (nodes * NODE + 1) * sizeof(uint64_t)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, nodes, "section segments: not those of %zu nodes",
                           nodes);
    }
    if (window == 0 || window > learned->n || index->shape[HUNCH__SHAPE_ERROR] > ERROR_MAX ||
        (search != HUNCH_INDEX_SEARCH_HALVE && search != HUNCH_INDEX_SEARCH_COUNT)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, window, "section shape: a window of %llu keys",
                           (unsigned long long)window);
    }
    learned->boundary = boundaries->bytes;
    learned->segment = words->bytes;
    learned->window = window;
    learned->error = index->shape[HUNCH__SHAPE_ERROR];
    learned->search = (uint32_t)search;
    return hunch__router_place(index, nodes, diag);
}

/* What the segments say need not be optimal, only as good as the file claims. */
static hunch_status validate(const hunch_index *index, hunch_diag *diag)
{
    const struct hunch__learned *learned = &index->learned;
    const struct hunch__router *router = &learned->router;
    for (size_t i = 1; i < router->count; i++) {
        if (router->edges[i] < router->edges[i - 1]) {
            return hunch__fail(diag, HUNCH_ECORRUPT, i, "section edges: number %zu is too small",
                               i);
        }
    }
    if (router->edges[router->count - 1] != learned->keys[learned->n - 1]) {
        return hunch__fail(diag, HUNCH_ECORRUPT, router->count - 1,
                           "section edges: the last one is not the last key");
    }
    const struct errors errors = measure(learned, 1);
    const int64_t error = (int64_t)learned->error;
    /* A window of all keys cannot miss. */
    if (learned->window < learned->n &&
        (errors.most > error || error - errors.least > (int64_t)learned->window)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, learned->window,
                           "section segments: err by %lld to %lld, more than the window",
                           (long long)errors.least, (long long)errors.most);
    }
    return hunch__router_validate(index, diag);
}

/* One pass over the distinct keys, each at its first position. */
static hunch_status fit(struct fitting *fitting, const hunch_index *index, uint32_t eps,
                        hunch_diag *diag)
{
    const struct hunch__learned *learned = &index->learned;
    struct hunch__pla pla;
    struct hunch__pla_line last;
    bool finished;
    hunch_status status = HUNCH_OK;
    hunch__pla_init(&pla, eps, &index->allocator);
    for (size_t i = 0; i < learned->n && status == HUNCH_OK; i++) {
        if (i > 0 && learned->keys[i] == learned->keys[i - 1]) {
            continue;
        }
        status = hunch__pla_add(&pla, learned->keys[i], i, &finished, diag);
        if (status == HUNCH_OK && finished) {
            status = add_segment(fitting, &pla.finished, diag);
        }
    }
    if (status == HUNCH_OK && hunch__pla_finish(&pla, &last)) {
        status = add_segment(fitting, &last, diag);
    }
    hunch__pla_free(&pla);
    return status;
}

static hunch_status add_segment(struct fitting *fitting, const struct hunch__pla_line *segment,
                                hunch_diag *diag)
{
    hunch_status status = hunch__list_add(&fitting->keys, segment->first.key, diag);
    if (status == HUNCH_OK) {
        status = hunch__list_add(&fitting->words, hunch__line_fit(segment, fitting->bias), diag);
    }
    return status;
}

/* Put the segments into nodes, and find out how far they err. */
static hunch_status arrange(hunch_index *index, const struct fitting *fitting, unsigned threads,
                            hunch_diag *diag)
{
    const size_t nodes = fitting->nodes.n;
    const struct hunch__learned *learned = &index->learned;
    uint64_t *edges;
    index->shape[HUNCH__SHAPE_PIECES] = nodes * NODE;
    hunch_status status = hunch__router_edges(index, nodes, &edges, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    int32_t *boundaries =
        hunch__model_new(index, HUNCH__SECTION_BOUNDARIES, HUNCH__U32, nodes * NODE, diag);
    uint64_t *words = boundaries == NULL ? NULL
                                         : hunch__model_new(index, HUNCH__SECTION_SEGMENTS,
                                                            HUNCH__U64, nodes * NODE + 1, diag);
    if (words == NULL) {
        return HUNCH_ENOMEM;
    }
    for (size_t i = 0; i < nodes; i++) {
        const size_t next = i + 1 < nodes ? fitting->nodes.items[i + 1] : fitting->keys.n;
        edges[i] = edge_of(fitting, next, learned->keys[learned->n - 1]);
    }
    words[nodes * NODE] = hunch__line_flat(learned->n + fitting->bias);
    for (size_t i = nodes; i-- > 0;) { /* from the end: a slot without a segment ends where the next
                                        * node begins */
        fill_node(fitting, i, edges + i, boundaries + i * NODE, words + i * NODE);
    }
    status = hunch__router_build(index, edges, nodes, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    /* Only what measuring needs is put in place: the window is not known yet. */
    struct hunch__learned measured = *learned;
    measured.router = (struct hunch__router){.edges = edges, .count = nodes};
    measured.boundary = boundaries;
    measured.segment = words;
    const struct errors errors = measure(&measured, threads);
    /* One more on either side, so that inside the window every answer proves itself. */
    const uint64_t window = (uint64_t)(errors.most - errors.least) + 2;
    index->shape[HUNCH__SHAPE_ERROR] = errors.most >= 0 ? (uint64_t)errors.most + 1 : 0;
    index->shape[HUNCH__SHAPE_WINDOW] = window < learned->n ? window : learned->n;
    return HUNCH_OK;
}

/* A node has 16 segments, or fewer where its range is so much wider than a segment that 32 bits
 * cannot tell where that begins. */
static hunch_status cut_nodes(struct fitting *fitting, uint64_t last_key, hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    size_t from = 0;    /* first segment of the node */
    uint64_t steep = 0; /* its steepest slope, in positions per 2^43 keys */
    uint64_t low = fitting->keys.items[0];
    for (size_t i = 0; i < fitting->keys.n && status == HUNCH_OK; i++) {
        const uint64_t slope =
            fitting->words.items[i] & (((uint64_t)1 << HUNCH__LINE_FROM_SHIFT) - 1);
        const unsigned scale = hunch__scale32(low, edge_of(fitting, i + 1, last_key));
        const uint64_t own = hunch__line_at(slope, (uint64_t)1 << 43);
        steep = steep > own ? steep : own;
        if (i == 0 || i - from == NODE || (scale > 0 && steep >> (43 - scale) > ROUNDED_MAX)) {
            status = hunch__list_add(&fitting->nodes, i, diag);
            from = i;
            steep = own;
            low = i == 0 ? low : fitting->keys.items[i] - 1;
        }
    }
    return status;
}

/* What lies before segment `segment`: the edge of a node that ends there. */
static uint64_t edge_of(const struct fitting *fitting, size_t segment, uint64_t last_key)
{
    return segment < fitting->keys.n ? fitting->keys.items[segment] - 1 : last_key;
}

/* A segment of a node begins where its boundary, rounded down, says; its word is moved there. */
static void fill_node(const struct fitting *fitting, size_t node, const uint64_t *edge,
                      int32_t *boundaries, uint64_t *words)
{
    const unsigned scale = hunch__scale32(edge[-1], edge[0]);
    const size_t from = fitting->nodes.items[node];
    const size_t end =
        node + 1 < fitting->nodes.n ? fitting->nodes.items[node + 1] : fitting->keys.n;
    words[0] = moved_back(fitting->words.items[from], fitting->keys.items[from] - edge[-1]);
    for (size_t i = 1; i < NODE; i++) {
        if (from + i >= end) {
            boundaries[i - 1] = INT32_MAX;
            words[i] = hunch__line_flat(hunch__line_from(words[NODE]));
            continue;
        }
        const uint64_t distance = fitting->keys.items[from + i] - edge[-1];
        const uint64_t rounded = distance >> scale;
        const uint32_t boundary = rounded > 0 ? (uint32_t)rounded - 1 : 0;
        const uint64_t begun = ((uint64_t)boundary + 1) << scale;
        boundaries[i - 1] = (int32_t)(boundary ^ 0x80000000u);
        words[i] =
            moved_back(fitting->words.items[from + i], distance > begun ? distance - begun : 0);
    }
    boundaries[NODE - 1] = INT32_MAX;
}

/* The same line, told from `by` keys further left. */
static uint64_t moved_back(uint64_t word, uint64_t by)
{
    const uint64_t slope = word & (((uint64_t)1 << HUNCH__LINE_FROM_SHIFT) - 1);
    const uint64_t back = hunch__line_at(slope, by);
    const uint64_t from = hunch__line_from(word);
    return slope | (from > back ? from - back : 0) << HUNCH__LINE_FROM_SHIFT;
}

static struct errors measure(const struct hunch__learned *learned, unsigned threads)
{
    struct verifying verifying = {.learned = learned};
    struct errors worst = {INT64_MAX, INT64_MIN};
    for (unsigned i = 0; i < HUNCH__THREADS_MAX; i++) {
        verifying.worst[i] = worst;
    }
    hunch__parallel(threads, learned->n, measure_keys, &verifying);
    for (unsigned i = 0; i < HUNCH__THREADS_MAX; i++) {
        const struct errors *part = &verifying.worst[i];
        worst.least = worst.least < part->least ? worst.least : part->least;
        worst.most = worst.most > part->most ? worst.most : part->most;
    }
    return worst;
}

/* Every distinct key, as a look-up predicts it. That stands for all keys in between: predictions
 * never fall within a segment and are cut off where the next one begins, so between two keys they
 * are no further above than at the second, and no further below than at the first, whose place is
 * then that of the second. Where a boundary was rounded down, a key may be sent to the next segment
 * before its first key: there the line says where it begins. */
static void measure_keys(void *ctx, unsigned part, size_t from, size_t to)
{
    struct verifying *verifying = ctx;
    const struct hunch__learned *learned = verifying->learned;
    struct errors errors = {INT64_MAX, INT64_MIN};
    /* The segment of the key before, so that its first key is not taken for that of a segment. */
    struct place place =
        from > 0 ? place_of(learned, 0, learned->keys[from - 1]) : (struct place){0};
    for (size_t i = from; i < to;) {
        const uint64_t key = learned->keys[i];
        size_t next = i + 1;
        while (next < learned->n && learned->keys[next] == key) {
            next++;
        }
        /* In the middle of equal keys: the part before has counted them. */
        if (i > 0 && learned->keys[i - 1] == key) {
            i = next;
            continue;
        }
        if (key > place.last || i == 0) {
            place = place_of(learned, place.node, key);
            const int64_t at_begin = (int64_t)place.begins - (int64_t)i;
            errors.least = errors.least < at_begin ? errors.least : at_begin;
        }
        const int64_t said = (int64_t)predict_at(&place, key);
        const int64_t most = said - (int64_t)i;
        const int64_t least = said - (int64_t)next;
        errors.most = errors.most > most ? errors.most : most;
        errors.least = errors.least < least ? errors.least : least;
        i = next;
    }
    verifying->worst[part] = errors;
}

/* The segment that a look-up of `key` finds, in node `node` or behind it. */
static struct place place_of(const struct hunch__learned *learned, size_t node, uint64_t key)
{
    const struct hunch__router *router = &learned->router;
    while (node + 1 < router->count && router->edges[node] < key) {
        node++;
    }
    const uint64_t *edge = router->edges + node;
    const unsigned scale = hunch__scale32(edge[-1], edge[0]);
    const int32_t wanted = (int32_t)((uint32_t)((key - edge[-1]) >> scale) ^ 0x80000000u);
    const int32_t *boundary = learned->boundary + node * NODE;
    size_t rank = 0;
    while (rank < NODE - 1 && boundary[rank] < wanted) {
        rank++;
    }
    const uint64_t *word = learned->segment + node * NODE + rank;
    struct place place = {.node = node, .first = edge[-1], .last = edge[0], .word = word[0]};
    place.begins = hunch__line_from(word[0]);
    place.ends = hunch__line_from(word[1]);
    if (rank > 0) {
        place.first += ((uint64_t)((uint32_t)boundary[rank - 1] ^ 0x80000000u) + 1) << scale;
    }
    if (rank < NODE - 1 && boundary[rank] != INT32_MAX) {
        const uint64_t end = ((uint64_t)((uint32_t)boundary[rank] ^ 0x80000000u) + 1) << scale;
        place.last = end - 1 < edge[0] - edge[-1] ? edge[-1] + (end - 1) : edge[0];
    }
    return place;
}

/* What a look-up says before it subtracts the error. */
static uint64_t predict_at(const struct place *place, uint64_t key)
{
    const uint64_t said = hunch__line_at(place->word, key > place->first ? key - place->first : 0);
    return said < place->ends ? said : place->ends;
}
