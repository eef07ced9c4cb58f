/* Streams of arrays to sort. */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "hash.h"
#include "random.h"

#define OCTAVE_LOW  10u
#define OCTAVE_HIGH 17u
#define PHASES      8u
/* Of a phase's arrays, so many in 8 are of its usual kind. */
#define USUAL       5u
#define RUNS        8u
#define FEW         8u
/* Between neighbours of an ascending array, so that a replaced key lands anywhere. */
#define STEP        1000u

/* One array before its keys are drawn. */
struct blank {
    enum sort_kind kind;
    unsigned width;
    size_t n;
};

static struct blank next_blank(const struct stream_plan *plan, size_t drawn, uint64_t *random);
static size_t array_bytes(const struct blank *blank);
static hunch_status measure(struct sort_stream *stream, const struct stream_plan *plan,
                            uint64_t seed, hunch_diag *diag);
static void fill(struct sort_stream *stream, const struct stream_plan *plan, uint64_t seed);
static void draw_keys(const struct blank *blank, void *to, uint64_t *random);
static uint64_t draw_key(const struct blank *blank, size_t i, uint64_t random);

const char *sort_kind_name(enum sort_kind kind)
{
    static const char *const names[SORT_KINDS] = {"random",   "sorted", "descending", "disturbed",
                                                  "appended", "runs",   "few",        "narrow"};
    return names[kind];
}

hunch_status stream_draw(struct sort_stream *out, const struct stream_plan *plan, uint64_t seed,
                         hunch_diag *diag)
{
    *out = (struct sort_stream){.count = 0};
    hunch_status status = measure(out, plan, seed, diag);
    if (status != HUNCH_OK) {
        stream_free(out);
        return status;
    }
    fill(out, plan, seed);
    out->xxh3 = hunch__xxh3(out->pristine, out->bytes);
    stream_restore(out);
    return HUNCH_OK;
}

void stream_restore(struct sort_stream *stream)
{
    memcpy(stream->work, stream->pristine, stream->bytes);
}

const struct sort_array *stream_next(const struct sort_stream *stream, size_t i)
{
    const struct sort_array *array = &stream->arrays[i];
    const size_t at = (size_t)((unsigned char *)array->keys - stream->work);
    memcpy(array->keys, stream->pristine + at, array->n * array->width);
    return array;
}

void stream_free(struct sort_stream *stream)
{
    free(stream->arrays);
    free(stream->work);
    free(stream->pristine);
    free(stream->scratch);
    *stream = (struct sort_stream){.count = 0};
}

/* Room for what the same seed will draw again. */
static hunch_status measure(struct sort_stream *stream, const struct stream_plan *plan,
                            uint64_t seed, hunch_diag *diag)
{
    uint64_t random = seed;
    while (stream->keys < plan->keys) {
        const struct blank blank = next_blank(plan, stream->keys, &random);
        const size_t bytes = array_bytes(&blank);
        stream->keys += blank.n;
        stream->bytes += bytes;
        stream->count++;
        stream->scratch_bytes = bytes > stream->scratch_bytes ? bytes : stream->scratch_bytes;
        (void)hunch__splitmix64(&random);
    }
    stream->arrays = calloc(stream->count, sizeof *stream->arrays);
    stream->work = malloc(stream->bytes);
    stream->pristine = calloc(1, stream->bytes);
    stream->scratch = malloc(stream->scratch_bytes);
    if (stream->arrays == NULL || stream->work == NULL || stream->pristine == NULL ||
        stream->scratch == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, stream->bytes, "no memory for arrays to sort");
    }
    return HUNCH_OK;
}

static void fill(struct sort_stream *stream, const struct stream_plan *plan, uint64_t seed)
{
    uint64_t random = seed;
    size_t drawn = 0;
    size_t at = 0;
    for (size_t i = 0; i < stream->count; i++) {
        const struct blank blank = next_blank(plan, drawn, &random);
        uint64_t of_keys = hunch__splitmix64(&random);
        draw_keys(&blank, stream->pristine + at, &of_keys);
        stream->arrays[i] = (struct sort_array){stream->work + at, blank.n, blank.width};
        drawn += blank.n;
        at += array_bytes(&blank);
    }
}

static struct blank next_blank(const struct stream_plan *plan, size_t drawn, uint64_t *random)
{
    struct blank blank = {.kind = plan->kind, .width = plan->width};
    const uint64_t sizes = hunch__splitmix64(random);
    const uint64_t kinds = hunch__splitmix64(random);
    /* An octave's arrays are half as many as those of the one below. */
    unsigned octave = OCTAVE_LOW + (unsigned)__builtin_ctzll(sizes | (uint64_t)1 << 63);
    octave = octave < OCTAVE_HIGH ? octave : OCTAVE_LOW;
    blank.n = ((size_t)1 << octave) + (size_t)hunch__below(kinds, (uint64_t)1 << octave);
    if (plan->mixed) {
        const size_t phase = drawn * PHASES / plan->keys;
        /* Neighbouring phases have little in common. */
        const enum sort_kind usual = (enum sort_kind)(phase * 5 % SORT_KINDS);
        const bool is_usual = (kinds & 7) < USUAL;
        blank.kind = is_usual ? usual : (enum sort_kind)((kinds >> 3) % SORT_KINDS);
        const unsigned usual_width = (phase & 1) == 0 ? 8 : 4;
        blank.width = (kinds >> 8) % 4 == 0 ? 12 - usual_width : usual_width;
    }
    return blank;
}

/* Every array begins on 8 bytes. */
static size_t array_bytes(const struct blank *blank)
{
    return (blank->n * blank->width + 7) / 8 * 8;
}

static void draw_keys(const struct blank *blank, void *to, uint64_t *random)
{
    uint32_t *narrow = to;
    uint64_t *wide = to;
    for (size_t i = 0; i < blank->n; i++) {
        const uint64_t key = draw_key(blank, i, hunch__splitmix64(random));
        if (blank->width == sizeof *narrow) {
            narrow[i] = (uint32_t)(blank->kind == SORT_RANDOM ? key >> 32 : key);
        } else {
            wide[i] = key;
        }
    }
}

static uint64_t draw_key(const struct blank *blank, size_t i, uint64_t random)
{
    const size_t n = blank->n;
    const uint64_t anywhere = hunch__below(random, n * STEP);
    switch (blank->kind) {
    case SORT_SORTED:
        return i * STEP;
    case SORT_DESCENDING:
        return (n - i) * STEP;
    case SORT_DISTURBED:
        return random % 64 == 0 ? anywhere : i * STEP;
    case SORT_APPENDED:
        return i >= n - n / 32 ? anywhere : i * STEP;
    case SORT_RUNS:
        return i % (n / RUNS + 1) * STEP + random % STEP;
    case SORT_FEW:
        return random % FEW;
    case SORT_NARROW:
        return random & 0xFFFF;
    default:
        return random;
    }
}
