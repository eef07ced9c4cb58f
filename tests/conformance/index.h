/* The conformance suite of whatever finds lower bounds among sorted u64 keys. The learned form, the
 * classic one and every contender of the benchmark pass through it unchanged. */
#ifndef HUNCH_CONFORMANCE_INDEX_H
#define HUNCH_CONFORMANCE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/status.h>

/* Longest text of what was wrong. */
#define INDEX_WHY 160

/* One thing to be tested. An answer is the position of the first key >= the one asked for, or n if
 * there is none. */
struct index_subject {
    const char *name;

    /* Handed to build(): options, a row of a table. */
    const void *with;

    /* Another way to the same thing as a subject that is tested in full: a few sizes are enough. */
    bool brief;

    /* The answer is the key at that position instead, or UINT64_MAX if there is none. */
    bool answers_keys;

    /* Build over keys[n], ascending and borrowed until free(). */
    hunch_status (*build)(void **out, const void *with, const uint64_t *keys, size_t n,
                          hunch_diag *diag);

    uint64_t (*ask)(const void *self, uint64_t key);
    void (*ask_batch)(const void *self, const uint64_t *keys, size_t n, uint64_t *answers);

    /* Ask queries[m] in every other way that there is; NULL when there is none. False, and what was
     * wrong, when an answer is not that of keys[n]. */
    bool (*ask_more)(const void *self, const uint64_t *keys, size_t n, const uint64_t *queries,
                     size_t m, char why[INDEX_WHY]);

    /* What stands at places that only the subject knows; or NULL. *m queries, owned by the caller.
     */
    uint64_t *(*borders)(const void *self, size_t *m);

    /* Everything in it is as it must be; NULL when the subject cannot tell. */
    hunch_status (*validate)(const void *self, hunch_diag *diag);

    /* NULL is fine. */
    void (*free)(void *self);
};

/* Run the suite over subjects[count] and print what failed. Returns the program's exit status. */
int index_conformance_run(const struct index_subject *subjects, size_t count);

/* Plain binary search as a subject: the oracle must pass its own suite. */
extern const struct index_subject index_subject_binary_search;

#endif
