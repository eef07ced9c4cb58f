/* Rows as JSON Lines. */
#define _POSIX_C_SOURCE 200809L
#include "json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "asserts.h"
#include "diag.h"

static json_t *row_object(const struct bench_row *row, uint64_t seed,
                          const struct bench_environment *environment);
static int add_figure(json_t *object, const struct bench_row *row);
static json_t *data_object(const struct bench_data *data);
static json_t *environment_object(const struct bench_environment *environment);
static json_t *hash_text(uint64_t hash);
static int write_all(int fd, const char *bytes, size_t n);

hunch_status bench__json_write(int fd, const struct bench_row *row, uint64_t seed,
                               const struct bench_environment *environment, hunch_diag *diag)
{
    HUNCH_ASSERT(row->error != NULL || row->reps > 0);
    json_t *object = row_object(row, seed, environment);
    /* Twelve digits: more than a clock gives, and 11.2 stays 11.2. */
    char *line = object == NULL ? NULL : json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(12));
    json_decref(object);
    if (line == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for a line of JSON");
    }
    const size_t length = strlen(line);
    line[length] = '\n'; /* in place of the final zero: one write, one line */
    const int error = write_all(fd, line, length + 1);
    free(line);
    return error == 0 ? HUNCH_OK
                      : hunch__fail(diag, HUNCH_EIO, 0, "JSON Lines: %s", strerror(error));
}

static json_t *row_object(const struct bench_row *row, uint64_t seed,
                          const struct bench_environment *environment)
{
    json_t *object = json_pack("{s:s, s:s, s:s, s:s}", "suite", row->suite, "case", row->case_name,
                               "impl", row->impl, "metric", row->metric);
    const bool failed = object == NULL || add_figure(object, row) != 0 ||
                        json_object_set_new(object, "seed", json_integer((json_int_t)seed)) != 0 ||
                        json_object_set_new(object, "data", data_object(&row->data)) != 0 ||
                        json_object_set_new(object, "env", environment_object(environment)) != 0;
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* The fields between "metric" and "seed"; setting one to NULL, for want of memory, fails. */
static int add_figure(json_t *object, const struct bench_row *row)
{
    int failures = 0;
    if (row->error == NULL) {
        failures += json_object_set_new(object, "value", json_real(row->value));
    } else {
        failures += json_object_set_new(object, "error", json_string(row->error));
    }
    failures += json_object_set_new(object, "unit", json_string(row->unit));
    failures += json_object_set_new(object, "better",
                                    json_string(row->higher_is_better ? "higher" : "lower"));
    if (row->baseline != NULL) {
        failures += json_object_set_new(object, "baseline", json_string(row->baseline));
    }
    if (row->has_ratio) {
        failures += json_object_set_new(object, "ratio", json_real(row->ratio));
    }
    if (row->error == NULL) {
        failures += json_object_set_new(object, "reps", json_integer(row->reps));
        failures += json_object_set_new(object, "q1", json_real(row->q1));
        failures += json_object_set_new(object, "q3", json_real(row->q3));
    }
    if (row->model != NULL) {
        failures += json_object_set_new(object, "model", json_string(row->model));
    }
    if (row->recorded != NULL) {
        failures += json_object_set_new(object, "recorded", json_true());
        failures += json_object_set_new(object, "source", json_string(row->recorded));
    }
    if (row->has_answers) {
        failures += json_object_set_new(object, "answers", hash_text(row->answers));
    }
    return failures;
}

static json_t *data_object(const struct bench_data *data)
{
    json_t *object = json_pack("{s:s, s:I, s:o}", "name", data->name, "n", (json_int_t)data->n,
                               "xxh3", hash_text(data->xxh3));
    if (object != NULL && data->note != NULL &&
        json_object_set_new(object, "note", json_string(data->note)) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *environment_object(const struct bench_environment *environment)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "cpu", environment->cpu, "isa",
                     environment->isa, "commit", environment->commit, "compiler",
                     environment->compiler, "flags", environment->flags, "pages",
                     environment->pages, "governor", environment->governor);
}

static json_t *hash_text(uint64_t hash)
{
    char text[17];
    (void)snprintf(text, sizeof text, "%016" PRIx64, hash);
    return json_string(text);
}

static int write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        const ssize_t done = write(fd, bytes, n);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done < 0) {
            return errno;
        }
        bytes += done;
        n -= (size_t)done;
    }
    return 0;
}
