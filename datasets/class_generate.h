/* Class sets made from nothing: the same rows on every machine, for one name, n and seed. */
#ifndef HUNCH_DATASETS_CLASS_GENERATE_H
#define HUNCH_DATASETS_CLASS_GENERATE_H

#include "class_set.h"

/* Rows of a generator when no number is asked for. */
#define HUNCH__GENERATED_ROWS ((size_t)20000)

/* The generator as people may ask for it. */
#define HUNCH__CLUSTERS "clusters(16,0,8,0.3)"

/* `rows` (0: as above) of "clusters(NUMERIC,CATEGORICAL,CLASSES,SPREAD)".
 *
 * Every class has three centres in the unit cube of the numeric columns, and at each a category in
 * every categorical column, of four. A row lies about a centre of its class, normally distributed
 * by SPREAD in [0, 2] in every numeric column; each of its categories is with probability
 * SPREAD / 2 any. So no straight line parts the classes, and SPREAD says how much they
 * overlap. On failure *out is empty. Errors: ENOENT (no such generator), EINVAL (a parameter;
 * diag->at is its place in the text), ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__class_generate(struct class_set *out, const char *text,
                                                  size_t rows, uint64_t seed,
                                                  const hunch_allocator *allocator,
                                                  hunch_diag *diag);

#endif
