/* Attribute-relation files, read as class sets. */
#define _POSIX_C_SOURCE 200809L /* strdup, strcasecmp */
#include "arff.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "diag.h"
#include "digits.h"
#include "lines.h"

/* An attribute as declared. */
struct attribute {
    char *name;
    char **values; /* [levels]   */
    size_t levels; /* 0: numeric */
};

struct header {
    struct attribute *attributes; /* [count] */
    size_t count;
};

/* What is being read. */
struct reader {
    struct lines lines;
    struct class_set *set;
    struct header header; /* the first file's */
    size_t y;             /* the attribute that is the class */
    hunch_diag *diag;
    const char *from;                /* where what was looked at last begins */
    const char *at, *end;            /* what is left of the line */
    bool quoted;                     /* the word was */
    char word[HUNCH__LINE_ROOM * 4]; /* taken off the line, unquoted; no line is longer */
};

static hunch_status read_file(struct reader *r, const char *path, const char *label);
static hunch_status read_header(struct reader *r, struct header *header);
static hunch_status read_attribute(struct reader *r, struct header *header);
static hunch_status read_values(struct reader *r, struct attribute *attribute);
static hunch_status begin(struct reader *r, const char *label);
static bool find_label(struct reader *r, const char *label);
static bool same_header(const struct header *a, const struct header *b);
static hunch_status read_rows(struct reader *r);
static hunch_status read_row(struct reader *r);
static hunch_status read_value(struct reader *r, const struct attribute *attribute, float *value);
static hunch_status next_line(struct reader *r, bool *more);
static bool take_word(struct reader *r);
static bool take(struct reader *r, char c);
static void skip_blanks(struct reader *r);
static void *grow(void *array, size_t count, size_t bytes);
static void header_free(struct header *header);
static hunch_status expected(struct reader *r, const char *what);
static hunch_status no_memory(struct reader *r);

hunch_status hunch__arff_read(struct class_set *out, const char *const *paths, size_t count,
                              const char *label, const char **bad, hunch_diag *diag)
{
    *out = (struct class_set){.n = 0};
    *bad = paths[0];
    struct reader *r = calloc(1, sizeof *r);
    if (r == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory to read it");
    }
    r->set = out;
    r->diag = diag;
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < count && status == HUNCH_OK; i++) {
        *bad = paths[i];
        status = read_file(r, paths[i], label);
    }
    if (status == HUNCH_OK && out->n == 0) {
        status = hunch__fail(diag, HUNCH_ECORRUPT, 0, "no row follows the header");
    }
    if (status == HUNCH_OK) {
        hunch__class_set_end(out);
    } else {
        hunch__class_set_free(out);
    }
    header_free(&r->header);
    free(r);
    return status;
}

static hunch_status read_file(struct reader *r, const char *path, const char *label)
{
    struct header header = {NULL, 0};
    hunch_status status = hunch__lines_open(&r->lines, path, r->diag);
    if (status != HUNCH_OK) {
        return status;
    }
    status = read_header(r, &header);
    if (status != HUNCH_OK) {
        goto done;
    }
    if (r->header.attributes == NULL) {
        r->header = header;
        header = (struct header){NULL, 0};
        status = begin(r, label);
    } else if (!same_header(&r->header, &header)) {
        status = hunch__fail(r->diag, HUNCH_ECORRUPT, r->lines.number,
                             "line %" PRIu64 ": the attributes are not those of the first file",
                             r->lines.number);
    }
    if (status == HUNCH_OK) {
        status = read_rows(r);
    }
done:
    header_free(&header);
    hunch__lines_close(&r->lines);
    return status;
}

/* Up to and with the line "@data". */
static hunch_status read_header(struct reader *r, struct header *header)
{
    for (;;) {
        bool more;
        hunch_status status = next_line(r, &more);
        if (status != HUNCH_OK) {
            return status;
        }
        if (!more) {
            return hunch__fail(r->diag, HUNCH_ECORRUPT, r->lines.number,
                               "line %" PRIu64 ": @data expected, found the end", r->lines.number);
        }
        if (!take_word(r)) {
            return expected(r, "@relation, @attribute or @data");
        }
        if (strcasecmp(r->word, "@data") == 0) {
            return header->count > 1 ? HUNCH_OK : expected(r, "two attributes at least before it");
        }
        if (strcasecmp(r->word, "@attribute") == 0) {
            status = read_attribute(r, header);
        } else if (strcasecmp(r->word, "@relation") != 0) {
            status = expected(r, "@relation, @attribute or @data");
        }
        if (status != HUNCH_OK) {
            return status;
        }
    }
}

