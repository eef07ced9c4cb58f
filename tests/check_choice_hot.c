/* hunch_chooser's hot path: choosing and rewarding allocate nothing, call no system, read no clock
 * and write nowhere but in the lane of the thread that does it. */
#define _GNU_SOURCE /* MAP_ANONYMOUS, pthread_attr_setstacksize */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#    include <linux/audit.h>
#    include <linux/filter.h>
#    include <linux/seccomp.h>
#    include <sys/syscall.h>
#endif
#if defined(__x86_64__)
#    include <immintrin.h>
#endif

#include "choice_kinds.h"
#include "choice_sample.h"
#include "chooser.h"
#include "hash.h"
#include "random.h"
#include "sanitizer.h"
#include "suite.h"
#include "trainer.h"

/* Sanitizers bring their own malloc, need system calls and large stacks. */
#define SANITIZED (SANITIZER_ADDRESS || SANITIZER_THREAD || SANITIZER_MEMORY)

enum { PAGE = 4096, BLOCKS_MAX = 64, ROUNDS = SANITIZED ? 20000 : 1000000 };

/* Memory in whole pages, so that each block can be protected by itself. */
struct pages {
    hunch_allocator allocator;
    struct {
        void *p;
        size_t bytes;
    } block[BLOCKS_MAX];
    size_t blocks;
    uint64_t calls;
};

static _Atomic uint64_t mallocs;

static void pages_begin(struct pages *pages);
static void protect(const struct pages *pages, const hunch_chooser *chooser, int how);
static hunch_chooser *warm(int kind, const hunch_allocator *allocator, uint32_t learn_every,
                           uint64_t *random);
static void round_of(hunch_chooser *chooser, int kind, uint64_t *random, uint64_t i);
static bool only_this_program(void);

/* -- malloc, counted --------------------------------------------------------------------------- */

#if !SANITIZED && defined(__GLIBC__)
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t n, size_t bytes);
extern void *__libc_realloc(void *p, size_t bytes);

void *malloc(size_t bytes)
{
    atomic_fetch_add_explicit(&mallocs, 1, memory_order_relaxed);
    return __libc_malloc(bytes);
}

void *calloc(size_t n, size_t bytes)
{
    atomic_fetch_add_explicit(&mallocs, 1, memory_order_relaxed);
    return __libc_calloc(n, bytes);
}

void *realloc(void *p, size_t bytes)
{
    atomic_fetch_add_explicit(&mallocs, 1, memory_order_relaxed);
    return __libc_realloc(p, bytes);
}
#endif

START_TEST(hot__allocates_nothing)
{
    struct pages pages;
    uint64_t random = 3;
    pages_begin(&pages);
    hunch_chooser *chooser = warm(_i, &pages.allocator, 0, &random); /* learning included */
    const uint64_t calls = pages.calls;
    const uint64_t before = atomic_load(&mallocs);
    for (uint64_t i = 0; i < ROUNDS / 10; i++) {
        round_of(chooser, _i, &random, i);
    }
    const uint64_t after = atomic_load(&mallocs);
    ck_assert_uint_eq(after, before);
    ck_assert_uint_eq(pages.calls, calls);
    hunch_chooser_free(chooser);
    ck_assert(SANITIZED || before > 0); /* it does count */
}
END_TEST

/* -- writes ------------------------------------------------------------------------------------ */

/* All that is not the thread's own is made read-only, but for the page that lanes lie on together:
 * there the others' bytes are compared. */
START_TEST(hot__writes_to_its_own_lane_alone)
{
    struct pages pages;
    uint64_t random = 4;
    pages_begin(&pages);
    hunch_chooser *chooser = warm(_i, &pages.allocator, UINT32_MAX, &random);
    const struct hunch__lanes *lanes = &chooser->lanes;
    const size_t lane = sizeof *lanes->lane;
    unsigned char *others = malloc(lanes->all * lane);
    ck_assert_ptr_nonnull(others);
    ck_assert_uint_eq(lanes->lane[0].owner, hunch__thread_pointer());
    memcpy(others, lanes->lane, lanes->all * lane);
    protect(&pages, chooser, PROT_READ);
    for (uint64_t i = 0; i < ROUNDS; i++) {
        round_of(chooser, _i, &random, i);
    }
    protect(&pages, chooser, PROT_READ | PROT_WRITE);
    ck_assert_mem_eq(others + lane, &lanes->lane[1], (lanes->all - 1) * lane);
    /* What the learner writes lies apart from what the lane's thread does. */
    const size_t tail = offsetof(struct hunch__lane, events_tail);
    ck_assert_mem_eq(others + tail, (const unsigned char *)lanes->lane + tail, lane - tail);
    ck_assert_uint_eq(tail % HUNCH__CACHE_LINE, 0);
    ck_assert(choice_adds_up(chooser));
    free(others);
    hunch_chooser_free(chooser);
}
END_TEST

