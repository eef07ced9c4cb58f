/* The list of known sets. */
#include "manifest.h"

#include <stdlib.h>
#include <string.h>

const struct manifest_row *hunch__manifest(size_t *count)
{
    static const struct manifest_row rows[] = {
#include "manifest_rows.h"
    };
    *count = sizeof rows / sizeof rows[0];
    return rows;
}

const struct manifest_row *hunch__manifest_find(const char *name)
{
    size_t count;
    const struct manifest_row *rows = hunch__manifest(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

size_t hunch__manifest_n(const struct manifest_row *row)
{
    return (size_t)strtoull(row->n, NULL, 10);
}
