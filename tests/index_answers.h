/* What is to be asked of an index, whoever made it, and what must be heard. Without Check, so that
 * the fuzz targets use it too. */
#ifndef HUNCH_TESTS_INDEX_ANSWERS_H
#define HUNCH_TESTS_INDEX_ANSWERS_H

#include <stdbool.h>

#include <hunch/index.h>

/* What was wrong, for messages. */
struct index_wrong {
    char text[160]; /* "" when nothing was */
};

/* Ask queries[m] in every way: each in batches, one in 1 + m / 5000 alone too, and what they say of
 * ranges. Whether each answer is that of plain binary search over keys[n]. */
bool index_answers_agree(const hunch_index *index, const uint64_t *keys, size_t n,
                         const uint64_t *queries, size_t m, struct index_wrong *wrong);

/* The same of 100 + n / 8 questions of all kinds. */
bool index_answers_are_right(const hunch_index *index, const uint64_t *keys, size_t n);

/* Ask 51 things in every way; whether no answer is past the end, which is all that is promised of
 * an index whose keys are not sorted. The seed draws the questions. */
bool index_answers_are_inside(const hunch_index *index, uint64_t seed);

/* Whether what the model says of queries[m], of at most 5000 of them, holds each answer, unless the
 * look-up fell back. */
bool index_windows_hold(const hunch_index *index, const uint64_t *queries, size_t m,
                        struct index_wrong *wrong);

/* The pieces ascend from the first key on, end in n, and n is where there is none. */
bool index_pieces_ascend(const hunch_index *index, struct index_wrong *wrong);

/* Keys around each border of pieces, and of pages of 256 and 8192 keys: those on both sides and the
 * absent ones beside them. *m says how many; owned by the caller. At most `most` borders of a sort.
 */
uint64_t *index_border_queries(const hunch_index *index, size_t most, size_t *m);

/* Look-ups of it so far that fell back. */
uint64_t index_fallbacks(const hunch_index *index);

#endif