static hunch_status read_attribute(struct reader *r, struct header *header)
{
    static const char *const numeric[] = {"numeric", "real", "integer"};
    if (!take_word(r)) {
        return expected(r, "the attribute's name");
    }
    struct attribute *all = grow(header->attributes, header->count, sizeof *all);
    if (all == NULL) {
        return no_memory(r);
    }
    header->attributes = all;
    struct attribute *attribute = &all[header->count++];
    *attribute = (struct attribute){.name = strdup(r->word)};
    if (attribute->name == NULL) {
        return no_memory(r);
    }
    if (take(r, '{')) {
        return read_values(r, attribute);
    }
    bool has_type = take_word(r);
    for (size_t i = 0; has_type && i < sizeof numeric / sizeof numeric[0]; i++) {
        if (strcasecmp(r->word, numeric[i]) == 0) {
            return HUNCH_OK;
        }
    }
    return expected(r, "numeric, real, integer or {value, ...}");
}

/* The bracket is open. */
static hunch_status read_values(struct reader *r, struct attribute *attribute)
{
    do {
        if (!take_word(r)) {
            return expected(r, "a value of the attribute");
        }
        char **values = grow(attribute->values, attribute->levels, sizeof *values);
        char *value = values != NULL ? strdup(r->word) : NULL;
        attribute->values = values != NULL ? values : attribute->values;
        if (value == NULL) {
            return no_memory(r);
        }
        values[attribute->levels++] = value;
    } while (take(r, ','));
    return take(r, '}') && attribute->levels <= HUNCH__LEVELS_MAX ? HUNCH_OK : expected(r, "'}'");
}

static hunch_status begin(struct reader *r, const char *label)
{
    if (!find_label(r, label)) {
        return hunch__fail(r->diag, HUNCH_ECORRUPT, r->lines.number,
                           "no nominal attribute '%.40s' for the class",
                           label != NULL ? label : r->header.attributes[r->y].name);
    }
    hunch_status status = hunch__class_set_begin(r->set, r->header.count - 1, NULL, r->diag);
    if (status != HUNCH_OK) {
        return status;
    }
    struct class_column *column = hunch__class_set_columns(r->set);
    for (size_t i = 0; i < r->header.count; i++) {
        const struct attribute *attribute = &r->header.attributes[i];
        if (i != r->y) {
            (void)snprintf(column->name, sizeof column->name, "%c_%.29s",
                           attribute->levels > 0 ? 'c' : 'n', attribute->name);
            column->levels = (uint32_t)attribute->levels;
            column++;
        }
    }
    return HUNCH_OK;
}

static bool find_label(struct reader *r, const char *label)
{
    const struct header *h = &r->header;
    r->y = h->count - 1;
    for (size_t i = 0; label != NULL && i < h->count; i++) {
        if (strcmp(h->attributes[i].name, label) == 0) {
            r->y = i;
            return h->attributes[i].levels > 0;
        }
    }
    return label == NULL && h->attributes[r->y].levels > 0;
}

static bool same_header(const struct header *a, const struct header *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        const struct attribute *one = &a->attributes[i];
        const struct attribute *other = &b->attributes[i];
        same = strcmp(one->name, other->name) == 0 && one->levels == other->levels;
        for (size_t j = 0; same && j < one->levels; j++) {
            same = strcmp(one->values[j], other->values[j]) == 0;
        }
    }
    return same;
}

static hunch_status read_rows(struct reader *r)
{
    for (;;) {
        bool more;
        hunch_status status = next_line(r, &more);
        if (status != HUNCH_OK || !more) {
            return status;
        }
        status = read_row(r);
        if (status != HUNCH_OK) {
            return status;
        }
    }
}

