/* libhunch-train: what a teacher makes of a log, what students and choosers have of it, and what is
 * refused. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hunch/train.h>

#include "faulty_alloc.h"
#include "kernels.h"
#include "mlp_quantise.h"
#include "random.h"
#include "student.h"
#include "suite.h"
#include "test_memory.h"

enum { ARMS = 6, NUMBERS = 8, FEATURES = NUMBERS + 1, LEVELS = 3, LOG = 6000, FRESH = 2000 };

/* A task: the best arm is that of the nearest of 18 places, three an arm; the category, the last
 * feature, moves them round by one arm a level. */
struct task {
    float place[ARMS * 3][NUMBERS];
    hunch_feature schema[FEATURES];
    float *x;            /* [n][FEATURES]         */
    uint32_t *best;      /* [n]                   */
    uint32_t *played;    /* [n], each with 1/ARMS */
    float *propensities; /* [n]                   */
    float *rewards;      /* [n]                   */
    size_t n;
};

static void task_begin(struct task *task, size_t n, uint64_t seed);
static void task_end(struct task *task);
static hunch_log log_of(const struct task *task);
static uint32_t best_of(const struct task *task, const float *x);
static float any_number(uint64_t *random);
static hunch_teacher *taught(const struct task *task, uint32_t members);
static double share_right(const struct task *task, const float *scores, size_t from);
static double chooser_right(hunch_chooser *chooser, const struct task *task, size_t from);
static hunch_chooser *new_chooser(const struct task *task);
static void check_refused(const hunch_log *log, hunch_status expected, uint64_t at);

/* Teacher, student and bytes on contexts that none of them has seen. */
START_TEST(train__a_student_is_nearly_as_good_as_its_teacher)
{
    struct task task;
    task_begin(&task, LOG + FRESH, 1);
    task.n = LOG;
    hunch_teacher *teacher = taught(&task, 4);
    hunch_teacher_stats stats = {.struct_size = sizeof stats};
    hunch_teacher_read_stats(teacher, &stats);
    ck_assert_uint_eq(stats.competing, 1);
    ck_assert_uint_eq(stats.columns, NUMBERS + LEVELS);
    ck_assert(stats.held_out_error < .7 * stats.held_out_spread);
    ck_assert(stats.held_out_value > 3 * stats.mean_reward);

    float *scores = memory_new((size_t)FRESH * ARMS * sizeof(float));
    ck_assert_int_eq(
        hunch_teacher_score_batch(teacher, task.x + (size_t)LOG * FEATURES, FRESH, scores, NULL),
        HUNCH_OK);
    const double of_teacher = share_right(&task, scores, LOG);

    const struct hunch__mlp_shape shape = hunch__student_shape(teacher, 32, 32);
    struct hunch__mlp *student = aligned_alloc(64, hunch__mlp_bytes(&shape));
    struct hunch__mlp8 *bytes = aligned_alloc(64, hunch__mlp8_bytes(&shape));
    ck_assert(student != NULL && bytes != NULL);
    memset(student, 0, hunch__mlp_bytes(&shape));
    memset(bytes, 0, hunch__mlp8_bytes(&shape));
    double loss = 0;
    ck_assert_int_eq(hunch__student_fit(teacher, task.x, LOG, &shape, 1, student, &loss, NULL),
                     HUNCH_OK);
    hunch_context contexts[FRESH];
    uint32_t columns[FRESH];
    const float one = 1.0f;
    for (size_t i = 0; i < FRESH; i++) {
        const float *x = task.x + (LOG + i) * FEATURES;
        columns[i] = NUMBERS + (uint32_t)x[NUMBERS];
        contexts[i] = (hunch_context){x, &columns[i], &one, 1, 0};
    }
    hunch__mlp_quantise(student, contexts, 200, bytes);
    const struct hunch__kernels *kernels = hunch__kernels_get();
    float padded[16];
    for (size_t i = 0; i < FRESH; i++) {
        kernels->mlp_scores(student, &contexts[i], padded);
        memcpy(scores + i * ARMS, padded, ARMS * sizeof(float));
    }
    const double of_student = share_right(&task, scores, LOG);
    for (size_t i = 0; i < FRESH; i++) {
        kernels->mlp8_scores(bytes, &contexts[i], padded);
        memcpy(scores + i * ARMS, padded, ARMS * sizeof(float));
    }
    const double of_bytes = share_right(&task, scores, LOG);
    printf("right: teacher %.3f, student %.3f, bytes %.3f; loss %.4f; epochs %u\n", of_teacher,
           of_student, of_bytes, loss, stats.epochs);
    ck_assert(of_teacher > .7);
    ck_assert(of_student > of_teacher - .03);
    ck_assert(of_bytes > of_student - .02);
    free(student);
    free(bytes);
    free(scores);
    hunch_teacher_free(teacher);
    task_end(&task);
}
END_TEST

