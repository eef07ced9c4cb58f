/* Angles whose bits are the same on every machine: made of IEEE operations alone. */
#ifndef HUNCH_DATASETS_ANGLE_H
#define HUNCH_DATASETS_ANGLE_H

/* The angle from the x axis to (x, y), as a share of a whole turn in [0, 1); 0 for (0, 0). Within
 * 10^-15. */
double hunch__turn(double x, double y);

#endif
