/* Slow cache policies. */
#include "cache_models.h"

#include <string.h>

#include "random.h"

static bool lru(struct model *m, uint64_t key);
static bool sieve(struct model *m, uint64_t key);
static bool s3_fifo(struct model *m, uint64_t key);
static bool arc(struct model *m, uint64_t key);
static bool w_tinylfu(struct model *m, uint64_t key);
static bool lirs(struct model *m, uint64_t key);
static bool optimum(struct model *m, uint64_t key);
static size_t place(const struct model_list *list, uint64_t key);
static bool has(const struct model_list *list, uint64_t key);
static void push(struct model_list *list, uint64_t key);
static bool drop(struct model_list *list, uint64_t key);
static uint64_t pop(struct model_list *list);
static void s3_fifo_shrink_small(struct model *m);
static void arc_replace(struct model *m, bool in_b2);
static unsigned *sketch_counter(struct model *m, uint64_t key, size_t row);
static unsigned sketch_estimate(struct model *m, uint64_t key);
static void sketch_count(struct model *m, uint64_t key);
static void lirs_prune(struct model *m);
static void lirs_promote(struct model *m, uint64_t key, size_t most);
static size_t share(size_t capacity, size_t part);

static const struct {
    const char *name;
    model_access *access;
} models[] = {
    {"lru", lru},         {"sieve", sieve},         {"s3-fifo", s3_fifo},
    {"arc", arc},         {"w-tinylfu", w_tinylfu}, {"lirs", lirs},
    {"optimum", optimum},
};

model_access *model_find(const char *name)
{
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        if (strcmp(models[i].name, name) == 0) {
            return models[i].access;
        }
    }
    return NULL;
}

static bool lru(struct model *m, uint64_t key)
{
    const bool hit = drop(&m->list[0], key);
    if (!hit && m->list[0].n == m->capacity) {
        (void)pop(&m->list[0]);
    }
    push(&m->list[0], key);
    return hit;
}

static bool sieve(struct model *m, uint64_t key)
{
    struct model_list *list = &m->list[0];
    if (has(list, key)) {
        m->mark[key] = true;
        return true;
    }
    if (list->n == m->capacity) {
        size_t at = m->hand > 0 ? place(list, m->hand - 1) : list->n - 1;
        while (m->mark[list->keys[at]]) {
            m->mark[list->keys[at]] = false;
            at = at > 0 ? at - 1 : list->n - 1;
        }
        m->hand = at > 0 ? list->keys[at - 1] + 1 : 0;
        (void)drop(list, list->keys[at]);
    }
    m->mark[key] = false;
    push(list, key);
    return false;
}

/* list[0] is small, list[1] is main. */
static bool s3_fifo(struct model *m, uint64_t key)
{
    struct model_list *small = &m->list[0];
    struct model_list *big = &m->list[1];
    const size_t big_most = m->capacity - share(m->capacity, 10);
    const size_t memory = m->capacity - m->capacity / 10;
    if (has(small, key) || has(big, key)) {
        m->count[key] = m->count[key] < 3 ? m->count[key] + 1 : 3;
        return true;
    }
    while (small->n + big->n == m->capacity) {
        if (big->n > big_most || small->n == 0) {
            const uint64_t tail = pop(big);
            if (m->count[tail] > 0) {
                m->count[tail]--;
                push(big, tail);
            }
        } else {
            s3_fifo_shrink_small(m);
        }
    }
    const bool ghost = m->stamp[key] > 0 && m->now - m->stamp[key] < memory;
    m->count[key] = 0;
    m->stamp[key] = 0;
    push(ghost ? big : small, key);
    return false;
}

static void s3_fifo_shrink_small(struct model *m)
{
    while (m->list[0].n > 0) {
        const uint64_t tail = pop(&m->list[0]);
        if (m->count[tail] < 2) {
            m->stamp[tail] = ++m->now;
            return;
        }
        m->count[tail] = 0;
        push(&m->list[1], tail);
    }
}

/* Lists 1 to 4 are T1, T2, B1, B2. */
static bool arc(struct model *m, uint64_t key)
{
    struct model_list *l = m->list;
    const double c = (double)m->capacity;
    if (drop(&l[1], key) || drop(&l[2], key)) {
        push(&l[2], key);
        return true;
    }
    if (has(&l[3], key) || has(&l[4], key)) {
        const bool in_b2 = has(&l[4], key);
        const double ratio =
            in_b2 ? (double)l[3].n / (double)l[4].n : (double)l[4].n / (double)l[3].n;
        const double delta = ratio > 1 ? ratio : 1;
        m->p = in_b2 ? m->p - delta : m->p + delta;
        m->p = m->p < 0 ? 0 : m->p > c ? c : m->p;
        arc_replace(m, in_b2);
        (void)drop(&l[in_b2 ? 4 : 3], key);
        push(&l[2], key);
        return false;
    }
    if (l[1].n + l[3].n == m->capacity) {
        if (l[1].n < m->capacity) {
            (void)pop(&l[3]);
            arc_replace(m, false);
        } else {
            (void)pop(&l[1]);
        }
    } else if (l[1].n + l[2].n + l[3].n + l[4].n >= m->capacity) {
        if (l[1].n + l[2].n + l[3].n + l[4].n == 2 * m->capacity) {
            (void)pop(&l[4]);
        }
        arc_replace(m, false);
    }
    push(&l[1], key);
    return false;
}

static void arc_replace(struct model *m, bool in_b2)
{
    struct model_list *l = m->list;
    const double t1 = (double)l[1].n;
    if (l[1].n > 0 && (t1 > m->p || (in_b2 && t1 >= m->p))) {
        push(&l[3], pop(&l[1]));
    } else {
        push(&l[4], pop(&l[2]));
    }
}

