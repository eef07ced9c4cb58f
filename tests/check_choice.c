/* hunch_chooser: tickets and what becomes of them. */
#define _POSIX_C_SOURCE 200809L /* setenv */
#include <check.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "atomics.h"
#include "choice_sample.h"
#include "chooser.h"
#include "prop.h"
#include "random.h"
#include "suite.h"

static int compare_ids(const void *a, const void *b);
static void shuffle(hunch_ticket *tickets, size_t n, uint64_t seed);
static bool keeps_what_it_must(struct prop *p, size_t n);

/* -- ids --------------------------------------------------------------------------------------- */

START_TEST(ticket__ids_are_unique_and_never_zero)
{
    enum { N = 100000 };
    hunch_chooser_options options = choice_recorded(3, 0);
    options.pending = _i == 0 ? 4 : 500;
    hunch_chooser *chooser = choice_new(&options);
    uint64_t *ids = malloc(N * sizeof *ids);
    uint64_t random = 1;
    ck_assert_ptr_nonnull(ids);
    for (size_t i = 0; i < N; i++) {
        ids[i] = hunch_choose(chooser, NULL).id;
        if (hunch__splitmix64(&random) % 2 ==
            0) { /* any of those before: some for the second time */
            (void)hunch_reward_id(chooser, ids[hunch__splitmix64(&random) % (i + 1)], 1.0f);
        }
    }
    qsort(ids, N, sizeof *ids, compare_ids);
    SUITE_ASSERT(ids[0] != 0);
    for (size_t i = 1; i < N; i++) {
        SUITE_ASSERT(ids[i] != ids[i - 1]);
    }
    ck_assert(choice_adds_up(chooser));
    free(ids);
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(ticket__says_an_arm_and_its_probability)
{
    const hunch_chooser_options options = choice_recorded(7, 0);
    hunch_chooser *chooser = choice_new(&options);
    for (size_t i = 0; i < 1000; i++) {
        float p[7];
        hunch_chooser_probabilities(chooser, NULL, NULL, p);
        const hunch_ticket ticket = hunch_choose(chooser, NULL);
        SUITE_ASSERT(ticket.arm < 7 && ticket.propensity == p[ticket.arm]);
        SUITE_ASSERT(hunch_reward(chooser, ticket, 1.0f) == HUNCH_OK);
        hunch_chooser_learn(chooser);
    }
    hunch_chooser_free(chooser);
}
END_TEST

/* Only ids that wait are accepted, whatever is tried. */
START_TEST(ticket__forged_ids_are_refused)
{
    enum { N = 40 };
    hunch_chooser_options options = choice_recorded(3, 2);
    options.pending = 16;
    hunch_chooser *chooser = choice_new(&options);
    const float x[2] = {1.0f, 2.0f};
    uint64_t waiting[N];
    uint64_t random = 9;
    for (size_t i = 0; i < N; i++) {
        waiting[i] = hunch_choose(chooser, x).id;
    }
    const uint64_t rewards = choice_stats(chooser).rewards;
    const uint64_t pending = choice_pending(chooser);
    for (size_t i = 0; i < 300000; i++) {
        uint64_t id = hunch__splitmix64(&random);
        const uint64_t dice = hunch__splitmix64(&random);
        if (i % 3 != 0) { /* near a good one: a bit flipped, or a number added to some digits */
            const uint64_t known = waiting[id % N];
            const uint64_t more = (uint64_t)(1 + dice / 64 % 200) << dice % 64;
            id = i % 3 == 1 ? known ^ (uint64_t)1 << dice % 64 : known + more;
        }
        bool good = false;
        for (size_t k = 0; k < N; k++) {
            good = good || id == waiting[k];
        }
        SUITE_ASSERT(good || hunch_reward_id(chooser, id, 1.0f) == HUNCH_EEXPIRED);
        SUITE_ASSERT(good || hunch_abandon(chooser, (hunch_ticket){id, 0, 1.0f}) == HUNCH_EEXPIRED);
    }
    ck_assert_int_eq(hunch_reward_id(chooser, 0, 1.0f), HUNCH_EEXPIRED);
    ck_assert_int_eq(hunch_reward_id(chooser, UINT64_MAX, 1.0f), HUNCH_EEXPIRED);
    ck_assert_uint_eq(choice_stats(chooser).rewards, rewards);
    ck_assert_uint_eq(choice_pending(chooser), pending);
    for (size_t i = N - 16; i < N; i++) {
        ck_assert_int_eq(hunch_reward_id(chooser, waiting[i], 1.0f), HUNCH_OK);
    }
    hunch_chooser_free(chooser);
}
END_TEST

/* -- rewards ----------------------------------------------------------------------------------- */

START_TEST(reward__counts_once)
{
    const hunch_chooser_options options = choice_recorded(3, 0);
    hunch_chooser *chooser = choice_new(&options);
    const hunch_ticket ticket = hunch_choose(chooser, NULL);
    ck_assert_int_eq(hunch_reward(chooser, ticket, 2.5f), HUNCH_OK);
    ck_assert_int_eq(hunch_reward(chooser, ticket, 2.5f), HUNCH_EEXPIRED);
    ck_assert_int_eq(hunch_reward_id(chooser, ticket.id, 2.5f), HUNCH_EEXPIRED);
    ck_assert_int_eq(hunch_abandon(chooser, ticket), HUNCH_EEXPIRED);
    const struct recorder *recorder = choice_events(chooser);
    ck_assert_uint_eq(recorder->n, 1);
    ck_assert_uint_eq(recorder->event[0].arm, ticket.arm);
    ck_assert(recorder->event[0].reward == 2.5f);
    ck_assert(recorder->event[0].propensity == ticket.propensity);
    ck_assert(recorder->event[0].weight == 1.0f);
    const hunch_chooser_stats stats = choice_stats(chooser);
    ck_assert_uint_eq(stats.refused, 3);
    ck_assert_uint_eq(stats.rewards, 1);
    ck_assert_uint_eq(stats.learned, 1);
    ck_assert(stats.mean_reward == 2.5);
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(reward__that_is_no_number_is_refused_and_the_ticket_stays)
{
    static const float wrong[] = {NAN, INFINITY, -INFINITY};
    const hunch_chooser_options options = choice_recorded(3, 0);
    hunch_chooser *chooser = choice_new(&options);
    const hunch_ticket ticket = hunch_choose(chooser, NULL);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(hunch_reward(chooser, ticket, wrong[i]), HUNCH_EINVAL);
        ck_assert_int_eq(hunch_reward_id(chooser, ticket.id, wrong[i]), HUNCH_EINVAL);
    }
    ck_assert_uint_eq(choice_stats(chooser).refused, 6);
    ck_assert_int_eq(hunch_reward(chooser, ticket, FLT_MAX), HUNCH_OK);
    ck_assert_uint_eq(choice_events(chooser)->n, 1);
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(reward__after_abandoning_is_refused_and_nothing_is_learned)
{
    const hunch_chooser_options options = choice_recorded(3, 0);
    hunch_chooser *chooser = choice_new(&options);
    const hunch_ticket ticket = hunch_choose(chooser, NULL);
    ck_assert_int_eq(hunch_abandon(chooser, ticket), HUNCH_OK);
    ck_assert_int_eq(hunch_reward(chooser, ticket, 1.0f), HUNCH_EEXPIRED);
    ck_assert_uint_eq(choice_events(chooser)->n, 0);
    ck_assert_uint_eq(choice_stats(chooser).abandoned, 1);
    ck_assert(choice_adds_up(chooser));
    hunch_chooser_free(chooser);
}
END_TEST

/* In any order, by ticket or by id; each reaches the learner with its own context and reward. */
START_TEST(reward__may_come_in_any_order)
{
    enum { N = 3000 };
    const hunch_chooser_options options = choice_recorded(5, 1);
    hunch_chooser *chooser = choice_new(&options);
    hunch_ticket tickets[N];
    float of_arm[N];
    for (size_t i = 0; i < N; i++) {
        const float x = (float)i;
        tickets[i] = hunch_choose(chooser, &x);
    }
    shuffle(tickets, N, 3);
    for (size_t i = 0; i < N; i++) {
        of_arm[i] = (float)tickets[i].arm * 10.0f + (float)(i % 7);
        const hunch_status status = i % 2 == 0 ? hunch_reward(chooser, tickets[i], of_arm[i])
                                               : hunch_reward_id(chooser, tickets[i].id, of_arm[i]);
        SUITE_ASSERT(status == HUNCH_OK);
        if (i % 100 == 99) {
            hunch_chooser_learn(chooser);
        }
    }
    const struct recorder *recorder = choice_events(chooser);
    bool seen[N] = {false};
    ck_assert_uint_eq(recorder->n, N);
    for (size_t i = 0; i < N; i++) {
        const struct recorded *event = &recorder->event[i];
        const size_t which = (size_t)event->dense[0];
        SUITE_ASSERT(which < N && !seen[which]);
        seen[which] = true;
        SUITE_ASSERT(event->arm == tickets[i].arm && event->reward == of_arm[i]);
        SUITE_ASSERT(event->propensity == tickets[i].propensity);
    }
    hunch_chooser_free(chooser);
}
END_TEST

struct errand {
    hunch_chooser *chooser;
    hunch_ticket ticket;
    hunch_status status;
};

static void *run_errand(void *argument)
{
    struct errand *errand = argument;
    errand->status = hunch_reward(errand->chooser, errand->ticket, 4.0f);
    return NULL;
}

START_TEST(reward__may_come_from_another_thread)
{
    const hunch_chooser_options options = choice_recorded(3, 1);
    hunch_chooser *chooser = choice_new(&options);
    const float x = 6.0f;
    struct errand errand = {chooser, hunch_choose(chooser, &x), HUNCH_EIO};
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, run_errand, &errand), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(errand.status, HUNCH_OK);
    ck_assert_int_eq(hunch_reward(chooser, errand.ticket, 4.0f), HUNCH_EEXPIRED);
    const struct recorder *recorder = choice_events(chooser);
    ck_assert_uint_eq(recorder->n, 1);
    ck_assert(recorder->event[0].dense[0] == 6.0f && recorder->event[0].reward == 4.0f);
    ck_assert(choice_adds_up(chooser));
    hunch_chooser_free(chooser);
}
END_TEST

/* -- forgetting -------------------------------------------------------------------------------- */

/* A ticket is known for at least `pending` later choices, in whatever order others are rewarded,
 * and each has one fate. */
static bool keeps_what_it_must(struct prop *p, size_t n)
{
    hunch_chooser_options options = choice_recorded(2, 0);
    options.pending = 1 + (uint32_t)n / 8;
    hunch_chooser *chooser = choice_new(&options);
    uint64_t *ids = prop_alloc(p, (n + 1) * sizeof *ids);
    const uint64_t shares = 1 + prop_below(p, 8);
    const uint64_t order = prop_below(p, 3);
    uint64_t accepted = 0;
    uint64_t refused = 0;
    for (size_t i = 0; i < n; i++) {
        ids[i] = hunch_choose(chooser, NULL).id;
        if (prop_below(p, 8) >= shares) {
            continue;
        }
        const size_t age = prop_below(p, options.pending + (order == 0 ? 8 : 1));
        const size_t which = order == 1 ? i / 2 : age <= i ? i - age : 0;
        const hunch_status status = hunch_reward_id(chooser, ids[which], 0.0f);
        const bool must = ids[which] != 0 && i - which <= options.pending;
        accepted += status == HUNCH_OK;
        refused += status != HUNCH_OK;
        PROP_ASSERT(p, status == HUNCH_OK || !must,
                    "pending %" PRIu32 ": forgotten after %zu later choices", options.pending,
                    i - which);
        if (ids[which] == 0 && status == HUNCH_OK) {
            return prop_fail(p, "a ticket was rewarded twice");
        }
        ids[which] = status == HUNCH_OK ? 0 : ids[which];
    }
    const hunch_chooser_stats stats = choice_stats(chooser);
    const bool adds_up = choice_adds_up(chooser);
    hunch_chooser_free(chooser);
    PROP_ASSERT(p, stats.rewards == accepted && stats.refused == refused,
                "%" PRIu64 " rewards counted of %" PRIu64, stats.rewards, accepted);
    PROP_ASSERT(p, adds_up, "the fates of tickets do not add up");
    return true;
}

START_TEST(pending__so_many_later_choices_forget_nothing)
{
    prop_check("keeps_what_it_must", keeps_what_it_must, _i, 1, 6000);
}
END_TEST

/* The first of the tickets that wait is in the middle of the ring when it grows. */
START_TEST(pending__holds_when_the_ring_grows_from_its_middle)
{
    hunch_chooser_options options = choice_recorded(2, 0);
    options.pending = 128;
    hunch_chooser *chooser = choice_new(&options);
    uint64_t ids[1000];
    size_t n = 0;
    while (n < 64) {
        ids[n++] = hunch_choose(chooser, NULL).id;
    }
    for (size_t i = 0; i < 31; i++) {
        ck_assert_int_eq(hunch_reward_id(chooser, ids[i], 0.0f), HUNCH_OK);
    }
    const size_t first = n;
    while (n < first + 129) {
        ids[n++] = hunch_choose(chooser, NULL).id;
    }
    ck_assert_int_eq(hunch_reward_id(chooser, ids[first], 0.0f), HUNCH_OK); /* 128 came after it */
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(pending__default_is_16384)
{
    enum { N = 16384 };
    const hunch_chooser_options options = choice_recorded(2, 0);
    hunch_chooser *chooser = choice_new(&options);
    hunch_ticket *tickets = malloc(N * sizeof *tickets);
    ck_assert_ptr_nonnull(tickets);
    for (size_t i = 0; i < N; i++) {
        tickets[i] = hunch_choose(chooser, NULL);
    }
    shuffle(tickets, N, 5);
    for (size_t i = 0; i < N; i++) {
        SUITE_ASSERT(hunch_reward(chooser, tickets[i], 1.0f) == HUNCH_OK);
    }
    ck_assert_uint_eq(choice_stats(chooser).expired, 0);
    free(tickets);
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(expired__is_learned_with_the_default_reward)
{
    enum { N = 400 };
    hunch_chooser_options options = choice_recorded(3, 1);
    options.pending = 8;
    options.unrewarded = _i == 0 ? HUNCH_UNREWARDED_DEFAULT : HUNCH_UNREWARDED_NOTHING;
    options.default_reward = -2.0f;
    hunch_chooser *chooser = choice_new(&options);
    hunch_ticket tickets[N];
    for (size_t i = 0; i < N; i++) {
        const float x = (float)i;
        tickets[i] = hunch_choose(chooser, &x);
    }
    ck_assert_int_eq(hunch_reward(chooser, tickets[0], 1.0f), HUNCH_EEXPIRED);
    const struct recorder *recorder = choice_events(chooser);
    const hunch_chooser_stats stats = choice_stats(chooser);
    ck_assert_uint_ge(stats.expired, N - 32);
    ck_assert_uint_eq(stats.rewards, 0);
    ck_assert(stats.mean_reward == 0.0);
    ck_assert_uint_eq(recorder->n, _i == 0 ? stats.expired : 0);
    for (uint64_t i = 0; i < recorder->n; i++) {
        const size_t which = (size_t)recorder->event[i].dense[0];
        SUITE_ASSERT(which < N && recorder->event[i].arm == tickets[which].arm);
        SUITE_ASSERT(recorder->event[i].propensity == tickets[which].propensity);
        SUITE_ASSERT(recorder->event[i].reward == -2.0f);
    }
    ck_assert(choice_adds_up(chooser));
    hunch_chooser_free(chooser);
}
END_TEST

/* -- learning ---------------------------------------------------------------------------------- */

START_TEST(learning__goes_on_with_every_so_many_rewards)
{
    hunch_chooser_options options = choice_recorded(2, 0);
    options.learn_every = 10;
    hunch_chooser *chooser = choice_new(&options);
    for (uint64_t i = 1; i <= 5000; i++) {
        SUITE_ASSERT(hunch_reward(chooser, hunch_choose(chooser, NULL), 1.0f) == HUNCH_OK);
        const hunch_chooser_stats stats = choice_stats(chooser);
        SUITE_ASSERT(stats.learned <= i && i - stats.learned < 10);
        SUITE_ASSERT(i > 16 || stats.learned == i); /* at first each is learned from at once */
    }
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(learning__waits_for_its_call_when_told_so)
{
    const hunch_chooser_options options = choice_recorded(2, 0);
    hunch_chooser *chooser = choice_new(&options);
    for (uint64_t i = 0; i < 100; i++) {
        ck_assert_int_eq(hunch_reward(chooser, hunch_choose(chooser, NULL), 1.0f), HUNCH_OK);
    }
    ck_assert_uint_eq(choice_stats(chooser).learned, 0);
    hunch_chooser_learn(chooser);
    hunch_chooser_learn(chooser);
    ck_assert_uint_eq(choice_stats(chooser).learned, 100);
    ck_assert_uint_eq(choice_stats(chooser).steps, 1);
    hunch_chooser_free(chooser);
}
END_TEST

/* A full ring keeps a sample whose weights make up for what is dropped. */
START_TEST(learning__drops_with_counted_probability_when_a_ring_is_full)
{
    enum { CHOOSERS = 30 };
    double weight = 0;
    double rewards = 0;
    uint64_t dropped = 0;
    for (uint64_t seed = 0; seed < CHOOSERS; seed++) {
        hunch_chooser_options options = choice_recorded(2, 0);
        options.seed = seed;
        hunch_chooser *chooser = choice_new(&options);
        const uint64_t rounds = chooser->slot.event_capacity;
        for (uint64_t i = 0; i < rounds; i++) {
            SUITE_ASSERT(hunch_reward(chooser, hunch_choose(chooser, NULL), 1.0f) == HUNCH_OK);
        }
        const struct recorder *recorder = choice_events(chooser);
        const hunch_chooser_stats stats = choice_stats(chooser);
        ck_assert_uint_eq(stats.rewards, rounds);
        ck_assert_uint_eq(stats.learned + stats.dropped, stats.rewards);
        ck_assert_uint_eq(recorder->n, stats.learned);
        weight += recorder->weight;
        rewards += (double)rounds;
        dropped += stats.dropped;
        hunch_chooser_free(chooser);
    }
    /* Half of the rewards come when the ring is half full, are kept with q > 1/3 and weigh 1/q: a
     * variance below 2 each. */
    const double slack = 5.0 * sqrt(rewards);
    ck_assert((double)dropped > 2.0 * slack); /* or weights of 1 would do */
    ck_assert_msg(fabs(weight - rewards) < slack, "%g of %g", weight, rewards);
}
END_TEST

/* The ring stays full: nothing is lost but what is counted. */
START_TEST(learning__a_ring_that_overflows_counts_what_it_drops)
{
    const hunch_chooser_options options = choice_recorded(2, 0);
    hunch_chooser *chooser = choice_new(&options);
    const uint64_t rounds = 20 * (uint64_t)chooser->slot.event_capacity;
    for (uint64_t i = 0; i < rounds; i++) {
        SUITE_ASSERT(hunch_reward(chooser, hunch_choose(chooser, NULL), 1.0f) == HUNCH_OK);
    }
    const struct recorder *recorder = choice_events(chooser);
    const hunch_chooser_stats stats = choice_stats(chooser);
    ck_assert_uint_eq(recorder->n + stats.dropped, rounds);
    ck_assert_uint_eq(stats.rewards, rounds);
    for (uint64_t i = 0; i < recorder->n && i < RECORDER_EVENTS; i++) {
        SUITE_ASSERT(recorder->event[i].weight >= 1.0f && isfinite(recorder->event[i].weight));
    }
    hunch_chooser_free(chooser);
}
END_TEST

/* -- statistics -------------------------------------------------------------------------------- */

START_TEST(stats__of_older_and_newer_callers_are_filled_as_far_as_known)
{
    const hunch_chooser_options options = choice_recorded(2, 0);
    hunch_chooser *chooser = choice_new(&options);
    union {
        hunch_chooser_stats stats;
        unsigned char bytes[sizeof(hunch_chooser_stats) + 64];
    } caller;
    for (uint32_t size = sizeof(uint32_t); size <= sizeof caller; size += 4) {
        const size_t known = size < sizeof caller.stats ? size : sizeof caller.stats;
        memset(&caller, 0xA5, sizeof caller);
        caller.stats.struct_size = size;
        hunch_chooser_read_stats(chooser, &caller.stats);
        ck_assert_uint_eq(caller.stats.struct_size, known);
        ck_assert(size < 8 || caller.stats.arms == 2);
        for (size_t i = known; i < sizeof caller; i++) {
            SUITE_ASSERT(caller.bytes[i] == 0xA5);
        }
    }
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(stats__name_what_is_in_use)
{
    const hunch_chooser_options options = choice_options(2, 1, "ucb1");
    hunch_chooser *chooser = choice_new(&options);
    const hunch_chooser_stats stats = choice_stats(chooser);
    ck_assert_str_eq(stats.learner, "ucb1");
    ck_assert_str_ne(stats.model, "");
    ck_assert_str_ne(stats.isa, "");
    ck_assert_uint_gt(stats.chooser_bytes, sizeof(hunch_chooser));
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(chooser__disabled_by_the_environment_is_the_old_heuristic)
{
    hunch_chooser_options options = choice_options(4, 1, "uniform");
    const uint64_t mask = 12;
    const float x = 1.0f;
    ck_assert_int_eq(setenv("HUNCH_DISABLE", "1", 1), 0);
    hunch_chooser *chooser = choice_new(&options);
    ck_assert_int_eq(unsetenv("HUNCH_DISABLE"), 0);
    for (size_t i = 0; i < 100; i++) {
        const hunch_ticket plain = hunch_choose(chooser, &x);
        const hunch_ticket masked = hunch_choose_masked(chooser, &x, &mask);
        SUITE_ASSERT(plain.arm == 0 && plain.propensity == 1.0f && plain.id != 0);
        SUITE_ASSERT(masked.arm == 2 && masked.propensity == 1.0f);
        SUITE_ASSERT(hunch_reward(chooser, plain, 1.0f) == HUNCH_OK);
        SUITE_ASSERT(hunch_reward(chooser, plain, 1.0f) == HUNCH_EEXPIRED);
    }
    const hunch_chooser_stats stats = choice_stats(chooser);
    ck_assert_uint_eq(stats.overridden, 200);
    ck_assert_uint_eq(stats.learned, 0);
    float p[4];
    hunch_chooser_probabilities(chooser, &x, &mask, p);
    ck_assert(p[0] == 0.0f && p[1] == 0.0f && p[2] == 1.0f && p[3] == 0.0f);
    hunch_chooser_free(chooser);
}
END_TEST

static int compare_ids(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void shuffle(hunch_ticket *tickets, size_t n, uint64_t seed)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = hunch__below(hunch__splitmix64(&seed), i);
        const hunch_ticket ticket = tickets[i - 1];
        tickets[i - 1] = tickets[j];
        tickets[j] = ticket;
    }
}

static Suite *choice_suite(void)
{
    Suite *suite = suite_create("choice");
    TCase *cases = tcase_create("choice");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, ticket__ids_are_unique_and_never_zero, 0, 2);
    tcase_add_test(cases, ticket__says_an_arm_and_its_probability);
    tcase_add_test(cases, ticket__forged_ids_are_refused);
    tcase_add_test(cases, reward__counts_once);
    tcase_add_test(cases, reward__that_is_no_number_is_refused_and_the_ticket_stays);
    tcase_add_test(cases, reward__after_abandoning_is_refused_and_nothing_is_learned);
    tcase_add_test(cases, reward__may_come_in_any_order);
    tcase_add_test(cases, reward__may_come_from_another_thread);
    tcase_add_loop_test(cases, pending__so_many_later_choices_forget_nothing, 0, 60);
    tcase_add_test(cases, pending__holds_when_the_ring_grows_from_its_middle);
    tcase_add_test(cases, pending__default_is_16384);
    tcase_add_loop_test(cases, expired__is_learned_with_the_default_reward, 0, 2);
    tcase_add_test(cases, learning__goes_on_with_every_so_many_rewards);
    tcase_add_test(cases, learning__waits_for_its_call_when_told_so);
    tcase_add_test(cases, learning__drops_with_counted_probability_when_a_ring_is_full);
    tcase_add_test(cases, learning__a_ring_that_overflows_counts_what_it_drops);
    tcase_add_test(cases, stats__of_older_and_newer_callers_are_filled_as_far_as_known);
    tcase_add_test(cases, stats__name_what_is_in_use);
    tcase_add_test(cases, chooser__disabled_by_the_environment_is_the_old_heuristic);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return suite_run(choice_suite());
}
