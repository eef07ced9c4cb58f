/* What the process says to the one who called it. */
#ifndef HUNCH_BENCH_EXIT_CODES_H
#define HUNCH_BENCH_EXIT_CODES_H

enum bench_exit {
    BENCH_EXIT_OK = 0,
    BENCH_EXIT_NO = 1,         /* some contender's answers differ        */
    BENCH_EXIT_USAGE = 2,      /* wrong use or bad input                 */
    BENCH_EXIT_ENVIRONMENT = 3 /* missing file, no memory, disk full     */
};

#endif
