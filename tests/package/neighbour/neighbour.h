/* A second component, so that the first can be seen not to reach it. */
#ifndef HUNCH_TESTS_NEIGHBOUR_H
#define HUNCH_TESTS_NEIGHBOUR_H

int hunch__neighbour(void);

#endif
