/* lib/base: statuses, diag, options, the default allocator and clock, arithmetic, random numbers
 * and hashes. Its files are in check_base_io.c. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hunch/hunch.h>

#include "alloc.h"
#include "bits.h"
#include "diag.h"
#include "hash.h"
#include "options.h"
#include "prop.h"
#include "random.h"
#include "sanitizer.h"
#include "suite.h"

struct status_row {
    hunch_status status;
    int value;
    const char *text;
};

#define ROW(name, value, text) {HUNCH_##name, (value), text},
static const struct status_row rows[] = {HUNCH_STATUS_LIST(ROW)};
enum { ROWS = sizeof rows / sizeof rows[0] };

/* -- status.h and version.h -------------------------------------------------------------------- */

START_TEST(status__every_code_has_a_text_of_its_own)
{
    for (size_t i = 0; i < ROWS; i++) {
        ck_assert_int_eq((int)rows[i].status, rows[i].value);
        ck_assert_int_eq(rows[i].value, -(int)i); /* append only: no gap, no change of order */
        ck_assert_str_eq(hunch_status_text(rows[i].status), rows[i].text);
        ck_assert_str_ne(rows[i].text, "");
        for (size_t j = 0; j < i; j++) {
            ck_assert_str_ne(rows[i].text, rows[j].text);
        }
    }
}
END_TEST

START_TEST(status__what_is_none_has_a_text_too)
{
    static const int none[] = {1, 1000, -(int)ROWS, -1000};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        ck_assert_str_eq(hunch_status_text((hunch_status)none[i]), "unknown status");
    }
}
END_TEST

START_TEST(version__library_and_headers_agree)
{
    ck_assert_int_eq(hunch_version(), HUNCH_VERSION);
}
END_TEST

/* -- diag.h ------------------------------------------------------------------------------------ */

START_TEST(diag__says_what_and_where)
{
    hunch_diag diag;
    memset(&diag, 0xFF, sizeof diag);
    ck_assert_int_eq(hunch__fail(&diag, HUNCH_EIO, 7, "row %d of %s", 3, "x"), HUNCH_EIO);
    ck_assert_int_eq(diag.status, HUNCH_EIO);
    ck_assert_uint_eq(diag.at, 7);
    ck_assert_uint_eq(diag.reserved, 0);
    ck_assert_str_eq(diag.text, "row 3 of x");
    ck_assert_int_eq(hunch__fail(NULL, HUNCH_EINVAL, 0, "nobody listens"), HUNCH_EINVAL);
}
END_TEST

START_TEST(diag__a_long_text_is_cut_to_fit)
{
    struct {
        hunch_diag diag;
        char behind[8];
    } both;
    char text[400];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    memset(&both, '#', sizeof both);
    (void)hunch__fail(&both.diag, HUNCH_EIO, 0, "%s", text);
    ck_assert_uint_eq(strlen(both.diag.text), sizeof both.diag.text - 1);
    ck_assert_int_eq(memcmp(both.behind, "########", 8), 0);
}
END_TEST

/* -- options.h --------------------------------------------------------------------------------- */

/* The same options as three versions of the library know them. */
struct options_v1 {
    uint32_t struct_size;
    uint32_t a;
};

struct options_v2 {
    uint32_t struct_size;
    uint32_t a;
    uint64_t b;
};

struct options_v3 {
    uint32_t struct_size;
    uint32_t a;
    uint64_t b;
    uint64_t c;
};

enum { FLOOR = offsetof(struct options_v1, a) + sizeof(uint32_t) };

START_TEST(options__null_is_all_defaults)
{
    struct options_v2 out;
    memset(&out, 0xFF, sizeof out);
    ck_assert_int_eq(hunch__options_copy(&out, sizeof out, FLOOR, NULL, NULL), HUNCH_OK);
    ck_assert(out.struct_size == 0 && out.a == 0 && out.b == 0);
}
END_TEST

START_TEST(options__an_older_caller_gets_defaults_for_the_rest)
{
    const struct options_v1 given = {sizeof given, 5};
    struct options_v2 out;
    memset(&out, 0xFF, sizeof out);
    ck_assert_int_eq(hunch__options_copy(&out, sizeof out, FLOOR, &given, NULL), HUNCH_OK);
    ck_assert(out.a == 5 && out.b == 0);
}
END_TEST

START_TEST(options__a_newer_caller_is_refused_only_when_it_uses_what_is_new)
{
    struct options_v3 given = {sizeof given, 5, 6, 0};
    struct options_v2 out;
    hunch_diag diag;
    ck_assert_int_eq(hunch__options_copy(&out, sizeof out, FLOOR, &given, &diag), HUNCH_OK);
    ck_assert(out.a == 5 && out.b == 6);
    for (size_t byte = offsetof(struct options_v3, c); byte < sizeof given; byte++) {
        struct options_v3 set = given;
        ((unsigned char *)&set)[byte] = 1;
        ck_assert_int_eq(hunch__options_copy(&out, sizeof out, FLOOR, &set, &diag), HUNCH_EVERSION);
        ck_assert_uint_eq(diag.at, byte);
    }
}
END_TEST

