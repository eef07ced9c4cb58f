/* Whom AUTO's trials declare the winner, by a clock that is told what to say. */
#include <check.h>
#include <stdlib.h>

#include "index_keys.h"
#include "suite.h"
#include "test_memory.h"
#include "trials.h"

enum { N = 70000, COUNT = 3, CALLS_A_TIME = 4, TIMES_IN_TURN = 4 };

/* Says that look-ups took ns[i] while trial i is timed in its turn, and ages when one is chosen. */
struct script {
    const uint64_t *ns; /* [COUNT], of a slice */
    uint64_t now;
    unsigned calls;
};

static uint64_t now_of(void *ctx);
static uint64_t *begun(struct hunch__trials *trials, const hunch_index_options *options);
static hunch_index *built(const uint64_t *keys, uint32_t cell_keys);

/* CELLS of so many keys each: the more, the smaller. */
static const struct race {
    uint32_t cell_keys[COUNT];
    uint64_t ns[COUNT];
    unsigned winner;
} races[] = {
    {{20, 20, 20}, {100000, 200000, 300000}, 0},
    {{20, 20, 20}, {300000, 200000, 100000}, 2},
    {{20, 20, 20}, {200000, 100000, 300000}, 1},
    {{20, 80, 20}, {100000, 102000, 200000}, 1},
    {{20, 80, 20}, {100000, 106000, 200000}, 0},
    {{20, 25, 20}, {100000, 102000, 200000}, 0},
    {{80, 20, 20}, {102000, 100000, 200000}, 0},
    {{20, 80, 160}, {100000, 101000, 102000}, 2},
    {{20, 160, 80}, {100000, 101000, 102000}, 1},
    {{20, 80, 160}, {100000, 100000, 100000}, 0},
    {{20, 80, 160}, {0, 0, 0}, 0},
};

START_TEST(trials__winner)
{
    const struct race *race = &races[_i];
    struct script script = {.ns = race->ns};
    const hunch_clock clock = {.ctx = &script, .now_ns = now_of};
    const hunch_index_options options = {.struct_size = sizeof options, .clock = &clock};
    struct hunch__trials trials;
    hunch_index *index[COUNT];
    uint64_t *keys = begun(&trials, &options);
    for (unsigned i = 0; i < COUNT; i++) {
        index[i] = built(keys, race->cell_keys[i]);
        hunch__trials_enter(&trials, i, index[i]);
    }
    ck_assert_ptr_eq(hunch__trials_winner(&trials), index[race->winner]);
    hunch__trials_end(&trials);
    free(keys);
}
END_TEST

START_TEST(trials__one_is_not_timed)
{
    struct script script = {.ns = NULL};
    const hunch_clock clock = {.ctx = &script, .now_ns = now_of};
    const hunch_index_options options = {.struct_size = sizeof options, .clock = &clock};
    struct hunch__trials trials;
    uint64_t *keys = begun(&trials, &options);
    hunch_index *only = built(keys, 20);
    hunch__trials_enter(&trials, 0, only);
    ck_assert_ptr_eq(hunch__trials_winner(&trials), only);
    ck_assert_uint_eq(script.calls, 0);
    hunch__trials_end(&trials);
    free(keys);
}
END_TEST

static uint64_t now_of(void *ctx)
{
    struct script *script = ctx;
    const unsigned time = script->calls / CALLS_A_TIME;
    const bool ends = script->calls++ % 2 == 1;
    const bool in_turn = time < TIMES_IN_TURN * COUNT;
    script->now += !ends ? 0 : in_turn ? script->ns[time % COUNT] : UINT64_C(1) << 40;
    return script->now;
}

/* Trials over the keys that are returned. */
static uint64_t *begun(struct hunch__trials *trials, const hunch_index_options *options)
{
    const hunch_allocator *memory = hunch_allocator_default();
    struct hunch__beliefs beliefs;
    uint64_t *keys = memory_new(N * sizeof *keys);
    index_keys[2].fill(keys, N);
    ck_assert_int_eq(hunch__beliefs_form(&beliefs, keys, N, options, memory, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch__trials_begin(trials, keys, N, &beliefs, options, memory, NULL),
                     HUNCH_OK);
    return keys;
}

static hunch_index *built(const uint64_t *keys, uint32_t cell_keys)
{
    const hunch_index_options options = {
        .struct_size = sizeof options, .kind = HUNCH_INDEX_CELLS, .cell_keys = cell_keys};
    hunch_index *index = NULL;
    ck_assert_int_eq(hunch_index_build(&index, keys, N, &options, NULL), HUNCH_OK);
    return index;
}

int main(void)
{
    Suite *suite = suite_create("index_trials");
    TCase *cases = tcase_create("trials");
    tcase_add_loop_test(cases, trials__winner, 0, (int)(sizeof races / sizeof races[0]));
    tcase_add_test(cases, trials__one_is_not_timed);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
