/* Piecewise linear approximation: the fewest lines, and all points near them, in exact numbers. */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>

#include "faulty_alloc.h"
#include "index_keys.h"
#include "pla.h"
#include "prop.h"
#include "random.h"
#include "real.h"
#include "segments.h"
#include "suite.h"
#include "test_memory.h"

__extension__ typedef __int128 wide;

static const uint64_t bounds[] = {0, 1, 2, 8, 32, 64, 128};
enum { BOUNDS = sizeof bounds / sizeof bounds[0], MILLION = 1000000 };

/* Points and what became of them. */
struct fit {
    const uint64_t *keys; /* [n] */
    const uint64_t *pos;  /* [n]; NULL: 0 .. n - 1 */
    size_t n;
    uint64_t eps;
    size_t segments;
    const char *wrong; /* NULL: all points are near their lines */
};

struct slope {
    wide rise;
    wide run;
};

static void fit_points(struct fit *fit);
static void check_line(struct fit *fit, size_t from, size_t to, const struct hunch__pla_line *line);
static bool ray_is_near(const struct hunch__pla_ray *ray, uint64_t key, uint64_t pos, uint64_t eps);
static bool middle_is_near(const struct hunch__pla_line *line, uint64_t key, uint64_t pos,
                           uint64_t eps);
static uint64_t pos_at(const struct fit *fit, size_t i);
static size_t least_by_slopes(const struct fit *fit);
static bool is_flatter(struct slope a, struct slope b);
static void check_few(const uint64_t *keys, size_t n, uint64_t eps, size_t segments);
static size_t drop_repetitions(uint64_t *keys, size_t n);
static uint64_t *keys_with_gaps(size_t n, uint64_t seed);

START_TEST(pla__takes_the_fewest_lines_for_every_family)
{
    static const size_t sizes[] = {1, 2, 3, 50, 1000, 20000};
    const struct index_keys *family = &index_keys[_i / BOUNDS];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint64_t *keys = memory_new(sizes[i] * sizeof *keys);
        family->fill(keys, sizes[i]);
        struct fit fit = {.keys = keys, .eps = bounds[_i % BOUNDS]};
        fit.n = drop_repetitions(keys, sizes[i]);
        fit_points(&fit);
        ck_assert_msg(fit.wrong == NULL, "%s, %zu keys: %s", family->name, sizes[i], fit.wrong);
        const size_t least = segments_least(keys, fit.n, (size_t)fit.eps);
        ck_assert_msg(fit.segments == least, "%s, %zu keys: %zu segments, not %zu", family->name,
                      sizes[i], fit.segments, least);
        free(keys);
    }
}
END_TEST

static bool fewest_for_random_keys(struct prop *p, size_t n)
{
    struct fit fit = {.n = n, .eps = prop_below(p, UINT64_C(1) << prop_below(p, 8))};
    fit.keys = prop_sorted_keys(p, n, PROP_ALL_KEYS & ~(PROP_DUPLICATES | PROP_LONG_RUNS));
    fit_points(&fit);
    PROP_ASSERT(p, fit.wrong == NULL, "eps %" PRIu64 ": %s", fit.eps, fit.wrong);
    const size_t least = segments_least(fit.keys, n, (size_t)fit.eps);
    PROP_ASSERT(p, fit.segments == least, "eps %" PRIu64 ": %zu segments, not %zu", fit.eps,
                fit.segments, least);
    return true;
}

START_TEST(pla__takes_the_fewest_lines_for_random_keys)
{
    prop_check("fewest_for_random_keys", fewest_for_random_keys, _i, 0, 3000);
}
END_TEST

/* Positions that jump, as those of runs of equal keys do, up to the last that is allowed, and any
 * bound, against an oracle that compares all pairs. */
