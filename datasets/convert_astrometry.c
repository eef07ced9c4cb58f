/* Keys from the index files of astrometry.net (Lang et al., AJ 139, 2010): stars, the quads of four
 * stars that are looked up, and the codes of their shapes. Little-endian ones, as they are named.
 */
#include <math.h>
#include <string.h>

#include "angle.h"
#include "bits.h"
#include "convert.h"
#include "diag.h"
#include "fits.h"
#include "space_curve.h"

/* What a kind of key is made of. */
struct source {
    const char *table;
    uint64_t row_bytes;
    uint64_t (*key_of)(const unsigned char *row, const double *range);
};

#define RANGE_VALUES 7 /* three minima, three maxima, steps a unit */

static hunch_status read_keys(struct key_list *keys, const struct fits *fits,
                              const struct source *source, hunch_diag *diag);
static hunch_status read_range(double range[RANGE_VALUES], const struct fits *fits,
                               hunch_diag *diag);
static uint64_t code_key(const unsigned char *row, const double *range);
static uint64_t quad_key(const unsigned char *row, const double *range);
static uint64_t star_key(const unsigned char *row, const double *range);
static uint32_t fixed_point(double share);
static uint64_t little_endian(const unsigned char *bytes, unsigned n);

hunch_status hunch__convert_astrometry(struct key_list *keys, const char *const *paths,
                                       const struct conversion *conversion, const char **bad,
                                       hunch_diag *diag)
{
    static const struct source sources[] = {
        [ASTROMETRY_CODES] = {"kdtree_data_codes", 8, code_key},
        [ASTROMETRY_QUADS] = {"quads", 16, quad_key},
        [ASTROMETRY_STARS] = {"kdtree_data_stars", 12, star_key},
    };
    struct fits fits;
    *bad = paths[0];
    hunch_status status = hunch__fits_open(&fits, paths[0], diag);
    if (status == HUNCH_OK) {
        status = hunch__fits_check_endian(&fits, diag);
    }
    if (status == HUNCH_OK) {
        status = read_keys(keys, &fits, &sources[conversion->key], diag);
    }
    hunch__fits_close(&fits);
    return status;
}

static hunch_status read_keys(struct key_list *keys, const struct fits *fits,
                              const struct source *source, hunch_diag *diag)
{
    struct fits_table table;
    double range[RANGE_VALUES] = {0};
    hunch_status status = HUNCH_OK;
    if (source->key_of == star_key) {
        status = read_range(range, fits, diag);
    }
    if (status == HUNCH_OK) {
        status = hunch__fits_table(&table, fits, source->table, source->row_bytes, diag);
    }
    if (status == HUNCH_OK) {
        status = hunch__key_list_reserve(keys, (size_t)table.n, diag);
    }
    for (size_t i = 0; status == HUNCH_OK && i < table.n; i++) {
        keys->keys[keys->n++] = source->key_of(table.rows + i * table.row_bytes, range);
    }
    return status;
}

static hunch_status read_range(double range[RANGE_VALUES], const struct fits *fits,
                               hunch_diag *diag)
{
    struct fits_table table;
    hunch_status status = hunch__fits_table(&table, fits, "kdtree_range_stars", 8, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    bool good = table.n == RANGE_VALUES;
    for (size_t i = 0; good && i < RANGE_VALUES; i++) {
        uint64_t bits = little_endian(table.rows + 8 * i, 8);
        memcpy(&range[i], &bits, sizeof range[i]);
        good = isfinite(range[i]);
    }
    if (!good || range[RANGE_VALUES - 1] <= 0) {
        return hunch__fail(diag, HUNCH_ECORRUPT,
                           (uint64_t)(table.rows - (const unsigned char *)fits->mapping.bytes),
                           "kdtree_range_stars: 7 finite numbers, the last above 0, expected");
    }
    return HUNCH_OK;
}

static uint64_t code_key(const unsigned char *row, const double *range)
{
    (void)range;
    return little_endian(row, 2) << 48 | little_endian(row + 2, 2) << 32 |
           little_endian(row + 4, 2) << 16 | little_endian(row + 6, 2);
}

/* The first two of its stars, which are the ends of its longest side. */
static uint64_t quad_key(const unsigned char *row, const double *range)
{
    (void)range;
    return little_endian(row, 4) << 32 | little_endian(row + 4, 4);
}

/* A direction as three coordinates becomes right ascension and declination of 32 bits each, and
 * those a place on a Hilbert curve. */
static uint64_t star_key(const unsigned char *row, const double *range)
{
    double xyz[3];
    for (size_t i = 0; i < 3; i++) {
        xyz[i] = range[i] + (double)little_endian(row + 4 * i, 4) / range[RANGE_VALUES - 1];
    }
    double ascension = hunch__turn(xyz[0], xyz[1]);
    double north = hunch__turn(sqrt(xyz[0] * xyz[0] + xyz[1] * xyz[1]), xyz[2]);
    double declination = (north > 0.5 ? north - 1 : north) + 0.25; /* -1/4 to 1/4 of a turn */
    return hunch__hilbert(fixed_point(ascension), fixed_point(2 * declination));
}

static uint32_t fixed_point(double share)
{
    double scaled = share * 0x1p32;
    return scaled >= 0x1p32 ? UINT32_MAX : scaled > 0 ? (uint32_t)scaled : 0;
}

static uint64_t little_endian(const unsigned char *bytes, unsigned n)
{
    uint64_t value = 0;
    for (unsigned i = n; i-- > 0;) {
        value = value << 8 | bytes[i];
    }
    return value;
}
