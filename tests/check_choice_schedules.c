/* hunch_chooser under every interleaving of its atomic operations that there is time for: rings,
 * snapshots, slots and lanes. All of lib/choice is compiled for it with HUNCH_SCHEDULED.
 *
 * HUNCH_SOAK=1 runs twenty times as many: more than a million in all. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomics.h"
#include "choice_sample.h"
#include "chooser.h"
#include "learn.h"
#include "sanitizer.h"
#include "scheduler.h"
#include "suite.h"

enum { FEATURES = 4, ARMS = 3, WORDS = 8, TASKS = 3, TOLD = 4 };

/* What the tasks of one schedule share. */
struct scene {
    hunch_chooser *chooser;
    hunch_ticket ticket[TOLD];     /* issued before                               */
    hunch_status status[TASKS][2]; /* what each task heard                        */
    hunch_ticket issued[TASKS][TOLD];
    hunch_chooser_stats before;
};

/* A play: what is set up, who acts, and what must hold afterwards. */
struct play {
    const char *name;
    void (*set)(struct scene *scene);
    void (*act[TASKS])(void *scene);
    bool (*holds)(struct scene *scene);
    hunch_chooser_options options;
};

static uint64_t share(void);
static void run(const struct play *play, struct sched s);
static void begin(const struct play *play, struct scene *scene);
static hunch_ticket choose(struct scene *scene, float number);
static uint64_t learned_once(struct scene *scene);

uintptr_t hunch__scheduled_thread(void)
{
    return (uintptr_t)(1 + sched_current() % SCHED_TASKS_MAX) << 12; /* none: as if the first */
}

/* -- the ring of events: one writes, one learns ------------------------------------------------ */

static void write_events(void *argument)
{
    struct scene *scene = argument;
    for (size_t i = 0; i < TOLD; i++) {
        (void)hunch_reward(scene->chooser, choose(scene, (float)i), (float)i);
    }
}

static void learn_twice(void *argument)
{
    struct scene *scene = argument;
    (void)hunch__learn_try(scene->chooser);
    (void)hunch__learn_try(scene->chooser);
}

/* So small that it fills, and drops are counted. */
static void set_small_ring(struct scene *scene)
{
    scene->chooser->slot.event_capacity = 4;
}

static bool all_rewards_are_learned(struct scene *scene)
{
    const uint64_t n = learned_once(scene);
    const hunch_chooser_stats stats = choice_stats(scene->chooser);
    const uint64_t dropped = stats.dropped - scene->before.dropped;
    return stats.rewards - scene->before.rewards == TOLD && n + dropped == TOLD;
}

/* -- the slot: its thread writes it again while another rewards -------------------------------- */

static void set_ticket(struct scene *scene)
{
    scene->ticket[0] = choose(scene, 7.0f);
}

/* As many as overwrite it: the ring has two slots. */
static void choose_thrice(void *argument)
{
    struct scene *scene = argument;
    for (size_t i = 0; i < 3; i++) {
        scene->issued[0][i] = choose(scene, (float)(20 + i));
    }
}

static void reward_first(void *argument)
{
    struct scene *scene = argument;
    scene->status[1][0] = hunch_reward(scene->chooser, scene->ticket[0], 7.0f);
}

static void reward_too(void *argument)
{
    struct scene *scene = argument;
    scene->status[2][0] = hunch_reward(scene->chooser, scene->ticket[0], 7.0f);
}

static void abandon_too(void *argument)
{
    struct scene *scene = argument;
    scene->status[2][0] = hunch_abandon(scene->chooser, scene->ticket[0]);
}

/* Heard once or forgotten; what is learned is the ticket's own, and whole. */
static bool one_is_heard_at_most(struct scene *scene)
{
    const uint64_t heard =
        (uint64_t)(scene->status[1][0] == HUNCH_OK) + (scene->status[2][0] == HUNCH_OK);
    return heard <= 1 && learned_once(scene) == heard;
}

/* Nobody overwrites it: then one of both is heard for certain. */
static bool one_is_heard(struct scene *scene)
{
    const hunch_chooser_stats stats = choice_stats(scene->chooser);
    const uint64_t n = learned_once(scene);
    const uint64_t fates =
        stats.rewards + stats.abandoned - scene->before.rewards - scene->before.abandoned;
    return (scene->status[1][0] == HUNCH_OK) + (scene->status[2][0] == HUNCH_OK) == 1 &&
           fates == 1 && n == stats.rewards - scene->before.rewards;
}

