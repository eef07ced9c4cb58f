/* The lines of an input. */
#include "lines.h"

#include <inttypes.h>
#include <string.h>

#include "diag.h"

static hunch_status read_ahead(struct lines *lines, hunch_diag *diag);
static const char *give(struct lines *lines, size_t n, size_t *without_end);

hunch_status hunch__lines_open(struct lines *out, const char *path, hunch_diag *diag)
{
    out->number = 0;
    out->from = 0;
    out->to = 0;
    out->at_end = false;
    return hunch__input_open(&out->input, path, diag);
}

hunch_status hunch__lines_next(struct lines *lines, const char **line, size_t *n, hunch_diag *diag)
{
    for (;;) {
        const char *from = lines->bytes + lines->from;
        size_t have = lines->to - lines->from;
        const char *end = have > 0 ? memchr(from, '\n', have) : NULL;
        if (end != NULL) {
            *line = give(lines, (size_t)(end - from) + 1, n);
            return HUNCH_OK;
        }
        if (lines->at_end) { /* a last line may lack its end */
            *line = have > 0 ? give(lines, have, n) : NULL;
            return HUNCH_OK;
        }
        if (have > HUNCH__LINE_ROOM) {
            return hunch__fail(diag, HUNCH_ECORRUPT, lines->number + 1,
                               "line %" PRIu64 ": longer than %zu bytes", lines->number + 1,
                               HUNCH__LINE_ROOM);
        }
        hunch_status status = read_ahead(lines, diag);
        if (status != HUNCH_OK) {
            return status;
        }
    }
}

void hunch__lines_close(struct lines *lines)
{
    hunch__input_close(&lines->input);
}

/* The last byte of the room is kept free: what ends the last line stands there. */
static hunch_status read_ahead(struct lines *lines, hunch_diag *diag)
{
    size_t got;
    memmove(lines->bytes, lines->bytes + lines->from, lines->to - lines->from);
    lines->to -= lines->from;
    lines->from = 0;
    size_t room = sizeof lines->bytes - 1 - lines->to;
    hunch_status status =
        hunch__input_read(&lines->input, lines->bytes + lines->to, room, &got, diag);
    lines->to += got;
    lines->at_end = got < room;
    lines->bytes[lines->to] = '\n';
    return status;
}

/* The next n bytes, their end included if they have one. */
static const char *give(struct lines *lines, size_t n, size_t *without_end)
{
    const char *line = lines->bytes + lines->from;
    lines->from += n;
    lines->number++;
    n -= line[n - 1] == '\n';
    n -= n > 0 && line[n - 1] == '\r';
    *without_end = n;
    return line;
}
