/* hunch_chooser and many threads: nothing is lost, doubled or torn, and a fork in the middle of it
 * leaves two choosers that go on. */
#define _GNU_SOURCE /* fork, alarm */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "choice_sample.h"
#include "chooser.h"
#include "random.h"
#include "sanitizer.h"
#include "suite.h"

enum { THREADS_MAX = 16, BOXES = 64, FEATURES = 6, ARMS = 4 };

/* How a crowd uses a chooser. */
struct row {
    const char *learner; /* NULL: the recorder */
    uint32_t threads;    /* that choose and reward     */
    uint32_t lanes;      /* option `threads`           */
    uint32_t pending;
    uint32_t learn_every;
    uint32_t unrewarded;
    bool trainer;
};

static const struct row rows[] = {
    {NULL, 2, 2, 0, UINT32_MAX, HUNCH_UNREWARDED_NOTHING, false},
    {NULL, 2, 2, 4, 64, HUNCH_UNREWARDED_DEFAULT, false},
    {NULL, 4, 4, 0, 64, HUNCH_UNREWARDED_NOTHING, true},
    {NULL, 16, 1, 0, 64, HUNCH_UNREWARDED_NOTHING, false},
    {NULL, 16, 1, 8, 0, HUNCH_UNREWARDED_DEFAULT, true},
    {"epsilon-greedy", 4, 4, 100, 1, HUNCH_UNREWARDED_NOTHING, false},
    {"thompson-gauss", 4, 2, 100, 64, HUNCH_UNREWARDED_NOTHING, true},
    {"linear", 4, 4, 0, 64, HUNCH_UNREWARDED_NOTHING, true},
    {"linear", 8, 3, 16, 0, HUNCH_UNREWARDED_DEFAULT, false},
    {"auto", 4, 4, 0, 64, HUNCH_UNREWARDED_NOTHING, true},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

struct crowd {
    hunch_chooser *chooser;
    _Atomic uint64_t box[BOXES]; /* ids on their way from who chose to who rewards */
    _Atomic uint32_t running;
    uint32_t rounds;
};

/* One of them, and what it counted. */
struct person {
    struct crowd *crowd;
    pthread_t thread;
    uint64_t random;
    uint64_t choices, rewards, abandoned, refused;
};

static uint32_t rounds(void);
static hunch_chooser *crowd_chooser(const struct row *row);
static void run_crowd(struct crowd *crowd, const struct row *row, struct person *total);
static void *live(void *argument);
static void choose_one(struct person *person);
static void settle(struct person *person, uint64_t id);
static void *look(void *argument);
static bool is_whole(const struct recorded *event);
static uint64_t taken(_Atomic uint64_t *box, uint64_t id);
static void child_goes_on(hunch_chooser *chooser);

START_TEST(threads__every_choice_has_one_fate)
{
    const struct row *row = &rows[_i];
    struct crowd crowd = {crowd_chooser(row), {0}, 0, rounds()};
    struct person total = {.crowd = &crowd};
    hunch_diag diag = {.text = ""};
    if (row->trainer) {
        ck_assert_int_eq(hunch_chooser_start_trainer(crowd.chooser, &diag), HUNCH_OK);
    }
    run_crowd(&crowd, row, &total);
    hunch_chooser_stop_trainer(crowd.chooser);
    hunch_chooser_learn(crowd.chooser);
    const hunch_chooser_stats stats = choice_stats(crowd.chooser);
    ck_assert_uint_eq(stats.choices, total.choices);
    ck_assert_uint_eq(stats.rewards, total.rewards);
    ck_assert_uint_eq(stats.abandoned, total.abandoned);
    ck_assert_uint_eq(stats.refused, total.refused);
    ck_assert_uint_gt(stats.rewards, 0);
    ck_assert(choice_adds_up(crowd.chooser));
    const uint64_t defaults = row->unrewarded == HUNCH_UNREWARDED_DEFAULT ? stats.expired : 0;
    ck_assert_uint_le(stats.learned + stats.dropped, stats.rewards + defaults);
    ck_assert_uint_ge(stats.learned + stats.dropped, stats.rewards);
    ck_assert_int_eq(hunch_chooser_validate(crowd.chooser, &diag), HUNCH_OK);
    if (row->learner == NULL) {
        const struct recorder *recorder = choice_events(crowd.chooser);
        ck_assert_uint_eq(recorder->n, stats.learned);
        for (uint64_t i = 0; i < recorder->n && i < RECORDER_EVENTS; i++) {
            SUITE_ASSERT(is_whole(&recorder->event[i]));
        }
    }
    hunch_chooser_free(crowd.chooser);
}
END_TEST

/* Lanes of threads that have ended are used again, or shared: nobody is turned away. */
START_TEST(threads__come_and_go)
{
    const struct row row = {NULL, 1, 2, 0, 64, HUNCH_UNREWARDED_NOTHING, false};
    struct crowd crowd = {crowd_chooser(&row), {0}, 0, 20};
    struct person total = {.crowd = &crowd};
    for (size_t i = 0; i < 50; i++) {
        run_crowd(&crowd, &row, &total);
    }
    ck_assert_uint_eq(choice_stats(crowd.chooser).choices, total.choices);
    ck_assert(choice_adds_up(crowd.chooser));
    hunch_chooser_free(crowd.chooser);
}
END_TEST

/* Each ticket is told by all of them: exactly one is heard. */
static void *tell_all(void *argument)
{
    struct person *person = argument;
    struct crowd *crowd = person->crowd;
    for (uint32_t i = 0; i < crowd->rounds; i++) {
        uint64_t id = 0;
        while ((id = atomic_load_explicit(&crowd->box[i % BOXES], memory_order_acquire)) <= i) {
            sched_yield(); /* ids are larger than rounds */
        }
        hunch_status status = HUNCH_ELIMIT;
        while (status == HUNCH_ELIMIT) {
            status = hunch_reward_id(crowd->chooser, id, 1.0f);
        }
        person->rewards += status == HUNCH_OK;
        (void)atomic_fetch_add_explicit(&crowd->running, 1, memory_order_acq_rel);
        while (atomic_load_explicit(&crowd->running, memory_order_acquire) < 3 * (i + 1)) {
            sched_yield();
        }
    }
    return NULL;
}

START_TEST(threads__one_of_several_rewarders_is_heard)
{
    const struct row row = {NULL, 3, 4, 0, UINT32_MAX, HUNCH_UNREWARDED_NOTHING, false};
    struct crowd crowd = {crowd_chooser(&row), {0}, 0, SANITIZER_THREAD ? 200 : 2000};
    struct person people[3] = {{.crowd = &crowd}, {.crowd = &crowd}, {.crowd = &crowd}};
    uint64_t heard = 0;
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(pthread_create(&people[i].thread, NULL, tell_all, &people[i]), 0);
    }
    for (uint32_t i = 0; i < crowd.rounds; i++) {
        const float x[FEATURES] = {1, 1, 1, 1, 1, 1};
        const uint64_t id = hunch_choose(crowd.chooser, x).id;
        SUITE_ASSERT(id > crowd.rounds);
        atomic_store_explicit(&crowd.box[(i + 1) % BOXES], 0, memory_order_release);
        atomic_store_explicit(&crowd.box[i % BOXES], id, memory_order_release);
        while (atomic_load_explicit(&crowd.running, memory_order_acquire) < 3 * (i + 1)) {
            sched_yield();
        }
    }
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(pthread_join(people[i].thread, NULL), 0);
        heard += people[i].rewards;
    }
    ck_assert_uint_eq(heard, crowd.rounds);
    ck_assert_uint_eq(choice_stats(crowd.chooser).rewards, crowd.rounds);
    hunch_chooser_free(crowd.chooser);
}
END_TEST

