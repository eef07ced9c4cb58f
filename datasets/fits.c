/* Tables of FITS files. */
#include "fits.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "bits.h"
#include "diag.h"
#include "digits.h"

#define BLOCK ((uint64_t)2880)
#define CARD  80u /* bytes of a line of a header: keyword, "= ", value, " / " comment */
#define VALUE 10u /* where the value begins                                            */
#define AXES  999 /* as many as the standard allows                                    */

/* What a header says. */
struct unit {
    uint64_t at;    /* of the header                      */
    uint64_t data;  /* offset of what follows             */
    uint64_t bytes; /* of it                              */
    uint64_t next;  /* offset of the header after it      */
    uint64_t bits, axes, groups, heap;
    uint64_t columns, rows; /* NAXIS1 and NAXIS2          */
    uint64_t elements;      /* the product of all NAXISn  */
    const char *first_column;
};

static hunch_status read_unit(const struct fits *fits, uint64_t at, struct unit *unit,
                              hunch_diag *diag);
static bool read_header(const struct fits *fits, struct unit *unit);
static bool read_card(const char *card, struct unit *unit);
static bool read_axis(const char *card, struct unit *unit);
static bool measure(struct unit *unit);
static bool has_all_rows(const struct unit *unit);
static bool is_card(const char *card, const char *keyword);
static bool number_of(const char *card, uint64_t *number);
static bool text_is(const char *card, const char *text);

hunch_status hunch__fits_open(struct fits *out, const char *path, hunch_diag *diag)
{
    *out = (struct fits){.mapping = {NULL, 0}};
    hunch_status status = hunch__mapping_open(&out->mapping, path, NULL, diag);
    if (status == HUNCH_OK &&
        (out->mapping.size < BLOCK || memcmp(out->mapping.bytes, "SIMPLE  =", 9) != 0)) {
        hunch__fits_close(out);
        status =
            hunch__fail(diag, HUNCH_ECORRUPT, 0,
                        "offset 0: 'SIMPLE  =' and a header of %" PRIu64 " bytes expected", BLOCK);
    }
    return status;
}

hunch_status hunch__fits_table(struct fits_table *out, const struct fits *fits, const char *name,
                               uint64_t row_bytes, hunch_diag *diag)
{
    struct unit unit;
    *out = (struct fits_table){.rows = NULL};
    for (uint64_t at = 0; at < fits->mapping.size; at = unit.next) {
        hunch_status status = read_unit(fits, at, &unit, diag);
        if (status != HUNCH_OK) {
            return status;
        }
        if (unit.first_column == NULL || !text_is(unit.first_column, name)) {
            continue;
        }
        if (unit.columns != row_bytes || !has_all_rows(&unit)) {
            return hunch__fail(diag, HUNCH_ECORRUPT, at,
                               "offset %" PRIu64 ": table %.24s: %" PRIu64 " rows of %" PRIu64
                               " bytes, of %" PRIu64 " expected",
                               at, name, unit.rows, unit.columns, row_bytes);
        }
        out->rows = (const unsigned char *)fits->mapping.bytes + unit.data;
        out->n = unit.rows;
        out->row_bytes = row_bytes;
        return HUNCH_OK;
    }
    return hunch__fail(diag, HUNCH_ECORRUPT, fits->mapping.size,
                       "offset %" PRIu64 ": a table %.24s expected before the end",
                       fits->mapping.size, name);
}

hunch_status hunch__fits_check_endian(const struct fits *fits, hunch_diag *diag)
{
    static const char little[] = "04:03:02:01";
    const char *card = fits->mapping.bytes;
    for (size_t i = 0; i < fits->mapping.size / CARD && !is_card(card, "END"); i++, card += CARD) {
        if (is_card(card, "ENDIAN") && text_is(card, little)) {
            return HUNCH_OK;
        }
    }
    return hunch__fail(diag, HUNCH_ECORRUPT, 0, "offset 0: ENDIAN = '%s' expected in the header",
                       little);
}

void hunch__fits_close(struct fits *fits)
{
    hunch__mapping_close(&fits->mapping, NULL);
    fits->mapping = (struct hunch__mapping){NULL, 0};
}

/* Nothing a header says is believed before it was compared with the size of the file. The padding
 * of the last data may be missing. */
