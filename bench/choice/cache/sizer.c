/* Copies, epochs and the chooser behind the small queue's length. */
#include "sizer.h"

#include <string.h>

#include "random.h"

/* It begins with the first, which also wins ties: the best one when one must do. The last is for
 * traces that LRU is good at, and is wrong for all others, so it must be better by a margin:
 * without the margin, chance gives it arc_p3 now and then. */
const double sizer_shares[SIZER_ARMS] = {0.05, 0.01, 0.20, 0.50};
static const float margins[SIZER_ARMS] = {0, 0, 0, 0.01f};

/* A copy sees one key in 2^bits: in 8 or fewer, as few as leave it COPY_OBJECTS objects. From 1 to
 * 8 and from 100 to 800 the mean miss ratio differs by .0015. */
#define SAMPLE_BITS  3u
#define COPY_OBJECTS 140u

/* Sampled requests between two choices: as many as a copy has objects, but at least so many. */
#define EPOCH_MIN 128u

static void end_epoch(struct sizer *sizer, double *share);
static void tell(struct sizer *sizer, uint32_t arm, float reward);

hunch_status sizer_open(struct sizer *out, size_t capacity, const struct sizer_plan *plan,
                        const hunch_allocator *allocator, hunch_diag *diag)
{
    uint32_t bits = SAMPLE_BITS;
    *out = (struct sizer){.plan = *plan, .random = plan->seed};
    while (capacity >> (bits + 1) >= COPY_OBJECTS) {
        bits++;
    }
    out->sample_mask = ((uint32_t)1 << bits) - 1;
    const size_t copy = capacity >> bits > 0 ? capacity >> bits : 1;
    out->epoch = copy > EPOCH_MIN ? (uint32_t)copy : EPOCH_MIN;
    const hunch_chooser_options options = {
        .struct_size = sizeof options,
        .arms = SIZER_ARMS,
        .pending = 64,
        .threads = 1,
        .learn_every = UINT32_MAX, /* but at the end of each epoch */
        .half_life = 100,
        .exploration = 0.01f, /* the copies play all arms anyway */
        .learner = hunch_learner_find("epsilon-greedy"),
        .seed = plan->seed,
        .allocator = allocator,
    };
    if (plan->mode == SIZER_FIXED) {
        return HUNCH_OK;
    }
    hunch_status status = hunch_chooser_new(&out->chooser, &options, diag);
    for (uint32_t a = 0; a < SIZER_ARMS && status == HUNCH_OK; a++) {
        const struct guided_plan guided = {.small_share = sizer_shares[a]};
        status = guided_make(&out->copies[a], copy, &guided, allocator, diag);
    }
    if (status != HUNCH_OK) {
        sizer_close(out);
    }
    return status;
}

void sizer_close(struct sizer *sizer)
{
    hunch_chooser_free(sizer->chooser);
    sizer->chooser = NULL;
    for (uint32_t a = 0; a < SIZER_ARMS; a++) {
        guided_free(sizer->copies[a]);
        sizer->copies[a] = NULL;
    }
}

size_t sizer_bytes(const struct sizer *sizer)
{
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    if (sizer->chooser == NULL) {
        return 0;
    }
    hunch_chooser_read_stats(sizer->chooser, &stats);
    size_t bytes = (size_t)stats.chooser_bytes;
    for (uint32_t a = 0; a < SIZER_ARMS; a++) {
        bytes += guided_bytes(sizer->copies[a]);
    }
    return bytes;
}

bool sizer_sampled(struct sizer *sizer, uint64_t key, uint32_t hash, double *share)
{
    for (uint32_t a = 0; a < SIZER_ARMS; a++) {
        sizer->hits[a] += guided_access(sizer->copies[a], key, hash);
    }
    if (++sizer->requests < sizer->epoch) {
        return false;
    }
    end_epoch(sizer, share);
    return true;
}

/* Every arm was played, in its copy, so every one has a reward: how far its hit ratio was above the
 * mean of all. The next choice is for the cache itself; what comes of it, the copies will tell. */
static void end_epoch(struct sizer *sizer, double *share)
{
    uint32_t sum = 0;
    uint32_t shift = 0;
    for (uint32_t a = 0; a < SIZER_ARMS; a++) {
        sum += sizer->hits[a];
    }
    if (sizer->plan.mode == SIZER_REWARDS_SHUFFLED) {
        shift = (uint32_t)hunch__below(hunch__splitmix64(&sizer->random), SIZER_ARMS);
    }
    const float mean = (float)sum / SIZER_ARMS;
    for (uint32_t a = 0; a < SIZER_ARMS; a++) {
        const uint32_t from = (a + shift) % SIZER_ARMS;
        const float advantage = ((float)sizer->hits[from] - mean) / (float)sizer->requests;
        tell(sizer, a, advantage - margins[from]);
    }
    hunch_chooser_learn(sizer->chooser);
    uint32_t arm = 0;
    if (sizer->plan.mode == SIZER_UNIFORM) {
        arm = (uint32_t)hunch__below(hunch__splitmix64(&sizer->random), SIZER_ARMS);
    } else {
        const hunch_ticket ticket = hunch_choose(sizer->chooser, NULL);
        (void)hunch_abandon(sizer->chooser, ticket);
        arm = ticket.arm;
    }
    *share = sizer_shares[arm];
    memset(sizer->hits, 0, sizeof sizer->hits);
    sizer->requests = 0;
}

static void tell(struct sizer *sizer, uint32_t arm, float reward)
{
    const uint64_t mask = (uint64_t)1 << arm;
    const hunch_ticket ticket = hunch_choose_masked(sizer->chooser, NULL, &mask);
    (void)hunch_reward(sizer->chooser, ticket, reward);
}
