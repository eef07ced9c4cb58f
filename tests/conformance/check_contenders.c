/* Every contender of the benchmark through the conformance suite: a figure says something only
 * about a structure that answers right. */
#include <stdio.h>
#include <stdlib.h>

#include "contender.h"
#include "index.h"
#include "queries.h"

enum { MODES = 2, CONTENDERS_MAX = 64 };

/* A contender whose batch is one of its loops. */
struct entry {
    const struct index_contender *contender;
    void (*loop)(const void *self, const uint64_t *queries, size_t n, uint64_t *answers);
};

struct subject {
    const struct entry *entry;
    void *self;
    const uint64_t *keys; /* [n], borrowed */
    size_t n;
};

static size_t list_subjects(struct index_subject *subjects, struct entry *entries);
static hunch_status subject_build(void **out, const void *with, const uint64_t *keys, size_t n,
                                  hunch_diag *diag);
static uint64_t subject_ask(const void *self, uint64_t key);
static void subject_ask_batch(const void *self, const uint64_t *keys, size_t n, uint64_t *answers);
static void positions(const struct subject *subject, const uint64_t *keys, size_t n,
                      uint64_t *answers);
static void subject_free(void *self);

int main(void)
{
    static struct index_subject subjects[MODES * CONTENDERS_MAX];
    static struct entry entries[MODES * CONTENDERS_MAX];
    const size_t count = list_subjects(subjects, entries);
    return index_conformance_run(subjects, count);
}

/* Each contender twice: single questions always go through the fenced loop, batches once through
 * the plain loop and once through the contender's own. */
static size_t list_subjects(struct index_subject *subjects, struct entry *entries)
{
    size_t count = 0;
    for (size_t i = 0; index_contenders[i] != NULL && i < CONTENDERS_MAX; i++) {
        const struct index_contender *contender = index_contenders[i];
        if (contender->absent) {
            printf("%s: not built\n", contender->name);
            continue;
        }
        for (int mode = 0; mode < MODES; mode++) {
            entries[count] = (struct entry){
                .contender = contender,
                .loop = mode == 0 ? contender->independent : contender->batched,
            };
            subjects[count] = (struct index_subject){
                .name = contender->name,
                .with = &entries[count],
                .brief = mode == 0,    /* its own batches come at full length */
                .answers_keys = false, /* as the benchmark's: turned into positions */
                .build = subject_build,
                .ask = subject_ask,
                .ask_batch = subject_ask_batch,
                .free = subject_free,
            };
            count++;
        }
    }
    return count;
}

static hunch_status subject_build(void **out, const void *with, const uint64_t *keys, size_t n,
                                  hunch_diag *diag)
{
    struct subject *subject = calloc(1, sizeof *subject);
    *out = subject;
    if (subject == NULL) {
        return HUNCH_ENOMEM;
    }
    *subject = (struct subject){.entry = with, .keys = keys, .n = n};
    const struct index_contender *contender = subject->entry->contender;
    return contender->build(&subject->self, keys, n, &contender->tuning, diag);
}

static uint64_t subject_ask(const void *self, uint64_t key)
{
    const struct subject *subject = self;
    uint64_t answer = 0;
    subject->entry->contender->fenced(subject->self, &key, 1, &answer);
    positions(subject, &key, 1, &answer);
    return answer;
}

static void subject_ask_batch(const void *self, const uint64_t *keys, size_t n, uint64_t *answers)
{
    const struct subject *subject = self;
    subject->entry->loop(subject->self, keys, n, answers);
    positions(subject, keys, n, answers);
}

static void positions(const struct subject *subject, const uint64_t *keys, size_t n,
                      uint64_t *answers)
{
    for (size_t i = 0; subject->entry->contender->returns_keys && i < n; i++) {
        answers[i] = queries_position(subject->keys, subject->n, keys[i], answers[i]);
    }
}

static void subject_free(void *self)
{
    struct subject *subject = self;
    if (subject != NULL) {
        subject->entry->contender->free(subject->self);
        free(subject);
    }
}