/* A chooser begins with what the log knew: more than it would learn from as many choices. */
START_TEST(train__a_chooser_is_taught)
{
    struct task task;
    task_begin(&task, LOG + FRESH, 2);
    task.n = LOG;
    hunch_teacher *teacher = taught(&task, 2);
    hunch_chooser *chooser = new_chooser(&task);
    const double before = chooser_right(chooser, &task, LOG);
    ck_assert_int_eq(hunch_teacher_teach(teacher, chooser, task.x, 1000, NULL), HUNCH_OK);
    const double after = chooser_right(chooser, &task, LOG);
    printf("right: chooser before %.3f, after %.3f\n", before, after);
    ck_assert(after > before + .15);
    hunch_chooser_free(chooser);
    hunch_teacher_free(teacher);
    task_end(&task);
}
END_TEST

START_TEST(train__rewards_of_any_size_are_independent)
{
    struct task task;
    task_begin(&task, 2000, 3);
    for (size_t i = 0; i < task.n; i++) {
        task.rewards[i] = 1e6f + 1e3f * task.rewards[i] * (float)(1 + task.played[i]);
    }
    hunch_teacher *teacher = taught(&task, 1);
    hunch_teacher_stats stats = {.struct_size = sizeof stats};
    hunch_teacher_read_stats(teacher, &stats);
    ck_assert_uint_eq(stats.competing, 0);
    ck_assert(stats.held_out_error < stats.held_out_spread);
    ck_assert(fabs(stats.mean_reward - 1e6) < 1e4);
    hunch_teacher_free(teacher);
    task_end(&task);
}
END_TEST

/* Missing numbers, unknown levels, constants, one choice alone: something finite comes of it. */
START_TEST(train__odd_logs_are_learned)
{
    struct task task;
    task_begin(&task, 300, 4);
    for (size_t i = 0; i < task.n; i++) {
        task.x[i * FEATURES] = 7.0f;
        task.x[i * FEATURES + 1] = i % 3 == 0 ? NAN : 1e30f;
        task.x[i * FEATURES + 2] = i % 5 == 0 ? INFINITY : task.x[i * FEATURES + 2];
        task.x[i * FEATURES + NUMBERS] = i % 7 == 0 ? 99.0f : -1.0f;
    }
    for (int few = 0; few < 2; few++) {
        task.n = few == 1 ? 1 : 300;
        hunch_teacher *teacher = taught(&task, 1);
        float scores[ARMS];
        ck_assert_int_eq(hunch_teacher_score_batch(teacher, task.x, 1, scores, NULL), HUNCH_OK);
        for (uint32_t a = 0; a < ARMS; a++) {
            ck_assert(isfinite(scores[a]));
        }
        ck_assert_int_eq(hunch_teacher_score_batch(teacher, task.x, 0, scores, NULL), HUNCH_OK);
        hunch_teacher_free(teacher);
    }
    task_end(&task);
}
END_TEST