/* With a default reward, each that is forgotten is learned, unless somebody was about to tell. */
static bool default_or_reward(struct scene *scene)
{
    const hunch_chooser_stats stats = choice_stats(scene->chooser);
    const uint64_t n = learned_once(scene);
    const uint64_t expired = stats.expired - scene->before.expired;
    const uint64_t rewards = stats.rewards - scene->before.rewards;
    return rewards <= 1 && n <= expired + rewards && n + 1 >= expired + rewards;
}

/* -- an episode's reward while its steps are overwritten --------------------------------------- */

static hunch_episode walk(struct scene *scene)
{
    hunch_episode episode = {.struct_size = sizeof episode};
    for (size_t i = 0; i < 2; i++) {
        const float x[FEATURES] = {7.0f, 7.0f, 7.0f, 7.0f};
        const hunch_question question = {
            .struct_size = sizeof question, .x = x, .episode = &episode};
        scene->ticket[i] = hunch_choose_with(scene->chooser, &question, NULL);
    }
    return episode;
}

static void set_episode(struct scene *scene)
{
    (void)walk(scene);
}

static void reward_episode(void *argument)
{
    struct scene *scene = argument;
    const hunch_episode episode = {
        .struct_size = sizeof episode, .steps = 2, .last = scene->ticket[1].id};
    scene->status[1][0] = hunch_reward_episode(scene->chooser, &episode, 7.0f);
}

static bool no_step_is_learned_twice(struct scene *scene)
{
    const hunch_chooser_stats stats = choice_stats(scene->chooser);
    const uint64_t rewards = stats.rewards - scene->before.rewards;
    return rewards <= 2 && learned_once(scene) == rewards &&
           (scene->status[1][0] == HUNCH_OK) == (rewards > 0);
}

/* -- lanes: claimed, and shared ---------------------------------------------------------------- */

static void act_in_lane(void *argument)
{
    struct scene *scene = argument;
    const size_t task = sched_current();
    for (size_t i = 0; i < 2; i++) {
        const hunch_ticket ticket = choose(scene, 7.0f);
        scene->issued[task][i] = ticket;
        scene->status[task][i] = hunch_reward(scene->chooser, ticket, 7.0f);
    }
}

static void set_nothing(struct scene *scene)
{
    (void)scene;
}

/* Each of the six has an id of its own, is heard, and is learned from once. */
static bool all_have_their_way(struct scene *scene)
{
    bool right = true;
    for (size_t i = 0; i < TASKS * 2; i++) {
        const uint64_t id = scene->issued[i / 2][i % 2].id;
        right = right && id != 0 && scene->status[i / 2][i % 2] == HUNCH_OK;
        for (size_t k = 0; k < i; k++) {
            right = right && id != scene->issued[k / 2][k % 2].id;
        }
    }
    const hunch_chooser_stats stats = choice_stats(scene->chooser);
    return right && stats.choices - scene->before.choices == TASKS * 2 &&
           learned_once(scene) == TASKS * 2;
}

/* Who finds the shared lane busy for too long is turned away, and nothing else is odd. */
static bool some_are_turned_away(struct scene *scene)
{
    uint64_t issued = 0;
    uint64_t heard = 0;
    for (size_t i = 0; i < TASKS * 2; i++) {
        const uint64_t id = scene->issued[i / 2][i % 2].id;
        const hunch_status status = scene->status[i / 2][i % 2];
        issued += id != 0;
        heard += status == HUNCH_OK;
        if (status != HUNCH_OK && status != HUNCH_ELIMIT && id != 0) {
            return false;
        }
        for (size_t k = 0; k < i && id != 0; k++) {
            if (id == scene->issued[k / 2][k % 2].id) {
                return false;
            }
        }
    }
    const hunch_chooser_stats stats = choice_stats(scene->chooser);
    return stats.choices == issued && stats.rewards == heard && learned_once(scene) == heard;
}

/* -- the learning flag ------------------------------------------------------------------------- */

static void set_four_rewards(struct scene *scene)
{
    for (size_t i = 0; i < TOLD; i++) {
        (void)hunch_reward(scene->chooser, choose(scene, 7.0f), 7.0f);
    }
}

static bool four_are_learned_once(struct scene *scene)
{
    return learned_once(scene) == TOLD;
}