/* list[0] is the window, 1 probation, 2 protected. */
static bool w_tinylfu(struct model *m, uint64_t key)
{
    struct model_list *l = m->list;
    const size_t window = share(m->capacity, 10);
    const size_t main_most = m->capacity - window;
    sketch_count(m, key);
    if (drop(&l[0], key)) {
        push(&l[0], key);
        return true;
    }
    if (drop(&l[1], key) || drop(&l[2], key)) {
        push(&l[2], key);
        if (l[2].n > main_most * 8 / 10) {
            push(&l[1], pop(&l[2]));
        }
        return true;
    }
    push(&l[0], key);
    if (l[0].n > window) {
        const uint64_t candidate = pop(&l[0]);
        if (l[1].n + l[2].n < main_most) {
            push(&l[1], candidate);
        } else if (main_most > 0) {
            struct model_list *from = l[1].n > 0 ? &l[1] : &l[2];
            if (sketch_estimate(m, candidate) > sketch_estimate(m, from->keys[from->n - 1])) {
                (void)pop(from);
                push(&l[1], candidate);
            }
        }
    }
    return false;
}

static unsigned *sketch_counter(struct model *m, uint64_t key, size_t row)
{
    size_t width = 1;
    while (width < 2 * m->capacity) {
        width *= 2;
    }
    return &m->sketch[row][hunch__mix64(hunch__mix64(key + 1) + row) % width];
}

static unsigned sketch_estimate(struct model *m, uint64_t key)
{
    unsigned least = 15;
    for (size_t row = 0; row < 4; row++) {
        const unsigned count = *sketch_counter(m, key, row);
        least = count < least ? count : least;
    }
    return least;
}

static void sketch_count(struct model *m, uint64_t key)
{
    for (size_t row = 0; row < 4; row++) {
        unsigned *count = sketch_counter(m, key, row);
        *count = *count < 15 ? *count + 1 : 15;
    }
    if (++m->now == 10 * m->capacity) {
        m->now /= 2;
        for (size_t row = 0; row < 4; row++) {
            for (size_t i = 0; i < MODEL_COUNTERS; i++) {
                m->sketch[row][i] /= 2;
            }
        }
    }
}

/* list[0] is S, 1 is Q, 2 holds the keys of S that are not resident; mark: LIR; count: LIR keys,
 * at [0] only. */
static bool lirs(struct model *m, uint64_t key)
{
    struct model_list *s = &m->list[0];
    struct model_list *q = &m->list[1];
    struct model_list *gone = &m->list[2];
    const size_t most = m->capacity - share(m->capacity, 100);
    const bool in_s = has(s, key);
    const bool in_q = has(q, key);
    const bool hit = m->mark[key] || in_q;
    if (!hit && m->count[0] + q->n == m->capacity) {
        const uint64_t victim = pop(q);
        if (has(s, victim)) {
            push(gone, victim);
        }
    }
    (void)drop(q, key);
    (void)drop(gone, key);
    (void)drop(s, key);
    push(s, key);
    if (!m->mark[key] && most > 0 && (in_s || (!hit && m->count[0] < most))) {
        lirs_promote(m, key, most);
    } else if (!m->mark[key]) {
        push(q, key);
    }
    if (most > 0) {
        lirs_prune(m);
    }
    while (gone->n > m->capacity) {
        (void)drop(s, pop(gone));
    }
    return hit;
}

static void lirs_promote(struct model *m, uint64_t key, size_t most)
{
    m->mark[key] = true;
    if (++m->count[0] > most) {
        const uint64_t bottom = pop(&m->list[0]);
        m->mark[bottom] = false;
        m->count[0]--;
        push(&m->list[1], bottom);
    }
}

static void lirs_prune(struct model *m)
{
    struct model_list *s = &m->list[0];
    while (s->n > 0 && !m->mark[s->keys[s->n - 1]]) {
        (void)drop(&m->list[2], pop(s));
    }
}

static bool optimum(struct model *m, uint64_t key)
{
    struct model_list *list = &m->list[0];
    const bool hit = drop(list, key);
    size_t farthest = 0;
    uint64_t victim = key;
    push(list, key);
    m->now++;
    for (size_t i = 0; i < list->n; i++) {
        size_t next = m->now;
        while (next < m->requests && m->future[next] != list->keys[i]) {
            next++;
        }
        if (next >= farthest) {
            farthest = next;
            victim = list->keys[i];
        }
    }
    if (list->n > m->capacity) {
        (void)drop(list, victim);
    }
    return hit;
}

static size_t place(const struct model_list *list, uint64_t key)
{
    size_t at = 0;
    while (at < list->n && list->keys[at] != key) {
        at++;
    }
    return at;
}

static bool has(const struct model_list *list, uint64_t key)
{
    return place(list, key) < list->n;
}

static void push(struct model_list *list, uint64_t key)
{
    memmove(list->keys + 1, list->keys, list->n * sizeof *list->keys);
    list->keys[0] = key;
    list->n++;
}

static bool drop(struct model_list *list, uint64_t key)
{
    const size_t at = place(list, key);
    if (at == list->n) {
        return false;
    }
    list->n--;
    memmove(list->keys + at, list->keys + at + 1, (list->n - at) * sizeof *list->keys);
    return true;
}

static uint64_t pop(struct model_list *list)
{
    return list->keys[--list->n];
}

/* One part of so many, rounded down, at least 1. */
static size_t share(size_t capacity, size_t part)
{
    return capacity / part > 0 ? capacity / part : 1;
}