/* -- the trainer ------------------------------------------------------------------------------- */

START_TEST(trainer__learns_by_itself_until_it_is_stopped)
{
    hunch_chooser_options options = choice_recorded(3, 0);
    hunch_diag diag = {.text = ""};
    hunch_chooser *chooser = choice_new(&options);
    hunch_chooser_stop_trainer(chooser); /* nothing */
    for (uint64_t round = 1; round <= 5; round++) {
        ck_assert_int_eq(hunch_chooser_start_trainer(chooser, &diag), HUNCH_OK);
        ck_assert_int_eq(hunch_chooser_start_trainer(chooser, &diag), HUNCH_ELIMIT);
        ck_assert_str_ne(diag.text, "");
        for (size_t i = 0; i < 100; i++) {
            ck_assert_int_eq(hunch_reward(chooser, hunch_choose(chooser, NULL), 1.0f), HUNCH_OK);
        }
        while (choice_stats(chooser).learned < 100 * round) {
            sched_yield();
        }
        hunch_chooser_stop_trainer(chooser);
        hunch_chooser_stop_trainer(chooser);
    }
    (void)hunch_reward(chooser, hunch_choose(chooser, NULL), 1.0f);
    ck_assert_uint_eq(choice_stats(chooser).learned, 500);
    ck_assert_int_eq(hunch_chooser_start_trainer(chooser, NULL), HUNCH_OK);
    hunch_chooser_free(chooser); /* stops it */
}
END_TEST

/* -- fork -------------------------------------------------------------------------------------- */

