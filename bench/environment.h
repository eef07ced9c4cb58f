/* The machine and the build that the figures come from. */
#ifndef HUNCH_BENCH_ENVIRONMENT_H
#define HUNCH_BENCH_ENVIRONMENT_H

/* What cannot be found out is "unknown". Texts are cut to fit. */
struct bench_environment {
    char cpu[96];      /* "AMD EPYC 7763 64-Core Processor"                          */
    char isa[16];      /* the library's kernels: "avx512"                            */
    char commit[64];   /* when the build was configured, "-dirty" if it was changed  */
    char compiler[96]; /* "gcc 12.2.0"                                               */
    char flags[128];   /* "Release -O3 -DNDEBUG"                                     */
    char pages[64];    /* "4096 bytes, transparent huge pages: madvise"              */
    char governor[32]; /* "performance"                                              */
};

void bench__environment_read(struct bench_environment *environment);

#endif
