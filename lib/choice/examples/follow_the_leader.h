/* A learner of one's own: stay with the arm that has lately done best. */
#ifndef FOLLOW_THE_LEADER_H
#define FOLLOW_THE_LEADER_H

#include <hunch/learner.h>

extern const hunch_learner_ops follow_the_leader;

#endif