/* Or the test above could not fail. */
START_TEST(hot__a_write_elsewhere_is_found)
{
    struct pages pages;
    uint64_t random = 5;
    pages_begin(&pages);
    hunch_chooser *chooser = warm(KIND_PLAIN, &pages.allocator, UINT32_MAX, &random);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        (void)signal(SIGSEGV, SIG_DFL); /* a sanitizer would report it */
        protect(&pages, chooser, PROT_READ);
        *(volatile unsigned char *)chooser->state = 1;
        _exit(0);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_ne(status, 0);
    hunch_chooser_free(chooser);
}
END_TEST

/* -- system calls and clocks ------------------------------------------------------------------- */

/* In a child that may do nothing but exit, and to which the time stamp counter, which the clocks of
 * the vDSO read too, is forbidden. */
START_TEST(hot__calls_no_system_and_reads_no_clock)
{
    if (SANITIZED) {
        return;
    }
    uint64_t random = 6;
    hunch_chooser *chooser = warm(_i % KINDS_AND_AUTO, NULL, UINT32_MAX, &random);
    (void)fflush(NULL);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (!only_this_program()) {
            _exit(77);
        }
        for (uint64_t i = 0; i < ROUNDS; i++) {
            round_of(chooser, _i % KINDS_AND_AUTO, &random, i);
        }
        if (_i >= KINDS_AND_AUTO) { /* or it could not fail */
            (void)getppid();
        }
        _exit(0);
    }
    int status = 1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        (void)fprintf(stderr, "no seccomp here: not tested\n");
    } else if (_i < KINDS_AND_AUTO) {
        ck_assert_msg(status == 0, "%s: status %x", choice_kind_name(_i), (unsigned)status);
    } else {
        ck_assert_int_ne(status, 0);
    }
    hunch_chooser_free(chooser);
}
END_TEST

