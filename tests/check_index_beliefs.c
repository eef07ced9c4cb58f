/* What AUTO believes of the sizes of forms: wrong at first, it is right after a few builds. */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "beliefs.h"
#include "index_keys.h"
#include "suite.h"
#include "test_memory.h"

enum { N = 100000, BUILDS_MAX = 4 };

/* How many bytes SEGMENTS take of a stranger's keys: at eps 8, and by what power they become fewer,
 * up to eps 256 and from there on. The glance, which saw others, knows nothing of it. */
static const struct curve {
    double at8;
    double power;
    double power_beyond;
} curves[] = {
    {1e9, 1, 1},   {1e9, 2, 2},  {1e9, 2.5, 2.5},  {1e9, 0.5, 0.5}, {1e9, 2.5, 0.5},
    {1e9, 0.9, 2}, {1e12, 1, 1}, {1e12, 2.5, 0.3}, {1e6, 1, 1},     {1e6, 0.5, 0.5},
};
#define CURVES (sizeof curves / sizeof curves[0])

static void form(struct hunch__beliefs *beliefs, size_t family);
static void bar_others(struct hunch__beliefs *beliefs);
static double bytes_of(const struct curve *curve, double eps);
static uint32_t eps_that_fits(const struct curve *curve, double budget);
static bool is_segments(uint32_t arm);
static uint32_t first_of(uint32_t kind);
static bool sizes_fall(const struct hunch__beliefs *beliefs);

/* Building what is believed to be the fastest that fits, again and again, leads to the least eps
 * that fits, or the next, in as many builds as AUTO allows. */
START_TEST(beliefs__lead_to_the_least_eps_that_fits)
{
    const struct curve *curve = &curves[(size_t)_i % CURVES];
    struct hunch__beliefs fresh;
    form(&fresh, (size_t)_i / CURVES);
    bar_others(&fresh);
    for (uint32_t aim = 16; aim <= 1024; aim *= 2) {
        struct hunch__beliefs beliefs = fresh;
        uint32_t found = UINT32_MAX;
        beliefs.budget = 1.1 * bytes_of(curve, aim);
        const uint32_t best = eps_that_fits(curve, beliefs.budget);
        for (unsigned i = 0; i < BUILDS_MAX; i++) {
            const uint32_t next = hunch__believed_fastest(&beliefs, beliefs.built);
            ck_assert(is_segments(next));
            const double bytes = bytes_of(curve, hunch__arms[next].eps);
            hunch__beliefs_learn(&beliefs, next, (size_t)bytes);
            if (bytes <= beliefs.budget && hunch__arms[next].eps < found) {
                found = hunch__arms[next].eps;
            }
        }
        /* A bend takes a build more to find. */
        const uint32_t off = curve->power > 2 * curve->power_beyond ? 4 : 2;
        ck_assert_msg(found <= off * best, "curve %zu, %s, eps %u fits: eps %u after %d builds",
                      (size_t)_i % CURVES, index_keys[(size_t)_i / CURVES].name, best, found,
                      BUILDS_MAX);
    }
}
END_TEST

/* Whatever two are known, in whatever order they became so; and what is known stays. */
START_TEST(beliefs__sizes_fall_with_eps)
{
    const struct curve *curve = &curves[_i];
    struct hunch__beliefs fresh;
    form(&fresh, 2);
    for (uint32_t a = 0; a < HUNCH__ARMS; a++) {
        for (uint32_t b = 0; b < HUNCH__ARMS; b++) {
            if (a != b && is_segments(a) && is_segments(b)) {
                struct hunch__beliefs beliefs = fresh;
                const size_t bytes_a = (size_t)bytes_of(curve, hunch__arms[a].eps);
                const size_t bytes_b = (size_t)bytes_of(curve, hunch__arms[b].eps);
                hunch__beliefs_learn(&beliefs, a, bytes_a);
                hunch__beliefs_learn(&beliefs, b, bytes_b);
                ck_assert(sizes_fall(&beliefs));
                ck_assert_double_eq(beliefs.cost[a].bytes, (double)bytes_a);
                ck_assert_double_eq(beliefs.cost[b].bytes, (double)bytes_b);
            }
        }
    }
}
END_TEST

/* A form of another kind that is twice as large as believed says so of its kind alone. */
START_TEST(beliefs__other_kinds_err_alike)
{
    for (uint32_t arm = 0; arm < HUNCH__ARMS; arm++) {
        struct hunch__beliefs before;
        struct hunch__beliefs beliefs;
        form(&before, 2);
        beliefs = before;
        if (is_segments(arm)) {
            continue;
        }
        hunch__beliefs_learn(&beliefs, arm, (size_t)(2 * before.cost[arm].bytes));
        for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
            const bool same = hunch__arms[i].kind == hunch__arms[arm].kind;
            ck_assert_double_eq_tol(beliefs.cost[i].bytes, (same ? 2 : 1) * before.cost[i].bytes,
                                    before.cost[i].bytes / 100);
        }
    }
}
END_TEST

/* Those behind one router, whose arms ascend in eps; those behind others differ by a little. */
static bool sizes_fall(const struct hunch__beliefs *beliefs)
{
    double least[HUNCH_INDEX_ROUTER_LINES + 1] = {HUGE_VAL, HUGE_VAL, HUGE_VAL, HUGE_VAL};
    double most = 0;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        const uint32_t router = hunch__arms[i].router;
        const double bytes = beliefs->cost[i].bytes;
        if (!is_segments(i)) {
            continue;
        }
        if (bytes > 1.1 * least[router]) {
            return false;
        }
        least[router] = fmin(bytes, least[router]);
        most = fmax(bytes, most);
    }
    return most > 2 * least[HUNCH_INDEX_ROUTER_TREE];
}

