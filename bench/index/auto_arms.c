/* Every configuration of hunch_index. */
#include "auto_arms.h"

#include <stdio.h>

#include "asserts.h"

static const char *const routers[] = {"", "cells", "tree", "lines"};

static size_t add(struct auto_arm *arms, size_t count, const char *form, unsigned number,
                  const char *rest, hunch_index_options options);

void auto_arms_list(struct auto_arm *arms)
{
    static const uint32_t cell_keys[] = {4, 6, 8, 10, 14, 20, 28, 40, 80, 160};
    static const uint32_t eps[] = {8, 16, 32, 64, 128, 256, 512, 1024};
    size_t count = 0;
    for (uint32_t keys = 8; keys <= 16; keys += 8) {
        count = add(arms, count, "stree", keys, "",
                    (hunch_index_options){.kind = HUNCH_INDEX_STREE, .node_keys = keys});
    }
    for (size_t i = 0; i < sizeof cell_keys / sizeof cell_keys[0]; i++) {
        count = add(arms, count, "cells", cell_keys[i], "",
                    (hunch_index_options){.kind = HUNCH_INDEX_CELLS, .cell_keys = cell_keys[i]});
    }
    for (uint32_t r = HUNCH_INDEX_ROUTER_CELLS; r <= HUNCH_INDEX_ROUTER_LINES; r++) {
        for (uint32_t keys = 256; keys <= 512; keys += 256) {
            const hunch_index_options options = {
                .kind = HUNCH_INDEX_BLOCKS, .router = r, .block_keys = keys};
            count = add(arms, count, "blocks", keys, routers[r], options);
        }
        for (size_t i = 0; i < sizeof eps / sizeof eps[0]; i++) {
            hunch_index_options options = {
                .kind = HUNCH_INDEX_SEGMENTS, .router = r, .eps = eps[i]};
            count = add(arms, count, "segments", eps[i], routers[r], options);
            if (eps[i] <= 32) { /* where either search may be the faster */
                char rest[16];
                options.search = eps[i] == 8 ? HUNCH_INDEX_SEARCH_HALVE : HUNCH_INDEX_SEARCH_COUNT;
                (void)snprintf(rest, sizeof rest, "%s-%s", routers[r],
                               eps[i] == 8 ? "halve" : "count");
                count = add(arms, count, "segments", eps[i], rest, options);
            }
        }
    }
    HUNCH_ASSERT(count == AUTO_ARMS);
}

static size_t add(struct auto_arm *arms, size_t count, const char *form, unsigned number,
                  const char *rest, hunch_index_options options)
{
    options.struct_size = sizeof options;
    arms[count].options = options;
    (void)snprintf(arms[count].name, sizeof arms[count].name, "%s-%u%s%s", form, number,
                   rest[0] != '\0' ? "-" : "", rest);
    return count + 1;
}
