/* Several threads at one index, one build by several threads, and several builds at one advisor:
 * what ThreadSanitizer looks at, and answers and files that do not depend on it. */
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "faulty_alloc.h"
#include "index_answers.h"
#include "index_forms.h"
#include "index_sample.h"
#include "internal.h"
#include "layout.h"
#include "suite.h"

enum { THREADS = 4, SOME = 3000, MANY = 70000 };

/* What a thread asks, and whether it heard what is right. */
struct asker {
    const hunch_index *index;
    struct index_sample sample;
    bool right;
};

/* What a thread builds. */
struct builder {
    struct index_sample sample;
    hunch_chooser *advisor;
    bool right;
};

static void ask_from_threads(const hunch_index *index, struct index_sample sample);
static void *ask(void *arg);
static void *build_with_advisor(void *arg);
static struct sample_bytes file_of(struct index_sample sample, const struct index_form *form,
                                   uint32_t threads);
static struct sample_bytes lying_file(struct index_sample sample, const struct index_form *form);

START_TEST(threads__may_ask_one_index)
{
    struct index_sample sample = index_sample_new(SOME, 0);
    const hunch_index_options options = index_form_options(&index_forms[_i]);
    hunch_index *index = NULL;
    ck_assert_int_eq(hunch_index_build(&index, sample.keys, SOME, &options, NULL), HUNCH_OK);
    ask_from_threads(index, sample);
    hunch_index_free(index);
    index_sample_free(sample);
}
END_TEST

/* No fall-back is lost: four threads that ask the same count four times as many as one. */
START_TEST(threads__may_ask_one_that_lies)
{
    struct index_sample sample = index_sample_new(SOME, 0);
    struct sample_bytes file = lying_file(sample, &index_forms[_i]);
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    const hunch_status status = hunch_index_open_bytes(&index, file.p, file.size, NULL, &diag);
    ck_assert_msg(status == HUNCH_OK, "%s", diag.text);
    /* A model of few numbers may tell the truth all the same, or err within its window. */
    const bool harmless = hunch_index_validate(index, NULL) == HUNCH_OK;
    SUITE_ASSERT(index_answers_are_right(index, sample.keys, SOME));
    const uint64_t alone = index_fallbacks(index);
    ck_assert(harmless || alone > 0 || index_forms[_i].kind != HUNCH_INDEX_BLOCKS);
    ask_from_threads(index, sample);
    ck_assert_uint_eq(index_fallbacks(index), (1 + THREADS) * alone);
    hunch_index_free(index);
    sample_free(file);
    index_sample_free(sample);
}
END_TEST

START_TEST(threads__that_build_do_not_change_the_file)
{
    static const uint32_t counts[] = {2, 3, 7, 64};
    static const size_t sizes[] = {0, 1, 65, 8193, MANY};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct index_sample sample = index_sample_new(sizes[s], s);
        struct sample_bytes expected = file_of(sample, &index_forms[_i], 1);
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            struct sample_bytes found = file_of(sample, &index_forms[_i], counts[i]);
            ck_assert_uint_eq(found.size, expected.size);
            SUITE_ASSERT(memcmp(found.p, expected.p, found.size) == 0);
            sample_free(found);
        }
        sample_free(expected);
        index_sample_free(sample);
    }
}
END_TEST

START_TEST(threads__that_build_with_memory_failing_at_every_call)
{
    struct index_sample sample = index_sample_new(MANY, 0);
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct faulty_alloc memory;
        hunch_index *index = (hunch_index *)&memory; /* any pointer: it must not stay */
        faulty_alloc_begin(&memory, k, _i % 2 == 0 ? FAULTY_ONCE : FAULTY_ONWARDS);
        hunch_index_options options = index_form_options(&index_forms[_i / 2]);
        options.allocator = &memory.allocator;
        options.threads = 2;
        const hunch_status status =
            hunch_index_build(&index, sample.keys, sample.n, &options, NULL);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_int_eq(index == NULL, failed > 0);
        hunch_index_free(index);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
    }
    index_sample_free(sample);
}
END_TEST

