/* Rows for people, on a terminal. */
#ifndef HUNCH_BENCH_TABLE_H
#define HUNCH_BENCH_TABLE_H

#include <stdio.h>

#include "rows.h"

/* Print the group of rows [first, end), at most 100 columns wide unless names are long. Our rows
 * carry a star, and are bold where `colour` is set. */
void bench__table_print(FILE *out, const struct bench_rows *rows, size_t first, size_t end,
                        bool colour);

#endif
