/* Property tests: random cases that can be replayed and that shrink to a small one.
 *
 * A property is a function that draws whatever it needs from `p` and says whether the code did
 * right. prop_check() runs it as one case of a Check loop test. When it fails, it is run again on
 * ever smaller sizes and ever smaller pieces of the same data, and one line says what is left:
 *
 *     static bool finds_every_key(struct prop *p, size_t n)
 *     {
 *         const uint64_t *keys = prop_sorted_keys(p, n, PROP_ALL_KEYS);
 *         uint64_t q = prop_query(p, keys, n);
 *         PROP_ASSERT(p, find(keys, n, q) == oracle_lower_bound(keys, n, q), "key %" PRIu64, q);
 *         return true;
 *     }
 *
 *     START_TEST(find__agrees_with_binary_search)
 *     {
 *         prop_check("finds_every_key", finds_every_key, _i, 0, 5000);
 *     }
 *
 *     finds_every_key: key 7: fails with 3 of 812 ...; replay: HUNCH_SEED=91:812:40:3 ./check_find
 *
 * A case's seed comes from the property's name and its number: every run does the same. HUNCH_SEED
 * in the environment replaces all cases by one: a seed alone, or the four numbers of such a line.
 * After a crash Check names the test and the number, which is enough to run it again. */
#ifndef HUNCH_TESTS_PROP_H
#define HUNCH_TESTS_PROP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A case: what the numbers of HUNCH_SEED say. */
struct prop_case {
    uint64_t seed;
    size_t full; /* size that was drawn; the data is made for it                 */
    size_t from; /* the piece of that data which is used: [from, from + n), when */
    size_t n;    /* it comes from prop_sorted_keys(); otherwise n alone counts   */
};

struct prop {
    struct prop_case now;
    uint64_t state;            /* of the stream of random numbers                   */
    struct prop_block *blocks; /* owned: what prop_alloc() gave                     */
    char why[160];             /* of the failed assertion                           */
};

/* True when the code did right. `n` is p->now.n. It may return at once on failure: what it made
 * by prop_alloc() is released, other memory is lost with the test that has failed anyway. */
typedef bool prop_property(struct prop *p, size_t n);

/* How keys may lie; a case takes some of what is allowed. Without the two that repeat keys, all
 * are distinct. n <= 2^24. */
enum prop_keys {
    PROP_UNIFORM = 0,          /* over the domain, in clusters of any density            */
    PROP_DUPLICATES = 1,       /* each key one to four times                             */
    PROP_LONG_RUNS = 2,        /* a few keys only, each many times                       */
    PROP_SHARED_LOW_BITS = 4,  /* the low 32 bits are the same: 32-bit compares see none */
    PROP_SHARED_HIGH_BITS = 8, /* the high 32 bits are: a double or float sees few       */
    PROP_DENSE = 16,           /* no gap at all                                          */
    PROP_FULL_DOMAIN = 32,     /* 0 and UINT64_MAX are keys (of the full set)            */
    PROP_ALL_KEYS = 63
};

/* Run case number `i` (Check's _i), sizes from `min` to `max`; fails the test with the line above.
 * `name` should be unique in the program. */
void prop_check(const char *name, prop_property *property, int i, size_t min, size_t max);

/* The same without Check: false when the property holds; else the smallest failing case that was
 * found, which is one where dropping one element of either end makes it pass, and its `why`. */
bool prop_find(const char *name, prop_property *property, int i, size_t min, size_t max,
               struct prop_case *smallest, char why[160]);

/* Record why and return false; PROP_ASSERT returns it from the property. */
__attribute__((format(printf, 2, 3))) bool prop_fail(struct prop *p, const char *format, ...);

#define PROP_ASSERT(p, condition, ...)                                                             \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            return prop_fail((p), __VA_ARGS__);                                                    \
        }                                                                                          \
    } while (0)

/* 64 random bits, and a number below `bound` > 0. */
uint64_t prop_random(struct prop *p);
uint64_t prop_below(struct prop *p, uint64_t bound);

/* A size in [min, max] that is often 0, 1, 2, or a power of two or its neighbour. */
size_t prop_size(struct prop *p, size_t min, size_t max);

/* n ascending keys, of a case of size n or of its piece; exactly as long as asked, so that
 * AddressSanitizer sees one read too many. `flags` are prop_keys. Released after the case. */
uint64_t *prop_sorted_keys(struct prop *p, size_t n, unsigned flags);

/* Something to ask about sorted keys[n]: a key, its neighbours, in a gap, below all, above all,
 * or any number. */
uint64_t prop_query(struct prop *p, const uint64_t *keys, size_t n);

/* Memory that is released after the case; `bytes` may be 0. Never NULL. */
void *prop_alloc(struct prop *p, size_t bytes);

#endif
