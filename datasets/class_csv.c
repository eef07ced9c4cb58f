/* The CSV form of class sets. */
#include "class_csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "diag.h"
#include "digits.h"
#include "lines.h"
#include "text_output.h"

/* What is being read. */
struct reader {
    struct lines lines;
    struct class_set *set;
    hunch_diag *diag;
};

/* A field of the line being read. */
struct field {
    const char *text; /* [n], with a byte behind it that is no part of a number */
    size_t n;
    size_t number; /* from 1 */
};

static void write_set(FILE *to, const struct class_set *set);
static void write_value(FILE *to, float value);
static hunch_status read_header(struct reader *r, const hunch_allocator *allocator);
static hunch_status name_columns(struct reader *r, const char *line, size_t n);
static hunch_status name_column(struct reader *r, const struct field *field);
static hunch_status read_rows(struct reader *r, size_t rows);
static hunch_status read_row(struct reader *r, const char *line, size_t n);
static hunch_status read_value(struct reader *r, const struct field *field, float *value);
static hunch_status read_class(struct reader *r, const struct field *field, uint32_t *y);
static size_t count_fields(const char *line, size_t n);
static bool next_field(struct field *field, const char *line, size_t n);
static bool parse_code(const struct field *field, uint32_t *code);
static hunch_status expected(struct reader *r, const struct field *field, const char *what);

