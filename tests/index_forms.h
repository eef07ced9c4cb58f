/* Every form of an index that can be asked for: what the tests of the index run over. */
#ifndef HUNCH_TESTS_INDEX_FORMS_H
#define HUNCH_TESTS_INDEX_FORMS_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/index.h>

/* The options that choose a form; those of hunch_index_options. */
struct index_form {
    const char *name;
    uint32_t kind;
    uint32_t node_keys;
    uint32_t router;
    uint32_t search;
    uint32_t eps;
    uint32_t cell_keys;
    uint32_t block_keys;
    uint32_t no_measuring;
};

/* All of them: both trees, three sizes of cells, the three routers
 * of blocks of both sizes, and of segments every
 * router, search and three errors; AUTO by its cost model and AUTO that measures. */
enum { INDEX_FORMS = 31 };
extern const struct index_form index_forms[INDEX_FORMS];

/* The same keys give the same index, since nothing is timed: all forms but the last. */
enum { INDEX_FORMS_EXACT = INDEX_FORMS - 1 };

/* One form of each kind and router, where a test is too long for all. */
enum { INDEX_FORMS_FEW = 10 };
extern const struct index_form *const index_forms_few[INDEX_FORMS_FEW];

/* Options that ask for it; the rest is default. */
hunch_index_options index_form_options(const struct index_form *form);

#endif
