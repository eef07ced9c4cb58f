/* Keys as people have them. */
#include "typed_keys.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

const char *const index__types[] = {"u64", "i64", "f64", NULL};

static uint64_t map(uint64_t word, hunch_index_key_type type);

hunch_status index__keys_read(struct sosd *out, const char *path, hunch_index_key_type type,
                              hunch_diag *diag)
{
    hunch_status status = hunch__sosd_read(out, path, 0, NULL, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    if (type != HUNCH_INDEX_U64 && hunch__sosd_key_bytes(path) != sizeof(uint64_t)) {
        hunch__sosd_close(out);
        return hunch__fail(diag, HUNCH_EINVAL, 0, "keys of 4 bytes are u64, not %s",
                           index__types[type]);
    }
    for (size_t i = 0; i < out->list.n && type != HUNCH_INDEX_U64; i++) {
        out->list.keys[i] = map(out->list.keys[i], type);
    }
    return HUNCH_OK;
}

hunch_status index__keys_ascend(const struct sosd *file, hunch_index_key_type type,
                                hunch_diag *diag)
{
    char key[INDEX_KEY_TEXT];
    char before[INDEX_KEY_TEXT];
    const size_t i = hunch__sosd_unsorted(file->keys, file->n);
    if (i == file->n) {
        return HUNCH_OK;
    }
    index__key_text(key, file->keys[i], type);
    index__key_text(before, file->keys[i - 1], type);
    return hunch__fail(diag, HUNCH_ECORRUPT, i, "key %zu is %s, after %s: ascending keys expected",
                       i, key, before);
}

bool index__key_parse(const char *text, hunch_index_key_type type, uint64_t *key)
{
    char *end = NULL;
    errno = 0;
    if (*text == '\0' || strchr(" \t\n\v\f\r", *text) != NULL) {
        return false;
    }
    if (type == HUNCH_INDEX_F64) {
        *key = hunch_key_from_f64(strtod(text, &end));
        errno = 0; /* too large is infinity, too small 0: in order */
    } else if (type == HUNCH_INDEX_I64) {
        *key = hunch_key_from_i64(strtoll(text, &end, 10));
    } else {
        *key = strtoull(text, &end, 10);
        errno = *text == '-' || *text == '+' ? EINVAL : errno;
    }
    return errno == 0 && end != text && *end == '\0';
}

void index__key_text(char *text, uint64_t key, hunch_index_key_type type)
{
    switch (type) {
    case HUNCH_INDEX_I64:
        (void)snprintf(text, INDEX_KEY_TEXT, "%" PRId64, hunch_key_to_i64(key));
        break;
    case HUNCH_INDEX_F64:
        (void)snprintf(text, INDEX_KEY_TEXT, "%.17g", hunch_key_to_f64(key));
        break;
    default:
        (void)snprintf(text, INDEX_KEY_TEXT, "%" PRIu64, key);
        break;
    }
}

void index__key_print(FILE *out, uint64_t key, hunch_index_key_type type)
{
    char text[INDEX_KEY_TEXT];
    index__key_text(text, key, type);
    (void)fputs(text, out);
}

void index__key_print_json(FILE *out, uint64_t key, hunch_index_key_type type)
{
    char text[INDEX_KEY_TEXT];
    index__key_text(text, key, type);
    const bool number = type != HUNCH_INDEX_F64 || isfinite(hunch_key_to_f64(key));
    (void)fprintf(out, number ? "%s" : "\"%s\"", text);
}

static uint64_t map(uint64_t word, hunch_index_key_type type)
{
    double real;
    int64_t whole;
    memcpy(&real, &word, sizeof real);
    memcpy(&whole, &word, sizeof whole);
    return type == HUNCH_INDEX_F64 ? hunch_key_from_f64(real) : hunch_key_from_i64(whole);
}
