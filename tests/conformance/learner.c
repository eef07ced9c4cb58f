/* The conformance suite of learners. */
#define _POSIX_C_SOURCE 200112L /* posix_memalign */
#include "learner.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "learner_world.h"
#include "random.h"
#include "suite.h"

enum {
    EVENTS = 300,
    SHARDS = 8,
    EASY_ROUNDS = 1500,
    LEARNED_ARMS_MAX = 20,
    EDITS = 60,
    EDITS_SOAK = 4000
};

/* As SUITE_ASSERT, but it says of which learner and shape. */
#define CHECK(trial, condition, ...)                                                               \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            say(trial);                                                                            \
            ck_abort_msg(__VA_ARGS__);                                                             \
        }                                                                                          \
    } while (0)

/* A learner of one shape. */
struct trial {
    const struct learner_subject *subject;
    const hunch_learner_ops *ops;
    const hunch_learner_shape *shape;
    size_t state_bytes;
    size_t snapshot_bytes;
    void *state;    /* owned, as long as asked for and 64-aligned */
    void *snapshot; /* likewise                                   */
};

/* What _i counts through; set once by learner_conformance_run(), which Check gives no argument. */
static const struct learner_subject *suite_subjects;

static bool begin(struct trial *trial, size_t i);
static bool begin_with(struct trial *trial, const struct learner_subject *subject,
                       const hunch_learner_shape *shape);
static void end(struct trial *trial);
static void say(const struct trial *trial);
static void *lines(size_t bytes);
static void publish(struct trial *trial, uint64_t dice);
static void learn_from(struct trial *trial, enum world_kind kind, uint64_t seed, size_t n,
                       size_t from, size_t step);
static void check_valid(const struct trial *trial);
static void check_answer(const struct trial *trial, struct world *world);
static void check_probabilities(const struct trial *trial, const float *p, const uint64_t *mask);
static uint32_t play(const struct trial *trial, struct world *world, struct world_event *asked,
                     uint64_t dice);
static bool is_order_free(const struct trial *trial);
static void check_alike(const struct trial *a, const struct trial *b);
static double mean_reward(const hunch_learner_ops *ops, const hunch_learner_shape *shape);
static void damage(unsigned char *bytes, size_t n, uint64_t *stream);

START_TEST(learner__is_complete_and_agrees_on_shapes)
{
    const hunch_learner_ops *ops = suite_subjects[_i].ops;
    size_t taken = 0;
    ck_assert_uint_ge(ops->struct_size, sizeof(hunch_learner_ops));
    ck_assert_ptr_nonnull(ops->name);
    ck_assert_uint_gt(strlen(ops->name), 0);
    ck_assert(ops->state_bytes != NULL && ops->snapshot_bytes != NULL && ops->init != NULL);
    ck_assert(ops->score != NULL && ops->learn != NULL && ops->publish != NULL);
    ck_assert(ops->validate != NULL);
    for (size_t i = 0; i < world_shapes_count; i++) {
        const size_t state = ops->state_bytes(&world_shapes[i]);
        const size_t snapshot = ops->snapshot_bytes(&world_shapes[i]);
        ck_assert_msg((state == 0) == (snapshot == 0), "%s: state %zu, snapshot %zu", ops->name,
                      state, snapshot);
        taken += state > 0;
    }
    ck_assert_msg(taken > 0, "%s refuses every shape", ops->name);
}
END_TEST