static hunch_status read_row(struct reader *r)
{
    float y = 0;
    if (*r->at == '{') {
        return hunch__fail(r->diag, HUNCH_EUNSUPPORTED, r->lines.number,
                           "line %" PRIu64 ": a sparse row, which is not read", r->lines.number);
    }
    float *x = hunch__class_set_next(r->set, r->diag);
    if (x == NULL) {
        return HUNCH_ENOMEM;
    }
    for (size_t i = 0; i < r->header.count; i++) {
        if ((i > 0 && !take(r, ',')) || !take_word(r)) {
            return expected(r, "a value for each attribute");
        }
        hunch_status status = read_value(r, &r->header.attributes[i], i == r->y ? &y : x++);
        if (status != HUNCH_OK) {
            return status;
        }
    }
    skip_blanks(r);
    r->from = r->at;
    if (r->at != r->end || isnan(y)) {
        return expected(r, isnan(y) ? "a class" : "the end of the line");
    }
    hunch__class_set_add(r->set, (uint32_t)y);
    return HUNCH_OK;
}

static hunch_status read_value(struct reader *r, const struct attribute *attribute, float *value)
{
    if (!r->quoted && strcmp(r->word, "?") == 0) {
        *value = NAN;
        return HUNCH_OK;
    }
    if (attribute->levels == 0) {
        return hunch__parse_float(r->word, strlen(r->word), value) ? HUNCH_OK
                                                                   : expected(r, "a number or ?");
    }
    for (size_t i = 0; i < attribute->levels; i++) {
        if (strcmp(r->word, attribute->values[i]) == 0) {
            *value = (float)i;
            return HUNCH_OK;
        }
    }
    return expected(r, "a declared value or ?");
}

/* The next line that is no comment and not blank. */
static hunch_status next_line(struct reader *r, bool *more)
{
    const char *line;
    size_t n;
    *more = false;
    for (;;) {
        hunch_status status = hunch__lines_next(&r->lines, &line, &n, r->diag);
        if (status != HUNCH_OK || line == NULL) {
            return status;
        }
        r->at = line;
        r->end = line + n;
        skip_blanks(r);
        if (r->at < r->end && *r->at != '%') {
            *more = true;
            return HUNCH_OK;
        }
    }
}

/* One value or name off the line, into `word`; false when there is none, or its quote is not
 * closed.
 */
static bool take_word(struct reader *r)
{
    size_t n = 0;
    skip_blanks(r);
    char quote = '\0';
    r->from = r->at;
    if (r->at < r->end && (*r->at == '\'' || *r->at == '"')) {
        quote = *r->at++;
    }
    r->quoted = quote != '\0';
    while (r->at < r->end && (r->quoted ? *r->at != quote : strchr(" \t,{}", *r->at) == NULL)) {
        r->at += r->quoted && *r->at == '\\' && r->at + 1 < r->end;
        r->word[n++] = *r->at++;
    }
    r->word[n] = '\0';
    if (!r->quoted) {
        return n > 0;
    }
    return take(r, quote);
}

/* Whether this is next, blanks aside; then it is gone. */
static bool take(struct reader *r, char c)
{
    skip_blanks(r);
    if (r->at == r->end || *r->at != c) {
        r->from = r->at;
        return false;
    }
    r->at++;
    return true;
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t')) {
        r->at++;
    }
}

/* Room for one more than `count`, doubled at each power of two; NULL: the array stays. */
static void *grow(void *array, size_t count, size_t bytes)
{
    bool full = (count & (count - 1)) == 0;
    return full ? realloc(array, (count > 0 ? 2 * count : 1) * bytes) : array;
}

static void header_free(struct header *header)
{
    for (size_t i = 0; i < header->count; i++) {
        struct attribute *attribute = &header->attributes[i];
        for (size_t j = 0; j < attribute->levels; j++) {
            free(attribute->values[j]);
        }
        free(attribute->values);
        free(attribute->name);
    }
    free(header->attributes);
    *header = (struct header){NULL, 0};
}

static hunch_status expected(struct reader *r, const char *what)
{
    size_t n = (size_t)(r->end - r->from);
    return hunch__fail(r->diag, HUNCH_ECORRUPT, r->lines.number,
                       "line %" PRIu64 ": %s expected, found '%.*s'", r->lines.number, what,
                       n < 24 ? (int)n : 24, r->from);
}

static hunch_status no_memory(struct reader *r)
{
    return hunch__fail(r->diag, HUNCH_ENOMEM, 0, "no memory for the header");
}
