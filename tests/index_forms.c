/* Every form of an index that can be asked for. */
#include "index_forms.h"

#define CELLS(keys)                                                                                \
    {                                                                                              \
        .name = "cells of " #keys, .kind = HUNCH_INDEX_CELLS, .cell_keys = (keys)                  \
    }

#define BLOCKS(keys, router_name, router_value)                                                    \
    {                                                                                              \
        .name = "blocks of " #keys " by " router_name, .kind = HUNCH_INDEX_BLOCKS,                 \
        .router = (router_value), .block_keys = (keys)                                             \
    }

#define SEGMENTS(error, router_name, router_value, search_name, search_value)                      \
    {                                                                                              \
        .name = "segments of " #error " by " router_name ", " search_name,                         \
        .kind = HUNCH_INDEX_SEGMENTS, .router = (router_value), .search = (search_value),          \
        .eps = (error)                                                                             \
    }

#define SEARCHES(error, router_name, router_value)                                                 \
    SEGMENTS(error, router_name, router_value, "halved", HUNCH_INDEX_SEARCH_HALVE),                \
        SEGMENTS(error, router_name, router_value, "counted", HUNCH_INDEX_SEARCH_COUNT)

#define ROUTERS(error)                                                                             \
    SEARCHES(error, "cells", HUNCH_INDEX_ROUTER_CELLS),                                            \
        SEARCHES(error, "tree", HUNCH_INDEX_ROUTER_TREE),                                          \
        SEARCHES(error, "lines", HUNCH_INDEX_ROUTER_LINES)

const struct index_form index_forms[INDEX_FORMS] = {
    {.name = "tree of 8", .kind = HUNCH_INDEX_STREE, .node_keys = 8},
    {.name = "tree of 16", .kind = HUNCH_INDEX_STREE, .node_keys = 16},
    CELLS(4),
    CELLS(20),
    CELLS(256),
    BLOCKS(256, "cells", HUNCH_INDEX_ROUTER_CELLS),
    BLOCKS(256, "tree", HUNCH_INDEX_ROUTER_TREE),
    BLOCKS(256, "lines", HUNCH_INDEX_ROUTER_LINES),
    ROUTERS(4),
    ROUTERS(64),
    ROUTERS(1024),
    BLOCKS(512, "cells", HUNCH_INDEX_ROUTER_CELLS),
    BLOCKS(512, "tree", HUNCH_INDEX_ROUTER_TREE),
    BLOCKS(512, "lines", HUNCH_INDEX_ROUTER_LINES),
    {.name = "auto by the model", .no_measuring = 1},
    {.name = "auto"},
};

const struct index_form *const index_forms_few[INDEX_FORMS_FEW] = {
    &index_forms[0], &index_forms[1],  &index_forms[3],  &index_forms[5],  &index_forms[6],
    &index_forms[7], &index_forms[14], &index_forms[17], &index_forms[18], &index_forms[26],
};

hunch_index_options index_form_options(const struct index_form *form)
{
    return (hunch_index_options){
        .struct_size = sizeof(hunch_index_options),
        .kind = form->kind,
        .node_keys = form->node_keys,
        .router = form->router,
        .search = form->search,
        .eps = form->eps,
        .cell_keys = form->cell_keys,
        .block_keys = form->block_keys,
        .no_measuring = form->no_measuring,
    };
}
