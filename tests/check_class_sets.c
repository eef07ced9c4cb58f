/* datasets/: tables of examples and traces of requests. */
#define _GNU_SOURCE /* setenv */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arff.h"
#include "class_csv.h"
#include "class_generate.h"
#include "class_set.h"
#include "class_tidy.h"
#include "convert.h"
#include "faulty_alloc.h"
#include "format_sample.h"
#include "hash.h"
#include "manifest.h"
#include "suite.h"
#include "test_memory.h"
#include "trace.h"
#include "trace_generate.h"

/* Two rows of a number, a category and a class, the second with nothing but its class. */
static const char table[] = "n0,c1,y\n-1.5,2,1\n,,0\n";

/* The same as gzip -9n and zstd -19 pack it. */
static const unsigned char gzipped[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x33, 0xd0, 0x49,
    0x36, 0xd4, 0xa9, 0xe4, 0xd2, 0x35, 0xd4, 0x33, 0xd5, 0x31, 0xd2, 0x31, 0xe4, 0xd2,
    0xd1, 0x31, 0xe0, 0x02, 0x00, 0x00, 0x80, 0xe0, 0x87, 0x15, 0x00, 0x00, 0x00};
static const unsigned char zstded[] = {0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x15, 0xa9, 0x00, 0x00,
                                       0x6e, 0x30, 0x2c, 0x63, 0x31, 0x2c, 0x79, 0x0a, 0x2d,
                                       0x31, 0x2e, 0x35, 0x2c, 0x32, 0x2c, 0x31, 0x0a, 0x2c,
                                       0x2c, 0x30, 0x0a, 0x9d, 0x3c, 0x22, 0xe9};

static const struct packing {
    const char *name;
    const void *bytes;
    size_t size;
    bool readable; /* by this build */
} packings[] = {
    {"two.csv", table, sizeof table - 1, true},
#ifdef HUNCH_HAVE_ZLIB
    {"two.csv.gz", gzipped, sizeof gzipped, true},
#else
    {"two.csv.gz", gzipped, sizeof gzipped, false},
#endif
#ifdef HUNCH_HAVE_ZSTD
    {"two.csv.zst", zstded, sizeof zstded, true},
#else
    {"two.csv.zst", zstded, sizeof zstded, false},
#endif
};

static const char *put(const char *folder, const char *name, const void *bytes, size_t n);
static hunch_status read_table(struct class_set *set, const char *text,
                               const hunch_allocator *allocator, hunch_diag *diag);
static hunch_status read_trace(struct trace *trace, const char *text, hunch_diag *diag);
static hunch_status read_arff(struct class_set *set, const char *text, const char *label,
                              hunch_diag *diag);
static void check_two_rows(const struct class_set *set);
static bool same_floats(const float *a, const float *b, size_t n);

