/* Keys from lines of text. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "convert.h"
#include "diag.h"
#include "digits.h"
#include "lines.h"

static hunch_status convert_lines(struct key_list *keys, const char *path,
                                  const struct conversion *c, hunch_diag *diag);
static bool is_comment(const char *line, size_t n);
static bool parse_column(const char *line, size_t n, const struct conversion *c, uint64_t *key);
static bool parse_ipv6(const char **at, uint64_t *key);
static const char *column_start(const char *line, size_t n, const struct conversion *c);
static bool ends_column(const char *at, const char *end, char separator);
static const char *skip_blanks(const char *at, char separator);
static bool is_blank(char c, char separator);

hunch_status hunch__convert_text(struct key_list *keys, const char *const *paths,
                                 const struct conversion *conversion, const char **bad,
                                 hunch_diag *diag)
{
    *bad = paths[0];
    return convert_lines(keys, paths[0], conversion, diag);
}

static hunch_status convert_lines(struct key_list *keys, const char *path,
                                  const struct conversion *c, hunch_diag *diag)
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
        if (is_comment(line, n)) {
            continue;
        }
        if (!parse_column(line, n, c, &key)) {
            status = hunch__fail(
                diag, HUNCH_ECORRUPT, lines.number,
                "line %" PRIu64 ": %s in the column expected, found '%.*s'", lines.number,
                c->key == TEXT_IPV6 ? "an IPv6 address" : "a whole number below 2^64",
                n < 24 ? (int)n : 24, line);
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

static bool is_comment(const char *line, size_t n)
{
    return n == 0 || line[0] == '#';
}

static bool parse_column(const char *line, size_t n, const struct conversion *c, uint64_t *key)
{
    const char *at = column_start(line, n, c);
    if (at == NULL) {
        return false;
    }
    if (!(c->key == TEXT_IPV6 ? parse_ipv6(&at, key) : hunch__parse_number(&at, key))) {
        return false;
    }
    return ends_column(at, line + n, c->separator) ||
           ends_column(skip_blanks(at, c->separator), line + n, c->separator);
}

/* The upper half: what the networks of the world share out. */
static bool parse_ipv6(const char **at, uint64_t *key)
{
    char text[INET6_ADDRSTRLEN];
    unsigned char address[16];
    size_t n = strspn(*at, "0123456789abcdefABCDEF:.");
    if (n >= sizeof text) {
        return false;
    }
    memcpy(text, *at, n);
    text[n] = '\0';
    *at += n;
    if (inet_pton(AF_INET6, text, address) != 1) {
        return false;
    }
    *key = 0;
    for (size_t i = 0; i < 8; i++) {
        *key = *key << 8 | address[i];
    }
    return true;
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
