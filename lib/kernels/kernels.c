/* The choice of the table. */
#include "kernels.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "atomics.h"
#include "tables.h"

#include <hunch/version.h>

/* The library's only global. Two first callers may both choose; they choose the same. */
static _Atomic(const struct hunch__kernels *) chosen;

static const struct hunch__kernels *best(void);
static const struct hunch__kernels *choose(void);

#if defined(__x86_64__)
#    include <cpuid.h>

/* Not among the names that __builtin_cpu_supports of clang 14 knows. */
static bool has_lzcnt(void)
{
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    return __get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx) && (ecx & bit_LZCNT) != 0;
}

/* What a table needs, operating system support of the registers (xgetbv) included: that is how gcc
 * and clang define __builtin_cpu_supports. */
static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && has_lzcnt();
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}
#endif

const struct hunch__kernels *hunch__kernels_get(void)
{
    const struct hunch__kernels *kernels = hunch__load_relaxed(&chosen);
    if (kernels == NULL) {
        kernels = choose();
        hunch__store_relaxed(&chosen, kernels); /* orders nothing: the tables are constants */
    }
    return kernels;
}

const char *hunch_isa(void)
{
    return hunch__kernels_get()->name;
}

const struct hunch__kernels *hunch__kernels_find(const char *name)
{
    if (strcmp(name, "scalar") == 0) {
        return &hunch__kernels_scalar;
    }
#if defined(__x86_64__)
    if (strcmp(name, "avx2") == 0 && has_avx2()) {
        return &hunch__kernels_avx2;
    }
    if (strcmp(name, "avx512") == 0 && has_avx512()) {
        return &hunch__kernels_avx512;
    }
#elif defined(__aarch64__)
    if (strcmp(name, "neon") == 0) {
        return &hunch__kernels_neon;
    }
#endif
    return NULL;
}

static const struct hunch__kernels *choose(void)
{
    const char *wanted = getenv("HUNCH_ISA");
    const struct hunch__kernels *kernels = wanted == NULL ? NULL : hunch__kernels_find(wanted);
    return kernels != NULL ? kernels : best();
}

static const struct hunch__kernels *best(void)
{
    static const char *const names[] = {"avx512", "avx2", "neon"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct hunch__kernels *kernels = hunch__kernels_find(names[i]);
        if (kernels != NULL) {
            return kernels;
        }
    }
    return &hunch__kernels_scalar;
}