START_TEST(learner__absurd_shapes_are_refused_or_counted)
{
    const hunch_learner_ops *ops = suite_subjects[_i].ops;
    const uint32_t many[] = {0, 1, 1023, 1024, 1025, UINT32_MAX / 2, UINT32_MAX - 1, UINT32_MAX};
    enum { COUNT = sizeof many / sizeof many[0] };
    for (size_t i = 0; i < (size_t)COUNT * COUNT * COUNT * 4; i++) {
        const hunch_learner_shape shape = {.struct_size = sizeof shape,
                                           .arms = many[i % COUNT],
                                           .dense = many[i / COUNT % COUNT],
                                           .features = many[i / COUNT / COUNT % COUNT],
                                           .arms_kind = (uint32_t)(i / COUNT / COUNT / COUNT)};
        const size_t state = ops->state_bytes(&shape);
        const size_t snapshot = ops->snapshot_bytes(&shape);
        ck_assert_msg((state == 0) == (snapshot == 0) && state <= (size_t)1 << 40 &&
                          snapshot <= (size_t)1 << 40,
                      "%s, %s: state %zu, snapshot %zu", ops->name, world_shape_name(&shape), state,
                      snapshot);
    }
}
END_TEST

/* Before the first event, after one, and after many. */
START_TEST(learner__probabilities_are_those_it_draws_from)
{
    static const size_t more[] = {0, 1, 6, EVENTS};
    struct trial trial;
    if (!begin(&trial, (size_t)_i)) {
        return;
    }
    struct world world = {.shape = trial.shape, .kind = WORLD_PLAIN, .stream = 11};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        learn_from(&trial, WORLD_PLAIN, i, more[i], 0, 1);
        publish(&trial, 5 + i);
        for (int ask = 0; ask < 50; ask++) {
            check_answer(&trial, &world);
        }
    }
    check_valid(&trial);
    end(&trial);
}
END_TEST

START_TEST(learner__extremes_are_survived)
{
    struct trial trial;
    if (!begin(&trial, (size_t)_i)) {
        return;
    }
    struct world plain = {.shape = trial.shape, .kind = WORLD_PLAIN, .stream = 12};
    struct world extreme = {.shape = trial.shape, .kind = WORLD_EXTREME, .stream = 13};
    for (uint64_t i = 0; i < 20; i++) {
        learn_from(&trial, i % 3 == 2 ? WORLD_PLAIN : WORLD_EXTREME, i, 10, 0, 1);
        publish(&trial, i);
        check_valid(&trial);
        for (int ask = 0; ask < 10; ask++) {
            check_answer(&trial, &plain);
            check_answer(&trial, &extreme);
        }
    }
    end(&trial);
}
END_TEST

/* The same events and dice make the same bytes, wherever they lie and whatever was there. */
START_TEST(learner__same_input_same_bytes)
{
    struct trial a;
    struct trial b;
    if (!begin(&a, (size_t)_i)) {
        return;
    }
    (void)begin(&b, (size_t)_i);
    memset(b.snapshot, 0xA5, b.snapshot_bytes);
    learn_from(&a, WORLD_PLAIN, 1, EVENTS, 0, 1);
    learn_from(&b, WORLD_PLAIN, 1, EVENTS, 0, 1);
    publish(&a, 3);
    publish(&b, 3);
    CHECK(&a, memcmp(a.snapshot, b.snapshot, a.snapshot_bytes) == 0, "snapshots differ");
    CHECK(&a, memcmp(a.state, b.state, a.state_bytes) == 0, "states differ");
    end(&a);
    end(&b);
}
END_TEST

/* A state that was saved goes on as if nothing had been. */
START_TEST(learner__a_copied_state_goes_on)
{
    struct trial a;
    struct trial b;
    if (!begin(&a, (size_t)_i)) {
        return;
    }
    (void)begin(&b, (size_t)_i);
    learn_from(&a, WORLD_PLAIN, 1, EVENTS, 0, 1);
    publish(&a, 3);
    memcpy(b.state, a.state, a.state_bytes);
    learn_from(&a, WORLD_PLAIN, 2, EVENTS, 0, 1);
    learn_from(&b, WORLD_PLAIN, 2, EVENTS, 0, 1);
    publish(&a, 4);
    publish(&b, 4);
    CHECK(&a, memcmp(a.snapshot, b.snapshot, a.snapshot_bytes) == 0, "snapshots differ");
    end(&a);
    end(&b);
}
END_TEST