hunch_status hunch__class_csv_read(struct class_set *out, const char *path, size_t rows,
                                   const hunch_allocator *allocator, hunch_diag *diag)
{
    struct reader r = {.set = out, .diag = diag};
    *out = (struct class_set){.n = 0};
    hunch_status status = hunch__lines_open(&r.lines, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    status = read_header(&r, allocator);
    if (status == HUNCH_OK) {
        status = read_rows(&r, rows);
    }
    hunch__lines_close(&r.lines);
    if (status == HUNCH_OK) {
        hunch__class_set_end(out);
    } else {
        hunch__class_set_free(out);
    }
    return status;
}

hunch_status hunch__class_csv_save(const char *path, const struct class_set *set, hunch_diag *diag)
{
    struct text_output text;
    hunch_status status = hunch__text_output_open(&text, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    write_set(text.stream, set);
    return hunch__text_output_finish(&text, diag);
}

static void write_set(FILE *to, const struct class_set *set)
{
    for (size_t j = 0; j < set->columns; j++) {
        (void)fprintf(to, "%s,", set->column[j].name);
    }
    (void)fprintf(to, "y\n");
    for (size_t i = 0; i < set->n; i++) {
        for (size_t j = 0; j < set->columns; j++) {
            write_value(to, set->x[i * set->columns + j]);
            (void)fputc(',', to);
        }
        (void)fprintf(to, "%" PRIu32 "\n", set->y[i]);
    }
}

/* As few digits as bring it back; nine do always. */
static void write_value(FILE *to, float value)
{
    char text[32] = "";
    float back = 0;
    int n = 0;
    for (int digits = 6; digits <= 9 && !isnan(value); digits++) {
        n = snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (hunch__parse_float(text, (size_t)n, &back) && back >= value && back <= value) {
            break;
        }
    }
    (void)fwrite(text, 1, (size_t)n, to);
}

static hunch_status read_header(struct reader *r, const hunch_allocator *allocator)
{
    const char *line;
    size_t n;
    hunch_status status = hunch__lines_next(&r->lines, &line, &n, r->diag);
    if (status != HUNCH_OK) {
        return status;
    }
    if (line == NULL) {
        return hunch__fail(r->diag, HUNCH_ECORRUPT, 1, "line 1: empty, a header expected");
    }
    size_t fields = count_fields(line, n);
    if (fields < 2) {
        return hunch__fail(r->diag, HUNCH_ECORRUPT, 1,
                           "line 1: a header of columns and the class 'y' expected, found '%.*s'",
                           n < 24 ? (int)n : 24, line);
    }
    status = hunch__class_set_begin(r->set, fields - 1, allocator, r->diag);
    return status == HUNCH_OK ? name_columns(r, line, n) : status;
}

static hunch_status name_columns(struct reader *r, const char *line, size_t n)
{
    struct field field = {.text = NULL};
    while (next_field(&field, line, n)) {
        hunch_status status = name_column(r, &field);
        if (status != HUNCH_OK) {
            return status;
        }
    }
    return HUNCH_OK;
}

static hunch_status name_column(struct reader *r, const struct field *field)
{
    if (field->number > r->set->columns) {
        return field->n == 1 && *field->text == 'y' ? HUNCH_OK
                                                    : expected(r, field, "the class's column 'y'");
    }
    if (field->n == 0 || (*field->text != 'n' && *field->text != 'c')) {
        return expected(r, field, "a name that begins with n (numeric) or c (categorical)");
    }
    struct class_column *column = &hunch__class_set_columns(r->set)[field->number - 1];
    (void)snprintf(column->name, sizeof column->name, "%.*s", (int)field->n, field->text);
    column->levels = *field->text == 'c';
    return HUNCH_OK;
}

/* Blank lines, of which files have one at their end, are none. */
static hunch_status read_rows(struct reader *r, size_t rows)
{
    const char *line;
    size_t n;
    while (rows == 0 || r->set->n < rows) {
        hunch_status status = hunch__lines_next(&r->lines, &line, &n, r->diag);
        if (status == HUNCH_OK && line != NULL && n > 0) {
            status = read_row(r, line, n);
        }
        if (status != HUNCH_OK) {
            return status;
        }
        if (line == NULL) {
            break;
        }
    }
    if (r->set->n == 0) {
        return hunch__fail(r->diag, HUNCH_ECORRUPT, r->lines.number,
                           "line %" PRIu64 ": no row follows the header", r->lines.number);
    }
    return HUNCH_OK;
}

static hunch_status read_row(struct reader *r, const char *line, size_t n)
{
    struct field field = {.text = NULL};
    uint32_t y = 0;
    size_t fields = count_fields(line, n);
    if (fields != r->set->columns + 1) {
        return hunch__fail(r->diag, HUNCH_ECORRUPT, r->lines.number,
                           "line %" PRIu64 ": %zu fields expected, found %zu", r->lines.number,
                           r->set->columns + 1, fields);
    }
    float *x = hunch__class_set_next(r->set, r->diag);
    hunch_status status = x != NULL ? HUNCH_OK : HUNCH_ENOMEM;
    while (status == HUNCH_OK && next_field(&field, line, n)) {
        status = field.number <= r->set->columns ? read_value(r, &field, &x[field.number - 1])
                                                 : read_class(r, &field, &y);
    }
    if (status == HUNCH_OK) {
        hunch__class_set_add(r->set, y);
    }
    return status;
}

static hunch_status read_value(struct reader *r, const struct field *field, float *value)
{
    struct class_column *column = &hunch__class_set_columns(r->set)[field->number - 1];
    uint32_t code;
    if (field->n == 0) {
        *value = NAN;
        return HUNCH_OK;
    }
    if (column->levels == 0) {
        return hunch__parse_float(field->text, field->n, value)
                   ? HUNCH_OK
                   : expected(r, field, "a number or nothing");
    }
    if (!parse_code(field, &code)) {
        return expected(r, field, "a category's code, 0 to 65535, or nothing");
    }
    column->levels = code >= column->levels ? code + 1 : column->levels;
    *value = (float)code;
    return HUNCH_OK;
}

static hunch_status read_class(struct reader *r, const struct field *field, uint32_t *y)
{
    return parse_code(field, y) ? HUNCH_OK : expected(r, field, "a class, 0 to 65535,");
}

static size_t count_fields(const char *line, size_t n)
{
    size_t fields = 1;
    for (size_t i = 0; i < n; i++) {
        fields += line[i] == ',';
    }
    return fields;
}

/* The field after *field, which is at first the one before all. */
static bool next_field(struct field *field, const char *line, size_t n)
{
    const char *from = field->text == NULL ? line : field->text + field->n + 1;
    if (from > line + n) {
        return false;
    }
    const char *comma = memchr(from, ',', (size_t)(line + n - from));
    field->text = from;
    field->n = (size_t)((comma != NULL ? comma : line + n) - from);
    field->number++;
    return true;
}

static bool parse_code(const struct field *field, uint32_t *code)
{
    *code = 0;
    for (size_t i = 0; i < field->n; i++) {
        unsigned digit = (unsigned)(unsigned char)field->text[i] - '0';
        if (digit > 9) {
            return false;
        }
        *code = *code * 10 + digit;
        if (*code >= HUNCH__LEVELS_MAX) {
            return false;
        }
    }
    return field->n > 0;
}

static hunch_status expected(struct reader *r, const struct field *field, const char *what)
{
    return hunch__fail(r->diag, HUNCH_ECORRUPT, r->lines.number,
                       "line %" PRIu64 ", column %zu: %s expected, found '%.*s'", r->lines.number,
                       field->number, what, field->n < 16 ? (int)field->n : 16, field->text);
}
