/* The table of formats, and those that are arrays of keys already. */
#include "convert.h"

#include <string.h>

#include "diag.h"
#include "input.h"
#include "sosd.h"

static hunch_status convert_sosd(struct key_list *keys, const char *const *paths,
                                 const struct conversion *conversion, const char **bad,
                                 hunch_diag *diag);
static hunch_status convert_raw(struct key_list *keys, const char *const *paths,
                                const struct conversion *conversion, const char **bad,
                                hunch_diag *diag);
static hunch_status raw_read(struct key_list *keys, struct input *in, hunch_diag *diag);

const struct format *hunch__formats(size_t *count)
{
    static const struct format formats[] = {
        {"text", "decimal numbers, a line each or a --column of each line; '#' lines are comments",
         1, "number|ipv6", hunch__convert_text},
        {"u64", "little-endian u64 keys and nothing else", 1, NULL, convert_raw},
        {"sosd", "u64 count, then keys: sorts them, widens u32 ones", 1, NULL, convert_sosd},
        {"blkreplay", "traces of block requests; --column 1 the time in ns, 2 the sector", 1, NULL,
         hunch__convert_blkreplay},
        {"coast", "four dumps of GSHHG's binned points", 4, "hilbert|morton|lon|longlat",
         hunch__convert_coast},
        {"kmers", "FASTA: 31 bases of 2 bits, a --step apart", 1, NULL, hunch__convert_kmers},
        {"ranges", "FASTA: headers 'gi|ID|...:a-b' as ID << 32 | a", 1, NULL,
         hunch__convert_ranges},
        {"pairs", "4DN pairs: contacts of a genome", 1, NULL, hunch__convert_pairs},
        {"astrometry", "an index file of astrometry.net", 1, "codes|quads|stars",
         hunch__convert_astrometry},
        {"per-second", "u16 counts of a log's records in each second; --start", 1,
         "seconds|composite", hunch__convert_per_second},
    };
    *count = sizeof formats / sizeof formats[0];
    return formats;
}

const struct format *hunch__format_find(const char *name)
{
    size_t count;
    const struct format *formats = hunch__formats(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(formats[i].name, name) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

int hunch__format_key(const struct format *format, const char *name)
{
    const char *at = format->keys;
    size_t n = strlen(name);
    for (int key = 0; at != NULL && n > 0; key++) {
        size_t length = strcspn(at, "|");
        if (length == n && memcmp(at, name, n) == 0) {
            return key;
        }
        at = at[length] != '\0' ? at + length + 1 : NULL;
    }
    return -1;
}

static hunch_status convert_sosd(struct key_list *keys, const char *const *paths,
                                 const struct conversion *conversion, const char **bad,
                                 hunch_diag *diag)
{
    struct sosd file;
    (void)conversion;
    *bad = paths[0];
    hunch_status status = hunch__sosd_read(&file, paths[0], 0, &keys->allocator, diag);
    if (status == HUNCH_OK) {
        hunch__key_list_free(keys);
        *keys = file.list;
    }
    return status;
}

static hunch_status convert_raw(struct key_list *keys, const char *const *paths,
                                const struct conversion *conversion, const char **bad,
                                hunch_diag *diag)
{
    struct input in;
    (void)conversion;
    *bad = paths[0];
    hunch_status status = hunch__input_open(&in, paths[0], diag);
    if (status == HUNCH_OK) {
        status = raw_read(keys, &in, diag);
        hunch__input_close(&in);
    }
    return status;
}

static hunch_status raw_read(struct key_list *keys, struct input *in, hunch_diag *diag)
{
    for (;;) {
        size_t got;
        hunch_status status = hunch__key_list_reserve(keys, keys->n + 1, diag);
        if (status != HUNCH_OK) {
            return status;
        }
        size_t room = (keys->capacity - keys->n) * sizeof *keys->keys;
        status = hunch__input_read(in, keys->keys + keys->n, room, &got, diag);
        if (status != HUNCH_OK) {
            return status;
        }
        if (got % sizeof *keys->keys != 0) {
            return hunch__fail(diag, HUNCH_ECORRUPT, in->at,
                               "%llu bytes: whole keys of 8 bytes expected",
                               (unsigned long long)in->at);
        }
        keys->n += got / sizeof *keys->keys;
        if (got < room) {
            return HUNCH_OK;
        }
    }
}
