/* Which sanitizer a file is compiled with; gcc and clang say it in different ways. */
#ifndef HUNCH_TESTS_SANITIZER_H
#define HUNCH_TESTS_SANITIZER_H

#ifdef __has_feature
#    define SANITIZER_FEATURE(x) __has_feature(x)
#else
#    define SANITIZER_FEATURE(x) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || SANITIZER_FEATURE(address_sanitizer)
#    define SANITIZER_ADDRESS 1
#else
#    define SANITIZER_ADDRESS 0
#endif

#if defined(__SANITIZE_THREAD__) || SANITIZER_FEATURE(thread_sanitizer)
#    define SANITIZER_THREAD 1
#else
#    define SANITIZER_THREAD 0
#endif

#if SANITIZER_FEATURE(memory_sanitizer)
#    define SANITIZER_MEMORY 1
#else
#    define SANITIZER_MEMORY 0
#endif

#endif