START_TEST(train__a_log_without_features_is_learned)
{
    struct task task;
    task_begin(&task, 500, 5);
    hunch_log log = log_of(&task);
    log.features = 0;
    log.schema = NULL;
    hunch_teacher *teacher = NULL;
    float scores[ARMS];
    ck_assert_int_eq(hunch_teacher_build(&teacher, &log, NULL, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch_teacher_score_batch(teacher, NULL, 1, scores, NULL), HUNCH_OK);
    ck_assert(scores[0] > 0.0f && scores[0] < 1.0f);
    hunch_teacher_free(teacher);
    task_end(&task);
}
END_TEST

START_TEST(train__what_is_no_log_is_refused)
{
    struct task task;
    task_begin(&task, 100, 6);
    hunch_log log = log_of(&task);
    log.n = 0;
    check_refused(&log, HUNCH_EINVAL, 0);
    log = log_of(&task);
    log.struct_size++;
    check_refused(&log, HUNCH_EVERSION, log.struct_size);
    log.struct_size = 8;
    check_refused(&log, HUNCH_EINVAL, 8);
    log = log_of(&task);
    task.played[40] = ARMS;
    check_refused(&log, HUNCH_EINVAL, 40);
    task.played[40] = 0;
    task.rewards[50] = NAN;
    check_refused(&log, HUNCH_EINVAL, 50);
    task.rewards[50] = 0;
    task.propensities[60] = 1.5f;
    check_refused(&log, HUNCH_EINVAL, 60);
    task.propensities[60] = 1.0f;
    task.schema[NUMBERS].levels = 0;
    check_refused(&log, HUNCH_EINVAL, NUMBERS);
    task.schema[NUMBERS].levels = 1u << 31;
    check_refused(&log, HUNCH_EINVAL, NUMBERS);
    task_end(&task);
}
END_TEST

START_TEST(train__a_chooser_of_other_arms_is_refused)
{
    struct task task;
    task_begin(&task, 100, 7);
    hunch_teacher *teacher = taught(&task, 1);
    const hunch_chooser_options options = {.struct_size = sizeof options,
                                           .arms = ARMS + 1,
                                           .features = FEATURES,
                                           .learner = hunch_learner_find("uniform")};
    hunch_chooser *chooser = NULL;
    hunch_diag diag;
    ck_assert_int_eq(hunch_chooser_new(&chooser, &options, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch_teacher_teach(teacher, chooser, task.x, 1, &diag), HUNCH_EINVAL);
    ck_assert_uint_eq(diag.at, ARMS + 1);
    hunch_chooser_free(chooser);
    hunch_teacher_free(teacher);
    task_end(&task);
}
END_TEST

START_TEST(train__every_allocation_may_fail)
{
    struct task task;
    task_begin(&task, 40, 8);
    const hunch_log log = log_of(&task);
    bool failed = true;
    for (uint64_t k = 1; failed; k++) {
        struct faulty_alloc memory;
        faulty_alloc_begin(&memory, k, FAULTY_ONCE);
        const hunch_teacher_options options = {.struct_size = sizeof options,
                                               .members = 2,
                                               .units = 8,
                                               .epochs = 1,
                                               .allocator = &memory.allocator};
        hunch_teacher *teacher = NULL;
        hunch_diag diag;
        const hunch_status status = hunch_teacher_build(&teacher, &log, &options, &diag);
        ck_assert((status == HUNCH_ENOMEM) == (memory.failed > 0));
        ck_assert((teacher == NULL) == (memory.failed > 0));
        hunch_teacher_free(teacher);
        failed = memory.failed > 0;
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %d: %s", (int)k, wrong);
    }
    task_end(&task);
}
END_TEST

static void task_begin(struct task *task, size_t n, uint64_t seed)
{
    uint64_t random = seed;
    *task = (struct task){.n = n};
    task->x = memory_new(n * FEATURES * sizeof(float));
    task->best = memory_new(n * sizeof(uint32_t));
    task->played = memory_new(n * sizeof(uint32_t));
    task->propensities = memory_new(n * sizeof(float));
    task->rewards = memory_new(n * sizeof(float));
    task->schema[NUMBERS] = (hunch_feature){.kind = HUNCH_FEATURE_CATEGORICAL, .levels = LEVELS};
    for (size_t i = 0; i < (size_t)ARMS * 3 * NUMBERS; i++) {
        task->place[i / NUMBERS][i % NUMBERS] = any_number(&random);
    }
    for (size_t i = 0; i < n; i++) {
        float *x = task->x + i * FEATURES;
        for (size_t f = 0; f < NUMBERS; f++) {
            x[f] = any_number(&random);
        }
        x[NUMBERS] = (float)hunch__below(hunch__splitmix64(&random), LEVELS);
        task->best[i] = best_of(task, x);
        task->played[i] = (uint32_t)hunch__below(hunch__splitmix64(&random), ARMS);
        task->propensities[i] = 1.0f / ARMS;
        task->rewards[i] = task->played[i] == task->best[i] ? 1.0f : 0.0f;
    }
}

static void task_end(struct task *task)
{
    free(task->x);
    free(task->best);
    free(task->played);
    free(task->propensities);
    free(task->rewards);
}

static hunch_log log_of(const struct task *task)
{
    return (hunch_log){.struct_size = sizeof(hunch_log),
                       .arms = ARMS,
                       .features = FEATURES,
                       .n = task->n,
                       .x = task->x,
                       .played = task->played,
                       .rewards = task->rewards,
                       .propensities = task->propensities,
                       .schema = task->schema};
}

static uint32_t best_of(const struct task *task, const float *x)
{
    float least = INFINITY;
    uint32_t best = 0;
    for (uint32_t p = 0; p < ARMS * 3; p++) {
        float distance = 0;
        for (size_t f = 0; f < NUMBERS; f++) {
            distance += (x[f] - task->place[p][f]) * (x[f] - task->place[p][f]);
        }
        if (distance < least) {
            least = distance;
            best = p / 3;
        }
    }
    return (best + (uint32_t)x[NUMBERS]) % ARMS;
}

/* Roughly normal. */
static float any_number(uint64_t *random)
{
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += (double)(hunch__splitmix64(random) >> 11) * 0x1p-53 - .5;
    }
    return (float)(1.7 * sum);
}

static hunch_teacher *taught(const struct task *task, uint32_t members)
{
    const hunch_log log = log_of(task);
    const hunch_teacher_options options = {
        .struct_size = sizeof options, .members = members, .units = 64};
    hunch_teacher *teacher = NULL;
    hunch_diag diag;
    ck_assert_msg(hunch_teacher_build(&teacher, &log, &options, &diag) == HUNCH_OK, "%s",
                  diag.text);
    return teacher;
}

/* How often the arm with the largest score is right, for FRESH contexts from `from` on. */
static double share_right(const struct task *task, const float *scores, size_t from)
{
    size_t right = 0;
    for (size_t i = 0; i < FRESH; i++) {
        uint32_t best = 0;
        for (uint32_t a = 1; a < ARMS; a++) {
            best = scores[i * ARMS + a] > scores[i * ARMS + best] ? a : best;
        }
        right += best == task->best[from + i];
    }
    return (double)right / FRESH;
}

static hunch_chooser *new_chooser(const struct task *task)
{
    const hunch_chooser_options options = {.struct_size = sizeof options,
                                           .arms = ARMS,
                                           .features = FEATURES,
                                           .schema = task->schema,
                                           .learner = hunch_learner_find("quadratic")};
    hunch_chooser *chooser = NULL;
    hunch_diag diag;
    ck_assert_msg(hunch_chooser_new(&chooser, &options, &diag) == HUNCH_OK, "%s", diag.text);
    return chooser;
}

/* The mean probability of the right arm, for FRESH contexts from `from` on. */
static double chooser_right(hunch_chooser *chooser, const struct task *task, size_t from)
{
    double sum = 0;
    for (size_t i = 0; i < FRESH; i++) {
        float p[ARMS];
        hunch_chooser_probabilities(chooser, task->x + (from + i) * FEATURES, NULL, p);
        sum += (double)p[task->best[from + i]];
    }
    return sum / FRESH;
}

static void check_refused(const hunch_log *log, hunch_status expected, uint64_t at)
{
    hunch_teacher *teacher = NULL;
    hunch_diag diag = {.at = UINT64_MAX};
    ck_assert_int_eq(hunch_teacher_build(&teacher, log, NULL, &diag), expected);
    ck_assert_ptr_null(teacher);
    ck_assert_uint_eq(diag.at, at);
}

static Suite *train_suite(void)
{
    Suite *suite = suite_create("train");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 120);
    tcase_add_test(all, train__a_student_is_nearly_as_good_as_its_teacher);
    tcase_add_test(all, train__a_chooser_is_taught);
    tcase_add_test(all, train__rewards_of_any_size_are_independent);
    tcase_add_test(all, train__odd_logs_are_learned);
    tcase_add_test(all, train__a_log_without_features_is_learned);
    tcase_add_test(all, train__what_is_no_log_is_refused);
    tcase_add_test(all, train__a_chooser_of_other_arms_is_refused);
    tcase_add_test(all, train__every_allocation_may_fail);
    suite_add_tcase(suite, all);
    return suite;
}

int main(void)
{
    return suite_run(train_suite());
}
