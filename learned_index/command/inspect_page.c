/* The page of hunch-index inspect --html. */
#include "inspect_page.h"

#include <inttypes.h>
#include <stdio.h>

#include "index_command.h"
#include "text_output.h"

#define WIDTH  760.0
#define HEIGHT 300.0
#define EDGE   10.0
/* Pieces of the panel that looks closer. */
#define CLOSE  20u

static void write_page(FILE *out, const char *title, const struct survey *survey,
                       const hunch_index *index);
static void write_text(FILE *out, const char *text);
static void write_facts(FILE *out, const struct survey *survey);
static void write_fact(FILE *out, const char *what, double value, const char *unit);
static void begin_figure(FILE *out, const char *caption);
static void write_curve(FILE *out, const struct survey *survey, const hunch_index *index);
static void write_close(FILE *out, const struct survey *survey, const hunch_index *index);
static void write_errors(FILE *out, const struct survey *survey);
static void write_parts(FILE *out, const struct survey *survey);
static double across(uint64_t key, uint64_t low, uint64_t high);
static double down(uint64_t position, uint64_t first, uint64_t last);

/* The colours are those of hunch-bench's report. */
static const char style[] =
    ":root { --back: #fdfdfc; --panel: #f5f6f7; --text: #1b1f24; --muted: #616a75;\n"
    "  --line: #dfe2e6; --ours: #0a66c2; --base: #c2570a; }\n"
    "@media screen and (prefers-color-scheme: dark) {\n"
    "  :root { --back: #14171b; --panel: #1c2026; --text: #e4e7ea; --muted: #98a2ae;\n"
    "    --line: #303640; --ours: #58a6ff; --base: #f0883e; }\n"
    "}\n"
    "body { margin: 0; background: var(--back); color: var(--text);\n"
    "  font: 16px/1.5 system-ui, 'DejaVu Sans', sans-serif; }\n"
    "main { max-width: 820px; margin: 0 auto; padding: 24px 20px 64px; }\n"
    "h1 { font-size: 1.7rem; margin: 0 0 12px; overflow-wrap: anywhere; }\n"
    "table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; "
    "}\n"
    "th, td { padding: 4px 18px 4px 0; text-align: left; border-bottom: 1px solid var(--line); }\n"
    "th { color: var(--muted); font-weight: 600; } td { text-align: right; }\n"
    "figure { margin: 16px 0; padding: 10px 12px; background: var(--panel); border-radius: 8px; }\n"
    "figcaption { font-size: 0.875rem; font-weight: 600; margin-bottom: 4px; }\n"
    "svg { display: block; width: 100%; height: auto; font-size: 12px; fill: var(--muted); }\n"
    ".curve { fill: none; stroke: var(--ours); stroke-width: 1.5; }\n"
    ".piece { stroke: var(--base); stroke-width: 1; opacity: 0.55; }\n"
    ".bar { fill: var(--ours); } .axis { stroke: var(--line); }\n";

hunch_status index__page_write(const char *path, const char *title, const struct survey *survey,
                               const hunch_index *index, hunch_diag *diag)
{
    struct text_output text;
    hunch_status status = hunch__text_output_open(&text, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    write_page(text.stream, title, survey, index);
    return hunch__text_output_finish(&text, diag);
}

static void write_page(FILE *out, const char *title, const struct survey *survey,
                       const hunch_index *index)
{
    (void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
                out);
    write_text(out, title);
    (void)fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n<h1>", style);
    write_text(out, title);
    (void)fputs("</h1>\n", out);
    write_facts(out, survey);
    if (survey->points > 1) {
        write_curve(out, survey, index);
        write_close(out, survey, index);
        write_errors(out, survey);
    }
    write_parts(out, survey);
    (void)fputs("</main>\n</body>\n</html>\n", out);
}

static void write_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned char byte = (unsigned char)*text;
        if (byte == '&' || byte == '<' || byte == '>' || byte == '"') {
            (void)fprintf(out, "&#%u;", byte);
        } else {
            (void)fputc(byte < 0x20 || byte >= 0x7f ? '?' : byte, out);
        }
    }
}

static void write_facts(FILE *out, const struct survey *survey)
{
    const hunch_index_stats *stats = &survey->stats;
    const double n = stats->n > 0 ? (double)stats->n : 1;
    (void)fprintf(out, "<table>\n<tr><th>form</th><td>%s</td></tr>\n", stats->model);
    (void)fprintf(out, "<tr><th>found by</th><td>%s</td></tr>\n",
                  stats->router != 0 ? index__routers[stats->router] : "-");
    write_fact(out, "keys", (double)stats->n, "");
    write_fact(out, "pieces", (double)stats->pieces, "");
    write_fact(out, "bytes beside the keys", (double)stats->index_bytes, "");
    (void)fprintf(out, "<tr><th>bytes a key</th><td>%.4f</td></tr>\n",
                  (double)stats->index_bytes / n);
    write_fact(out, "window of segments, at most", 2 * (double)stats->eps, " keys");
    (void)fprintf(out, "<tr><th>mean error, sampled</th><td>%.2f positions</td></tr>\n",
                  survey->mean_error);
    write_fact(out, "largest error, sampled", (double)survey->worst, " positions");
    (void)fprintf(out, "</table>\n");
}

static void write_fact(FILE *out, const char *what, double value, const char *unit)
{
    (void)fprintf(out, "<tr><th>%s</th><td>%.0f%s</td></tr>\n", what, value, unit);
}

static void begin_figure(FILE *out, const char *caption)
{
    (void)fprintf(out,
                  "<figure>\n<figcaption>%s</figcaption>\n<svg viewBox=\"0 0 %.0f %.0f\" "
                  "role=\"img\" aria-label=\"%s\">\n",
                  caption, WIDTH, HEIGHT, caption);
}

