/* A learner of one's own at work: see follow_the_leader.c for the learner. */
#include <stdio.h>
#include <stdlib.h>

#include <hunch/choice.h>

#include "follow_the_leader.h"

int main(void)
{
    enum { CODECS = 4, BLOCKS = 20000 };
    hunch_chooser *chooser;
    hunch_diag why;
    const hunch_chooser_options options = {.struct_size = sizeof options,
                                           .arms = CODECS,
                                           .learn_every = 1,
                                           .learner = &follow_the_leader};
    if (hunch_chooser_new(&chooser, &options, &why) != HUNCH_OK) {
        fprintf(stderr, "no chooser: %s\n", why.text);
        return EXIT_FAILURE;
    }

    int played[CODECS] = {0};
    int best = 0;
    for (int i = 0; i < BLOCKS; i++) {
        uint32_t good = i < BLOCKS / 2 ? 1 : 3; /* half-way the data change their nature */
        hunch_ticket ticket = hunch_choose(chooser, NULL);
        hunch_reward(chooser, ticket, ticket.arm == good ? 2 : 1); /* ratio */
        played[ticket.arm]++;
        best += ticket.arm == good;
    }
    printf("played: %d %d %d %d; the best codec in %.0f %% of the blocks\n", played[0], played[1],
           played[2], played[3], 100.0 * best / BLOCKS);
    hunch_chooser_free(chooser);
    return best > BLOCKS * 7 / 10 ? EXIT_SUCCESS : EXIT_FAILURE;
}
