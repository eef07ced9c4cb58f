/* Who `auto` asks, what it does when the world changes, and how `mlp` reads rewards. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "auto_state.h"
#include "learners.h"
#include "mlp_state.h"
#include "random.h"
#include "suite.h"

enum { ARMS = 8, DENSE = 4, STEP = 32 };

/* A world: the reward of an arm in a context, before and after its change. */
typedef float reward_function(const float *x, uint32_t arm, uint64_t *random, int changed);

/* A learner in a world. */
struct life {
    const hunch_learner_ops *ops;
    hunch_learner_shape shape;
    void *state;
    void *snapshot;
    uint64_t random;
};

static struct life begin(const char *name);
static void *zeroed(size_t bytes);
static void end(struct life *life);
static double live(struct life *life, reward_function *reward_of, uint32_t events, int changed);
static double centred(uint64_t *random);
static float signed_column(const float *x, uint32_t arm);
static float linear_reward(const float *x, uint32_t arm, uint64_t *random, int changed);
static float product_reward(const float *x, uint32_t arm, uint64_t *random, int changed);
static float class_reward(const float *x, uint32_t arm, uint64_t *random, int changed);
static float common_reward(const float *x, uint32_t arm, uint64_t *random, int changed);
static const char *asked(const struct life *life);

START_TEST(auto__linear_rewards_are_asked_of_linear)
{
    struct life life = begin("auto");
    live(&life, linear_reward, 2000, 0);
    ck_assert_str_eq(asked(&life), "linear");
    end(&life);
}
END_TEST

START_TEST(auto__products_are_not_asked_of_linear)
{
    struct life life = begin("auto");
    live(&life, product_reward, 8000, 0);
    ck_assert_str_ne(asked(&life), "linear");
    end(&life);
}
END_TEST

START_TEST(auto__classes_are_asked_of_mlp)
{
    struct life life = begin("auto");
    live(&life, class_reward, 2000, 0);
    ck_assert_str_eq(asked(&life), "mlp");
    ck_assert_double_gt(live(&life, class_reward, 1000, 0), 0.85);
    end(&life);
}
END_TEST

START_TEST(auto__a_change_is_found_and_learned)
{
    struct life life = begin("auto");
    const struct hunch__auto_state *head = life.state;
    live(&life, class_reward, 4000, 0);
    ck_assert_uint_eq(head->changes, 0);
    live(&life, class_reward, 200, 1);
    ck_assert_uint_eq(head->changes, 1);
    live(&life, class_reward, 2000, 1);
    ck_assert_double_gt(live(&life, class_reward, 1000, 1), 0.85);
    ck_assert_uint_eq(head->changes, 1);
    end(&life);
}
END_TEST

START_TEST(auto__what_does_not_change_is_not_forgotten)
{
    static reward_function *const worlds[] = {linear_reward, product_reward, class_reward,
                                              common_reward};
    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
        struct life life = begin("auto");
        const struct hunch__auto_state *head = life.state;
        live(&life, worlds[i], 8000, 0);
        ck_assert_uint_eq(head->changes, 0);
        end(&life);
    }
}
END_TEST

START_TEST(mlp__the_form_follows_from_rewards)
{
    static const struct {
        reward_function *reward_of;
        uint32_t form;
    } expected[] = {{class_reward, HUNCH__MLP_COMPETE},
                    {common_reward, HUNCH__MLP_APART},
                    {linear_reward, HUNCH__MLP_SQUARED}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        struct life life = begin("mlp");
        const struct hunch__mlp_state *head = life.state;
        live(&life, expected[i].reward_of, 1500, 0);
        ck_assert_uint_eq(head->form, expected[i].form);
        end(&life);
    }
}
END_TEST

