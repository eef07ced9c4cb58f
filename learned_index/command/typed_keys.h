/* Keys as people have them: unsigned, signed, double. */
#ifndef HUNCH_INDEX_TYPED_KEYS_H
#define HUNCH_INDEX_TYPED_KEYS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <hunch/index.h>

#include "sosd.h"

/* "u64", "i64", "f64"; NULL at the end. */
extern const char *const index__types[];

/* Read a file of keys of the type, .zst and .gz and stdin too, and map them to u64 in place; they
 * need not ascend. `limit` 0 is all. On failure there is nothing to close. Errors: as of sosd.h. */
HUNCH_MUST_USE hunch_status index__keys_read(struct sosd *out, const char *path,
                                             hunch_index_key_type type, hunch_diag *diag);

/* Check that the keys ascend. Errors: ECORRUPT, which shows the keys as the file has them. */
HUNCH_MUST_USE hunch_status index__keys_ascend(const struct sosd *file, hunch_index_key_type type,
                                               hunch_diag *diag);

/* The mapped key that the whole of `text` says. */
bool index__key_parse(const char *text, hunch_index_key_type type, uint64_t *key);

/* Room for any key as text. */
#define INDEX_KEY_TEXT 32u

/* A mapped key, for people. */
void index__key_text(char *text, uint64_t key, hunch_index_key_type type);
void index__key_print(FILE *out, uint64_t key, hunch_index_key_type type);

/* The same for JSON, which has no infinity and no NaN: as strings. */
void index__key_print_json(FILE *out, uint64_t key, hunch_index_key_type type);

#endif
