/* Keys and files made to deceive one place each: lines steeper than a gap is wide, and models that
 * keep to every rule but the one that a search relies on. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "index_answers.h"
#include "index_forms.h"
#include "index_sample.h"
#include "internal.h"
#include "memdisk.h"
#include "suite.h"

/* Two runs of equal keys, then a far third. */
struct runs {
    size_t equal; /* of each of the first two */
    size_t far_equal;
    uint64_t far_key;
};

static uint64_t *keys_new(size_t n);
static hunch_index *built(const uint64_t *keys, size_t n, uint32_t kind, uint32_t router);
static struct sample_bytes saved(const hunch_index *index);
static hunch_status opened(struct sample_bytes file, uint32_t verify, hunch_index **index,
                           hunch_diag *diag);
static struct hunch__part_of_model *part_of(hunch_index *index, uint32_t id);
static struct sample_bytes saved_with(hunch_index *index, const uint32_t *ids,
                                      const struct hunch__part_of_model *parts, size_t count);

/* 16 positions of edges a key, times 2^60 keys, is 2^64: as good as 0. */
START_TEST(build__a_line_steeper_than_the_gap_is_wide)
{
    static const struct runs all[] = {
        {4096, 5120, ((uint64_t)1 << 60) + 2},
        {4096, 32768, (uint64_t)1 << 63},
        {4096, 5120, UINT64_MAX},
        {65536, 65536, (uint64_t)1 << 52},
    };
    const struct runs *runs = &all[_i];
    const size_t n = 2 * runs->equal + runs->far_equal;
    uint64_t *keys = keys_new(n);
    for (size_t i = 0; i < n; i++) {
        keys[i] = i < runs->equal ? 0 : i < 2 * runs->equal ? 1 : runs->far_key;
    }
    uint64_t questions[64 * 3];
    for (unsigned i = 0; i < 64 * 3; i++) {
        questions[i] = ((uint64_t)1 << i / 3) + i % 3 - 1;
    }
    for (size_t f = 0; f < INDEX_FORMS_EXACT; f++) {
        const hunch_index_options options = index_form_options(&index_forms[f]);
        hunch_index *index = NULL;
        struct index_wrong wrong;
        ck_assert_int_eq(hunch_index_build(&index, keys, n, &options, NULL), HUNCH_OK);
        if (!index_answers_agree(index, keys, n, questions, 64 * 3, &wrong)) {
            ck_abort_msg("%s: %s", index_forms[f].name, wrong.text);
        }
        ck_assert_int_eq(hunch_index_validate(index, NULL), HUNCH_OK);
        hunch_index_free(index);
    }
    free(keys);
}
END_TEST

/* Right at both ends of a piece, and flat wrong in between. */
START_TEST(verify__lines_that_begin_inside_a_piece)
{
    enum { N = 16384, PIECE = 5, BLOCK = 256 };
    uint64_t *keys = keys_new(N);
    for (size_t i = 0; i < N; i++) {
        keys[i] = i * 1000;
    }
    hunch_index *index = built(keys, N, HUNCH_INDEX_BLOCKS, HUNCH_INDEX_ROUTER_LINES);
    const struct hunch__part_of_model *own_words = part_of(index, HUNCH__SECTION_LINES);
    const uint64_t *own = own_words->bytes;
    ck_assert_uint_eq(own_words->size, 2 * sizeof *own); /* one line, and the end */
    const uint64_t slope = own[0] & (((uint64_t)1 << HUNCH__LINE_FROM_SHIFT) - 1);
    const uint64_t far = (uint64_t)63 << HUNCH__LINE_FROM_SHIFT;
    const uint64_t behind = (PIECE + 1) * BLOCK * 1000 - 999;
    uint64_t line_keys[] = {0, behind - 200000, behind - 100000, behind};
    uint64_t words[] = {own[0], far, far, slope | (uint64_t)(PIECE + 1) << HUNCH__LINE_FROM_SHIFT,
                        own[1]};
    const uint32_t ids[] = {HUNCH__SECTION_LINE_KEYS, HUNCH__SECTION_LINES};
    const struct hunch__part_of_model parts[] = {{.bytes = line_keys, .size = sizeof line_keys},
                                                 {.bytes = words, .size = sizeof words}};
    index->shape[HUNCH__SHAPE_LINE_ERROR] = 7;
    const struct sample_bytes file = saved_with(index, ids, parts, 2);
    hunch_index *liar = NULL;
    hunch_diag diag = {.text = ""};
    ck_assert_int_eq(opened(file, 1, &liar, &diag), HUNCH_ECORRUPT);
    ck_assert_ptr_nonnull(strstr(diag.text, "section lines: err"));
    ck_assert_int_eq(opened(file, 0, &liar, &diag), HUNCH_OK);
    for (uint64_t key = behind - 300000; key < behind + 1000; key += 500) {
        ck_assert_uint_eq(hunch_index_lower_bound(liar, key), (key + 999) / 1000);
    }
    hunch_index_free(liar);
    hunch_index_free(index);
    sample_free(file);
    free(keys);
}
END_TEST