START_TEST(watch__only_disappointment_is_a_change)
{
    static struct hunch__watch watch;
    uint64_t random = 7;
    uint64_t recent = 0;
    hunch__watch_reset(&watch);
    for (int i = 0; i < 4000; i++) {
        ck_assert(!hunch__watch_note(&watch, centred(&random), centred(&random), &recent));
    }
    for (int i = 0; i < 1000; i++) {
        ck_assert(!hunch__watch_note(&watch, centred(&random) - 1.0, centred(&random), &recent));
    }
    int events = 0;
    while (!hunch__watch_note(&watch, centred(&random) + 1.0, centred(&random), &recent)) {
        ck_assert_int_lt(events++, 200);
    }
    ck_assert_uint_le(recent, (uint64_t)events + HUNCH__WATCH_BLOCK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("auto");
    TCase *cases = tcase_create("auto");
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, auto__linear_rewards_are_asked_of_linear);
    tcase_add_test(cases, auto__products_are_not_asked_of_linear);
    tcase_add_test(cases, auto__classes_are_asked_of_mlp);
    tcase_add_test(cases, auto__a_change_is_found_and_learned);
    tcase_add_test(cases, auto__what_does_not_change_is_not_forgotten);
    tcase_add_test(cases, mlp__the_form_follows_from_rewards);
    tcase_add_test(cases, watch__only_disappointment_is_a_change);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}

static struct life begin(const char *name)
{
    struct life life = {.ops = hunch_learner_find(name), .random = 1};
    life.shape = (hunch_learner_shape){.struct_size = sizeof life.shape,
                                       .arms = ARMS,
                                       .dense = DENSE,
                                       .features = DENSE,
                                       .exploration = 1.0f};
    life.state = zeroed(life.ops->state_bytes(&life.shape));
    life.snapshot = zeroed(life.ops->snapshot_bytes(&life.shape));
    life.ops->init(life.state, &life.shape, 3);
    life.ops->publish(life.state, &life.shape, 0, life.snapshot);
    return life;
}

static void *zeroed(size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    SUITE_ASSERT(memory != NULL);
    return memset(memory, 0, bytes);
}

static void end(struct life *life)
{
    free(life->state);
    free(life->snapshot);
}

/* The mean reward of so many events, learned in steps that grow as a chooser's do. */
static double live(struct life *life, reward_function *reward_of, uint32_t events, int changed)
{
    static float x[STEP][DENSE];
    hunch_learner_event pending[STEP];
    uint32_t n = 0;
    double sum = 0.0;
    for (uint32_t t = 0; t < events; t++) {
        for (int f = 0; f < DENSE; f++) {
            x[n][f] = (float)centred(&life->random);
        }
        hunch_learner_event *event = &pending[n++];
        *event = (hunch_learner_event){.x = {.dense = x[n - 1]}, .weight = 1.0f};
        event->arm = life->ops->choose(life->snapshot, &life->shape, &event->x, NULL,
                                       hunch__splitmix64(&life->random), &event->propensity);
        event->reward = reward_of(event->x.dense, event->arm, &life->random, changed);
        sum += (double)event->reward;
        if (n == STEP || n > t / 16) {
            life->ops->learn(life->state, &life->shape, pending, n);
            life->ops->publish(life->state, &life->shape, hunch__splitmix64(&life->random),
                               life->snapshot);
            n = 0;
        }
    }
    return sum / events;
}

/* Uniform, with variance 1. */
static double centred(uint64_t *random)
{
    return ((double)(hunch__splitmix64(random) >> 11) * 0x1p-53 - 0.5) * 3.4641016151377544;
}

/* What the arm depends on: a column, or one turned round. */
static float signed_column(const float *x, uint32_t arm)
{
    return arm < DENSE ? x[arm] : -x[arm - DENSE];
}

static float linear_reward(const float *x, uint32_t arm, uint64_t *random, int changed)
{
    (void)changed;
    return signed_column(x, arm) + 0.5f * (float)centred(random);
}

static float product_reward(const float *x, uint32_t arm, uint64_t *random, int changed)
{
    (void)changed;
    return signed_column(x, arm) * x[(arm + 1) % DENSE] + 0.5f * (float)centred(random);
}

/* One arm is right: which of two columns have their signs says. */
static float class_reward(const float *x, uint32_t arm, uint64_t *random, int changed)
{
    (void)random;
    const uint32_t right = (x[0] > 0.0f ? 1u : 0u) + (x[1] > 0.0f ? 2u : 0u);
    return arm == (right + (changed ? 1u : 0u)) % ARMS ? 1.0f : 0.0f;
}

/* Each arm is right in about half of all contexts. */
static float common_reward(const float *x, uint32_t arm, uint64_t *random, int changed)
{
    (void)changed;
    return (double)signed_column(x, arm) + 0.5 * centred(random) > 0.0 ? 1.0f : 0.0f;
}

static const char *asked(const struct life *life)
{
    return life->ops->model(life->snapshot, &life->shape);
}
