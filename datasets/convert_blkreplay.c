/* Traces of block requests, as blkreplay has them. */
#include <inttypes.h>
#include <stdbool.h>

#include "convert.h"
#include "diag.h"
#include "digits.h"
#include "lines.h"

/* A longer request is none: 2^16 sectors are 32 MiB. */
#define SECTORS_MAX 65536

/* A line of the trace. */
struct request {
    uint64_t ns, sector, sectors;
};

/* What becomes of a request; `what` is the caller's. */
typedef hunch_status taker(struct key_list *keys, const struct request *request, const void *what,
                           hunch_diag *diag);

static hunch_status convert(struct key_list *keys, const char *path, taker *take, const void *what,
                            hunch_diag *diag);
static hunch_status take_column(struct key_list *keys, const struct request *request,
                                const void *what, hunch_diag *diag);
static hunch_status take_blocks(struct key_list *keys, const struct request *request,
                                const void *what, hunch_diag *diag);
static bool is_notice(const char *line, size_t n);
static bool parse_request(const char *line, const char *end, struct request *request);
static bool parse_time(const char **at, uint64_t *ns);
static bool parse_next(const char **at, uint64_t *number);
static const char *skip_blanks(const char *at);

hunch_status hunch__convert_blkreplay(struct key_list *keys, const char *const *paths,
                                      const struct conversion *conversion, const char **bad,
                                      hunch_diag *diag)
{
    *bad = paths[0];
    return convert(keys, paths[0], take_column, conversion, diag);
}

hunch_status hunch__convert_blocks(struct key_list *keys, const char *path, uint64_t sectors,
                                   hunch_diag *diag)
{
    return convert(keys, path, take_blocks, &sectors, diag);
}

/* A notice of licence and the names of the columns stand in front; no record begins with a letter.
 */
static hunch_status convert(struct key_list *keys, const char *path, taker *take, const void *what,
                            hunch_diag *diag)
{
    struct lines lines;
    struct request request;
    const char *line;
    size_t n;
    bool in_front = true;
    hunch_status status = hunch__lines_open(&lines, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    while ((status = hunch__lines_next(&lines, &line, &n, diag)) == HUNCH_OK && line != NULL) {
        if (n == 0 || (in_front && is_notice(line, n))) {
            continue;
        }
        in_front = false;
        status = parse_request(line, line + n, &request)
                     ? take(keys, &request, what, diag)
                     : hunch__fail(diag, HUNCH_ECORRUPT, lines.number,
                                   "line %" PRIu64
                                   ": 'seconds.nanoseconds ; sector ; length' expected, found "
                                   "'%.*s'",
                                   lines.number, n < 24 ? (int)n : 24, line);
        if (status != HUNCH_OK) {
            break;
        }
    }
    hunch__lines_close(&lines);
    return status;
}

static hunch_status take_column(struct key_list *keys, const struct request *request,
                                const void *what, hunch_diag *diag)
{
    const struct conversion *conversion = what;
    return hunch__key_list_add(keys, conversion->column == 2 ? request->sector : request->ns, diag);
}

static hunch_status take_blocks(struct key_list *keys, const struct request *request,
                                const void *what, hunch_diag *diag)
{
    uint64_t sectors = *(const uint64_t *)what;
    uint64_t last = request->sectors > 0 ? request->sectors - 1 : 0;
    if (__builtin_add_overflow(request->sector, last, &last)) {
        last = UINT64_MAX;
    }
    hunch_status status = HUNCH_OK;
    uint64_t first = request->sector / sectors;
    for (uint64_t i = 0; status == HUNCH_OK && i <= last / sectors - first; i++) {
        status = hunch__key_list_add(keys, first + i, diag);
    }
    return status;
}

static bool is_notice(const char *line, size_t n)
{
    const char *first = skip_blanks(line);
    return first == line + n || *first < '0' || *first > '9';
}

static bool parse_request(const char *line, const char *end, struct request *request)
{
    const char *at = skip_blanks(line);
    if (!parse_time(&at, &request->ns) || !parse_next(&at, &request->sector)) {
        return false;
    }
    request->sectors = 1;
    const char *length = at;
    if (parse_next(&length, &request->sectors)) {
        at = length;
    }
    at = skip_blanks(at);
    return request->sectors <= SECTORS_MAX && (at >= end || *at == ';');
}

/* Nine digits after the point, as blktrace prints them. */
static bool parse_time(const char **at, uint64_t *ns)
{
    uint64_t seconds;
    uint64_t rest;
    if (!hunch__parse_number(at, &seconds) || **at != '.') {
        return false;
    }
    const char *fraction = ++*at;
    if (!hunch__parse_number(at, &rest) || *at - fraction != 9) {
        return false;
    }
    return !__builtin_mul_overflow(seconds, (uint64_t)1000000000, &seconds) &&
           !__builtin_add_overflow(seconds, rest, ns);
}

/* The number behind the next semicolon, if there is one. */
static bool parse_next(const char **at, uint64_t *number)
{
    const char *from = skip_blanks(*at);
    if (*from != ';') {
        return false;
    }
    *at = skip_blanks(from + 1);
    return hunch__parse_number(at, number);
}

/* Never past the line: its end is no blank. */
static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t') {
        at++;
    }
    return at;
}