START_TEST(threads__may_build_with_one_advisor)
{
    hunch_chooser *advisor = NULL;
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    pthread_t threads[2];
    struct builder builders[2];
    ck_assert_int_eq(hunch_index_advisor_new(&advisor, NULL, NULL), HUNCH_OK);
    for (size_t i = 0; i < 2; i++) {
        const struct index_sample sample =
            i == 0 ? index_sample_new(MANY, 0) : index_sample_new_even(MANY, 0);
        builders[i] = (struct builder){sample, advisor, false};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, build_with_advisor, &builders[i]), 0);
    }
    for (size_t i = 0; i < 2; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert(builders[i].right);
        index_sample_free(builders[i].sample);
    }
    hunch_chooser_read_stats(advisor, &stats);
    ck_assert_uint_gt(stats.rewards, 0);
    ck_assert_int_eq(hunch_chooser_validate(advisor, NULL), HUNCH_OK);
    hunch_chooser_free(advisor);
}
END_TEST

static void ask_from_threads(const hunch_index *index, struct index_sample sample)
{
    pthread_t threads[THREADS];
    struct asker askers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        askers[i] = (struct asker){index, sample, false};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, ask, &askers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert(askers[i].right);
    }
}

static void *ask(void *arg)
{
    struct asker *asker = arg;
    asker->right = index_answers_are_right(asker->index, asker->sample.keys, asker->sample.n);
    return NULL;
}

/* Twice, so that each may learn of what the other did. */
static void *build_with_advisor(void *arg)
{
    struct builder *builder = arg;
    const struct index_sample sample = builder->sample;
    const hunch_index_options options = {
        .struct_size = sizeof options, .advisor = builder->advisor, .threads = 2};
    builder->right = true;
    for (int i = 0; i < 2 && builder->right; i++) {
        hunch_index *index = NULL;
        builder->right =
            hunch_index_build(&index, sample.keys, sample.n, &options, NULL) == HUNCH_OK &&
            hunch_index_validate(index, NULL) == HUNCH_OK &&
            index_answers_are_right(index, sample.keys, sample.n);
        hunch_index_free(index);
    }
    return NULL;
}

static struct sample_bytes file_of(struct index_sample sample, const struct index_form *form,
                                   uint32_t threads)
{
    hunch_index_options options = index_form_options(form);
    options.threads = threads;
    return index_sample_saved_as(sample, &options);
}

/* Its last section of the model shifted by a word in its second half. */
static struct sample_bytes lying_file(struct index_sample sample, const struct index_form *form)
{
    const struct sample_bytes file = file_of(sample, form, 1);
    struct hunch__header header;
    struct hunch__entry last = {.id = 0};
    memcpy(&header, file.p, sizeof header);
    for (uint32_t k = 0; k < header.sections; k++) {
        struct hunch__entry entry;
        memcpy(&entry, file.p + hunch__table_end(k), sizeof entry);
        last = entry.id != HUNCH__SECTION_PAGES && entry.bytes > 0 ? entry : last;
    }
    unsigned char *half = file.p + last.offset + last.bytes / 2;
    memmove(half + 8, half, last.bytes - last.bytes / 2 - 8);
    sample_repair(file, true);
    return file;
}

int main(void)
{
    Suite *suite = suite_create("index_threads");
    TCase *cases = tcase_create("threads");
    tcase_set_timeout(cases, 300);
    tcase_add_loop_test(cases, threads__may_ask_one_index, 0, INDEX_FORMS);
    tcase_add_loop_test(cases, threads__may_ask_one_that_lies, 0, INDEX_FORMS_EXACT);
    tcase_add_loop_test(cases, threads__that_build_do_not_change_the_file, 0, INDEX_FORMS_EXACT);
    tcase_add_loop_test(cases, threads__that_build_with_memory_failing_at_every_call, 0,
                        2 * INDEX_FORMS_EXACT);
    tcase_add_test(cases, threads__may_build_with_one_advisor);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
