/* What is to be asked of an index, whoever made it, and what must be heard. Without Check, so that
 * the fuzz targets use it too. */
#ifndef HUNCH_TESTS_INDEX_ANSWERS_H
#define HUNCH_TESTS_INDEX_ANSWERS_H

#include <stdbool.h>

#include <hunch/index.h>

/* Ask 100 + n / 8 things in every way; whether each answer is that of plain binary search over
 * keys[n]. */
bool index_answers_are_right(const hunch_index *index, const uint64_t *keys, size_t n);

/* Ask 51 things in every way; whether no answer is past the end, which is all that is promised of
 * an index that was not validated. The seed draws the questions. */
bool index_answers_are_inside(const hunch_index *index, uint64_t seed);

#endif
