/* Choosers that the tests of lib/choice look at, and a learner that shows what it was told. */
#ifndef HUNCH_TESTS_CHOICE_SAMPLE_H
#define HUNCH_TESTS_CHOICE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/choice.h>

/* What the recorder keeps of an event. */
enum { RECORDER_DENSE = 8, RECORDER_ENTRIES = 8, RECORDER_CANDIDATE = 4 };
enum { RECORDER_EVENTS = 4096, RECORDER_FEW = 32 };

struct recorded {
    uint32_t arm;
    float propensity;
    float reward;
    float weight;
    float dense[RECORDER_DENSE]; /* the first of them */
    uint32_t count;
    uint32_t columns[RECORDER_ENTRIES];
    float values[RECORDER_ENTRIES];
    float candidate[RECORDER_CANDIDATE];
};

/* A state that is the events themselves. */
struct recorder {
    uint64_t n;    /* events; those from `most` on are only counted */
    uint64_t most; /* RECORDER_EVENTS; of recorder_few_ops, RECORDER_FEW */
    double weight;
    struct recorded event[RECORDER_EVENTS];
};

/* A user's learner: it keeps what it is told, and plays arm a with a probability that is
 * proportional to 1 + (a + events) % 5. */
extern const hunch_learner_ops recorder_ops;

/* The same with room for a few events only: quickly made. */
extern const hunch_learner_ops recorder_few_ops;

/* Options of so many arms and features, and of the learner of that name. */
hunch_chooser_options choice_options(uint32_t arms, uint32_t features, const char *learner);

/* The same with the recorder, which learns only when it is told to. */
hunch_chooser_options choice_recorded(uint32_t arms, uint32_t features);

/* A chooser, or the test fails. */
hunch_chooser *choice_new(const hunch_chooser_options *options);

/* What the recorder was told until now; the chooser learns first. Good until the next event. */
const struct recorder *choice_events(hunch_chooser *chooser);

hunch_chooser_stats choice_stats(const hunch_chooser *chooser);

/* Tickets that wait. Nobody may choose meanwhile. */
uint64_t choice_pending(const hunch_chooser *chooser);

/* Whether each ticket has one fate: choices = rewards + expired + abandoned + pending. */
bool choice_adds_up(const hunch_chooser *chooser);

/* Choose and reward `rounds` times, in contexts from `random`: the reward of arm a for x is
 * larger the nearer x[0] is to a / arms. */
void choice_train(hunch_chooser *chooser, uint64_t *random, uint64_t rounds);

/* x[features] in [-1, 1). */
void choice_context(uint64_t *random, uint32_t features, float *x);

#endif
