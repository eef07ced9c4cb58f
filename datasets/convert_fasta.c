/* Keys from FASTA: a header of each record, ">...", and below it lines of letters. */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "convert.h"
#include "diag.h"
#include "digits.h"
#include "lines.h"

/* The longest odd length whose two bits a base fit in 64: odd, so that none is its own reverse
 * complement, as those who count them want it. */
#define K      31u
#define K_MASK (((uint64_t)1 << 2 * K) - 1)

/* The record that is being read. */
struct record {
    struct key_list *keys;
    uint64_t step;
    uint64_t window; /* the last 31 bases                                      */
    uint64_t known;  /* bases since the last other letter                      */
    uint64_t due;    /* bases until the next window that counts ends           */
};

/* What becomes of a line, which is not empty and has no end; `self` is the caller's. */
typedef hunch_status taker(void *self, const char *line, size_t n, uint64_t number,
                           hunch_diag *diag);

static taker take_kmers, take_range;
static hunch_status read_lines(const char *path, taker *take, void *self, hunch_diag *diag);
static hunch_status take_base(struct record *record, unsigned base, hunch_diag *diag);
static unsigned base_of(char letter);
static bool parse_range(const char *line, size_t n, uint64_t *key);

hunch_status hunch__convert_kmers(struct key_list *keys, const char *const *paths,
                                  const struct conversion *conversion, const char **bad,
                                  hunch_diag *diag)
{
    struct record record = {.keys = keys, .step = conversion->step};
    *bad = paths[0];
    return read_lines(paths[0], take_kmers, &record, diag);
}

hunch_status hunch__convert_ranges(struct key_list *keys, const char *const *paths,
                                   const struct conversion *conversion, const char **bad,
                                   hunch_diag *diag)
{
    (void)conversion;
    *bad = paths[0];
    return read_lines(paths[0], take_range, keys, diag);
}

/* A file that was cut off within its letters looks like a whole one; what can be seen is a header
 * with nothing below it. */
static hunch_status read_lines(const char *path, taker *take, void *self, hunch_diag *diag)
{
    struct lines lines;
    const char *line;
    size_t n;
    uint64_t header = 0; /* the number of the last one's line, until a letter follows */
    bool any = false;
    hunch_status status = hunch__lines_open(&lines, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    while ((status = hunch__lines_next(&lines, &line, &n, diag)) == HUNCH_OK && line != NULL) {
        if (n == 0) {
            continue;
        }
        if (!any && *line != '>') {
            status = hunch__fail(diag, HUNCH_ECORRUPT, lines.number,
                                 "line %" PRIu64 ": a header '>...' expected, found '%.*s'",
                                 lines.number, n < 24 ? (int)n : 24, line);
            break;
        }
        any = true;
        header = *line == '>' ? lines.number : 0;
        status = take(self, line, n, lines.number, diag);
        if (status != HUNCH_OK) {
            break;
        }
    }
    if (status == HUNCH_OK && header > 0) {
        status = hunch__fail(diag, HUNCH_ECORRUPT, header,
                             "line %" PRIu64 ": the last header has no sequence below it", header);
    }
    hunch__lines_close(&lines);
    return status;
}

static hunch_status take_kmers(void *self, const char *line, size_t n, uint64_t number,
                               hunch_diag *diag)
{
    struct record *record = self;
    hunch_status status = HUNCH_OK;
    if (*line == '>') {
        record->known = 0;
        record->due = K;
        return HUNCH_OK;
    }
    for (size_t i = 0; i < n && status == HUNCH_OK; i++) {
        unsigned base = base_of(line[i]);
        if (base > 4) {
            return hunch__fail(diag, HUNCH_ECORRUPT, number,
                               "line %" PRIu64 ": a letter, '-' or '*' expected, found byte 0x%02x",
                               number, (unsigned char)line[i]);
        }
        status = take_base(record, base, diag);
    }
    return status;
}

static hunch_status take_base(struct record *record, unsigned base, hunch_diag *diag)
{
    record->window = (record->window << 2 | (base & 3)) & K_MASK;
    record->known = base < 4 ? record->known + 1 : 0;
    if (--record->due > 0) {
        return HUNCH_OK;
    }
    record->due = record->step;
    return record->known >= K ? hunch__key_list_add(record->keys, record->window, diag) : HUNCH_OK;
}

/* 0 to 3 of a base, small letters included, which mark repeats; 4 of what stands for several or
 * none; 5 of what has no place in a sequence. A table: a branch a base would be guessed wrong. */
static unsigned base_of(char letter)
{
    static const unsigned char known[256] = {
        ['A'] = 4, ['C'] = 5, ['G'] = 6, ['T'] = 7, ['a'] = 4, ['c'] = 5, ['g'] = 6, ['t'] = 7,
    };
    unsigned base = known[(unsigned char)letter];
    if (base != 0) {
        return base - 4;
    }
    return (unsigned)((letter | 32) - 'a') < 26 || letter == '-' || letter == '*' ? 4 : 5;
}

static hunch_status take_range(void *self, const char *line, size_t n, uint64_t number,
                               hunch_diag *diag)
{
    uint64_t key;
    (void)number;
    return parse_range(line, n, &key) ? hunch__key_list_add(self, key, diag) : HUNCH_OK;
}

/* ">gi|ID|...:a-b", of several ranges the first; a range on the other strand is ":cb-a". */
static bool parse_range(const char *line, size_t n, uint64_t *key)
{
    static const char front[] = ">gi|";
    const char *at = line + sizeof front - 1;
    uint64_t id;
    uint64_t from;
    uint64_t to;
    if (n < sizeof front || memcmp(line, front, sizeof front - 1) != 0 ||
        !hunch__parse_number(&at, &id) || *at != '|') {
        return false;
    }
    at = memchr(at, ':', (size_t)(line + n - at));
    if (at == NULL) {
        return false;
    }
    at += at[1] == 'c' ? 2 : 1;
    if (!hunch__parse_number(&at, &from) || *at++ != '-' || !hunch__parse_number(&at, &to)) {
        return false;
    }
    from = from < to ? from : to;
    *key = id << 32 | from;
    return id <= UINT32_MAX && from <= UINT32_MAX;
}