static bool four_and_four_are_learned_once(struct scene *scene)
{
    return learned_once(scene) == 2 * TOLD;
}

/* -- the plays --------------------------------------------------------------------------------- */

static const struct play plays[] = {
    {"ring", set_small_ring, {write_events, learn_twice}, all_rewards_are_learned, {.pending = 8}},
    {"ring, two learners",
     set_small_ring,
     {write_events, learn_twice, learn_twice},
     all_rewards_are_learned,
     {.pending = 8}},
    {"slot", set_ticket, {choose_thrice, reward_first}, one_is_heard_at_most, {.pending = 1}},
    {"slot, two rewarders",
     set_ticket,
     {choose_thrice, reward_first, reward_too},
     one_is_heard_at_most,
     {.pending = 1}},
    {"slot, default reward",
     set_ticket,
     {choose_thrice, reward_first},
     default_or_reward,
     {.pending = 1, .unrewarded = HUNCH_UNREWARDED_DEFAULT, .default_reward = 7.0f}},
    {"ticket, two rewarders",
     set_ticket,
     {learn_twice, reward_first, reward_too},
     one_is_heard,
     {.pending = 8}},
    {"ticket, reward and abandon",
     set_ticket,
     {learn_twice, reward_first, abandon_too},
     one_is_heard,
     {.pending = 8}},
    {"episode",
     set_episode,
     {choose_thrice, reward_episode},
     no_step_is_learned_twice,
     {.pending = 2, .episode_steps = 2}},
    {"lanes, enough",
     set_nothing,
     {act_in_lane, act_in_lane, act_in_lane},
     all_have_their_way,
     {.pending = 4, .threads = 3}},
    {"lanes, some shared",
     set_nothing,
     {act_in_lane, act_in_lane, act_in_lane},
     some_are_turned_away,
     {.pending = 8, .threads = 1}},
    {"learners",
     set_four_rewards,
     {learn_twice, learn_twice, learn_twice},
     four_are_learned_once,
     {.pending = 8}},
    {"learners and a writer",
     set_four_rewards,
     {learn_twice, learn_twice, write_events},
     four_and_four_are_learned_once,
     {.pending = 8}},
};

enum { PLAYS = sizeof plays / sizeof plays[0] };

START_TEST(schedules__of_a_play)
{
    const uint64_t n = share();
    run(&plays[_i], sched_random(n));
    run(&plays[_i], sched_pct(n / 2, 3));
    run(&plays[_i], sched_exhaustive(n / 2));
}
END_TEST

/* -- snapshots, by themselves ------------------------------------------------------------------ */

struct exhibition {
    struct hunch__published published;
    _Atomic uint64_t buffers[2][WORDS];
    uint64_t copies[2][2][WORDS]; /* mine and spare of two lanes */
    struct hunch__lane lanes[2];
    uint64_t seen[2];
    bool torn;
};

static void publish_three(void *argument)
{
    struct exhibition *exhibition = argument;
    for (uint64_t v = 2; v < 5; v++) {
        uint64_t draft[WORDS];
        for (size_t i = 0; i < WORDS; i++) {
            draft[i] = v;
        }
        hunch__snapshot_publish(&exhibition->published, draft);
    }
}

/* What a lane has is whole, and never older than what it had. */
static void take(struct exhibition *exhibition, size_t which)
{
    struct hunch__lane *lane = &exhibition->lanes[which];
    for (size_t times = 0; times < 3; times++) {
        (void)hunch__snapshot_take(&exhibition->published, lane);
        const uint64_t *words = (const uint64_t *)(const void *)lane->mine;
        for (size_t i = 0; i < WORDS; i++) {
            exhibition->torn = exhibition->torn || words[i] != words[0] || words[i] == 0;
        }
        exhibition->torn =
            exhibition->torn || words[0] < exhibition->seen[which] || lane->version != words[0];
        exhibition->seen[which] = words[0];
    }
}

static void take_first(void *argument)
{
    take(argument, 0);
}

static void take_second(void *argument)
{
    take(argument, 1);
}