START_TEST(options__smaller_than_the_first_release_is_refused)
{
    for (uint32_t size = 0; size < FLOOR; size++) {
        const struct options_v1 given = {size, 5};
        struct options_v2 out;
        hunch_diag diag;
        ck_assert_int_eq(hunch__options_copy(&out, sizeof out, FLOOR, &given, &diag), HUNCH_EINVAL);
        ck_assert_uint_eq(diag.at, size);
    }
}
END_TEST

START_TEST(options__of_a_size_that_was_not_set_are_refused)
{
    const struct options_v1 given = {UINT32_MAX, 5};
    struct options_v2 out;
    hunch_diag diag;
    ck_assert_int_eq(hunch__options_copy(&out, sizeof out, FLOOR, &given, &diag), HUNCH_EINVAL);
    ck_assert_uint_eq(diag.at, UINT32_MAX);
}
END_TEST

/* -- alloc.h and the clock --------------------------------------------------------------------- */

START_TEST(alloc__is_aligned_at_every_size)
{
    static const size_t sizes[] = {1, 7, 64, 4095, 4097, (4u << 20) - 1, 4u << 20, (6u << 20) + 1};
    const hunch_allocator a = hunch__allocator_or_default(NULL);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (size_t align = 1; align <= 4u << 20; align *= 2) {
            unsigned char *p = hunch__alloc(&a, sizes[i], align);
            ck_assert_ptr_nonnull(p);
            ck_assert_uint_eq((uintptr_t)p % align, 0);
            ck_assert(sizes[i] < 4u << 20 || (uintptr_t)p % (2u << 20) == 0);
            p[0] = p[sizes[i] - 1] = 1;
            hunch__free(&a, p, sizes[i], align);
        }
    }
}
END_TEST

START_TEST(alloc__more_than_there_is_gives_null)
{
    const hunch_allocator *a = hunch_allocator_default();
    /* A sanitizer ends the program where the C library says no. */
    if (!SANITIZER_ADDRESS && !SANITIZER_THREAD) {
        ck_assert_ptr_null(hunch__alloc(a, SIZE_MAX / 2, 64));
    }
    hunch__free(a, NULL, 1, 1);
}
END_TEST

START_TEST(alloc__the_given_one_is_copied)
{
    int mine = 0;
    hunch_allocator given = *hunch_allocator_default();
    given.ctx = &mine;
    const hunch_allocator got = hunch__allocator_or_default(&given);
    ck_assert(got.ctx == given.ctx && got.alloc == given.alloc && got.free == given.free);
}
END_TEST

START_TEST(clock__never_goes_back)
{
    const hunch_clock *clock = hunch_clock_monotonic();
    uint64_t before = clock->now_ns(clock->ctx);
    for (int i = 0; i < 10000; i++) {
        const uint64_t now = clock->now_ns(clock->ctx);
        SUITE_ASSERT(now >= before);
        before = now;
    }
}
END_TEST

/* -- bits.h ------------------------------------------------------------------------------------ */

START_TEST(bits__overflow_is_reported)
{
    uint64_t out = 0;
    ck_assert(hunch__mul(UINT32_MAX, UINT32_MAX, &out) && out == 0xFFFFFFFE00000001u);
    ck_assert(hunch__mul(UINT64_MAX, 1, &out) && out == UINT64_MAX);
    ck_assert(hunch__mul(0, UINT64_MAX, &out) && out == 0);
    ck_assert(!hunch__mul((uint64_t)1 << 32, (uint64_t)1 << 32, &out));
    ck_assert(!hunch__mul(UINT64_MAX, 2, &out));
    ck_assert(hunch__add(UINT64_MAX - 1, 1, &out) && out == UINT64_MAX);
    ck_assert(!hunch__add(UINT64_MAX, 1, &out));
}
END_TEST

START_TEST(bits__rounding)
{
    ck_assert_uint_eq(hunch__align_up(0, 64), 0);
    ck_assert_uint_eq(hunch__align_up(1, 64), 64);
    ck_assert_uint_eq(hunch__align_up(64, 64), 64);
    ck_assert_uint_eq(hunch__align_up(UINT64_MAX - 64, 64), UINT64_MAX - 63);
    ck_assert_uint_eq(hunch__div_up(0, 17), 0);
    ck_assert_uint_eq(hunch__div_up(17, 17), 1);
    ck_assert_uint_eq(hunch__div_up(18, 17), 2);
    ck_assert_uint_eq(hunch__div_up(UINT64_MAX, 2), (uint64_t)1 << 63);
}
END_TEST

