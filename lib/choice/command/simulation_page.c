/* What a simulation says: as a page. */
#include <inttypes.h>
#include <stdlib.h>

#include "diag.h"
#include "page.h"
#include "simulation.h"
#include "text_output.h"

/* The curve as charts want it. */
struct curves {
    double *rows, *loss, *regret, *fixed; /* [points_count] each */
};

static hunch_status curves_make(struct curves *curves, const struct bandit_result *result,
                                hunch_diag *diag);
static void write_page(FILE *out, const struct bandit_plan *plan,
                       const struct bandit_result *result, const struct curves *curves);
static void write_facts(FILE *out, const struct bandit_plan *plan,
                        const struct bandit_result *result);
static void write_arms(FILE *out, const struct bandit_plan *plan,
                       const struct bandit_result *result);

hunch_status choice__simulation_page(const char *path, const struct bandit_plan *plan,
                                     const struct bandit_result *result, hunch_diag *diag)
{
    struct curves curves;
    struct text_output text;
    hunch_status status = curves_make(&curves, result, diag);
    if (status == HUNCH_OK) {
        status = hunch__text_output_open(&text, path, diag);
    }
    if (status == HUNCH_OK) {
        write_page(text.stream, plan, result, &curves);
        status = hunch__text_output_finish(&text, diag);
    }
    free(curves.rows);
    return status;
}

static hunch_status curves_make(struct curves *curves, const struct bandit_result *result,
                                hunch_diag *diag)
{
    size_t n = result->points_count;
    double *values = calloc(4 * n, sizeof *values);
    *curves = (struct curves){.rows = values};
    if (values == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for the curve");
    }
    *curves = (struct curves){values, values + n, values + 2 * n, values + 3 * n};
    for (size_t i = 0; i < n; i++) {
        curves->rows[i] = (double)result->points[i].rows;
        curves->loss[i] = result->points[i].loss;
        curves->regret[i] = result->points[i].regret;
        curves->fixed[i] = result->fixed_loss;
    }
    return HUNCH_OK;
}

static void write_page(FILE *out, const struct bandit_plan *plan,
                       const struct bandit_result *result, const struct curves *curves)
{
    const struct page_line losses[] = {{"loss so far", "ours", curves->loss},
                                       {"best fixed arm", "base", curves->fixed}};
    const struct page_line regret[] = {{"regret", "ours", curves->regret}};
    choice__page_begin(out, plan->set->name,
                       "Rows shown one after the other, a class chosen, only its reward revealed.");
    write_facts(out, plan, result);
    choice__page_chart(out, "Progressive loss", curves->rows, result->points_count, losses, 2);
    choice__page_chart(out, "Mistakes more than those of the best fixed arm", curves->rows,
                       result->points_count, regret, 1);
    write_arms(out, plan, result);
    choice__page_end(out);
}

static void write_facts(FILE *out, const struct bandit_plan *plan,
                        const struct bandit_result *result)
{
    const struct class_set *set = plan->set;
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    hunch_chooser_read_stats(result->chooser, &stats);
    (void)fputs("<div class=\"wide\"><table>\n", out);
    choice__page_fact(out, "data", "%zu rows, %zu columns, %zu arms%s%s", plan->rows, set->columns,
                      set->classes, *set->note != '\0' ? "; " : "", set->note);
    choice__page_fact(out, "learner", "%s, asks %s (%s)", stats.learner, stats.model, stats.isa);
    if (plan->orders > 1) {
        choice__page_fact(out, "loss", "%.4f, mean of %zu orders from %.4f to %.4f", result->loss,
                          plan->orders, result->least, result->most);
    } else {
        choice__page_fact(out, "loss", "%.4f", result->loss);
    }
    choice__page_fact(out, "best fixed arm", "%" PRIu32 ", loss %.4f", result->fixed_arm,
                      result->fixed_loss);
    choice__page_fact(out, "rewards", "%zu rows late, %g %% of them missing", plan->delay,
                      100 * plan->missing);
    choice__page_fact(out, "seed", "%" PRIu64, plan->seed);
    (void)fputs("</table></div>\n", out);
}

static void write_arms(FILE *out, const struct bandit_plan *plan,
                       const struct bandit_result *result)
{
    double all = (double)plan->rows * (double)plan->orders;
    (void)fputs("<h2>Arms</h2>\n<div class=\"wide\"><table>\n<tr><th>arm</th><th>share of choices"
                "</th><th class=\"number\">played</th><th class=\"number\">mean reward</th>"
                "<th class=\"number\">rows of its class</th></tr>\n",
                out);
    for (size_t i = 0; i < plan->set->classes; i++) {
        const struct bandit_arm *arm = &result->arms[i];
        double played = (double)arm->played;
        (void)fprintf(out, "<tr><td>%zu</td><td>", i);
        choice__page_bar(out, played / all);
        (void)fprintf(out,
                      "</td><td class=\"number\">%" PRIu64 "</td><td class=\"number\">%.4f</td>"
                      "<td class=\"number\">%" PRIu64 "</td></tr>\n",
                      arm->played, arm->played > 0 ? (double)arm->right / played : 0, arm->rows);
    }
    (void)fputs("</table></div>\n", out);
}