static void exhibit(struct sched s)
{
    static struct exhibition exhibition;
    const struct sched_task tasks[] = {
        {publish_three, &exhibition}, {take_first, &exhibition}, {take_second, &exhibition}};
    while (sched_next(&s)) {
        const uint64_t first[WORDS] = {1, 1, 1, 1, 1, 1, 1, 1};
        memset(&exhibition, 0, sizeof exhibition);
        exhibition.published.bytes = sizeof first;
        for (size_t i = 0; i < 2; i++) {
            exhibition.published.buffer[i] = exhibition.buffers[i];
            exhibition.lanes[i].mine = (unsigned char *)exhibition.copies[i][0];
            exhibition.lanes[i].spare = (unsigned char *)exhibition.copies[i][1];
        }
        hunch__snapshot_publish(&exhibition.published, first);
        for (size_t i = 0; i < 2; i++) {
            (void)hunch__snapshot_take(&exhibition.published, &exhibition.lanes[i]);
        }
        sched_run(&s, tasks, 3);
        if (exhibition.torn) {
            ck_abort_msg("a torn or an older snapshot in %s", sched_describe(&s));
        }
        take(&exhibition, 0); /* the last one is there in the end */
        SUITE_ASSERT(!exhibition.torn && exhibition.seen[0] == 4);
    }
    sched_end(&s);
}

START_TEST(schedules__of_snapshots)
{
    const uint64_t n = share();
    exhibit(sched_random(n));
    exhibit(sched_pct(n, 3));
    exhibit(sched_exhaustive(n));
}
END_TEST

/* -- the stage --------------------------------------------------------------------------------- */

/* A change of stacks costs ThreadSanitizer a hundred times what it costs otherwise. */
static uint64_t share(void)
{
    const uint64_t some = SANITIZER_THREAD ? 100 : 2000;
    return getenv("HUNCH_SOAK") != NULL ? 20 * some : some;
}

/* All schedules of one search, each on a new chooser, so that equal choices lead to equal runs. */
static void run(const struct play *play, struct sched s)
{
    while (sched_next(&s)) {
        struct sched_task tasks[TASKS];
        struct scene scene;
        size_t n = 0;
        begin(play, &scene);
        for (; n < TASKS && play->act[n] != NULL; n++) {
            tasks[n] = (struct sched_task){play->act[n], &scene};
        }
        sched_run(&s, tasks, n);
        if (!play->holds(&scene) || !choice_adds_up(scene.chooser)) {
            ck_abort_msg("%s: %s", play->name, sched_describe(&s));
        }
        hunch_chooser_free(scene.chooser);
    }
    sched_end(&s);
}

static void begin(const struct play *play, struct scene *scene)
{
    hunch_chooser_options options = choice_recorded(ARMS, FEATURES);
    options.learner = &recorder_few_ops;
    options.pending = play->options.pending;
    options.threads = play->options.threads > 0 ? play->options.threads : TASKS;
    options.unrewarded = play->options.unrewarded;
    options.default_reward = play->options.default_reward;
    options.episode_steps = play->options.episode_steps;
    memset(scene, 0x7f, sizeof *scene);
    scene->chooser = choice_new(&options);
    play->set(scene);
    scene->before = choice_stats(scene->chooser);
}

/* In a context whose numbers are all the same. By the first task's lane when none acts. */
static hunch_ticket choose(struct scene *scene, float number)
{
    const float x[FEATURES] = {number, number, number, number};
    return hunch_choose(scene->chooser, x);
}

/* How many events were learned in all: each of them whole, with the reward of its context. */
static uint64_t learned_once(struct scene *scene)
{
    const struct recorder *recorder = choice_events(scene->chooser);
    for (uint64_t i = 0; i < recorder->n && i < RECORDER_FEW; i++) {
        const struct recorded *event = &recorder->event[i];
        bool whole = event->arm < ARMS && event->weight >= 1.0f;
        for (size_t f = 1; f < FEATURES; f++) {
            whole = whole && event->dense[f] == event->dense[0];
        }
        const bool own = event->reward == event->dense[0] || event->reward == 7.0f;
        if (!whole || !own) {
            return UINT64_MAX;
        }
    }
    return recorder->n;
}

static Suite *choice_schedules_suite(void)
{
    Suite *suite = suite_create("choice_schedules");
    TCase *cases = tcase_create("choice_schedules");
    tcase_set_timeout(cases, 600);
    tcase_add_loop_test(cases, schedules__of_a_play, 0, PLAYS);
    tcase_add_test(cases, schedules__of_snapshots);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    if (!sched_is_supported()) {
        (void)fprintf(stderr, "this sanitizer cannot follow a change of stacks: skipped\n");
        return 77;
    }
    return suite_run(choice_schedules_suite());
}
