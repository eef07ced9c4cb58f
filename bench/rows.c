/* The figures of a run. */
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "asserts.h"
#include "diag.h"

static bool keep_texts(struct bench_rows *rows, struct bench_row *row);
static const char *keep_text(struct bench_rows *rows, const char *text, bool *ok);
static void clean(char *text);
static void *grown(void *items, size_t count, size_t *capacity, size_t item_bytes);

hunch_status bench__rows_add(struct bench_rows *rows, const struct bench_row *row, hunch_diag *diag)
{
    HUNCH_ASSERT(row->impl != NULL && row->case_name != NULL && row->metric != NULL);
    struct bench_row *items = grown(rows->items, rows->count, &rows->capacity, sizeof *items);
    if (items == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, rows->count, "no memory for another row");
    }
    rows->items = items;
    items[rows->count] = *row;
    if (!keep_texts(rows, &items[rows->count])) {
        return hunch__fail(diag, HUNCH_ENOMEM, rows->count, "no memory for another row");
    }
    rows->count++;
    return HUNCH_OK;
}

size_t bench__rows_group_end(const struct bench_rows *rows, size_t first)
{
    HUNCH_ASSERT(first < rows->count);
    const struct bench_row *head = &rows->items[first];
    size_t end = first + 1;
    while (end < rows->count && rows->items[end].suite == head->suite &&
           rows->items[end].case_name == head->case_name &&
           rows->items[end].metric == head->metric) {
        end++;
    }
    return end;
}

double bench__rows_floor(const struct bench_rows *rows, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (rows->items[i].floor && rows->items[i].error == NULL) {
            return rows->items[i].value;
        }
    }
    return 0;
}

void bench__rows_compare(struct bench_rows *rows, size_t first, size_t end, double baseline)
{
    for (size_t i = first; i < end; i++) {
        struct bench_row *row = &rows->items[i];
        row->has_ratio = row->error == NULL && !row->none && row->recorded == NULL &&
                         row->baseline != NULL && baseline > 0;
        row->ratio = row->has_ratio ? row->value / baseline : 0;
    }
}

const struct bench_row *bench__rows_find(const struct bench_rows *rows, size_t first, size_t end,
                                         const char *impl)
{
    for (size_t i = first; i < end; i++) {
        if (strcmp(rows->items[i].impl, impl) == 0) {
            return &rows->items[i];
        }
    }
    return NULL;
}

bool bench__is_ours(const char *impl)
{
    return strcmp(impl, "hunch") == 0 || strncmp(impl, "hunch-", 6) == 0;
}

void bench__rows_free(struct bench_rows *rows)
{
    for (size_t i = 0; i < rows->text_count; i++) {
        free(rows->texts[i]);
    }
    free(rows->texts);
    free(rows->items);
    *rows = (struct bench_rows){.items = NULL};
}

static bool keep_texts(struct bench_rows *rows, struct bench_row *row)
{
    bool ok = true;
    row->suite = keep_text(rows, row->suite, &ok);
    row->case_name = keep_text(rows, row->case_name, &ok);
    row->impl = keep_text(rows, row->impl, &ok);
    row->metric = keep_text(rows, row->metric, &ok);
    row->unit = keep_text(rows, row->unit, &ok);
    row->baseline = keep_text(rows, row->baseline, &ok);
    row->error = keep_text(rows, row->error, &ok);
    row->model = keep_text(rows, row->model, &ok);
    row->recorded = keep_text(rows, row->recorded, &ok);
    row->data.name = keep_text(rows, row->data.name, &ok);
    row->data.note = keep_text(rows, row->data.note, &ok);
    return ok;
}

/* Our copy of `text`. A few hundred different ones at most, the latest being the likeliest: a
 * search backwards is enough. */
static const char *keep_text(struct bench_rows *rows, const char *text, bool *ok)
{
    if (text == NULL || !*ok) {
        return NULL;
    }
    char *copy = strdup(text);
    if (copy == NULL) {
        *ok = false;
        return NULL;
    }
    clean(copy);
    for (size_t i = rows->text_count; i-- > 0;) {
        if (strcmp(rows->texts[i], copy) == 0) {
            free(copy);
            return rows->texts[i];
        }
    }
    char **texts = grown(rows->texts, rows->text_count, &rows->text_capacity, sizeof *texts);
    if (texts == NULL) {
        free(copy);
        *ok = false;
        return NULL;
    }
    rows->texts = texts;
    return texts[rows->text_count++] = copy;
}

/* Names come from files, so they may hold anything. */
static void clean(char *text)
{
    json_t *as_utf8 = json_string(text);
    for (char *c = text; *c != '\0'; c++) {
        const unsigned char byte = (unsigned char)*c;
        if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && as_utf8 == NULL)) {
            *c = '?';
        }
    }
    json_decref(as_utf8);
}

/* `items`, moved when it is full, or NULL when there is no memory and nothing has changed. */
static void *grown(void *items, size_t count, size_t *capacity, size_t item_bytes)
{
    if (count < *capacity) {
        return items;
    }
    const size_t wanted = *capacity == 0 ? 64 : 2 * *capacity;
    void *moved = realloc(items, wanted * item_bytes);
    if (moved != NULL) {
        *capacity = wanted;
    }
    return moved;
}
