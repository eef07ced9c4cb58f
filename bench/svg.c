/* gnuplot's SVG, made fit to stand in a page. */
#define _POSIX_C_SOURCE 200809L
#include "svg.h"

#include <stdbool.h>
#include <string.h>

#include "asserts.h"
#include "html.h"

#define SENTINEL 0x0A00u /* the upper two bytes of a colour that is a sentinel */

static const char *const variables[] = {
    [BENCH_OURS] = "ours",   [BENCH_RIVAL] = "rival", [BENCH_BASELINE] = "base",
    [BENCH_FLOOR] = "floor", [BENCH_TEXT] = "text",   [BENCH_MUTED] = "muted",
    [BENCH_LINE] = "line",   [BENCH_PANEL] = "panel", [BENCH_ERROR] = "error",
};

static const char *skip_element(const char *at, const char *name);
static const char *write_colour(FILE *out, const char *at);
static const char *write_reference(FILE *out, const char *at, const char *id);

char *bench__svg_colour(char *out, enum bench_colour colour)
{
    (void)snprintf(out, BENCH_COLOUR_BYTES, "#%04x%02x", SENTINEL, (unsigned)colour & 0xFF);
    return out;
}

void bench__svg_write(FILE *out, const char *svg, const char *id, const char *label)
{
    const char *view = strstr(svg, "viewBox=\"");
    const char *at = view == NULL ? NULL : strchr(view, '>');
    if (at == NULL) {
        return;
    }
    view += strlen("viewBox=\"");
    const char *drawing = strstr(at, "</defs>");
    const bool used = drawing != NULL && strstr(drawing, "href='#gp") != NULL;
    (void)fprintf(out, "<svg viewBox=\"%.*s\" role=\"img\" aria-label=\"", (int)strcspn(view, "\""),
                  view);
    bench__html_text(out, label);
    (void)fputs("\">", out);
    for (at++; *at != '\0';) {
        const char *next = skip_element(at, "title");
        next = next == at ? skip_element(at, "desc") : next;
        next = next == at && !used ? skip_element(at, "defs") : next;
        next = next == at ? write_colour(out, at) : next;
        next = next == at ? write_reference(out, at, id) : next;
        if (next == at) {
            (void)fputc(*at, out);
            next++;
        }
        at = next;
    }
}

/* Behind the element `name` when it begins here; else `at`. */
static const char *skip_element(const char *at, const char *name)
{
    char end[16];
    const size_t length = strlen(name);
    if (at[0] != '<' || strncmp(at + 1, name, length) != 0 || at[1 + length] != '>') {
        return at;
    }
    const int written = snprintf(end, sizeof end, "</%s>", name);
    const char *found = strstr(at, end);
    HUNCH_ASSERT(written > 0 && (size_t)written < sizeof end);
    return found == NULL ? at : found + written;
}

/* "rgb( 10,   0,   1)" is a sentinel: its variable goes out. */
static const char *write_colour(FILE *out, const char *at)
{
    unsigned red, green, blue;
    int length = 0;
    if (strncmp(at, "rgb(", 4) != 0 ||
        sscanf(at, "rgb(%u,%u,%u)%n", &red, &green, &blue, &length) != 3 || length == 0) {
        return at;
    }
    const bool known = (red << 8 | green) == SENTINEL && blue >= BENCH_OURS && blue <= BENCH_ERROR;
    if (!known) {
        return at;
    }
    (void)fprintf(out, "var(--%s)", variables[blue]);
    return at + length;
}

/* id='x', id="x" and '#x' become id='ID-x' and so on. */
static const char *write_reference(FILE *out, const char *at, const char *id)
{
    const bool is_id = strncmp(at, "id='", 4) == 0 || strncmp(at, "id=\"", 4) == 0;
    const bool is_reference = strncmp(at, "'#", 2) == 0;
    const int length = is_id ? 4 : is_reference ? 2 : 0;
    if (length > 0) {
        (void)fprintf(out, "%.*s%s-", length, at, id);
    }
    return at + length;
}
