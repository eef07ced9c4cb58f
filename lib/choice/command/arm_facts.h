/* What a learner knows of each arm, for people. */
#ifndef HUNCH_CHOICE_ARM_FACTS_H
#define HUNCH_CHOICE_ARM_FACTS_H

#include <stdbool.h>

#include <hunch/choice.h>

/* Of one arm. */
struct arm_fact {
    double share; /* of the events learned from, weighted as the learner does */
    double mean;  /* of their rewards; 0 when there is none                   */
};

/* facts[arms] from the state of the chooser's learner; false when that learner keeps no sums of its
 * arms that are known here. */
bool choice__arm_facts(const hunch_chooser *chooser, struct arm_fact *facts);

#endif