static bool fewest_for_random_positions(struct prop *p, size_t n)
{
    uint64_t *pos = prop_alloc(p, n * sizeof *pos);
    struct fit fit = {.n = n, .pos = pos, .eps = prop_below(p, UINT64_C(1) << prop_below(p, 39))};
    fit.keys = prop_sorted_keys(p, n, PROP_ALL_KEYS & ~(PROP_DUPLICATES | PROP_LONG_RUNS));
    const uint64_t step = UINT64_C(1) << prop_below(p, 29);
    uint64_t next = prop_below(p, 2) == 0 ? 0 : HUNCH__PLA_POS_END - 1 - n * step;
    for (size_t i = 0; i < n; i++) {
        next += 1 + prop_below(p, step);
        pos[i] = next;
    }
    fit_points(&fit);
    PROP_ASSERT(p, fit.wrong == NULL, "eps %" PRIu64 ": %s", fit.eps, fit.wrong);
    const size_t least = least_by_slopes(&fit);
    PROP_ASSERT(p, fit.segments == least, "eps %" PRIu64 ": %zu segments, not %zu", fit.eps,
                fit.segments, least);
    return true;
}

START_TEST(pla__takes_the_fewest_lines_for_random_positions)
{
    prop_check("fewest_for_random_positions", fewest_for_random_positions, _i, 0, 300);
}
END_TEST

START_TEST(pla__knows_the_whole_domain)
{
    const uint64_t ends[] = {0, UINT64_MAX};
    const uint64_t near[] = {0,
                             1,
                             (UINT64_C(1) << 53) - 1,
                             (UINT64_C(1) << 53) + 1,
                             (UINT64_C(1) << 63) - 1,
                             (UINT64_C(1) << 63) + 1,
                             UINT64_MAX - 1,
                             UINT64_MAX};
    for (uint64_t eps = 0; eps < 5; eps++) {
        check_few(ends, 1, eps, 1);
        check_few(ends + 1, 1, eps, 1);
        check_few(ends, 2, eps, 1);
        check_few(near, 8, eps, segments_least(near, 8, (size_t)eps));
    }
    check_few(ends, 0, 1, 0);
    check_few(near, 8, HUNCH__PLA_EPS_MAX, 1);
}
END_TEST

/* With gaps drawn independently a segment has 263 keys at 8 positions, whatever their scale. */
START_TEST(pla__exponential_gaps_take_263_keys_a_segment)
{
    uint64_t *keys = keys_with_gaps(MILLION, 5);
    struct fit fit = {.keys = keys, .n = MILLION, .eps = 8};
    fit_points(&fit);
    ck_assert_ptr_null(fit.wrong);
    ck_assert_double_eq_tol((double)MILLION / (double)fit.segments, 263, 0.02 * 263);
    free(keys);
}
END_TEST

START_TEST(pla__memory_does_not_grow_with_the_keys)
{
    uint64_t *keys = keys_with_gaps(MILLION, 6);
    struct faulty_alloc memory;
    struct hunch__pla pla;
    faulty_alloc_begin(&memory, 0, FAULTY_ONCE);
    hunch__pla_init(&pla, 1000, &memory.allocator);
    for (size_t i = 0; i < MILLION; i++) {
        bool finished;
        SUITE_ASSERT(hunch__pla_add(&pla, keys[i], i, &finished, NULL) == HUNCH_OK);
    }
    hunch__pla_free(&pla);
    ck_assert_uint_le(memory.peak_bytes, 8192);
    ck_assert_ptr_null(faulty_alloc_end(&memory));
    free(keys);
}
END_TEST

/* Where gaps grow every point is a vertex: first fifty, which the extreme lines leave behind during
 * a long way of equal gaps, then many more, in the room of those. */
START_TEST(pla__leaves_vertices_behind)
{
    enum { N = 4000 };
    uint64_t keys[N];
    uint64_t key = 0;
    for (size_t i = 0; i < N; i++) {
        keys[i] = _i == 0 ? key : (UINT64_C(1) << 40) * key;
        key += i < 50 ? 100 + i : i < 3500 ? 1000 : i - 2500;
    }
    struct fit fit = {.keys = keys, .n = N, .eps = 1000};
    fit_points(&fit);
    ck_assert_ptr_null(fit.wrong);
    ck_assert_uint_eq(fit.segments, segments_least(keys, N, 1000));
}
END_TEST