/* One learner of all events, and eight of every eighth that are merged, in two orders. */
START_TEST(learner__merged_shards_are_one_learner)
{
    struct trial one;
    struct trial sum;
    struct trial shard;
    if (!begin(&one, (size_t)_i)) {
        return;
    }
    if (one.ops->merge == NULL || one.shape->half_life > 0.0f) {
        end(&one);
        return;
    }
    learn_from(&one, WORLD_EXACT, 1, EVENTS, 0, 1);
    publish(&one, 3);
    for (size_t order = 0; order < 2; order++) {
        (void)begin(&sum, (size_t)_i);
        for (size_t i = 0; i < SHARDS; i++) {
            (void)begin(&shard, (size_t)_i);
            learn_from(&shard, WORLD_EXACT, 1, EVENTS, order == 0 ? i : SHARDS - 1 - i, SHARDS);
            if (i % 2 != 0) {
                publish(&shard, i);
            }
            shard.ops->merge(sum.state, shard.shape, shard.state);
            end(&shard);
        }
        check_valid(&sum);
        publish(&sum, 3);
        if (is_order_free(&one)) {
            check_alike(&one, &sum);
        }
        end(&sum);
    }
    end(&one);
}
END_TEST

/* Damaged states are refused, or all that is done with them is safe and finite. */
START_TEST(learner__damaged_states_are_refused_or_safe)
{
    struct trial trial;
    if (!begin(&trial, (size_t)_i)) {
        return;
    }
    const int edits = getenv("HUNCH_SOAK") != NULL ? EDITS_SOAK : EDITS;
    uint64_t stream = (uint64_t)_i;
    void *saved = lines(trial.state_bytes);
    void *other = lines(trial.state_bytes);
    learn_from(&trial, WORLD_PLAIN, 1, EVENTS, 0, 1);
    publish(&trial, 3);
    memcpy(saved, trial.state, trial.state_bytes);
    for (int i = 0; i < edits; i++) {
        hunch_diag diag = {.text = ""};
        struct world world = {.shape = trial.shape, .kind = WORLD_PLAIN, .stream = stream};
        memcpy(trial.state, saved, trial.state_bytes);
        damage(trial.state, trial.state_bytes, &stream);
        const hunch_status status = trial.ops->validate(trial.state, trial.shape, &diag);
        if (status != HUNCH_OK) {
            CHECK(&trial, status == HUNCH_ECORRUPT && diag.text[0] != '\0',
                  "status %d, text \"%s\"", status, diag.text);
            continue;
        }
        publish(&trial, stream);
        check_answer(&trial, &world);
        learn_from(&trial, WORLD_PLAIN, stream, 3, 0, 1);
        if (trial.ops->merge != NULL) {
            memcpy(other, saved, trial.state_bytes);
            trial.ops->merge(trial.state, trial.shape, other);
        }
        publish(&trial, stream);
        check_answer(&trial, &world);
    }
    free(saved);
    free(other);
    end(&trial);
}
END_TEST

START_TEST(learner__learns_what_is_plain)
{
    const size_t shapes = world_shapes_count;
    const struct learner_subject *subject = &suite_subjects[(size_t)_i / shapes];
    const hunch_learner_shape *shape = &world_shapes[(size_t)_i % shapes];
    const hunch_learner_ops *uniform = hunch_learner_find("uniform");
    const bool plain = shape->arms > 1 && shape->arms <= LEARNED_ARMS_MAX &&
                       !(shape->half_life > 0.0f); /* who forgets soon explores for ever */
    if (!subject->learns || !plain || subject->ops->state_bytes(shape) == 0) {
        return;
    }
    const double found = mean_reward(subject->ops, shape);
    const double blind = mean_reward(uniform, shape);
    ck_assert_msg(found > blind + 0.1, "%s, %s: %.3f, uniform choices %.3f", subject->ops->name,
                  world_shape_name(shape), found, blind);
}
END_TEST

