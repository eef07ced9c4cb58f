/* Keys from lines of text. */
#include <inttypes.h>
#include <string.h>

#include "convert.h"
#include "diag.h"
#include "lines.h"

/* How the lines of one format give a key: true and *key, or false and what was expected. */
typedef bool line_parser(const char *line, size_t n, const struct conversion *c, uint64_t *key,
                         const char **expected);

/* Whether a line holds no key, after so many `keys`. */
typedef bool line_filter(const char *line, size_t n, size_t keys);

static hunch_status convert_lines(struct key_list *keys, const char *path,
                                  const struct conversion *c, line_filter *skip, line_parser *parse,
                                  hunch_diag *diag);
static bool skip_comment(const char *line, size_t n, size_t keys);
static bool skip_notice(const char *line, size_t n, size_t keys);
static bool parse_column(const char *line, size_t n, const struct conversion *c, uint64_t *key,
                         const char **expected);
static bool parse_request(const char *line, size_t n, const struct conversion *c, uint64_t *key,
                          const char **expected);
static bool parse_time(const char **at, uint64_t *ns);
static bool parse_number(const char **at, uint64_t *number);
static const char *column_start(const char *line, size_t n, const struct conversion *c);
static bool ends_column(const char *at, const char *end, char separator);
static const char *skip_blanks(const char *at, char separator);
static bool is_blank(char c, char separator);

hunch_status hunch__convert_text(struct key_list *keys, const char *const *paths,
                                 const struct conversion *conversion, const char **bad,
                                 hunch_diag *diag)
{
    *bad = paths[0];
    return convert_lines(keys, paths[0], conversion, skip_comment, parse_column, diag);
}

hunch_status hunch__convert_blkreplay(struct key_list *keys, const char *const *paths,
                                      const struct conversion *conversion, const char **bad,
                                      hunch_diag *diag)
{
    *bad = paths[0];
    return convert_lines(keys, paths[0], conversion, skip_notice, parse_request, diag);
}

static hunch_status convert_lines(struct key_list *keys, const char *path,
                                  const struct conversion *c, line_filter *skip, line_parser *parse,
                                  hunch_diag *diag)
{
    struct lines lines;
    const char *line;
    size_t n;
    hunch_status status = hunch__lines_open(&lines, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    while ((status = hunch__lines_next(&lines, &line, &n, diag)) == HUNCH_OK && line != NULL) {
        uint64_t key;
        const char *expected;
        if (skip(line, n, keys->n)) {
            continue;
        }
        if (!parse(line, n, c, &key, &expected)) {
            status = hunch__fail(diag, HUNCH_ECORRUPT, lines.number,
                                 "line %" PRIu64 ": %s expected, found '%.*s'", lines.number,
                                 expected, n < 24 ? (int)n : 24, line);
            break;
        }
        status = hunch__key_list_add(keys, key, diag);
        if (status != HUNCH_OK) {
            break;
        }
    }
    hunch__lines_close(&lines);
    return status;
}

static bool skip_comment(const char *line, size_t n, size_t keys)
{
    (void)keys;
    return n == 0 || line[0] == '#';
}

/* A notice of licence and the names of the columns stand in front; no record begins with a letter.
 */
static bool skip_notice(const char *line, size_t n, size_t keys)
{
    char first = *skip_blanks(line, ';');
    return n == 0 || (keys == 0 && (first < '0' || first > '9'));
}

static bool parse_column(const char *line, size_t n, const struct conversion *c, uint64_t *key,
                         const char **expected)
{
    const char *at = column_start(line, n, c);
    *expected = "a whole number below 2^64 in the column";
    if (at == NULL || !parse_number(&at, key)) {
        return false;
    }
    return ends_column(at, line + n, c->separator) ||
           ends_column(skip_blanks(at, c->separator), line + n, c->separator);
}

static bool parse_request(const char *line, size_t n, const struct conversion *c, uint64_t *key,
                          const char **expected)
{
    uint64_t ns;
    uint64_t sector;
    const char *at = skip_blanks(line, ';');
    *expected = "'seconds.nanoseconds ; sector ;'";
    if (!parse_time(&at, &ns) || *(at = skip_blanks(at, ';')) != ';') {
        return false;
    }
    at = skip_blanks(at + 1, ';');
    if (!parse_number(&at, &sector) || !ends_column(skip_blanks(at, ';'), line + n, ';')) {
        return false;
    }
    *key = c->column == 2 ? sector : ns;
    return true;
}

/* Nine digits after the point, as blktrace prints them. */
static bool parse_time(const char **at, uint64_t *ns)
{
    uint64_t seconds;
    uint64_t rest;
    if (!parse_number(at, &seconds) || **at != '.') {
        return false;
    }
    const char *fraction = ++*at;
    if (!parse_number(at, &rest) || *at - fraction != 9) {
        return false;
    }
    return !__builtin_mul_overflow(seconds, (uint64_t)1000000000, &seconds) &&
           !__builtin_add_overflow(seconds, rest, ns);
}

/* Digits alone: no sign, no blanks, no locale. Stops at the byte behind the line at the latest. */
static bool parse_number(const char **at, uint64_t *number)
{
    const char *from = *at;
    uint64_t value = 0;
    for (; (unsigned char)(**at - '0') < 10; ++*at) {
        if (__builtin_mul_overflow(value, (uint64_t)10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(**at - '0'), &value)) {
            return false;
        }
    }
    *number = value;
    return *at != from;
}

/* Where column c->column begins; NULL when the line has fewer. */
static const char *column_start(const char *line, size_t n, const struct conversion *c)
{
    const char *end = line + n;
    const char *at = skip_blanks(line, c->separator);
    for (unsigned column = 1; column < c->column && at <= end; column++) {
        while (at < end && !ends_column(at, end, c->separator)) {
            at++;
        }
        if (at == end) {
            return NULL;
        }
        at = skip_blanks(at + 1, c->separator);
    }
    return at < end ? at : NULL;
}

static bool ends_column(const char *at, const char *end, char separator)
{
    return at == end || *at == separator || (separator == ' ' && is_blank(*at, separator));
}

/* Never past the line: its end is no blank. */
static const char *skip_blanks(const char *at, char separator)
{
    while (is_blank(*at, separator)) {
        at++;
    }
    return at;
}

/* A tab that separates columns is none: the column before it may be empty. */
static bool is_blank(char c, char separator)
{
    return c == ' ' || (c == '\t' && separator != '\t');
}