/* Half-way between the flattest line, which falls, and the steepest. */
START_TEST(pla__of_two_points_is_the_line_through_both)
{
    struct hunch__pla pla;
    struct hunch__pla_line line;
    bool finished;
    hunch__pla_init(&pla, 50, hunch_allocator_default());
    ck_assert_int_eq(hunch__pla_add(&pla, 7, 3, &finished, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch__pla_add(&pla, UINT64_MAX, 5, &finished, NULL), HUNCH_OK);
    ck_assert(hunch__pla_finish(&pla, &line));
    ck_assert_int_eq(hunch__pla_line_at(&line, 7), INT64_C(3) << HUNCH__PLA_FRACTION_BITS);
    ck_assert_int_eq(hunch__pla_line_at(&line, UINT64_MAX), INT64_C(5) << HUNCH__PLA_FRACTION_BITS);
    hunch__pla_free(&pla);
}
END_TEST

START_TEST(pla__may_finish_and_go_on)
{
    struct hunch__pla pla;
    struct hunch__pla_line line;
    bool finished;
    hunch__pla_init(&pla, 1, hunch_allocator_default());
    ck_assert(!hunch__pla_finish(&pla, &line));
    for (uint64_t i = 0; i < 10; i++) {
        ck_assert_int_eq(hunch__pla_add(&pla, 5 * i, i, &finished, NULL), HUNCH_OK);
        ck_assert(!finished);
        ck_assert_int_eq(hunch__pla_add(&pla, 5 * i + 3, 100 + i, &finished, NULL), HUNCH_OK);
        ck_assert(!finished);
        ck_assert(hunch__pla_finish(&pla, &line));
        ck_assert_uint_eq(line.points, 2);
        ck_assert_uint_eq(line.first.key, 5 * i);
        ck_assert_uint_eq(line.last.pos, 100 + i);
    }
    ck_assert(!hunch__pla_finish(&pla, &line));
    hunch__pla_free(&pla);
}
END_TEST

/* Gaps that grow, so that every point is a vertex. */
START_TEST(pla__memory_failing_at_every_call)
{
    enum { N = 2000 };
    uint64_t keys[N];
    uint64_t failed = 1;
    for (size_t i = 0; i < N; i++) {
        keys[i] = i * i;
    }
    for (uint64_t k = 1; failed > 0; k++) {
        struct faulty_alloc memory;
        struct hunch__pla pla;
        hunch_diag diag = {.text = ""};
        hunch_status status = HUNCH_OK;
        faulty_alloc_begin(&memory, k, FAULTY_ONCE);
        hunch__pla_init(&pla, HUNCH__PLA_EPS_MAX, &memory.allocator);
        for (size_t i = 0; i < N && status == HUNCH_OK; i++) {
            bool finished;
            status = hunch__pla_add(&pla, keys[i], i, &finished, &diag);
        }
        hunch__pla_free(&pla);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_int_eq(diag.status, status);
        ck_assert_uint_gt(memory.calls, failed > 0 ? 0 : 4);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
    }
}
END_TEST

static void fit_points(struct fit *fit)
{
    struct hunch__pla pla;
    struct hunch__pla_line line;
    size_t from = 0;
    hunch__pla_init(&pla, fit->eps, hunch_allocator_default());
    fit->wrong = NULL;
    fit->segments = 0;
    for (size_t i = 0; i < fit->n; i++) {
        bool finished;
        SUITE_ASSERT(hunch__pla_add(&pla, fit->keys[i], pos_at(fit, i), &finished, NULL) ==
                     HUNCH_OK);
        if (finished) {
            check_line(fit, from, i, &pla.finished);
            from = i;
        }
    }
    if (hunch__pla_finish(&pla, &line)) {
        check_line(fit, from, fit->n, &line);
    }
    hunch__pla_free(&pla);
}

/* That `line` is one of the points [from, to). */
static void check_line(struct fit *fit, size_t from, size_t to, const struct hunch__pla_line *line)
{
    const struct hunch__pla_point first = {fit->keys[from], pos_at(fit, from)};
    const struct hunch__pla_point last = {fit->keys[to - 1], pos_at(fit, to - 1)};
    fit->segments++;
    if (line->points != to - from || line->first.key != first.key || line->first.pos != first.pos ||
        line->last.key != last.key || line->last.pos != last.pos) {
        fit->wrong = "other points";
    }
    for (size_t i = from; i < to; i++) {
        const uint64_t pos = pos_at(fit, i);
        if (!ray_is_near(&line->flattest, fit->keys[i], pos, fit->eps)) {
            fit->wrong = "far from the flattest";
        }
        if (!ray_is_near(&line->steepest, fit->keys[i], pos, fit->eps)) {
            fit->wrong = "far from the steepest";
        }
        if (!middle_is_near(line, fit->keys[i], pos, fit->eps)) {
            fit->wrong = "far from the middle";
        }
    }
}

static bool ray_is_near(const struct hunch__pla_ray *ray, uint64_t key, uint64_t pos, uint64_t eps)
{
    const wide off =
        ((wide)ray->pos - (wide)pos) * ray->run + (wide)ray->rise * ((wide)key - (wide)ray->key);
    return ray->run > 0 && off <= (wide)eps * ray->run && -off <= (wide)eps * ray->run;
}

/* Up to the rounding, which is downwards and less than 1. */
static bool middle_is_near(const struct hunch__pla_line *line, uint64_t key, uint64_t pos,
                           uint64_t eps)
{
    const int64_t off = hunch__pla_line_at(line, key) - (int64_t)(pos << HUNCH__PLA_FRACTION_BITS);
    const int64_t most = (int64_t)(eps << HUNCH__PLA_FRACTION_BITS);
    return off <= most && off >= -most - 1;
}

static uint64_t pos_at(const struct fit *fit, size_t i)
{
    return fit->pos != NULL ? fit->pos[i] : i;
}

/* The longest pieces that a line fits: no two of their points need a larger slope than two others
 * allow. */
static size_t least_by_slopes(const struct fit *fit)
{
    const wide span = 2 * (wide)fit->eps;
    struct slope low = {-1, 0};
    struct slope high = {1, 0};
    size_t segments = fit->n > 0;
    size_t from = 0;
    for (size_t i = 1; i < fit->n; i++) {
        for (size_t j = from; j < i; j++) {
            const wide run = fit->keys[i] - fit->keys[j];
            const wide rise = (wide)pos_at(fit, i) - (wide)pos_at(fit, j);
            const struct slope least = {rise - span, run};
            const struct slope most = {rise + span, run};
            low = is_flatter(low, least) ? least : low;
            high = is_flatter(most, high) ? most : high;
        }
        if (is_flatter(high, low)) {
            segments++;
            from = i;
            low = (struct slope){-1, 0};
            high = (struct slope){1, 0};
        }
    }
    return segments;
}

static bool is_flatter(struct slope a, struct slope b)
{
    return a.rise * b.run < b.rise * a.run;
}

static void check_few(const uint64_t *keys, size_t n, uint64_t eps, size_t segments)
{
    struct fit fit = {.keys = keys, .n = n, .eps = eps};
    fit_points(&fit);
    ck_assert_msg(fit.wrong == NULL, "eps %" PRIu64 ": %s", eps, fit.wrong);
    ck_assert_uint_eq(fit.segments, segments);
}

static size_t drop_repetitions(uint64_t *keys, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || keys[i] != keys[kept - 1]) {
            keys[kept++] = keys[i];
        }
    }
    return kept;
}