int learner_conformance_run(const struct learner_subject *subjects, size_t count)
{
    suite_subjects = subjects;
    const int each = (int)count;
    const int pairs = (int)(count * world_shapes_count);
    Suite *suite = suite_create("learner_conformance");
    TCase *cases = tcase_create("learner");
    tcase_set_timeout(cases, 240);
    tcase_add_loop_test(cases, learner__is_complete_and_agrees_on_shapes, 0, each);
    tcase_add_loop_test(cases, learner__absurd_shapes_are_refused_or_counted, 0, each);
    tcase_add_loop_test(cases, learner__probabilities_are_those_it_draws_from, 0, pairs);
    tcase_add_loop_test(cases, learner__extremes_are_survived, 0, pairs);
    tcase_add_loop_test(cases, learner__same_input_same_bytes, 0, pairs);
    tcase_add_loop_test(cases, learner__a_copied_state_goes_on, 0, pairs);
    tcase_add_loop_test(cases, learner__merged_shards_are_one_learner, 0, pairs);
    tcase_add_loop_test(cases, learner__damaged_states_are_refused_or_safe, 0, pairs);
    tcase_add_loop_test(cases, learner__learns_what_is_plain, 0, pairs);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}

uint64_t learner_conformance_hash(const struct learner_subject *subjects, size_t count)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < count * world_shapes_count; i++) {
        struct trial trial;
        float p[WORLD_ARMS_MAX];
        float packed[WORLD_ARMS_MAX * WORLD_CANDIDATE_MAX];
        struct world_event asked;
        if (!begin_with(&trial, &subjects[i / world_shapes_count],
                        &world_shapes[i % world_shapes_count])) {
            continue;
        }
        struct world world = {.shape = trial.shape, .kind = WORLD_PLAIN, .stream = i};
        for (uint64_t round = 0; round < 6; round++) {
            learn_from(&trial, round == 4 ? WORLD_EXTREME : WORLD_PLAIN, round, 60, 0, 1);
            publish(&trial, round);
            world_ask(&world, &asked);
            trial.ops->score(trial.snapshot, trial.shape, &asked.event.x,
                             world_candidates(&world, &asked, packed),
                             round % 2 == 0 ? NULL : asked.mask, p);
            hash = hunch__mix64(hash ^ hunch__xxh3(trial.state, trial.state_bytes));
            hash = hunch__mix64(hash ^ hunch__xxh3(trial.snapshot, trial.snapshot_bytes));
            hash = hunch__mix64(hash ^ hunch__xxh3(p, trial.shape->arms * sizeof *p));
        }
        end(&trial);
    }
    return hash;
}

/* The i-th pair of learner and shape; false when it refuses the shape. */
static bool begin(struct trial *trial, size_t i)
{
    return begin_with(trial, &suite_subjects[i / world_shapes_count],
                      &world_shapes[i % world_shapes_count]);
}

static bool begin_with(struct trial *trial, const struct learner_subject *subject,
                       const hunch_learner_shape *shape)
{
    *trial = (struct trial){.subject = subject, .ops = subject->ops, .shape = shape};
    trial->state_bytes = subject->ops->state_bytes(shape);
    trial->snapshot_bytes = subject->ops->snapshot_bytes(shape);
    if (trial->state_bytes == 0) {
        return false;
    }
    trial->state = lines(trial->state_bytes);
    trial->snapshot = lines(trial->snapshot_bytes);
    trial->ops->init(trial->state, shape, 42);
    return true;
}

static void end(struct trial *trial)
{
    free(trial->state);
    free(trial->snapshot);
}

static void say(const struct trial *trial)
{
    (void)fprintf(stderr, "%s, %s:\n", trial->ops->name, world_shape_name(trial->shape));
}

