/* Memory for the tests themselves, which do not go on without it. */
#include "test_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *memory_new(size_t bytes)
{
    return memory_resize(NULL, bytes);
}

void *memory_resize(void *p, size_t bytes)
{
    void *out = realloc(p, bytes > 0 ? bytes : 1);
    if (out == NULL) {
        (void)fprintf(stderr, "no memory for a test: %zu bytes\n", bytes);
        abort();
    }
    return out;
}

char *memory_copy_text(const char *text)
{
    const size_t bytes = strlen(text) + 1;
    return memcpy(memory_new(bytes), text, bytes);
}