/* -- random.h and hash.h ----------------------------------------------------------------------- */

/* Published with the generator: seed 1234567. */
START_TEST(random__splitmix64_gives_the_known_numbers)
{
    static const uint64_t known[] = {6457827717110365317u, 3203168211198807973u,
                                     9817491932198370423u, 4593380528125082431u,
                                     16408922859458223821u};
    uint64_t state = 1234567;
    const hunch_random random = hunch_random_splitmix64(&state);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        ck_assert_uint_eq(random.next(random.ctx), known[i]);
    }
}
END_TEST

START_TEST(random__below_stays_below)
{
    ck_assert_uint_eq(hunch__below(UINT64_MAX, 1), 0);
    ck_assert_uint_eq(hunch__below(UINT64_MAX, 10), 9);
    ck_assert_uint_eq(hunch__below(0, 10), 0);
    ck_assert_uint_eq(hunch__below(UINT64_MAX, UINT64_MAX), UINT64_MAX - 1);
}
END_TEST

/* The vectors of xxHash's own sanity test, seed 0: its buffer, one length for each code path. */
START_TEST(hash__xxh3_gives_the_known_hashes)
{
    static const struct {
        size_t n;
        uint64_t hash;
    } known[] = {
        {0, 0x2D06800538D394C2u},    {1, 0xC44BDFF4074EECDBu},    {6, 0x27B56A84CD2D7325u},
        {12, 0xA713DAF0DFBB77E7u},   {24, 0xA3FE70BF9D3510EBu},   {48, 0x397DA259ECBA1F11u},
        {80, 0xBCDEFBBB2C47C90Au},   {195, 0xCD94217EE362EC3Au},  {403, 0xCDEB804D65C6DEA4u},
        {512, 0x617E49599013CB6Bu},  {2048, 0xDD59E2C3A5F038E0u}, {2240, 0x6E73A90539CF2948u},
        {2367, 0xCB37AEB9E5D361EDu},
    };
    unsigned char buffer[2367];
    uint64_t state = 2654435761u;
    for (size_t i = 0; i < sizeof buffer; i++) {
        buffer[i] = (unsigned char)(state >> 56);
        state *= 11400714785074694797u;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        ck_assert_uint_eq(hunch__xxh3(known[i].n == 0 ? NULL : buffer, known[i].n), known[i].hash);
    }
}
END_TEST

static bool zeros_and_bytes_are_one_string(struct prop *p, size_t n)
{
    const size_t zeros = (size_t)prop_below(p, n + 1);
    unsigned char *all = prop_alloc(p, n);
    memset(all, 0, zeros);
    for (size_t i = zeros; i < n; i++) {
        all[i] = (unsigned char)prop_random(p);
    }
    const uint64_t hash = hunch__xxh3_after_zeros(zeros, all + zeros, n - zeros);
    PROP_ASSERT(p, hash == hunch__xxh3(all, n), "%zu of %zu bytes are zero", zeros, n);
    return true;
}

START_TEST(hash__zeros_need_not_lie_in_memory)
{
    prop_check("zeros_and_bytes_are_one_string", zeros_and_bytes_are_one_string, _i, 0, 10000);
}
END_TEST

static Suite *base_suite(void)
{
    Suite *suite = suite_create("base");
    TCase *base = tcase_create("base");
    tcase_set_timeout(base, 60);
    tcase_add_test(base, status__every_code_has_a_text_of_its_own);
    tcase_add_test(base, status__what_is_none_has_a_text_too);
    tcase_add_test(base, version__library_and_headers_agree);
    tcase_add_test(base, diag__says_what_and_where);
    tcase_add_test(base, diag__a_long_text_is_cut_to_fit);
    tcase_add_test(base, options__null_is_all_defaults);
    tcase_add_test(base, options__an_older_caller_gets_defaults_for_the_rest);
    tcase_add_test(base, options__a_newer_caller_is_refused_only_when_it_uses_what_is_new);
    tcase_add_test(base, options__smaller_than_the_first_release_is_refused);
    tcase_add_test(base, options__of_a_size_that_was_not_set_are_refused);
    tcase_add_test(base, alloc__is_aligned_at_every_size);
    tcase_add_test(base, alloc__more_than_there_is_gives_null);
    tcase_add_test(base, alloc__the_given_one_is_copied);
    tcase_add_test(base, clock__never_goes_back);
    tcase_add_test(base, bits__overflow_is_reported);
    tcase_add_test(base, bits__rounding);
    tcase_add_test(base, random__splitmix64_gives_the_known_numbers);
    tcase_add_test(base, random__below_stays_below);
    tcase_add_test(base, hash__xxh3_gives_the_known_hashes);
    tcase_add_loop_test(base, hash__zeros_need_not_lie_in_memory, 0, 50);
    suite_add_tcase(suite, base);
    return suite;
}

int main(void)
{
    return suite_run(base_suite());
}