/* Zeroed, and not a byte more than asked for, so that AddressSanitizer sees the first one past. */
static void *lines(size_t bytes)
{
    void *memory = NULL;
    SUITE_ASSERT(posix_memalign(&memory, 64, bytes) == 0);
    memset(memory, 0, bytes);
    return memory;
}

static void publish(struct trial *trial, uint64_t dice)
{
    trial->ops->publish(trial->state, trial->shape, hunch__mix64(dice), trial->snapshot);
}

/* Learn from event `from`, and every step-th after it, of n that are the same for equal seeds. */
static void learn_from(struct trial *trial, enum world_kind kind, uint64_t seed, size_t n,
                       size_t from, size_t step)
{
    struct world world = {.shape = trial->shape, .kind = kind, .stream = seed};
    for (size_t i = 0; i < n; i++) {
        struct world_event event;
        world_ask(&world, &event);
        const uint64_t arm = hunch__below(hunch__splitmix64(&world.stream), trial->shape->arms);
        world_tell(&world, &event, (uint32_t)arm, 1.0f / (float)trial->shape->arms);
        if (i % step == from) {
            trial->ops->learn(trial->state, trial->shape, &event.event, 1);
        }
    }
}

/* What came from events alone is a state. */
static void check_valid(const struct trial *trial)
{
    hunch_diag diag = {.text = ""};
    const hunch_status status = trial->ops->validate(trial->state, trial->shape, &diag);
    CHECK(trial, status == HUNCH_OK, "its own state is refused: %s (at %llu)", diag.text,
          (unsigned long long)diag.at);
}

/* One question, with a mask and without. */
static void check_answer(const struct trial *trial, struct world *world)
{
    struct world_event asked;
    float packed[WORLD_ARMS_MAX * WORLD_CANDIDATE_MAX];
    float p[WORLD_ARMS_MAX];
    world_ask(world, &asked);
    const float *candidates = world_candidates(world, &asked, packed);
    for (int masked = 0; masked < 2; masked++) {
        const uint64_t *mask = masked != 0 ? asked.mask : NULL;
        trial->ops->score(trial->snapshot, trial->shape, &asked.event.x, candidates, mask, p);
        check_probabilities(trial, p, mask);
        if (trial->ops->choose == NULL || candidates != NULL) {
            continue;
        }
        for (int roll = 0; roll < 4; roll++) {
            float propensity = -1.0f;
            const uint64_t dice = roll == 0 ? UINT64_MAX : hunch__splitmix64(&world->stream);
            const uint32_t expected = hunch_draw(p, trial->shape->arms, dice);
            const uint32_t arm = trial->ops->choose(trial->snapshot, trial->shape, &asked.event.x,
                                                    mask, dice, &propensity);
            CHECK(trial, arm == expected, "choose() takes arm %u, hunch_draw() %u", arm, expected);
            CHECK(trial, memcmp(&propensity, &p[arm], sizeof propensity) == 0,
                  "choose() says %.9g, score() %.9g", (double)propensity, (double)p[arm]);
        }
    }
}

static void check_probabilities(const struct trial *trial, const float *p, const uint64_t *mask)
{
    double sum = 0;
    for (uint32_t a = 0; a < trial->shape->arms; a++) {
        const bool allowed = mask == NULL || (mask[a / 64] >> (a % 64) & 1) != 0;
        CHECK(trial, isfinite(p[a]) && p[a] >= 0.0f && (allowed || p[a] == 0.0f),
              "p[%u] is %.9g, %s", a, (double)p[a], allowed ? "allowed" : "not allowed");
        sum += (double)p[a];
    }
    CHECK(trial, fabs(sum - 1.0) <= 1e-5, "p sums to %.9g", sum);
}

