/* Query sets. */
#include "queries.h"

#include "diag.h"
#include "index_alloc.h"
#include "random.h"
#include "zipf.h"

#define ZIPF_EXPONENT 0.99 /* YCSB's */
/* Draws for an absent key near a present one, before it is taken that there is none. */
#define ABSENT_DRAWS  64

static void draw_present(struct queries *q, uint64_t *state);
static void draw_absent(struct queries *q, uint64_t *state);
static void draw_uniform(struct queries *q, uint64_t *state);
static void draw_zipf(struct queries *q, uint64_t *state);
static uint64_t one_absent(const struct queries *q, uint64_t *state);
static uint64_t coprime_near_golden(uint64_t n);

const char *query_kind_name(enum query_kind kind)
{
    static const char *const names[QUERY_KINDS] = {
        [QUERY_PRESENT] = "present",
        [QUERY_ABSENT] = "absent",
        [QUERY_ABSENT_UNIFORM] = "absent-uniform",
        [QUERY_ZIPF] = "zipf",
    };
    return names[kind];
}

hunch_status queries_draw(struct queries *out, enum query_kind kind, const uint64_t *keys, size_t n,
                          size_t count, uint64_t seed, hunch_diag *diag)
{
    static void (*const draw[QUERY_KINDS])(struct queries *, uint64_t *) = {
        [QUERY_PRESENT] = draw_present,
        [QUERY_ABSENT] = draw_absent,
        [QUERY_ABSENT_UNIFORM] = draw_uniform,
        [QUERY_ZIPF] = draw_zipf,
    };
    *out = (struct queries){.keys = keys, .n = n, .count = count};
    out->query = index_alloc(count, sizeof *out->query);
    out->answer = index_alloc(count, sizeof *out->answer);
    if (out->query == NULL || out->answer == NULL) {
        queries_free(out);
        return hunch__fail(diag, HUNCH_ENOMEM, count, "no memory for %zu queries", count);
    }
    uint64_t state = hunch__mix64(seed + (uint64_t)kind);
    draw[kind](out, &state);
    for (size_t i = 0; i < count; i++) {
        out->answer[i] = queries_lower_bound(keys, n, out->query[i]);
    }
    return HUNCH_OK;
}

void queries_free(struct queries *queries)
{
    index_free(queries->query, queries->count, sizeof *queries->query);
    index_free(queries->answer, queries->count, sizeof *queries->answer);
    *queries = (struct queries){.keys = NULL};
}

size_t queries_lower_bound(const uint64_t *keys, size_t n, uint64_t key)
{
    size_t from = 0;
    size_t to = n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (keys[middle] < key) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

uint64_t queries_position(const uint64_t *keys, size_t n, uint64_t query, uint64_t answer)
{
    const size_t position = queries_lower_bound(keys, n, answer);
    if (position < n && keys[position] == answer && answer >= query) {
        return position;
    }
    return answer == query - 1 ? n : UINT64_MAX;
}

static void draw_present(struct queries *q, uint64_t *state)
{
    for (size_t i = 0; i < q->count; i++) {
        q->query[i] = q->keys[hunch__below(hunch__splitmix64(state), q->n)];
    }
}

static void draw_absent(struct queries *q, uint64_t *state)
{
    for (size_t i = 0; i < q->count; i++) {
        q->query[i] = one_absent(q, state);
    }
}

static uint64_t one_absent(const struct queries *q, uint64_t *state)
{
    for (unsigned draw = 0; draw < ABSENT_DRAWS; draw++) {
        uint64_t key = q->keys[hunch__below(hunch__splitmix64(state), q->n)];
        size_t next = key < UINT64_MAX ? queries_lower_bound(q->keys, q->n, key + 1) : q->n;
        if (key < UINT64_MAX && (next == q->n || q->keys[next] != key + 1)) {
            return key + 1;
        }
    }
    uint64_t last = q->keys[q->n - 1];
    return last < UINT64_MAX ? last + 1 : q->keys[0] - (q->keys[0] > 0);
}

static void draw_uniform(struct queries *q, uint64_t *state)
{
    uint64_t range = q->keys[q->n - 1] - q->keys[0];
    for (size_t i = 0; i < q->count; i++) {
        uint64_t random = hunch__splitmix64(state);
        q->query[i] = range == UINT64_MAX ? random : q->keys[0] + hunch__below(random, range + 1);
    }
}

static void draw_zipf(struct queries *q, uint64_t *state)
{
    struct zipf zipf;
    uint64_t stride = coprime_near_golden(q->n);
    uint64_t start = hunch__below(hunch__splitmix64(state), q->n);
    zipf_init(&zipf, q->n, ZIPF_EXPONENT);
    for (size_t i = 0; i < q->count; i++) {
        /* A stride that shares no factor with n takes every rank to a position of its own, and
         * neighbours in rank far apart. */
        hunch__u128 place = (hunch__u128)zipf_draw(&zipf, state) * stride + start;
        q->query[i] = q->keys[(size_t)(place % q->n)];
    }
}

static uint64_t coprime_near_golden(uint64_t n)
{
    uint64_t stride = (uint64_t)((double)n * 0.6180339887498949) + 1;
    for (;; stride++) {
        uint64_t a = stride;
        uint64_t b = n;
        while (b != 0) {
            uint64_t rest = a % b;
            a = b;
            b = rest;
        }
        if (a == 1) {
            return stride;
        }
    }
}