START_TEST(table__plain_and_packed)
{
    const struct packing *p = &packings[_i];
    const char *folder = sample_folder();
    struct class_set set;
    hunch_status status =
        hunch__class_set_load_file(&set, put(folder, p->name, p->bytes, p->size), 0, NULL, NULL);
    ck_assert_int_eq(status, p->readable ? HUNCH_OK : HUNCH_EUNSUPPORTED);
    if (p->readable) {
        check_two_rows(&set);
        ck_assert_str_eq(set.name, "two");
        ck_assert_str_eq(set.note, "");
    }
    hunch__class_set_free(&set);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(table__line_ends_and_blank_lines_do_not_matter)
{
    static const char *const texts[] = {
        "n0,c1,y\n-1.5,2,1\n,,0",
        "n0,c1,y\r\n-1.5,2,1\r\n,,0\r\n",
        "n0,c1,y\n\n-15e-1,02,1\n\n,,0\n\n\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct class_set set;
        ck_assert_int_eq(read_table(&set, texts[i], NULL, NULL), HUNCH_OK);
        check_two_rows(&set);
        hunch__class_set_free(&set);
    }
}
END_TEST

/* What is wrong, and the beginning of what is said of it. */
static const struct hostile {
    const char *text;
    const char *message;
} hostile_tables[] = {
    {"", "mine.csv: line 1: empty, a header"},
    {"\n", "mine.csv: line 1: a header of columns and the class 'y' expected, found ''"},
    {"y\n1\n", "mine.csv: line 1: a header of columns and the class"},
    {"n0,c1\n1,2\n", "mine.csv: line 1, column 2: the class's column 'y' expected, found 'c1'"},
    {"n0,yes\n1,2\n", "mine.csv: line 1, column 2: the class's column"},
    {"n0,,y\n", "mine.csv: line 1, column 2: a name that begins with n"},
    {"n0,x1,y\n", "mine.csv: line 1, column 2: a name that begins with n"},
    {"n0,y\n", "mine.csv: line 1: no row follows"},
    {"n0,y\n\n\n", "mine.csv: line 3: no row follows"},
    {"n0,y\n1\n", "mine.csv: line 2: 2 fields expected, found 1"},
    {"n0,y\n1,2\n1,2,3\n", "mine.csv: line 3: 2 fields expected, found 3"},
    {"n0,y\nx,1\n", "mine.csv: line 2, column 1: a number or nothing expected, found 'x'"},
    {"n0,y\n 1,1\n", "mine.csv: line 2, column 1: a number"},
    {"n0,y\nnan,1\n", "mine.csv: line 2, column 1: a number"},
    {"n0,y\ninf,1\n", "mine.csv: line 2, column 1: a number"},
    {"n0,y\n0x10,1\n", "mine.csv: line 2, column 1: a number"},
    {"n0,y\n1e39,1\n", "mine.csv: line 2, column 1: a number"},
    {"n0,y\n1-1,1\n", "mine.csv: line 2, column 1: a number"},
    {"n0,y\n+,1\n", "mine.csv: line 2, column 1: a number"},
    {"n0,y\n\"1\",1\n", "mine.csv: line 2, column 1: a number"},
    {"c0,y\n-1,1\n", "mine.csv: line 2, column 1: a category's code, 0 to 65535"},
    {"c0,y\n65536,1\n", "mine.csv: line 2, column 1: a category's code"},
    {"c0,y\n4294967296,1\n", "mine.csv: line 2, column 1: a category's code"},
    {"c0,y\n1.0,1\n", "mine.csv: line 2, column 1: a category's code"},
    {"c0,y\n1,\n", "mine.csv: line 2, column 2: a class, 0 to 65535, expected, found ''"},
    {"c0,y\n1,65536\n", "mine.csv: line 2, column 2: a class"},
    {"c0,y\n1,-1\n", "mine.csv: line 2, column 2: a class"},
    {"c0,y\n1,0.5\n", "mine.csv: line 2, column 2: a class"},
};

START_TEST(table__hostile_ones_are_refused_with_file_line_and_reason)
{
    const struct hostile *h = &hostile_tables[_i];
    struct class_set set;
    hunch_diag diag = {0};
    ck_assert_int_eq(read_table(&set, h->text, NULL, &diag), HUNCH_ECORRUPT);
    ck_assert_msg(strncmp(diag.text, h->message, strlen(h->message)) == 0, "%s", diag.text);
    ck_assert_uint_eq(diag.at, strtoull(strstr(diag.text, "line ") + 5, NULL, 10));
    ck_assert_uint_eq(set.n, 0);
    hunch__class_set_free(&set);
}
END_TEST

/* Every bit of a table turned: refused or a table, and a sanitizer sees the rest. */
START_TEST(table__damaged_at_every_bit_never_reads_outside)
{
    char text[sizeof table];
    for (size_t bit = 0; bit < 8 * (sizeof table - 1); bit++) {
        struct class_set set;
        memcpy(text, table, sizeof table);
        text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
        hunch_status status = read_table(&set, text, NULL, NULL);
        ck_assert(status == HUNCH_OK || status == HUNCH_ECORRUPT);
        for (size_t i = 0; i < set.n; i++) {
            SUITE_ASSERT(set.y[i] < set.classes);
        }
        hunch__class_set_free(&set);
    }
}
END_TEST

START_TEST(table__memory_failing_at_every_call)
{
    uint64_t failed = 1;
    char *text = memory_new(9 + 4 * 3000);
    memcpy(text, "n0,y\n", 6);
    for (size_t i = 0; i < 3000; i++) {
        memcpy(text + 5 + 4 * i, "7,1\n", 5);
    }
    for (uint64_t k = 1; failed > 0; k++) {
        struct faulty_alloc memory;
        struct class_set set;
        faulty_alloc_begin(&memory, k, FAULTY_ONCE);
        hunch_status status = read_table(&set, text, &memory.allocator, NULL);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        hunch__class_set_free(&set);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
    }
    free(text);
}
END_TEST

START_TEST(table__what_is_written_is_read_back_bit_by_bit)
{
    struct class_set made;
    struct class_set read;
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "made.csv");
    ck_assert_int_eq(
        hunch__class_generate(&made, "clusters(3,2,5,0.7)", 500, (uint64_t)_i, NULL, NULL),
        HUNCH_OK);
    ck_assert_int_eq(hunch__class_csv_save(path, &made, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch__class_set_load_file(&read, path, 0, NULL, NULL), HUNCH_OK);
    ck_assert_uint_eq(read.n, made.n);
    ck_assert_uint_eq(read.columns, made.columns);
    ck_assert(same_floats(read.x, made.x, made.n * made.columns));
    ck_assert_uint_eq(read.xxh3, made.xxh3);
    hunch__class_set_free(&read);
    ck_assert_int_eq(hunch__class_set_load_file(&read, path, 7, NULL, NULL), HUNCH_OK);
    ck_assert_uint_eq(read.n, 7);
    ck_assert_str_eq(read.note, "at most its first 7 rows");
    hunch__class_set_free(&read);
    hunch__class_set_free(&made);
    sample_folder_remove(folder);
}
END_TEST

/* The bytes of a thousand rows, on every machine and for ever. */
static const struct golden {
    const char *generator;
    uint64_t seed;
    uint64_t xxh3;
} golden_tables[] =
    {
        {"clusters", 0, 0xf392606927f7bc6e},
        {"clusters(4,3,5,0.2)", 0, 0x92b48594a9feb790},
        {"clusters(4,3,5,0.2)", 1, 0xe650076d58672d40},
        {"clusters(0,8,2,1.5)", 0, 0x050a004d21d1e059},
},
  golden_traces[] = {
      {"requests", 0, 0x246e39b6df1b19df},
      {"requests(100,1,0)", 0, 0xcafac6cb35e966f0},
      {"requests(100,1,0)", 1, 0x8f0ffc721503f5d8},
      {"requests(100,1.5,0.9)", 0, 0x2f7804830a3ab989},
};

START_TEST(generated_tables__are_the_same_for_ever)
{
    const struct golden *g = &golden_tables[_i];
    struct class_set set;
    ck_assert_int_eq(hunch__class_generate(&set, g->generator, 1000, g->seed, NULL, NULL),
                     HUNCH_OK);
    ck_assert_msg(set.xxh3 == g->xxh3, "%s, seed %" PRIu64 ": 0x%016" PRIx64, g->generator, g->seed,
                  set.xxh3);
    hunch__class_set_free(&set);
}
END_TEST

START_TEST(generated_traces__are_the_same_for_ever)
{
    const struct golden *g = &golden_traces[_i];
    struct key_list keys;
    ck_assert_int_eq(hunch__trace_generate(&keys, g->generator, 1000, g->seed, NULL, NULL),
                     HUNCH_OK);
    uint64_t xxh3 = hunch__xxh3(keys.keys, keys.n * sizeof *keys.keys);
    ck_assert_msg(xxh3 == g->xxh3, "%s, seed %" PRIu64 ": 0x%016" PRIx64, g->generator, g->seed,
                  xxh3);
    hunch__key_list_free(&keys);
}
END_TEST

START_TEST(generators__refuse_what_they_do_not_know)
{
    static const struct {
        const char *text;
        hunch_status status;
        uint64_t at;
    } bad[] = {
        {"cluster", HUNCH_ENOENT, 0},
        {"clustered", HUNCH_ENOENT, 0},
        {"clusters(", HUNCH_EINVAL, 9},
        {"clusters(4)", HUNCH_EINVAL, 9},
        {"clusters(4,0,2)", HUNCH_EINVAL, 13},
        {"clusters(0,0,2,1)", HUNCH_EINVAL, 0},
        {"clusters(4,0,0,1)", HUNCH_EINVAL, 13},
        {"clusters(4,0,2,3)", HUNCH_EINVAL, 15},
        {"clusters(4.5,0,2,1)", HUNCH_EINVAL, 9},
        {"clusters(4,0,2,nan)", HUNCH_EINVAL, 15},
        {"clusters(4,0,2,1)x", HUNCH_EINVAL, 17},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct class_set set;
        hunch_diag diag = {0};
        hunch_status status = hunch__class_generate(&set, bad[i].text, 10, 0, NULL, &diag);
        ck_assert_msg(status == bad[i].status, "'%s': %d", bad[i].text, status);
        ck_assert_msg(diag.at == bad[i].at, "'%s': %" PRIu64, bad[i].text, diag.at);
        ck_assert_ptr_null(set.x);
    }
}
END_TEST

/* What stands in for a set has its shape, and a label. */
START_TEST(manifest__stand_ins_have_the_shape_of_their_sets)
{
    size_t count;
    const struct manifest_row *rows = hunch__manifest(&count);
    const char *folder = sample_folder();
    size_t sets = 0;
    for (size_t i = 0; i < count; i++) {
        struct class_set set;
        struct trace trace;
        hunch_diag diag = {0};
        hunch_status status = HUNCH_OK;
        if (strcmp(rows[i].form, "classes") == 0) {
            status = hunch__class_set_load(&set, rows[i].stand_in, 100, folder, NULL, &diag);
            ck_assert_msg(status == HUNCH_OK, "%s: %s", rows[i].name, diag.text);
            ck_assert_uint_eq(set.classes, strtoull(rows[i].recipe, NULL, 10));
            ck_assert_str_eq(set.note, "generated");
            hunch__class_set_free(&set);
            sets++;
        } else if (strcmp(rows[i].form, "trace") == 0) {
            status = hunch__trace_load(&trace, rows[i].stand_in, 100, folder, NULL, &diag);
            ck_assert_msg(status == HUNCH_OK, "%s: %s", rows[i].name, diag.text);
            ck_assert_str_eq(trace.note, "generated");
            hunch__trace_free(&trace);
            sets++;
        }
    }
    ck_assert_uint_gt(sets, 0);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(sets__are_found_in_the_nearest_place)
{
    char *near = memory_copy_text(sample_folder());
    char *far = memory_copy_text(sample_folder());
    struct class_set set;
    struct trace trace;
    ck_assert_int_eq(setenv("HUNCH_DATA", far, 1), 0);
    (void)put(near, "mine.csv", table, sizeof table - 1);
    (void)put(far, "mine.csv", "n0,y\n1,0\n", 9);
    (void)put(far, "mine.txt", "1\n2\n2\n", 6);

    ck_assert_int_eq(hunch__class_set_load(&set, "mine", 0, near, NULL, NULL), HUNCH_OK);
    check_two_rows(&set);
    hunch__class_set_free(&set);
    ck_assert_int_eq(hunch__class_set_load(&set, "mine", 0, NULL, NULL, NULL), HUNCH_OK);
    ck_assert_uint_eq(set.n, 1);
    hunch__class_set_free(&set);
    ck_assert_int_eq(hunch__trace_load(&trace, "mine", 0, near, NULL, NULL), HUNCH_OK);
    ck_assert_uint_eq(trace.n, 3);
    hunch__trace_free(&trace);
    ck_assert_int_eq(hunch__class_set_load(&set, "yours", 0, near, NULL, NULL), HUNCH_ENOENT);
    ck_assert_int_eq(hunch__trace_load(&trace, "yours", 0, near, NULL, NULL), HUNCH_ENOENT);
    sample_folder_remove(near);
    sample_folder_remove(far);
    free(near);
    free(far);
}
END_TEST

START_TEST(trace__with_and_without_sizes)
{
    struct trace trace;
    ck_assert_int_eq(read_trace(&trace, "# what\n7\n\n 18446744073709551615 \n7", NULL), HUNCH_OK);
    ck_assert_uint_eq(trace.n, 3);
    ck_assert_ptr_null(trace.sizes);
    ck_assert(trace.keys[0] == 7 && trace.keys[1] == UINT64_MAX && trace.keys[2] == 7);
    ck_assert_str_eq(trace.name, "mine");
    hunch__trace_free(&trace);
    ck_assert_int_eq(read_trace(&trace, "7 100\n8\t200\r\n", NULL), HUNCH_OK);
    ck_assert_uint_eq(trace.n, 2);
    ck_assert(trace.sizes[0] == 100 && trace.sizes[1] == 200);
    hunch__trace_free(&trace);
}
END_TEST

static const struct hostile hostile_traces[] = {
    {"", "mine.txt: no request in 0 lines"},
    {"# nothing\n\n", "mine.txt: no request in 2 lines"},
    {"x\n", "mine.txt: line 1: 'key' or 'key size' expected, found 'x'"},
    {"-1\n", "mine.txt: line 1: 'key' or"},
    {"1.5\n", "mine.txt: line 1: 'key' or"},
    {"1 2 3\n", "mine.txt: line 1: 'key' or"},
    {"1,2\n", "mine.txt: line 1: 'key' or"},
    {"18446744073709551616\n", "mine.txt: line 1: 'key' or"},
    {"1\n2 3\n", "mine.txt: line 2: 'key' expected, found '2 3'"},
    {"1 2\n3\n", "mine.txt: line 2: 'key size' expected, found '3'"},
    {"   \n", "mine.txt: line 1: 'key' or"},
};

START_TEST(trace__hostile_ones_are_refused_with_file_line_and_reason)
{
    const struct hostile *h = &hostile_traces[_i];
    struct trace trace;
    hunch_diag diag = {0};
    ck_assert_int_eq(read_trace(&trace, h->text, &diag), HUNCH_ECORRUPT);
    ck_assert_msg(strncmp(diag.text, h->message, strlen(h->message)) == 0, "%s", diag.text);
    ck_assert_ptr_null(trace.keys);
    hunch__trace_free(&trace);
}
END_TEST

START_TEST(blocks__of_a_request_are_all_those_it_touches)
{
    static const uint64_t expected[] = {0, 1, 2, 1, UINT64_MAX / 8};
    static const char text[] = "notice\n1.000000000 ; 7 ; 10 ; R\n2.000000000;8;0\n"
                               "3.000000000 ; 18446744073709551615 ; 9 ; W\n";
    const char *folder = sample_folder();
    struct key_list keys = {.allocator = *hunch_allocator_default()};
    const char *path = put(folder, "mine.load", text, sizeof text - 1);
    ck_assert_int_eq(hunch__convert_blocks(&keys, path, 8, NULL), HUNCH_OK);
    ck_assert_uint_eq(keys.n, 5);
    ck_assert_int_eq(memcmp(keys.keys, expected, sizeof expected), 0);
    hunch__key_list_free(&keys);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(arff__numbers_and_names_become_columns)
{
    static const char text[] = "% a comment\n@RELATION 'r s'\n@attribute a NUMERIC\n"
                               "@Attribute 'b c' { x, 'y z', \"q'\", it\\'s}\n"
                               "@attribute class {no,yes}\n\n@DATA\n"
                               "1.5, 'y z', yes\n?,?,no % said\n";
    static const char good[] = "@attribute 'a b' real\n@attribute c {'it\\'s', \"x,y\", ?}\n"
                               "@attribute k { n , p }\n@data\n-2e1,'x,y',p\n?,'?',n\n"
                               "%\n3\t,?,'p'\n";
    static const float expected[] = {-20, 1, NAN, 2, 3, NAN};
    struct class_set set;
    hunch_diag diag = {0};
    ck_assert_int_eq(read_arff(&set, text, NULL, &diag), HUNCH_ECORRUPT);
    ck_assert_msg(strstr(diag.text, "line 9: the end of the line expected") != NULL, "%s",
                  diag.text);
    ck_assert_msg(read_arff(&set, good, NULL, &diag) == HUNCH_OK, "%s", diag.text);
    ck_assert_uint_eq(set.n, 3);
    ck_assert_uint_eq(set.columns, 2);
    ck_assert(same_floats(set.x, expected, 6));
    ck_assert(set.y[0] == 1 && set.y[1] == 0 && set.y[2] == 1);
    ck_assert_uint_eq(set.column[0].levels, 0);
    ck_assert_uint_eq(set.column[1].levels, 3);
    hunch__class_set_free(&set);
    ck_assert_int_eq(read_arff(&set, good, "c", &diag), HUNCH_ECORRUPT); /* a class is missing */
    ck_assert_int_eq(read_arff(&set, good, "a b", &diag), HUNCH_ECORRUPT);
    ck_assert_int_eq(read_arff(&set, good, "z", &diag), HUNCH_ECORRUPT);
    ck_assert_str_eq(diag.text, "no nominal attribute 'z' for the class");
}
END_TEST

#define HEADER "@attribute a real\n@attribute k {n,p}\n@data\n"

static const struct hostile hostile_arffs[] = {
    {"", "line 0: @data expected, found the end"},
    {"@attribute a real\n", "line 1: @data expected, found the end"},
    {"nonsense\n", "line 1: @relation, @attribute or @data expected, found 'nonsense'"},
    {"@data\n", "line 1: two attributes at least before it expected"},
    {"@attribute\n", "line 1: the attribute's name expected"},
    {"@attribute a\n", "line 1: numeric, real, integer or {value, ...} expected"},
    {"@attribute a string\n", "line 1: numeric, real, integer or {value, ...} expected, found 's"},
    {"@attribute a {\n", "line 1: a value of the attribute expected"},
    {"@attribute a {x\n", "line 1: '}' expected"},
    {"@attribute a {x,}\n", "line 1: a value of the attribute expected"},
    {"@attribute a {'x}\n", "line 1: a value of the attribute expected"},
    {HEADER, "no row follows the header"},
    {HEADER "1\n", "line 4: a value for each attribute expected"},
    {HEADER "1,\n", "line 4: a value for each attribute expected"},
    {HEADER "1,n,2\n", "line 4: the end of the line expected, found ',2'"},
    {HEADER "x,n\n", "line 4: a number or ? expected, found 'x,n'"},
    {HEADER "1,q\n", "line 4: a declared value or ? expected, found 'q'"},
    {HEADER "1,?\n", "line 4: a class expected"},
    {"@attribute k {n}\n@attribute a real\n@data\nn,1\n", "no nominal attribute 'a' for"},
};

START_TEST(arff__hostile_ones_are_refused_with_line_and_reason)
{
    const struct hostile *h = &hostile_arffs[_i];
    struct class_set set;
    hunch_diag diag = {0};
    ck_assert_int_eq(read_arff(&set, h->text, NULL, &diag), HUNCH_ECORRUPT);
    ck_assert_msg(strncmp(diag.text, h->message, strlen(h->message)) == 0, "%s", diag.text);
    ck_assert_int_eq(read_arff(&set, HEADER "{0 1, 1 n}\n", NULL, &diag), HUNCH_EUNSUPPORTED);
}
END_TEST

START_TEST(tidy__drops_what_is_constant_and_keeps_each_row_whole)
{
    struct class_set set;
    struct class_set tidy;
    char text[8000] = "n0,n1,c2,c3,y\n";
    for (size_t i = 0, n = strlen(text); i < 200; i++) {
        n += (size_t)snprintf(text + n, sizeof text - n, "4,%zu,%s,1,%zu\n", i,
                              i % 2 == 0 ? "" : "0", i % 7);
    }
    ck_assert_int_eq(read_table(&set, text, NULL, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch__class_tidy(&tidy, &set, 1, NULL), HUNCH_OK);
    ck_assert_uint_eq(tidy.n, 200);
    ck_assert_uint_eq(tidy.columns, 2);
    ck_assert_str_eq(tidy.column[0].name, "n0");
    ck_assert_str_eq(tidy.column[1].name, "c1");
    double sum = 0;
    size_t moved = 0;
    for (size_t i = 0; i < 200; i++) {
        size_t was = (size_t)tidy.x[2 * i];
        ck_assert_uint_eq(tidy.y[i], was % 7);
        ck_assert_int_eq(isnan(tidy.x[2 * i + 1]), was % 2 == 0);
        sum += (double)tidy.x[2 * i];
        moved += was != i;
    }
    ck_assert(sum <= 19900 && sum >= 19900);
    ck_assert_uint_gt(moved, 150);
    hunch__class_set_free(&tidy);
    hunch__class_set_free(&set);
    ck_assert_int_eq(read_table(&set, "n0,y\n1,0\n1,1\n", NULL, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch__class_tidy(&tidy, &set, 1, NULL), HUNCH_ECORRUPT);
    hunch__class_set_free(&set);
}
END_TEST

static const char *put(const char *folder, const char *name, const void *bytes, size_t n)
{
    const char *path = sample_path(folder, name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

static hunch_status read_table(struct class_set *set, const char *text,
                               const hunch_allocator *allocator, hunch_diag *diag)
{
    const char *folder = sample_folder();
    const char *path = put(folder, "mine.csv", text, strlen(text));
    hunch_status status = hunch__class_set_load_file(set, path, 0, allocator, diag);
    sample_folder_remove(folder);
    return status;
}

static hunch_status read_trace(struct trace *trace, const char *text, hunch_diag *diag)
{
    const char *folder = sample_folder();
    const char *path = put(folder, "mine.txt", text, strlen(text));
    hunch_status status = hunch__trace_load_file(trace, path, 0, NULL, diag);
    sample_folder_remove(folder);
    return status;
}

static hunch_status read_arff(struct class_set *set, const char *text, const char *label,
                              hunch_diag *diag)
{
    const char *folder = sample_folder();
    const char *path = put(folder, "mine.arff", text, strlen(text));
    const char *bad = NULL;
    hunch_status status = hunch__arff_read(set, &path, 1, label, &bad, diag);
    ck_assert_ptr_eq(bad, path);
    sample_folder_remove(folder);
    return status;
}

static void check_two_rows(const struct class_set *set)
{
    static const float expected[] = {-1.5f, 2, NAN, NAN};
    ck_assert_uint_eq(set->n, 2);
    ck_assert_uint_eq(set->columns, 2);
    ck_assert_uint_eq(set->numeric, 1);
    ck_assert_uint_eq(set->classes, 2);
    ck_assert_str_eq(set->column[0].name, "n0");
    ck_assert_uint_eq(set->column[0].levels, 0);
    ck_assert_str_eq(set->column[1].name, "c1");
    ck_assert_uint_eq(set->column[1].levels, 3);
    ck_assert(same_floats(set->x, expected, 4));
    ck_assert(set->y[0] == 1 && set->y[1] == 0);
    ck_assert_uint_eq(set->xxh3, 0x33ae2161ded8d145);
}

static bool same_floats(const float *a, const float *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (isnan(a[i]) != isnan(b[i]) || (!isnan(a[i]) && !(a[i] <= b[i] && a[i] >= b[i]))) {
            return false;
        }
    }
    return true;
}

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

int main(void)
{
    Suite *suite = suite_create("class_sets");
    TCase *cases = tcase_create("class_sets");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, table__plain_and_packed, 0, COUNT(packings));
    tcase_add_test(cases, table__line_ends_and_blank_lines_do_not_matter);
    tcase_add_loop_test(cases, table__hostile_ones_are_refused_with_file_line_and_reason, 0,
                        COUNT(hostile_tables));
    tcase_add_test(cases, table__damaged_at_every_bit_never_reads_outside);
    tcase_add_test(cases, table__memory_failing_at_every_call);
    tcase_add_loop_test(cases, table__what_is_written_is_read_back_bit_by_bit, 0, 20);
    tcase_add_loop_test(cases, generated_tables__are_the_same_for_ever, 0, COUNT(golden_tables));
    tcase_add_loop_test(cases, generated_traces__are_the_same_for_ever, 0, COUNT(golden_traces));
    tcase_add_test(cases, generators__refuse_what_they_do_not_know);
    tcase_add_test(cases, manifest__stand_ins_have_the_shape_of_their_sets);
    tcase_add_test(cases, sets__are_found_in_the_nearest_place);
    tcase_add_test(cases, trace__with_and_without_sizes);
    tcase_add_loop_test(cases, trace__hostile_ones_are_refused_with_file_line_and_reason, 0,
                        COUNT(hostile_traces));
    tcase_add_test(cases, blocks__of_a_request_are_all_those_it_touches);
    tcase_add_test(cases, arff__numbers_and_names_become_columns);
    tcase_add_loop_test(cases, arff__hostile_ones_are_refused_with_line_and_reason, 0,
                        COUNT(hostile_arffs));
    tcase_add_test(cases, tidy__drops_what_is_constant_and_keeps_each_row_whole);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