/* One more question, answered; the event is filled in. */
static uint32_t play(const struct trial *trial, struct world *world, struct world_event *asked,
                     uint64_t dice)
{
    float packed[WORLD_ARMS_MAX * WORLD_CANDIDATE_MAX];
    float p[WORLD_ARMS_MAX];
    world_ask(world, asked);
    trial->ops->score(trial->snapshot, trial->shape, &asked->event.x,
                      world_candidates(world, asked, packed), NULL, p);
    const uint32_t arm = hunch_draw(p, trial->shape->arms, dice);
    world_tell(world, asked, arm, p[arm]);
    return arm;
}

static bool is_order_free(const struct trial *trial)
{
    const struct learner_subject *subject = trial->subject;
    return subject->order_free &&
           (subject->exact_dense == 0 || trial->shape->dense <= subject->exact_dense);
}

/* The same to the bit, or probabilities within 1e-4 for those who say that they round. */
static void check_alike(const struct trial *a, const struct trial *b)
{
    if (!a->subject->rounds) {
        CHECK(a, memcmp(a->snapshot, b->snapshot, a->snapshot_bytes) == 0, "snapshots differ");
        return;
    }
    struct world world = {.shape = a->shape, .kind = WORLD_PLAIN, .stream = 17};
    for (int i = 0; i < 50; i++) {
        struct world_event asked;
        float packed[WORLD_ARMS_MAX * WORLD_CANDIDATE_MAX];
        float p[WORLD_ARMS_MAX];
        float q[WORLD_ARMS_MAX];
        world_ask(&world, &asked);
        const float *candidates = world_candidates(&world, &asked, packed);
        a->ops->score(a->snapshot, a->shape, &asked.event.x, candidates, NULL, p);
        b->ops->score(b->snapshot, b->shape, &asked.event.x, candidates, NULL, q);
        for (uint32_t arm = 0; arm < a->shape->arms; arm++) {
            CHECK(a, fabsf(p[arm] - q[arm]) <= 1e-4f, "p[%u] is %.9g and %.9g", arm, (double)p[arm],
                  (double)q[arm]);
        }
    }
}

/* Over the second half of the rounds, with a snapshot when a sixteenth is new, as a chooser does.
 */
static double mean_reward(const hunch_learner_ops *ops, const hunch_learner_shape *shape)
{
    const struct learner_subject subject = {.ops = ops};
    struct trial trial;
    double sum = 0;
    uint64_t dice = 99;
    uint64_t next = 0;
    struct world world = {.shape = shape, .kind = WORLD_EASY, .stream = 31};
    SUITE_ASSERT(begin_with(&trial, &subject, shape));
    for (uint64_t i = 0; i < EASY_ROUNDS; i++) {
        struct world_event event;
        if (i == next) {
            publish(&trial, i);
            next = i + (i / 16 > 1 ? i / 16 : 1);
        }
        (void)play(&trial, &world, &event, hunch__splitmix64(&dice));
        trial.ops->learn(trial.state, trial.shape, &event.event, 1);
        sum += i >= EASY_ROUNDS / 2 ? (double)event.event.reward : 0.0;
    }
    end(&trial);
    return sum / (EASY_ROUNDS / 2);
}

/* One to four places: a bit, a byte, or eight bytes of anything. */
static void damage(unsigned char *bytes, size_t n, uint64_t *stream)
{
    const uint64_t places = 1 + hunch__below(hunch__splitmix64(stream), 4);
    for (uint64_t i = 0; i < places; i++) {
        const uint64_t what = hunch__splitmix64(stream);
        const bool front = what % 3 == 0; /* where the numbers are that decide */
        const size_t at = hunch__below(hunch__splitmix64(stream), front && n > 64 ? 64 : n);
        if (what / 3 % 3 == 0) {
            bytes[at] ^= (unsigned char)(1u << (what / 9 % 8));
        } else if (what / 3 % 3 == 1) {
            bytes[at] = (unsigned char)(what / 9);
        } else {
            const uint64_t any = hunch__splitmix64(stream);
            const size_t from = at / 8 * 8;
            memcpy(bytes + from, &any, n - from < 8 ? n - from : 8);
        }
    }
}