/* Keys across, positions up; a mark where some of the pieces begin. */
static void write_curve(FILE *out, const struct survey *survey, const hunch_index *index)
{
    const uint64_t low = survey->key[0];
    const uint64_t high = survey->key[survey->points - 1];
    const uint64_t last = survey->position[survey->points - 1];
    const uint64_t *keys = hunch_index_keys(index);
    begin_figure(out, "Position of a key; lines: where pieces begin");
    for (size_t i = 0; i < survey->pieces; i++) {
        if (survey->piece[i] <= last) {
            const double x = across(keys[survey->piece[i]], low, high);
            (void)fprintf(
                out, "<line class=\"piece\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.0f\" y2=\"%.0f\"/>\n", x,
                x, HEIGHT - EDGE - 8, HEIGHT - EDGE);
        }
    }
    (void)fputs("<polyline class=\"curve\" points=\"", out);
    for (size_t i = 0; i < survey->points; i++) {
        (void)fprintf(out, "%.1f,%.1f ", across(survey->key[i], low, high),
                      down(survey->position[i], 0, last));
    }
    (void)fputs("\"/>\n</svg>\n</figure>\n", out);
}

/* The pieces in the middle, key by key. */
static void write_close(FILE *out, const struct survey *survey, const hunch_index *index)
{
    const size_t n = hunch_index_count(index);
    const uint64_t *keys = hunch_index_keys(index);
    const uint64_t pieces = survey->stats.pieces;
    const size_t first = hunch_index_piece(index, pieces / 2);
    size_t last = hunch_index_piece(index, pieces / 2 + CLOSE);
    if (pieces == 0 || first >= n) {
        return;
    }
    last = last < n ? last : n - 1;
    if (last <= first || keys[last] == keys[first]) {
        return;
    }
    const size_t step = (last - first) / SURVEY_POINTS + 1;
    begin_figure(out, "Twenty pieces in the middle");
    for (uint64_t i = 0; i <= CLOSE; i++) {
        const size_t at = hunch_index_piece(index, pieces / 2 + i);
        if (at >= first && at <= last) {
            const double x = across(keys[at], keys[first], keys[last]);
            (void)fprintf(
                out, "<line class=\"piece\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.0f\" y2=\"%.0f\"/>\n", x,
                x, EDGE, HEIGHT - EDGE);
        }
    }
    (void)fputs("<polyline class=\"curve\" points=\"", out);
    for (size_t at = first; at <= last; at += step) {
        (void)fprintf(out, "%.1f,%.1f ", across(keys[at], keys[first], keys[last]),
                      down(at, first, last));
    }
    (void)fputs("\"/>\n</svg>\n</figure>\n", out);
}

static void write_errors(FILE *out, const struct survey *survey)
{
    const double width = (WIDTH - 2 * EDGE) / SURVEY_BINS;
    uint64_t most = 1;
    for (size_t i = 0; i < SURVEY_BINS; i++) {
        most = survey->bins[i] > most ? survey->bins[i] : most;
    }
    begin_figure(out, "How far from the middle of the window the answer is, in positions");
    for (size_t i = 0; i < SURVEY_BINS; i++) {
        const double height = (HEIGHT - 4 * EDGE) * (double)survey->bins[i] / (double)most;
        const double x = EDGE + width * (double)i;
        (void)fprintf(out,
                      "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
                      "<title>from %" PRId64 ": %" PRIu64 "</title></rect>\n",
                      x, HEIGHT - 3 * EDGE - height, width - 2, height, index__survey_bin(i),
                      survey->bins[i]);
        if (i % 3 == 0 || survey->bins[i] > 0) {
            (void)fprintf(out,
                          "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" "
                          "font-size=\"8\">%" PRId64 "</text>\n",
                          x + width / 2, HEIGHT - EDGE, index__survey_bin(i));
        }
    }
    (void)fputs("</svg>\n</figure>\n", out);
}

static void write_parts(FILE *out, const struct survey *survey)
{
    const hunch_index_stats *stats = &survey->stats;
    const double all = (double)stats->index_bytes;
    const struct {
        const char *what;
        double bytes;
    } parts[] = {
        {"router", (double)stats->router_bytes},
        {"model", (double)stats->model_bytes},
        {"object", all - (double)stats->router_bytes - (double)stats->model_bytes},
    };
    (void)fputs("<figure>\n<figcaption>Bytes by part</figcaption>\n<svg viewBox=\"0 0 760 90\" "
                "role=\"img\" aria-label=\"Bytes by part\">\n",
                out);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const double y = 8 + 28 * (double)i;
        (void)fprintf(out,
                      "<text x=\"0\" y=\"%.0f\">%s</text><rect class=\"bar\" x=\"70\" y=\"%.0f\" "
                      "width=\"%.1f\" height=\"16\"/><text x=\"%.1f\" y=\"%.0f\">%.0f</text>\n",
                      y + 13, parts[i].what, y, 560 * parts[i].bytes / all,
                      78 + 560 * parts[i].bytes / all, y + 13, parts[i].bytes);
    }
    (void)fputs("</svg>\n</figure>\n", out);
}

static double across(uint64_t key, uint64_t low, uint64_t high)
{
    const double range = high > low ? (double)(high - low) : 1;
    return EDGE + (WIDTH - 2 * EDGE) * (key > low ? (double)(key - low) : 0) / range;
}

static double down(uint64_t position, uint64_t first, uint64_t last)
{
    const double range = last > first ? (double)(last - first) : 1;
    return HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (double)(position - first) / range;
}
