/* Figures of live peers. */
#include "live.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "diag.h"

static struct bench_value value_of(const json_t *row, uint64_t n);

hunch_status live_open(struct live *out, const struct bench *bench, hunch_diag *diag)
{
    const char *path = bench_peers_file(bench);
    json_error_t error;
    *out = (struct live){.root = NULL};
    if (path == NULL) {
        return HUNCH_OK;
    }
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        return hunch__fail(diag, HUNCH_EINVAL, (uint64_t)error.position, "--peers %.64s: %.64s",
                           path, error.text);
    }
    if (!json_is_array(json_object_get(root, "rows"))) {
        json_decref(root);
        return hunch__fail(diag, HUNCH_EINVAL, 0, "--peers %.64s: expected an object with rows",
                           path);
    }
    out->root = root;
    return HUNCH_OK;
}

size_t live_values(const struct live *live, const char *case_name, uint64_t n,
                   struct bench_value *values)
{
    const json_t *rows = json_object_get(live->root, "rows");
    const json_t *row;
    size_t index;
    size_t count = 0;
    json_array_foreach(rows, index, row)
    {
        const char *name = json_string_value(json_object_get(row, "case"));
        const bool whole = json_is_string(json_object_get(row, "impl"));
        if (name != NULL && whole && strcmp(name, case_name) == 0 && count < LIVE_MAX) {
            values[count++] = value_of(row, n);
        }
    }
    return count;
}

void live_close(struct live *live)
{
    json_decref(live->root);
    live->root = NULL;
}

static struct bench_value value_of(const json_t *row, uint64_t n)
{
    const json_t *value = json_object_get(row, "value");
    const json_t *reps = json_object_get(row, "reps");
    struct bench_value out = {.impl = json_string_value(json_object_get(row, "impl"))};
    const json_int_t rows = json_integer_value(json_object_get(row, "n"));
    if (!json_is_number(value) || !isfinite(json_number_value(value))) {
        out.error = "no figure";
    } else if (rows < 0 || (uint64_t)rows != n) {
        out.error = "measured on other rows";
    }
    if (out.error == NULL) {
        out.value = json_number_value(value);
        out.q1 = json_number_value(json_object_get(row, "q1"));
        out.q3 = json_number_value(json_object_get(row, "q3"));
        out.reps = json_is_integer(reps) ? (unsigned)json_integer_value(reps) : 1;
    }
    return out;
}