/* As many cells in all as one line corrects, but none of their top cells has a line of its own. */
START_TEST(open__top_cells_of_fewer_cells_than_a_line)
{
    enum { N = 256 };
    uint64_t *keys = keys_new(N);
    for (size_t i = 0; i < N; i++) {
        keys[i] = i << 8;
    }
    hunch_index *index = built(keys, N, HUNCH_INDEX_CELLS, 0);
    uint64_t top[] = {64 - 5, (uint64_t)32 << 32 | (64 - 5)};
    uint64_t headers[] = {(uint64_t)N};
    int8_t corrections[64] = {0};
    const uint32_t ids[] = {HUNCH__SECTION_TOP, HUNCH__SECTION_HEADERS, HUNCH__SECTION_CORRECTIONS};
    const struct hunch__part_of_model parts[] = {{.bytes = top, .size = sizeof top},
                                                 {.bytes = headers, .size = sizeof headers},
                                                 {.bytes = corrections, .size = 64}};
    index->shape[HUNCH__SHAPE_TOP_SHIFT] = 15;
    index->shape[HUNCH__SHAPE_PIECES] = 64;
    const struct sample_bytes file = saved_with(index, ids, parts, 3);
    for (uint32_t verify = 0; verify < 2; verify++) {
        hunch_index *liar = NULL;
        hunch_diag diag = {.text = ""};
        ck_assert_int_eq(opened(file, verify, &liar, &diag), HUNCH_ECORRUPT);
        ck_assert_ptr_nonnull(strstr(diag.text, "section top: cell 0 has no line"));
    }
    hunch_index_free(index);
    sample_free(file);
    free(keys);
}
END_TEST

START_TEST(open__cells_that_name_a_router_have_none)
{
    enum { N = 1000 };
    uint64_t *keys = keys_new(N);
    for (size_t i = 0; i < N; i++) {
        keys[i] = i * i;
    }
    hunch_index *index = built(keys, N, HUNCH_INDEX_CELLS, 0);
    index->shape[HUNCH__SHAPE_ROUTER] = 1000000;
    const struct sample_bytes file = saved(index);
    hunch_index *liar = NULL;
    hunch_index_stats stats = {.struct_size = sizeof stats};
    ck_assert_int_eq(opened(file, 1, &liar, NULL), HUNCH_OK);
    hunch_index_read_stats(liar, &stats);
    ck_assert_uint_eq(stats.router, HUNCH_INDEX_ROUTER_AUTO);
    ck_assert_uint_eq(hunch_index_lower_bound(liar, 25), 5);
    hunch_index_free(liar);
    hunch_index_free(index);
    sample_free(file);
    free(keys);
}
END_TEST

START_TEST(open__an_error_larger_than_any_position)
{
    enum { N = 5000 };
    uint64_t *keys = keys_new(N);
    for (size_t i = 0; i < N; i++) {
        keys[i] = i * i;
    }
    hunch_index *index = built(keys, N, HUNCH_INDEX_SEGMENTS, HUNCH_INDEX_ROUTER_TREE);
    static const uint64_t errors[] = {INT64_MAX, UINT64_MAX, (uint64_t)INT64_MAX + 1};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        index->shape[HUNCH__SHAPE_ERROR] = errors[i];
        const struct sample_bytes file = saved(index);
        hunch_index *liar = NULL;
        ck_assert_int_eq(opened(file, 0, &liar, NULL), HUNCH_ECORRUPT);
        sample_free(file);
    }
    hunch_index_free(index);
    free(keys);
}
END_TEST