/* While four threads choose and reward and a trainer learns, one forks and forks. */
START_TEST(fork__parent_and_child_both_go_on)
{
    const struct row row = _i == 0 ? (struct row){"linear", 3, 4, 0, 64, 0, true}
                                   : (struct row){"ucb1", 3, 1, 0, 64, 0, true};
    struct crowd crowd = {crowd_chooser(&row), {0}, 0, UINT32_MAX};
    struct person people[3];
    ck_assert_int_eq(hunch_chooser_start_trainer(crowd.chooser, NULL), HUNCH_OK);
    atomic_store(&crowd.running, 1);
    for (size_t i = 0; i < 3; i++) {
        people[i] = (struct person){.crowd = &crowd, .random = i};
        ck_assert_int_eq(pthread_create(&people[i].thread, NULL, live, &people[i]), 0);
    }
    for (size_t i = 0; i < (SANITIZER_THREAD || SANITIZER_ADDRESS ? 10 : 100); i++) {
        const float x[FEATURES] = {0};
        hunch_ticket ticket = hunch_choose(crowd.chooser, x);
        const pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0) {
            child_goes_on(crowd.chooser);
        }
        int status = 1;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_msg(status == 0, "fork %zu: status %x", i, (unsigned)status);
        hunch_status told = HUNCH_ELIMIT;
        while (ticket.id != 0 && told == HUNCH_ELIMIT) {
            told = hunch_reward(crowd.chooser, ticket, 1.0f);
        }
        ck_assert(ticket.id == 0 || told == HUNCH_OK || told == HUNCH_EEXPIRED);
    }
    atomic_store(&crowd.running, 0);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(pthread_join(people[i].thread, NULL), 0);
    }
    hunch_chooser_stop_trainer(crowd.chooser);
    ck_assert(choice_adds_up(crowd.chooser));
    ck_assert_int_eq(hunch_chooser_validate(crowd.chooser, NULL), HUNCH_OK);
    hunch_chooser_free(crowd.chooser);
}
END_TEST

/* Ends the process: the exit status says at which step it could not go on. Sanitizers have locks of
 * their own, which a thread that the child does not have may hold: there it does nothing that takes
 * them, which is to start a thread or to free. */
static void child_goes_on(hunch_chooser *chooser)
{
    hunch_chooser_stats before = choice_stats(chooser);
    hunch_diag diag = {.text = ""};
    uint64_t told = 0;
    /* For who waits for a lock that nobody holds. Check's handler would kill the process group,
     * which without CK_FORK is that of whoever runs the tests. */
    (void)signal(SIGALRM, SIG_DFL);
    (void)alarm(30);
    for (size_t i = 0; i < 200; i++) {
        const float x[FEATURES] = {1, 1, 1, 1, 1, 1};
        const hunch_ticket ticket = hunch_choose(chooser, x);
        told += ticket.id != 0 && hunch_reward(chooser, ticket, 1.0f) == HUNCH_OK;
    }
    hunch_chooser_learn(chooser);
    const hunch_chooser_stats after = choice_stats(chooser);
    if (told < 200) {
        _exit(1);
    }
    if (after.learned < before.learned + 200) {
        _exit(2);
    }
    if (hunch_chooser_validate(chooser, &diag) != HUNCH_OK) {
        _exit(3);
    }
    if (SANITIZER_THREAD || SANITIZER_ADDRESS) {
        _exit(0);
    }
    if (hunch_chooser_start_trainer(chooser, &diag) != HUNCH_OK) {
        _exit(4);
    }
    hunch_chooser_stop_trainer(chooser);
    hunch_chooser_free(chooser);
    _exit(0);
}

/* -- the crowd --------------------------------------------------------------------------------- */

static uint32_t rounds(void)
{
    const uint32_t some = SANITIZER_THREAD || SANITIZER_ADDRESS ? 2000 : 20000;
    return getenv("HUNCH_SOAK") != NULL ? 50 * some : some;
}

static hunch_chooser *crowd_chooser(const struct row *row)
{
    hunch_chooser_options options = choice_recorded(ARMS, FEATURES);
    options.learner = row->learner == NULL ? &recorder_ops : hunch_learner_find(row->learner);
    options.threads = row->lanes;
    options.pending = row->pending;
    options.learn_every = row->learn_every;
    options.unrewarded = row->unrewarded;
    options.default_reward = -1.0f;
    return choice_new(&options);
}

/* All of a row's threads, and one that looks on; their counts are added to *total. */
static void run_crowd(struct crowd *crowd, const struct row *row, struct person *total)
{
    struct person people[THREADS_MAX];
    pthread_t looker;
    atomic_store(&crowd->running, row->threads);
    for (uint32_t i = 0; i < row->threads; i++) {
        people[i] = (struct person){.crowd = crowd, .random = hunch__mix64(i)};
        ck_assert_int_eq(pthread_create(&people[i].thread, NULL, live, &people[i]), 0);
    }
    ck_assert_int_eq(pthread_create(&looker, NULL, look, crowd), 0);
    for (uint32_t i = 0; i < row->threads; i++) {
        ck_assert_int_eq(pthread_join(people[i].thread, NULL), 0);
        total->choices += people[i].choices;
        total->rewards += people[i].rewards;
        total->abandoned += people[i].abandoned;
        total->refused += people[i].refused;
    }
    ck_assert_int_eq(pthread_join(looker, NULL), 0);
}