static hunch_status read_unit(const struct fits *fits, uint64_t at, struct unit *unit,
                              hunch_diag *diag)
{
    uint64_t size = fits->mapping.size;
    *unit = (struct unit){.at = at, .groups = 1, .elements = 1};
    if (!read_header(fits, unit)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, at,
                           "offset %" PRIu64 ": a whole header with BITPIX and NAXIS expected", at);
    }
    if (!measure(unit) || unit->bytes > size - unit->data) {
        return hunch__fail(diag, HUNCH_ECORRUPT, at,
                           "offset %" PRIu64 ": more data than the %" PRIu64
                           " bytes that follow the header",
                           at, size - unit->data);
    }
    unit->next = unit->data + hunch__div_up(unit->bytes, BLOCK) * BLOCK;
    return HUNCH_OK;
}

static bool read_header(const struct fits *fits, struct unit *unit)
{
    const char *bytes = fits->mapping.bytes;
    uint64_t end = unit->at;
    bool good = true;
    while (good && end + CARD <= fits->mapping.size && !is_card(bytes + end, "END")) {
        good = read_card(bytes + end, unit);
        end += CARD;
    }
    if (!good || unit->bits == 0 || fits->mapping.size - unit->at < BLOCK) {
        return false;
    }
    unit->data = unit->at + (end - unit->at) / BLOCK * BLOCK + BLOCK;
    return end + CARD <= fits->mapping.size && unit->data <= fits->mapping.size;
}

static bool read_card(const char *card, struct unit *unit)
{
    if (is_card(card, "BITPIX")) {
        return number_of(card, &unit->bits);
    }
    if (is_card(card, "NAXIS")) {
        return number_of(card, &unit->axes) && unit->axes <= AXES;
    }
    if (memcmp(card, "NAXIS", 5) == 0 && card[8] == '=') {
        return read_axis(card, unit);
    }
    if (is_card(card, "PCOUNT")) {
        return number_of(card, &unit->heap);
    }
    if (is_card(card, "GCOUNT")) {
        return number_of(card, &unit->groups);
    }
    if (is_card(card, "TTYPE1")) {
        unit->first_column = card;
    }
    return true;
}

/* NAXISn; behind NAXIS, and one after the other. */
static bool read_axis(const char *card, struct unit *unit)
{
    uint64_t length;
    uint64_t axis;
    const char *at = card + 5;
    if (!number_of(card, &length) || !hunch__parse_number(&at, &axis) || axis > unit->axes) {
        return false;
    }
    if (axis == 1) {
        unit->columns = length;
    } else if (axis == 2) {
        unit->rows = length;
    }
    if (!hunch__mul(unit->elements, length, &unit->elements)) {
        unit->elements = UINT64_MAX; /* more than any file has */
    }
    return true;
}

/* |BITPIX| / 8 * GCOUNT * (PCOUNT + NAXIS1 * ...), or nothing without axes: section 4.4.1. */
static bool measure(struct unit *unit)
{
    uint64_t elements;
    if (unit->axes == 0) {
        return true;
    }
    return hunch__add(unit->heap, unit->elements, &elements) &&
           hunch__mul(elements, unit->groups, &elements) &&
           hunch__mul(elements, unit->bits / 8, &unit->bytes) &&
           unit->bytes <= UINT64_MAX - 2 * BLOCK;
}

/* A hostile header may name an axis twice, or count no group. */
static bool has_all_rows(const struct unit *unit)
{
    uint64_t bytes;
    return hunch__mul(unit->columns, unit->rows, &bytes) && bytes <= unit->bytes;
}

/* Whether the keyword, padded with blanks to eight bytes, is this one: "ENDIAN" is no "END". */
static bool is_card(const char *card, const char *keyword)
{
    size_t n = strlen(keyword);
    return memcmp(card, keyword, n) == 0 && memcmp(card + n, "        ", 8 - n) == 0;
}

/* A whole number, of whose sign nothing is kept: only BITPIX has one, of doubles. */
static bool number_of(const char *card, uint64_t *number)
{
    char text[CARD - VALUE + 1];
    const char *at = text;
    memcpy(text, card + VALUE, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    at += strspn(at, " ");
    at += *at == '-';
    return card[8] == '=' && hunch__parse_number(&at, number) && (*at == ' ' || *at == '\0');
}

/* Whether the value is 'text', with or without blanks behind. */
static bool text_is(const char *card, const char *text)
{
    size_t n = strlen(text);
    const char *value = card + VALUE;
    const char *end = memchr(value + 1, '\'', CARD - VALUE - 1);
    if (card[8] != '=' || *value != '\'' || end == NULL || (size_t)(end - value - 1) < n ||
        memcmp(value + 1, text, n) != 0) {
        return false;
    }
    return strspn(value + 1 + n, " ") >= (size_t)(end - value - 1) - n;
}