/* Exponentially distributed ones. */
static uint64_t *keys_with_gaps(size_t n, uint64_t seed)
{
    uint64_t *keys = memory_new(n * sizeof *keys);
    uint64_t key = 0;
    for (size_t i = 0; i < n; i++) {
        const double u = ((double)(hunch__splitmix64(&seed) >> 11) + 1) * 0x1p-53;
        key += 1 + (uint64_t)(-hunch__log(u) * 1e12);
        keys[i] = key;
    }
    return keys;
}

int main(void)
{
    Suite *suite = suite_create("pla");
    TCase *cases = tcase_create("pla");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, pla__takes_the_fewest_lines_for_every_family, 0,
                        (int)(index_keys_count() * BOUNDS));
    tcase_add_loop_test(cases, pla__takes_the_fewest_lines_for_random_keys, 0, 200);
    tcase_add_loop_test(cases, pla__takes_the_fewest_lines_for_random_positions, 0, 300);
    tcase_add_test(cases, pla__knows_the_whole_domain);
    tcase_add_test(cases, pla__exponential_gaps_take_263_keys_a_segment);
    tcase_add_test(cases, pla__memory_does_not_grow_with_the_keys);
    tcase_add_loop_test(cases, pla__leaves_vertices_behind, 0, 2);
    tcase_add_test(cases, pla__of_two_points_is_the_line_through_both);
    tcase_add_test(cases, pla__may_finish_and_go_on);
    tcase_add_test(cases, pla__memory_failing_at_every_call);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
