/* Keys from the points of GSHHG's binned coast lines, rivers and borders.
 *
 * The file (gmt-gshhg-full, binned_GSHHS_f.nc) divides the earth into bins of one degree, row by
 * row from the north-west. Segments are stored bin by bin, points segment by segment, each point as
 * 16-bit fractions of its bin. h5dump writes the four arrays that are needed, little-endian. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "convert.h"
#include "diag.h"
#include "double_key.h"
#include "format.h"
#include "space_curve.h"

#define ROWS    180u
#define COLUMNS 360u
#define BINS    (ROWS * COLUMNS)
#define ARRAYS  4u
#define DEGREE  UINT64_C(65536)

/* The arrays, in the order of the command line. */
enum array { SEGMENTS_IN_BIN, FIRST_POINT, LONGITUDE, LATITUDE };

struct coast {
    struct hunch__mapping maps[ARRAYS];
    size_t segments;
    size_t points;
};

static hunch_status coast_map(struct coast *coast, const char *const *paths, const char **bad,
                              hunch_diag *diag);
static hunch_status check_sizes(const struct coast *coast, const char *const *paths,
                                const char **bad, hunch_diag *diag);
static hunch_status check_segments(const struct coast *coast, const char *const *paths,
                                   const char **bad, hunch_diag *diag);
static void emit_keys(const struct coast *coast, uint64_t *keys, enum coast_key kind);
static uint64_t key_of(uint64_t x, uint64_t y, enum coast_key kind);
static uint64_t double_key(uint64_t x, uint64_t y, enum coast_key kind);
static uint32_t at16(const struct coast *coast, enum array array, size_t i);
static uint32_t first_point(const struct coast *coast, size_t segment);

hunch_status hunch__convert_coast(struct key_list *keys, const char *const *paths,
                                  const struct conversion *conversion, const char **bad,
                                  hunch_diag *diag)
{
    struct coast coast = {.segments = 0};
    hunch_status status = coast_map(&coast, paths, bad, diag);
    if (status == HUNCH_OK) {
        status = check_sizes(&coast, paths, bad, diag);
    }
    if (status == HUNCH_OK) {
        coast.segments = (size_t)coast.maps[FIRST_POINT].size / 4;
        coast.points = (size_t)coast.maps[LONGITUDE].size / 2;
        status = check_segments(&coast, paths, bad, diag);
    }
    if (status == HUNCH_OK) {
        status = hunch__key_list_reserve(keys, coast.points, diag);
    }
    if (status == HUNCH_OK) {
        emit_keys(&coast, keys->keys, (enum coast_key)conversion->key);
        keys->n = coast.points;
    }
    for (size_t i = 0; i < ARRAYS; i++) {
        hunch__mapping_close(&coast.maps[i], NULL);
    }
    return status;
}

static hunch_status coast_map(struct coast *coast, const char *const *paths, const char **bad,
                              hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < ARRAYS && status == HUNCH_OK; i++) {
        *bad = paths[i];
        status = hunch__mapping_open(&coast->maps[i], paths[i], NULL, diag);
    }
    return status;
}

static hunch_status check_sizes(const struct coast *coast, const char *const *paths,
                                const char **bad, hunch_diag *diag)
{
    static const uint64_t element[ARRAYS] = {2, 4, 2, 2};
    for (size_t i = 0; i < ARRAYS; i++) {
        uint64_t bytes = coast->maps[i].size;
        *bad = paths[i];
        if (bytes % element[i] != 0) {
            return hunch__fail(diag, HUNCH_ECORRUPT, bytes,
                               "%" PRIu64 " bytes: whole elements of %" PRIu64 " expected", bytes,
                               element[i]);
        }
    }
    *bad = paths[SEGMENTS_IN_BIN];
    if (coast->maps[SEGMENTS_IN_BIN].size != 2 * BINS) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "%u bins of one degree expected", BINS);
    }
    *bad = paths[LATITUDE];
    if (coast->maps[LATITUDE].size != coast->maps[LONGITUDE].size) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "as many latitudes as longitudes expected");
    }
    return HUNCH_OK;
}

/* The counts of the bins add up to the segments, whose points ascend and are there. */
static hunch_status check_segments(const struct coast *coast, const char *const *paths,
                                   const char **bad, hunch_diag *diag)
{
    size_t sum = 0;
    *bad = paths[SEGMENTS_IN_BIN];
    for (size_t bin = 0; bin < BINS; bin++) {
        sum += at16(coast, SEGMENTS_IN_BIN, bin);
    }
    if (sum != coast->segments) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "%zu segments in the bins, %zu with points",
                           sum, coast->segments);
    }
    *bad = paths[FIRST_POINT];
    for (size_t i = 0; i < coast->segments; i++) {
        uint32_t before = i > 0 ? first_point(coast, i - 1) : 0;
        uint32_t first = first_point(coast, i);
        if (first < before || first > coast->points || (i == 0 && first != 0)) {
            return hunch__fail(diag, HUNCH_ECORRUPT, 4 * i,
                               "segment %zu: begins at point %" PRIu32 " of %zu, after %" PRIu32, i,
                               first, coast->points, before);
        }
    }
    return HUNCH_OK;
}

static void emit_keys(const struct coast *coast, uint64_t *keys, enum coast_key kind)
{
    size_t segment = 0;
    size_t point = 0;
    for (uint32_t bin = 0; bin < BINS; bin++) {
        size_t next = segment + at16(coast, SEGMENTS_IN_BIN, bin);
        size_t end = next < coast->segments ? first_point(coast, next) : coast->points;
        for (; point < end; point++) {
            uint64_t x = (bin % COLUMNS) * DEGREE + at16(coast, LONGITUDE, point);
            uint64_t y = (ROWS - 1 - bin / COLUMNS) * DEGREE + at16(coast, LATITUDE, point);
            keys[point] = key_of(x, y, kind);
        }
        segment = next;
    }
}

/* On a curve both coordinates are stretched to 32 bits: 360 degrees of 2^16 by 8192/45, 180 by
 * 16384/45. */
static uint64_t key_of(uint64_t x, uint64_t y, enum coast_key kind)
{
    uint64_t east = x * 8192 / 45;
    uint64_t north = y * 16384 / 45;
    uint32_t x32 = east < UINT32_MAX ? (uint32_t)east : UINT32_MAX;
    uint32_t y32 = north < UINT32_MAX ? (uint32_t)north : UINT32_MAX;
    switch (kind) {
    case COAST_HILBERT:
        return hunch__hilbert(x32, y32);
    case COAST_MORTON:
        return hunch__morton(x32, y32);
    default:
        return double_key(x, y, kind);
    }
}

/* The doubles that indexes of longitudes are measured with (ALEX, arXiv 1905.08898): degrees from
 * -180 to 180, and 180 times the whole degree of longitude plus the latitude. */
static uint64_t double_key(uint64_t x, uint64_t y, enum coast_key kind)
{
    double lon = (double)x / DEGREE - (x >= 180 * DEGREE ? 360 : 0);
    double lat = (double)y / DEGREE - 90;
    return hunch__key_of_double(kind == COAST_LON ? lon : 180 * floor(lon) + lat);
}

static uint32_t at16(const struct coast *coast, enum array array, size_t i)
{
    const unsigned char *p = (const unsigned char *)coast->maps[array].bytes + 2 * i;
    return (uint32_t)(p[0] | p[1] << 8);
}

static uint32_t first_point(const struct coast *coast, size_t segment)
{
    const unsigned char *p = (const unsigned char *)coast->maps[FIRST_POINT].bytes + 4 * segment;
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