static void *live(void *argument)
{
    struct person *person = argument;
    struct crowd *crowd = person->crowd;
    const bool for_ever = crowd->rounds == UINT32_MAX;
    for (uint32_t i = 0; for_ever ? atomic_load(&crowd->running) != 0 : i < crowd->rounds; i++) {
        choose_one(person);
    }
    if (!for_ever) {
        (void)atomic_fetch_sub(&crowd->running, 1);
    }
    return NULL;
}

/* Choose in a context whose numbers are all the same, leave the ticket for somebody, and settle one
 * that somebody left. */
static void choose_one(struct person *person)
{
    struct crowd *crowd = person->crowd;
    float x[FEATURES];
    const uint64_t dice = hunch__splitmix64(&person->random);
    for (size_t f = 0; f < FEATURES; f++) {
        x[f] = (float)(dice >> 44);
    }
    const hunch_ticket ticket = hunch_choose(crowd->chooser, x);
    SUITE_ASSERT(ticket.arm < ARMS && ticket.propensity > 0.0f && ticket.propensity <= 1.0f);
    if (ticket.id == 0) {
        return; /* more threads at once than lanes */
    }
    person->choices++;
    const uint64_t other = taken(&crowd->box[dice % BOXES], ticket.id);
    if (other != 0) {
        settle(person, other);
    }
}

/* Mostly a reward; sometimes another one, or none. */
static void settle(struct person *person, uint64_t id)
{
    const uint64_t dice = hunch__splitmix64(&person->random);
    hunch_chooser *chooser = person->crowd->chooser;
    hunch_status status = HUNCH_ELIMIT;
    if (dice % 16 == 0) {
        while (status == HUNCH_ELIMIT) {
            status = hunch_abandon(chooser, (hunch_ticket){id, 0, 1.0f});
        }
        person->abandoned += status == HUNCH_OK;
        person->refused += status == HUNCH_EEXPIRED;
        return;
    }
    for (uint64_t times = dice % 8 == 1 ? 2 : 1; times > 0; times--) {
        status = HUNCH_ELIMIT;
        while (status == HUNCH_ELIMIT) {
            status = hunch_reward_id(chooser, id, 0.5f);
        }
        person->rewards += status == HUNCH_OK;
        person->refused += status == HUNCH_EEXPIRED;
    }
}

/* Somebody who looks on, saves and learns meanwhile. */
static void *look(void *argument)
{
    struct crowd *crowd = argument;
    while (atomic_load(&crowd->running) > 0) {
        const float x[FEATURES] = {2, 2, 2, 2, 2, 2};
        const uint64_t mask = 5;
        float p[ARMS];
        hunch_chooser_probabilities(crowd->chooser, x, &mask, p);
        SUITE_ASSERT(fabsf(p[0] + p[2] - 1.0f) < 1e-4f && p[1] == 0.0f);
        const hunch_chooser_stats stats = choice_stats(crowd->chooser);
        SUITE_ASSERT(isfinite(stats.mean_reward) && stats.model[0] != '\0');
        hunch_chooser_learn(crowd->chooser);
        SUITE_ASSERT(hunch_chooser_save(crowd->chooser, "/dev/null", NULL) != HUNCH_OK);
        sched_yield();
    }
    return NULL;
}

/* One context, one arm, one reward: not parts of several. */
static bool is_whole(const struct recorded *event)
{
    for (size_t f = 1; f < FEATURES; f++) {
        if (event->dense[f] != event->dense[0]) {
            return false;
        }
    }
    return event->arm < ARMS && event->weight >= 1.0f &&
           (event->reward == 0.5f || event->reward == -1.0f);
}

/* What was in the box, which now holds `id`. */
static uint64_t taken(_Atomic uint64_t *box, uint64_t id)
{
    return atomic_exchange_explicit(box, id, memory_order_acq_rel);
}

static Suite *choice_threads_suite(void)
{
    Suite *suite = suite_create("choice_threads");
    TCase *cases = tcase_create("choice_threads");
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, threads__every_choice_has_one_fate, 0, ROWS);
    tcase_add_test(cases, threads__come_and_go);
    tcase_add_test(cases, threads__one_of_several_rewarders_is_heard);
    tcase_add_test(cases, trainer__learns_by_itself_until_it_is_stopped);
    tcase_add_loop_test(cases, fork__parent_and_child_both_go_on, 0, 2);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return suite_run(choice_threads_suite());
}