/* A later version may know more types; whoever does not must not guess. */
START_TEST(open__keys_of_a_type_that_is_not_known)
{
    enum { N = 1000 };
    uint64_t *keys = keys_new(N);
    for (size_t i = 0; i < N; i++) {
        keys[i] = i * i;
    }
    for (uint32_t kind = HUNCH_INDEX_STREE; kind <= HUNCH_INDEX_SEGMENTS; kind++) {
        hunch_index *index = built(keys, N, kind, 0);
        index->key_type = HUNCH_INDEX_F64 + 1;
        const struct sample_bytes file = saved(index);
        hunch_index *liar = NULL;
        hunch_diag diag = {.text = ""};
        ck_assert_int_eq(opened(file, 0, &liar, &diag), HUNCH_EVERSION);
        ck_assert_ptr_null(liar);
        ck_assert_ptr_nonnull(strstr(diag.text, "keys of type 3"));
        hunch_index_free(index);
        sample_free(file);
    }
    free(keys);
}
END_TEST

/* On a cache line, so that positions and lines agree. */
static uint64_t *keys_new(size_t n)
{
    void *keys = NULL;
    SUITE_ASSERT(posix_memalign(&keys, 64, n * sizeof(uint64_t)) == 0);
    return keys;
}

static hunch_index *built(const uint64_t *keys, size_t n, uint32_t kind, uint32_t router)
{
    const hunch_index_options options = {
        .struct_size = sizeof options, .kind = kind, .router = router};
    hunch_index *index = NULL;
    ck_assert_int_eq(hunch_index_build(&index, keys, n, &options, NULL), HUNCH_OK);
    return index;
}

static struct sample_bytes saved(const hunch_index *index)
{
    struct memdisk *disk = memdisk_new();
    hunch_index copy = *index;
    size_t size = 0;
    copy.io = memdisk_io(disk);
    ck_assert_int_eq(hunch_index_save(&copy, "index", NULL), HUNCH_OK);
    const unsigned char *bytes = memdisk_get(disk, "index", &size);
    const struct sample_bytes file = sample_copy(bytes, size);
    memdisk_free(disk);
    return file;
}

static hunch_status opened(struct sample_bytes file, uint32_t verify, hunch_index **index,
                           hunch_diag *diag)
{
    const hunch_index_options options = {.struct_size = sizeof options, .verify = verify};
    return hunch_index_open_bytes(index, file.p, file.size, &options, diag);
}

static struct hunch__part_of_model *part_of(hunch_index *index, uint32_t id)
{
    for (uint32_t i = 0; i < index->parts; i++) {
        if (index->part[i].id == id) {
            return &index->part[i];
        }
    }
    ck_abort_msg("no part %u", id);
    return NULL;
}

/* The file of the index with other contents of some parts; the index itself is as it was. */
static struct sample_bytes saved_with(hunch_index *index, const uint32_t *ids,
                                      const struct hunch__part_of_model *parts, size_t count)
{
    struct hunch__part_of_model kept[HUNCH__MODEL_PARTS];
    memcpy(kept, index->part, sizeof kept);
    for (size_t i = 0; i < count; i++) {
        struct hunch__part_of_model *part = part_of(index, ids[i]);
        part->bytes = parts[i].bytes;
        part->size = parts[i].size;
    }
    const struct sample_bytes file = saved(index);
    memcpy(index->part, kept, sizeof kept);
    return file;
}

int main(void)
{
    Suite *suite = suite_create("index_crafted");
    TCase *cases = tcase_create("crafted");
    tcase_add_loop_test(cases, build__a_line_steeper_than_the_gap_is_wide, 0, 4);
    tcase_add_test(cases, verify__lines_that_begin_inside_a_piece);
    tcase_add_test(cases, open__top_cells_of_fewer_cells_than_a_line);
    tcase_add_test(cases, open__cells_that_name_a_router_have_none);
    tcase_add_test(cases, open__keys_of_a_type_that_is_not_known);
    tcase_add_test(cases, open__an_error_larger_than_any_position);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
