/* Any bytes as a saved chooser: refused with a reason, or everything that can be asked, told,
 * learned and saved is safe, and what is saved opens again.
 *
 * The input is a byte of flags, see fuzz.h, and the file. Bit 2: it is opened by its path. */
#include <math.h>
#include <stdlib.h>

#include <hunch/choice.h>

#include "fuzz.h"
#include "memdisk.h"

/* The most that a file can ask for. */
enum { ARMS_MAX = 1024, FEATURES_MAX = 1024, METRICS_MAX = 64 };

static const float zeros[ARMS_MAX * FEATURES_MAX];

static hunch_status open_file(hunch_chooser **out, const struct fuzz_file *file,
                              struct memdisk *disk, hunch_diag *diag);
static void use(hunch_chooser *chooser);
static void choose(hunch_chooser *chooser, uint32_t arms, uint32_t round, hunch_episode *episode);
static void check_ticket(hunch_ticket ticket, uint32_t arms);
static void check_saved(const hunch_chooser *chooser, struct memdisk *disk);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct fuzz_file file = fuzz_file_new(data, size);
    struct memdisk *disk = memdisk_new();
    hunch_chooser *chooser = NULL;
    hunch_diag diag = {.text = ""};
    const hunch_status status = open_file(&chooser, &file, disk, &diag);
    FUZZ_ASSERT((status == HUNCH_OK) == (chooser != NULL));
    FUZZ_ASSERT(status == HUNCH_OK || (diag.status == status && diag.text[0] != '\0'));
    if (status == HUNCH_OK) {
        FUZZ_ASSERT(hunch_chooser_validate(chooser, &diag) == HUNCH_OK);
        use(chooser);
        check_saved(chooser, disk);
    }
    hunch_chooser_free(chooser);
    memdisk_free(disk);
    free(file.bytes);
    return 0;
}

static hunch_status open_file(hunch_chooser **out, const struct fuzz_file *file,
                              struct memdisk *disk, hunch_diag *diag)
{
    const hunch_chooser_options options = {.struct_size = sizeof options,
                                           .pending = 3,
                                           .threads = 1,
                                           .learn_every = 4,
                                           .io = memdisk_io(disk)};
    if ((file->flags & 4u) == 0) {
        return hunch_chooser_open_bytes(out, file->bytes, file->size, &options, diag);
    }
    memdisk_put(disk, "chooser", file->bytes, file->size);
    return hunch_chooser_open(out, "chooser", &options, diag);
}

/* Numbers that a caller may hand over at worst; sparse choosers are asked sparsely. */
static void use(hunch_chooser *chooser)
{
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    hunch_episode episode = {.struct_size = sizeof episode};
    double metrics[METRICS_MAX] = {0};
    hunch_chooser_read_stats(chooser, &stats);
    FUZZ_ASSERT(stats.arms >= 1 && stats.arms <= ARMS_MAX && isfinite(stats.mean_reward));
    FUZZ_ASSERT(stats.learner[0] != '\0' && stats.model[0] != '\0');
    for (uint32_t round = 0; round < 12; round++) {
        choose(chooser, stats.arms, round, &episode);
    }
    const hunch_status told = hunch_reward_episode(chooser, &episode, 1.0f);
    FUZZ_ASSERT(told == HUNCH_OK || told == HUNCH_EEXPIRED);
    const hunch_question question = {
        .struct_size = sizeof question, .candidates = zeros, .candidates_count = stats.arms};
    const hunch_ticket ticket = hunch_choose_with(chooser, &question, NULL);
    check_ticket(ticket, stats.arms);
    metrics[0] = 1e30;
    (void)hunch_reward_metrics(chooser, ticket, metrics);
    hunch_chooser_learn(chooser);
}

/* One choice of the general kind, and mostly its reward. */
static void choose(hunch_chooser *chooser, uint32_t arms, uint32_t round, hunch_episode *episode)
{
    static const float values[] = {1.0f, -3.0e38f, 1e-40f, 7.0f};
    static const uint32_t columns[] = {0, 1, 500, 1000000};
    const uint64_t mask[ARMS_MAX / 64] = {round % 3 == 0 ? 1 : ~(uint64_t)0};
    uint32_t ranked[3];
    const hunch_question question = {.struct_size = sizeof question,
                                     .x_count = 4,
                                     .x = values,
                                     .columns = columns,
                                     .mask = round % 2 == 0 ? mask : NULL,
                                     .candidates = zeros,
                                     .candidates_count = arms,
                                     .ranks = 3,
                                     .episode = round % 4 == 1 ? episode : NULL};
    const hunch_ticket ticket = hunch_choose_with(chooser, &question, round < 6 ? ranked : NULL);
    check_ticket(ticket, arms);
    FUZZ_ASSERT(round >= 6 || ranked[0] == ticket.arm);
    if (round % 4 != 1) {
        FUZZ_ASSERT(hunch_reward(chooser, ticket, (float)round * 1e30f) == HUNCH_OK);
    }
}

static void check_ticket(hunch_ticket ticket, uint32_t arms)
{
    FUZZ_ASSERT(ticket.id != 0 && ticket.arm < arms);
    FUZZ_ASSERT(ticket.propensity > 0.0f && ticket.propensity <= 1.0f);
}

static void check_saved(const hunch_chooser *chooser, struct memdisk *disk)
{
    const hunch_chooser_options options = {
        .struct_size = sizeof options, .pending = 3, .threads = 1, .io = memdisk_io(disk)};
    hunch_chooser *again = NULL;
    FUZZ_ASSERT(hunch_chooser_save(chooser, "again", NULL) == HUNCH_OK);
    FUZZ_ASSERT(hunch_chooser_open(&again, "again", &options, NULL) == HUNCH_OK);
    hunch_chooser_free(again);
}
