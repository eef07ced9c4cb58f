/* Logs by the second. */
#include "per_second.h"

#include <inttypes.h>
#include <string.h>

#include "diag.h"
#include "digits.h"
#include "input.h"

/* A composite key has 48 bits for the second; with this the sum of start and index has them too. */
#define SECOND_MOST ((uint64_t)1 << 47)
#define COUNT_BYTES 2u

/* Counts on their way to keys. */
struct expansion {
    struct key_list *keys;
    const struct epochs *epoch;
    bool composite;
    size_t limit;   /* of keys, in the list */
    uint64_t index; /* of the next count    */
};

static hunch_status expand_all(struct expansion *e, struct input *in, hunch_diag *diag);
static hunch_status expand(struct expansion *e, unsigned count, hunch_diag *diag);
static uint64_t second_of(const struct epochs *epoch, uint64_t index);

/* July and August 1995 of NASA's server: the first log ends on July 28, when the server was shut
 * down, and the second begins with August. Of the stream only the month is known: it starts where
 * August 2021 does. */
const struct counted_set *hunch__counted_set_find(const char *name)
{
    static const struct epochs nasa = {804571201, 2381544, 807249601};
    static const struct epochs stream = {1627776000, 0, 0};
    static const char nasa_file[] = "weblog_nasa1995_per_second_u16";
    static const char stream_file[] = "stream_twitter2021_per_second_u16";
    static const struct counted_set sets[] = {
        {"weblog_nasa1995_seconds", nasa_file, false, &nasa},
        {"weblog_nasa1995_composite", nasa_file, true, &nasa},
        {"stream_twitter2021_seconds", stream_file, false, &stream},
        {"stream_twitter2021_composite", stream_file, true, &stream},
    };
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        if (strcmp(sets[i].name, name) == 0) {
            return &sets[i];
        }
    }
    return NULL;
}

hunch_status hunch__per_second_read(struct key_list *keys, const char *path,
                                    const struct epochs *epoch, bool composite, size_t limit,
                                    hunch_diag *diag)
{
    struct input in;
    size_t most = limit == 0 || limit > SIZE_MAX - keys->n ? SIZE_MAX : keys->n + limit;
    struct expansion e = {keys, epoch, composite, most, 0};
    hunch_status status = hunch__input_open(&in, path, diag);
    if (status == HUNCH_OK) {
        status = expand_all(&e, &in, diag);
        hunch__input_close(&in);
    }
    return status;
}

bool hunch__epochs_parse(struct epochs *out, const char *text)
{
    *out = (struct epochs){0};
    if (!hunch__parse_number(&text, &out->start) || out->start > SECOND_MOST) {
        return false;
    }
    if (*text == '\0') {
        return true;
    }
    if (*text++ != ',' || !hunch__parse_number(&text, &out->later_from) || *text++ != ':' ||
        !hunch__parse_number(&text, &out->later_start)) {
        return false;
    }
    return *text == '\0' && out->later_from > 0 && out->later_start <= SECOND_MOST;
}

static hunch_status expand_all(struct expansion *e, struct input *in, hunch_diag *diag)
{
    unsigned char bytes[1 << 15];
    size_t got = sizeof bytes;
    while (got == sizeof bytes) {
        hunch_status status = hunch__input_read(in, bytes, sizeof bytes, &got, diag);
        if (status != HUNCH_OK) {
            return status;
        }
        if (got % COUNT_BYTES != 0) {
            return hunch__fail(diag, HUNCH_ECORRUPT, in->at - 1,
                               "%" PRIu64 " bytes: whole counts of %u bytes expected", in->at,
                               COUNT_BYTES);
        }
        for (size_t i = 0; i < got; i += COUNT_BYTES) {
            status = expand(e, (unsigned)(bytes[i] | bytes[i + 1] << 8), diag);
            if (status != HUNCH_OK) {
                return status;
            }
            if (e->keys->n == e->limit) {
                return HUNCH_OK;
            }
        }
    }
    return HUNCH_OK;
}

/* A file has fewer than 2^47 counts: no second overflows 48 bits. */
static hunch_status expand(struct expansion *e, unsigned count, hunch_diag *diag)
{
    uint64_t second = second_of(e->epoch, e->index++);
    for (unsigned j = 0; j < count && e->keys->n < e->limit; j++) {
        uint64_t key = e->composite ? second << 16 | j : second;
        hunch_status status = hunch__key_list_add(e->keys, key, diag);
        if (status != HUNCH_OK) {
            return status;
        }
    }
    return HUNCH_OK;
}

static uint64_t second_of(const struct epochs *epoch, uint64_t index)
{
    bool later = epoch->later_from > 0 && index >= epoch->later_from;
    return later ? epoch->later_start + (index - epoch->later_from) : epoch->start + index;
}
