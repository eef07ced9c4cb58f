/* Keys from a log's counts per second. */
#include "convert.h"
#include "per_second.h"

hunch_status hunch__convert_per_second(struct key_list *keys, const char *const *paths,
                                       const struct conversion *conversion, const char **bad,
                                       hunch_diag *diag)
{
    *bad = paths[0];
    return hunch__per_second_read(keys, paths[0], &conversion->epoch,
                                  conversion->key == PER_SECOND_COMPOSITE, 0, diag);
}