static uint32_t first_of(uint32_t kind)
{
    return (uint32_t)__builtin_ctzll(hunch__arms_of(kind));
}

/* Of another size nobody would know what it misses. */
START_TEST(beliefs__a_glance_tells_of_all_sizes_of_cells)
{
    for (uint32_t arm = 0; arm < HUNCH__ARMS; arm++) {
        bool told = hunch__arms[arm].kind != HUNCH_INDEX_CELLS;
        for (size_t i = 0; i < HUNCH__CELL_SIZES; i++) {
            told = told || hunch__arms[arm].cell_keys == hunch__cell_sizes[i];
        }
        ck_assert_msg(told, "arm %" PRIu32 ": cells of %" PRIu32, arm, hunch__arms[arm].cell_keys);
    }
}
END_TEST

/* A few keys far outside hide all others in one top cell of a router of cells. */
START_TEST(beliefs__outliers_speak_against_routers_of_cells)
{
    uint64_t *keys = memory_new(N * sizeof *keys);
    const uint64_t others = ~hunch__arms_of(HUNCH_INDEX_BLOCKS);
    struct hunch__beliefs beliefs;
    index_keys[2].fill(keys, N);
    for (int outliers = 0; outliers <= 1; outliers++) {
        const hunch_index_options options = {.struct_size = sizeof options};
        for (size_t i = 0; outliers == 1 && i < N - 9; i++) {
            keys[i] >>= 30;
        }
        ck_assert_int_eq(
            hunch__beliefs_form(&beliefs, keys, N, &options, hunch_allocator_default(), NULL),
            HUNCH_OK);
        const uint32_t best = hunch__believed_fastest(&beliefs, others);
        ck_assert_int_eq(beliefs.glance.hidden > 8, outliers);
        ck_assert_int_eq(hunch__arms[best].router != HUNCH_INDEX_ROUTER_CELLS, outliers);
    }
    free(keys);
}
END_TEST

/* Kinds that were timed err as they did, others as all did; a clock that says nothing is not heard.
 */
START_TEST(beliefs__times_correct_kinds)
{
    const uint32_t cells = first_of(HUNCH_INDEX_CELLS);
    const uint32_t blocks = first_of(HUNCH_INDEX_BLOCKS);
    const uint32_t arms[] = {cells, blocks};
    static const double nothing[] = {0, HUGE_VAL, -1};
    struct hunch__beliefs before;
    struct hunch__beliefs beliefs;
    form(&before, 2);
    const double ns[] = {2 * hunch__believed_ns(&before, cells),
                         8 * hunch__believed_ns(&before, blocks)};
    beliefs = before;
    hunch__beliefs_learn_ns(&beliefs, arms, ns, 2);
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        const uint32_t kind = hunch__arms[i].kind;
        const double times = kind == HUNCH_INDEX_CELLS ? 2 : kind == HUNCH_INDEX_BLOCKS ? 8 : 4;
        ck_assert_double_eq_tol(hunch__believed_ns(&beliefs, i),
                                times * hunch__believed_ns(&before, i), 1e-6);
    }
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
        const double said[] = {ns[0], nothing[i]};
        beliefs = before;
        hunch__beliefs_learn_ns(&beliefs, arms, said, 2);
        ck_assert_double_eq(hunch__believed_ns(&beliefs, cells),
                            hunch__believed_ns(&before, cells));
    }
}
END_TEST

/* What a glance says at keys that have nothing to do with the curve. */
static void form(struct hunch__beliefs *beliefs, size_t family)
{
    const hunch_index_options options = {.struct_size = sizeof options, .budget_bytes = 1};
    uint64_t *keys = memory_new(N * sizeof *keys);
    index_keys[family].fill(keys, N);
    ck_assert_int_eq(
        hunch__beliefs_form(beliefs, keys, N, &options, hunch_allocator_default(), NULL), HUNCH_OK);
    free(keys);
}

/* Only SEGMENTS are to be had. */
static void bar_others(struct hunch__beliefs *beliefs)
{
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        beliefs->cost[i].bytes = is_segments(i) ? beliefs->cost[i].bytes : HUGE_VAL;
    }
}

static double bytes_of(const struct curve *curve, double eps)
{
    return (double)sizeof(hunch_index) + curve->at8 * pow(fmin(eps, 256) / 8, -curve->power) *
                                             pow(fmax(eps, 256) / 256, -curve->power_beyond);
}

static uint32_t eps_that_fits(const struct curve *curve, double budget)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        if (is_segments(i) && bytes_of(curve, hunch__arms[i].eps) <= budget &&
            hunch__arms[i].eps < least) {
            least = hunch__arms[i].eps;
        }
    }
    return least;
}

static bool is_segments(uint32_t arm)
{
    return arm < HUNCH__ARMS && hunch__arms[arm].kind == HUNCH_INDEX_SEGMENTS;
}

int main(void)
{
    Suite *suite = suite_create("index_beliefs");
    TCase *cases = tcase_create("beliefs");
    tcase_add_loop_test(cases, beliefs__lead_to_the_least_eps_that_fits, 0,
                        (int)(CURVES * index_keys_count()));
    tcase_add_loop_test(cases, beliefs__sizes_fall_with_eps, 0, (int)CURVES);
    tcase_add_test(cases, beliefs__other_kinds_err_alike);
    tcase_add_test(cases, beliefs__a_glance_tells_of_all_sizes_of_cells);
    tcase_add_test(cases, beliefs__outliers_speak_against_routers_of_cells);
    tcase_add_test(cases, beliefs__times_correct_kinds);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
