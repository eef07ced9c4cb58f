/* Memory for the tests themselves, which do not go on without it. */
#ifndef HUNCH_TESTS_TEST_MEMORY_H
#define HUNCH_TESTS_TEST_MEMORY_H

#include <stddef.h>

/* As malloc(), realloc() and strdup(), but they end the program instead of returning NULL. */
void *memory_new(size_t bytes);
void *memory_resize(void *p, size_t bytes);
char *memory_copy_text(const char *text);

#endif
