/* What learning is made of, off the hot path: sums of squares, triangular solves, steps of a small
 * network. Defined to the bit, so that a learner learns the same on every instruction set. */
#ifndef HUNCH_KERNELS_TRAIN_H
#define HUNCH_KERNELS_TRAIN_H

#include <stddef.h>

/* Numbers of a symmetric matrix of order n, packed: its lower triangle row by row, a[i][0..i]. */
static inline size_t hunch__packed_count(size_t n)
{
    return n * (n + 1) / 2;
}

/* Where row i of a packed matrix begins. */
static inline size_t hunch__packed_row(size_t i)
{
    return i * (i + 1) / 2;
}

/* c[rows][columns] += a[rows][inner] b[inner][columns]. Rows of c and b are contiguous and lie
 * c_step and b_step apart; a has its own step in both directions, so that a transposed one is one
 * with its steps exchanged. No two of them overlap.
 *
 * To the bit: each c[i][j] gets its products added one by one, in ascending order of the inner
 * index, each product and sum rounded. */
struct hunch__matmul {
    float *c;
    const float *a;
    const float *b;
    size_t rows, columns, inner;
    size_t c_step; /* floats from one row to the next   */
    size_t b_step;
    size_t a_step;    /* from one row to the next          */
    size_t a_advance; /* from one element of a row to the next; 1 unless transposed */
};

/* A step of Adam (Kingma and Ba 2015, the efficient form of its section 2, with the decoupled decay
 * of Loshchilov and Hutter 2019), each operation rounded:
 *
 *   m = beta1 m + (1 - beta1) g      v = beta2 v + ((1 - beta2) g) g
 *   w = keep w - (rate m) / (sqrt(v) + epsilon) */
struct hunch__adam {
    float rate;    /* of step t: alpha sqrt(1 - beta2^t) / (1 - beta1^t) */
    float beta1;   /* usually .9                                         */
    float beta2;   /* usually .999                                       */
    float epsilon; /* > 0                                                */
    float keep;    /* 1, or 1 - alpha times the decay                    */
};

#endif
