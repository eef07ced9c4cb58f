/* What can be said of a chooser: as a page. */
#include <inttypes.h>

#include "choice_command.h"
#include "inspection.h"
#include "page.h"
#include "text_output.h"

static void write_page(FILE *out, const struct inspection *in);
static void write_facts(FILE *out, const struct inspection *in);
static void write_arms(FILE *out, const struct inspection *in);
static void write_arm(FILE *out, const struct inspection *in, uint32_t arm);
static void write_schema(FILE *out, const hunch_chooser_options *options);

hunch_status choice__inspection_page(const char *path, const struct inspection *in,
                                     hunch_diag *diag)
{
    struct text_output text;
    hunch_status status = hunch__text_output_open(&text, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    write_page(text.stream, in);
    return hunch__text_output_finish(&text, diag);
}

static void write_page(FILE *out, const struct inspection *in)
{
    choice__page_begin(out, in->path, "A saved chooser.");
    write_facts(out, in);
    if (in->p != NULL || in->facts != NULL) {
        write_arms(out, in);
    }
    if (in->options->schema != NULL) {
        write_schema(out, in->options);
    }
    choice__page_end(out);
}

static void write_facts(FILE *out, const struct inspection *in)
{
    const hunch_chooser_stats *s = &in->stats;
    char subject[128];
    choice__inspection_subject(in, subject, sizeof subject);
    (void)fputs("<div class=\"wide\"><table>\n", out);
    choice__page_fact(out, "chooses", "%s", subject);
    choice__page_fact(out, "from", "%" PRIu32 " features", in->options->features);
    choice__page_fact(out, "learner", "%s, asks %s", s->learner, s->model);
    choice__page_fact(out, "choices", "%" PRIu64 ", %" PRIu64 " of them overridden", s->choices,
                      s->overridden);
    choice__page_fact(out, "rewards", "%" PRIu64 ", mean %.6g", s->rewards, s->mean_reward);
    choice__page_fact(out, "learned from", "%" PRIu64 " in %" PRIu64 " steps", s->learned,
                      s->steps);
    choice__page_fact(out, "without one", "%" PRIu64 " expired, %" PRIu64 " abandoned", s->expired,
                      s->abandoned);
    choice__page_fact(out, "trouble",
                      "%" PRIu64 " refused, %" PRIu64 " dropped, %" PRIu64 " contexts not finite",
                      s->refused, s->dropped, s->not_finite);
    (void)fputs("</table></div>\n", out);
}

static void write_arms(FILE *out, const struct inspection *in)
{
    (void)fputs("<h2>Arms</h2>\n<div class=\"wide\"><table>\n<tr><th>arm</th>", out);
    if (in->facts != NULL) {
        (void)fputs("<th>share of what was learned from</th><th class=\"number\">mean reward</th>",
                    out);
    }
    if (in->p != NULL) {
        (void)fputs("<th>probability now, nothing being known</th>", out);
    }
    (void)fputs("</tr>\n", out);
    for (uint32_t i = 0; i < in->stats.arms; i++) {
        write_arm(out, in, i);
    }
    (void)fputs("</table></div>\n", out);
}

static void write_arm(FILE *out, const struct inspection *in, uint32_t arm)
{
    (void)fprintf(out, "<tr><td>%" PRIu32 "</td>", arm);
    if (in->facts != NULL) {
        (void)fputs("<td>", out);
        choice__page_bar(out, in->facts[arm].share);
        (void)fprintf(out, " %.4f</td><td class=\"number\">%.6g</td>", in->facts[arm].share,
                      in->facts[arm].mean);
    }
    if (in->p != NULL) {
        (void)fputs("<td>", out);
        choice__page_bar(out, (double)in->p[arm]);
        (void)fprintf(out, " %.4f</td>", (double)in->p[arm]);
    }
    (void)fputs("</tr>\n", out);
}

static void write_schema(FILE *out, const hunch_chooser_options *options)
{
    (void)fputs("<h2>Features</h2>\n<div class=\"wide\"><table>\n"
                "<tr><th>feature</th><th>name</th><th>kind</th><th>levels</th></tr>\n",
                out);
    for (uint32_t i = 0; i < options->features; i++) {
        const hunch_feature *feature = &options->schema[i];
        char name[CHOICE_NAME_BYTES];
        (void)fprintf(out, "<tr><td>%" PRIu32 "</td><td>", i);
        choice__page_text(out, choice__name(feature->name, name));
        (void)fprintf(out, "</td><td>%s</td><td>%" PRIu32 "</td></tr>\n",
                      choice__feature_kind(feature->kind), feature->levels);
    }
    (void)fputs("</table></div>\n", out);
}
