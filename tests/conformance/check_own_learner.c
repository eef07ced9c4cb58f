/* The learner of lib/choice/examples, which a user could have written, passes the suite of ours. */
#include "follow_the_leader.h"
#include "learner.h"

int main(void)
{
    static const struct learner_subject subject = {.ops = &follow_the_leader, .learns = true};
    return learner_conformance_run(&subject, 1);
}
