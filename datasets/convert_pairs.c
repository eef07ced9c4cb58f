/* Keys from contacts of a genome, as the 4DN consortium's pairs files have them:
 * "read <tab> chr1 <tab> pos1 <tab> chr2 <tab> pos2 ..." below lines that begin with '#'. */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "convert.h"
#include "diag.h"
#include "digits.h"
#include "lines.h"

/* X, Y and M follow the numbered chromosomes; contigs that have no place are one more. */
#define NUMBERED      22u
#define OTHER         26u
#define POSITION_BITS 28u

static bool parse_pair(const char *line, const char *end, uint64_t *key);
static bool parse_place(const char **at, const char *end, uint64_t *place);
static uint64_t chromosome_of(const char *name, size_t n);

hunch_status hunch__convert_pairs(struct key_list *keys, const char *const *paths,
                                  const struct conversion *conversion, const char **bad,
                                  hunch_diag *diag)
{
    struct lines lines;
    const char *line;
    size_t n;
    (void)conversion;
    *bad = paths[0];
    hunch_status status = hunch__lines_open(&lines, paths[0], diag);
    if (status != HUNCH_OK) {
        return status;
    }
    while ((status = hunch__lines_next(&lines, &line, &n, diag)) == HUNCH_OK && line != NULL) {
        uint64_t key;
        if (n == 0 || *line == '#') {
            continue;
        }
        if (!parse_pair(line, line + n, &key)) {
            status = hunch__fail(diag, HUNCH_ECORRUPT, lines.number,
                                 "line %" PRIu64
                                 ": 'read chr1 pos1 chr2 pos2' with tabs expected, found '%.*s'",
                                 lines.number, n < 24 ? (int)n : 24, line);
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

static bool parse_pair(const char *line, const char *end, uint64_t *key)
{
    uint64_t first;
    uint64_t second;
    const char *at = memchr(line, '\t', (size_t)(end - line));
    if (at == NULL || !parse_place(&at, end, &first) || !parse_place(&at, end, &second)) {
        return false;
    }
    *key = first << 32 | second;
    return at == end || *at == '\t';
}

/* "<tab> chromosome <tab> position": 5 bits of the one above 27 of the other. A position beyond
 * 2^27, in the longest chromosomes, spills over: two places may have one key then. */
static bool parse_place(const char **at, const char *end, uint64_t *place)
{
    const char *name = *at + 1;
    uint64_t position;
    if (*at == end || **at != '\t') {
        return false;
    }
    const char *tab = memchr(name, '\t', (size_t)(end - name));
    if (tab == NULL || tab == name) {
        return false;
    }
    *at = tab + 1;
    if (!hunch__parse_number(at, &position) || position >> POSITION_BITS != 0) {
        return false;
    }
    *place = chromosome_of(name, (size_t)(tab - name)) << 27 | position;
    return true;
}

/* "chr7", or "7". */
static uint64_t chromosome_of(const char *name, size_t n)
{
    static const char letters[] = "XYM";
    uint64_t number;
    if (n > 3 && memcmp(name, "chr", 3) == 0) {
        name += 3;
        n -= 3;
    }
    const char *at = name;
    if (hunch__parse_number(&at, &number) && at == name + n && number - 1 < NUMBERED) {
        return number;
    }
    const char *letter = n == 1 ? memchr(letters, *name, sizeof letters - 1) : NULL;
    return letter != NULL ? NUMBERED + 1 + (uint64_t)(letter - letters) : OTHER;
}
