/* hunch/version.h — version of the library, and the macros that every public header uses. */
#ifndef HUNCH_VERSION_H
#define HUNCH_VERSION_H

/* Version of the headers, as major * 10000 + minor * 100 + patch; compare with hunch_version(). */
#define HUNCH_VERSION_MAJOR 0
#define HUNCH_VERSION_MINOR 1
#define HUNCH_VERSION_PATCH 0
#define HUNCH_VERSION                                                                              \
    (HUNCH_VERSION_MAJOR * 10000 + HUNCH_VERSION_MINOR * 100 + HUNCH_VERSION_PATCH)

/* Wrapped around all declarations of a header: C linkage for C++ callers. */
#ifdef __cplusplus
#    define HUNCH_API_BEGIN extern "C" {
#    define HUNCH_API_END   }
#else
#    define HUNCH_API_BEGIN
#    define HUNCH_API_END
#endif

/* HUNCH_API marks what the shared library exports; HUNCH_MUST_USE a result not to be ignored. */
#if defined(__GNUC__)
#    define HUNCH_API      __attribute__((visibility("default")))
#    define HUNCH_MUST_USE __attribute__((warn_unused_result))
#else
#    define HUNCH_API
#    define HUNCH_MUST_USE
#endif

HUNCH_API_BEGIN

/* HUNCH_VERSION of the library that is linked in, which may be newer than the headers.
 *                                                                          Threads: immutable. */
HUNCH_API int hunch_version(void);

/* Name of the instruction set in use: "scalar", "avx2", "avx512" or "neon". The best that the
 * processor and the system support, unless the environment's HUNCH_ISA names another one that they
 * support; it is read once, at the first use. All give equal answers.         Threads: shared. */
HUNCH_API const char *hunch_isa(void);

HUNCH_API_END

#endif