#if defined(__linux__) && defined(__x86_64__)
static bool only_this_program(void)
{
    struct sock_filter lines[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = {sizeof lines / sizeof lines[0], lines};
    return prctl(PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}
#else
static bool only_this_program(void)
{
    return false;
}
#endif

/* -- stacks and rounding modes ----------------------------------------------------------------- */

struct small {
    int kind;
    hunch_chooser *chooser;
};

static void *live_in_little(void *argument)
{
    struct small *small = argument;
    uint64_t random = 8;
    for (uint64_t i = 0; i < 2000; i++) {
        round_of(small->chooser, small->kind, &random, i);
    }
    return NULL;
}

/* Learning included, which a reward may have to do. */
START_TEST(hot__fits_a_stack_of_64_kilobytes)
{
    uint64_t random = 7;
    struct small small = {_i, warm(_i, NULL, 0, &random)};
    pthread_attr_t attributes;
    pthread_t thread;
    ck_assert_int_eq(pthread_attr_init(&attributes), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&attributes, SANITIZED ? 1u << 20 : 65536), 0);
    ck_assert_int_eq(pthread_create(&thread, &attributes, live_in_little, &small), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(pthread_attr_destroy(&attributes), 0);
    hunch_chooser_free(small.chooser);
}
END_TEST

/* A hash of choices in contexts of normal numbers. */
static uint64_t trace(const char *learner)
{
    hunch_chooser_options options = choice_options(5, 4, learner);
    hunch_chooser *chooser = choice_new(&options);
    uint64_t random = 21;
    uint64_t hash = 0;
    for (size_t i = 0; i < 3000; i++) {
        float x[4];
        choice_context(&random, 4, x);
        x[1] *= 1e-30f;
        x[2] *= 1e30f;
        const hunch_ticket ticket = hunch_choose(chooser, x);
        const uint64_t words[2] = {hash, ticket.arm};
        hash = hunch__xxh3(words, sizeof words);
        SUITE_ASSERT(hunch_reward(chooser, ticket, x[0] * (float)ticket.arm) == HUNCH_OK);
    }
    hunch_chooser_free(chooser);
    return hash;
}

/* A caller who has subnormal numbers flushed gets the choices of one who has not, unless his
 * contexts are made of them. */
START_TEST(hot__flushed_subnormals_change_no_choice)
{
#if defined(__x86_64__)
    static const char *const learners[] = {"epsilon-greedy", "thompson-beta", "thompson-gauss",
                                           "ucb1", "linear"};
    const uint64_t expected = trace(learners[_i]);
    const unsigned mode = _mm_getcsr();
    _mm_setcsr(mode | 0x8040); /* FTZ, DAZ */
    const uint64_t found = trace(learners[_i]);
    _mm_setcsr(mode);
    ck_assert_uint_eq(found, expected);
#endif
}
END_TEST

/* -- helpers ----------------------------------------------------------------------------------- */

static void *pages_alloc(void *ctx, size_t bytes, size_t align)
{
    struct pages *pages = ctx;
    const size_t whole = (bytes + PAGE - 1) / PAGE * PAGE;
    void *p = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SUITE_ASSERT(p != MAP_FAILED && align <= PAGE && pages->blocks < BLOCKS_MAX);
    pages->block[pages->blocks].p = p;
    pages->block[pages->blocks++].bytes = whole;
    pages->calls++;
    return p;
}

static void pages_free(void *ctx, void *p, size_t bytes, size_t align)
{
    struct pages *pages = ctx;
    (void)align;
    pages->calls++;
    SUITE_ASSERT(munmap(p, (bytes + PAGE - 1) / PAGE * PAGE) == 0);
}

static void pages_begin(struct pages *pages)
{
    *pages = (struct pages){.allocator = {pages, pages_alloc, pages_free}};
}

/* All blocks but that of the thread's lane and that of the lanes' heads, and the process's page. */
static void protect(const struct pages *pages, const hunch_chooser *chooser, int how)
{
    const struct hunch__lanes *lanes = &chooser->lanes;
    const void *own = lanes->lane[0].block;
    const void *heads = lanes->lane;
    const void *process = chooser->process;
    for (size_t i = 0; i < pages->blocks; i++) {
        if (pages->block[i].p != own && pages->block[i].p != heads) {
            SUITE_ASSERT(mprotect(pages->block[i].p, pages->block[i].bytes, how) == 0);
        }
    }
    SUITE_ASSERT(mprotect((void *)(uintptr_t)process, PAGE, how) == 0);
}

/* A chooser that has learned something, the thread in its lane. */
static hunch_chooser *warm(int kind, const hunch_allocator *allocator, uint32_t learn_every,
                           uint64_t *random)
{
    hunch_chooser_options options = choice_kind_options(kind);
    options.allocator = allocator;
    options.learn_every = learn_every;
    options.threads = 2;
    options.pending = 1000;
    hunch_chooser *chooser = choice_new(&options);
    for (uint64_t i = 0; i < 600; i++) {
        round_of(chooser, kind, random, i);
    }
    hunch_chooser_learn(chooser);
    return chooser;
}

/* Masked every third time; every seventh ticket is left to itself. */
static void round_of(hunch_chooser *chooser, int kind, uint64_t *random, uint64_t i)
{
    static const float x[4] = {0.5f, 1.0f, 0.25f, -0.5f};
    choice_kind_round(chooser, kind, random, i % 3 == 0);
    if (i % 7 == 0 && kind != KIND_SPARSE && kind != KIND_CANDIDATES) {
        const hunch_ticket ticket = hunch_choose(chooser, kind == KIND_FREE ? NULL : x);
        SUITE_ASSERT(ticket.id != 0);
        if (i % 2 == 0) {
            SUITE_ASSERT(hunch_abandon(chooser, ticket) == HUNCH_OK);
        }
    }
}

static Suite *choice_hot_suite(void)
{
    Suite *suite = suite_create("choice_hot");
    TCase *cases = tcase_create("choice_hot");
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, hot__allocates_nothing, 0, KINDS_AND_AUTO);
    tcase_add_loop_test(cases, hot__writes_to_its_own_lane_alone, 0, KINDS_AND_AUTO);
    tcase_add_test(cases, hot__a_write_elsewhere_is_found);
    tcase_add_loop_test(cases, hot__calls_no_system_and_reads_no_clock, 0, KINDS_AND_AUTO + 1);
    tcase_add_loop_test(cases, hot__fits_a_stack_of_64_kilobytes, 0, KINDS_AND_AUTO);
    tcase_add_loop_test(cases, hot__flushed_subnormals_change_no_choice, 0, 5);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return suite_run(choice_hot_suite());
}
