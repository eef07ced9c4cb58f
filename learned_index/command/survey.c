/* What a look into an index finds. */
#include "survey.h"

#include <string.h>

#include "random.h"

#define SAMPLE 100000u
#define MIDDLE (SURVEY_BINS / 2)

static void count_errors(struct survey *survey, const hunch_index *index);
static size_t bin_of(int64_t error);
static void draw_curve(struct survey *survey, const hunch_index *index);
static void draw_pieces(struct survey *survey, const hunch_index *index);

void index__survey(struct survey *survey, const hunch_index *index)
{
    memset(survey, 0, sizeof *survey);
    count_errors(survey, index);
    draw_curve(survey, index);
    draw_pieces(survey, index);
    survey->stats.struct_size = sizeof survey->stats;
    hunch_index_read_stats(index, &survey->stats);
}

int64_t index__survey_bin(size_t bin)
{
    if (bin == MIDDLE) {
        return 0;
    }
    return bin > MIDDLE ? (int64_t)1 << (bin - MIDDLE - 1) : -((int64_t)1 << (MIDDLE - bin - 1));
}

/* Of keys that are there, the answer less the middle of where the model looks. */
static void count_errors(struct survey *survey, const hunch_index *index)
{
    const size_t n = hunch_index_count(index);
    const uint64_t *keys = hunch_index_keys(index);
    uint64_t state = 0;
    double sum = 0;
    survey->sampled = n < SAMPLE ? n : SAMPLE;
    for (uint64_t i = 0; i < survey->sampled; i++) {
        const uint64_t drawn = n <= SAMPLE ? i : hunch__below(hunch__splitmix64(&state), n);
        const uint64_t key = keys[drawn];
        size_t from;
        size_t to;
        hunch_index_predict(index, key, &from, &to);
        const int64_t middle = (int64_t)(from + (to - from) / 2);
        const int64_t error = (int64_t)hunch_index_lower_bound(index, key) - middle;
        const uint64_t size = (uint64_t)(error < 0 ? -error : error);
        sum += (double)size;
        survey->worst = size > survey->worst ? size : survey->worst;
        survey->bins[bin_of(error)]++;
    }
    survey->mean_error = survey->sampled > 0 ? sum / (double)survey->sampled : 0;
}

static size_t bin_of(int64_t error)
{
    if (error == 0) {
        return MIDDLE;
    }
    const uint64_t size = (uint64_t)(error < 0 ? -error : error);
    size_t power = 64u - (size_t)__builtin_clzll(size);
    power = power < MIDDLE ? power : MIDDLE;
    return error > 0 ? MIDDLE + power : MIDDLE - power;
}

static void draw_curve(struct survey *survey, const hunch_index *index)
{
    const size_t n = hunch_index_count(index);
    survey->points = n < SURVEY_POINTS ? n : SURVEY_POINTS;
    for (size_t i = 0; i < survey->points; i++) {
        const size_t at =
            survey->points > 1 ? (size_t)(((hunch__u128)(n - 1) * i) / (survey->points - 1)) : 0;
        survey->position[i] = at;
        survey->key[i] = hunch_index_keys(index)[at];
    }
}

static void draw_pieces(struct survey *survey, const hunch_index *index)
{
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_index_read_stats(index, &stats);
    const uint64_t step = stats.pieces / SURVEY_PIECES + 1;
    for (uint64_t i = 0; i < stats.pieces; i += step) {
        const size_t begin = hunch_index_piece(index, i);
        const size_t end = hunch_index_piece(index, i + 1);
        survey->piece[survey->pieces++] = begin;
        const size_t length = end > begin ? end - begin : 0;
        survey->largest_piece = length > survey->largest_piece ? length : survey->largest_piece;
    }
}
