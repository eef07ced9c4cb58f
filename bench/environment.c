/* The machine and the build that the figures come from. */
#define _POSIX_C_SOURCE 200809L /* sysconf, getline */
#include "environment.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <hunch/version.h>

/* Set when the build is configured. */
#ifndef BENCH_COMMIT
#    define BENCH_COMMIT "unknown"
#endif
#ifndef BENCH_FLAGS
#    define BENCH_FLAGS "unknown"
#endif

#if defined(__clang__)
#    define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#    define COMPILER "gcc " __VERSION__
#else
#    define COMPILER "unknown"
#endif

#define put(field, text) put_text((field), sizeof(field), (text))

static void put_text(char *field, size_t size, const char *text);
static void read_cpu(char *cpu, size_t size);
static bool read_line(const char *path, char *line, size_t size);
static void read_pages(char *pages, size_t size);

void bench__environment_read(struct bench_environment *environment)
{
    char line[128];
    put(environment->isa, hunch_isa());
    put(environment->commit, BENCH_COMMIT);
    put(environment->compiler, COMPILER);
    put(environment->flags, BENCH_FLAGS);
    read_cpu(environment->cpu, sizeof environment->cpu);
    read_pages(environment->pages, sizeof environment->pages);
    const bool has_governor =
        read_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", line, sizeof line);
    put(environment->governor, has_governor ? line : "unknown");
}

static void put_text(char *field, size_t size, const char *text)
{
    (void)snprintf(field, size, "%s", text);
    for (char *c = field; *c != '\0'; c++) {
        *c =
            *c >= 0x20 && *c < 0x7F ? *c : '?'; /* what the system says of itself may be anything */
    }
    for (size_t n = strlen(field); n > 0 && field[n - 1] == ' '; n--) {
        field[n - 1] = '\0';
    }
}

/* Linux on x86 names the processor; elsewhere the architecture must do. */
static void read_cpu(char *cpu, size_t size)
{
    struct utsname system;
    char *line = NULL;
    size_t capacity = 0;
    put_text(cpu, size, uname(&system) == 0 ? system.machine : "unknown");
    FILE *file = fopen("/proc/cpuinfo", "re");
    while (file != NULL && getline(&line, &capacity, file) >= 0) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && colon != NULL) {
            line[strcspn(line, "\n")] = '\0';
            put_text(cpu, size, colon + 1 + strspn(colon + 1, " "));
            break;
        }
    }
    free(line);
    if (file != NULL) {
        (void)fclose(file);
    }
}

/* First line of a file without its end; false when there is none. */
static bool read_line(const char *path, char *line, size_t size)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    const bool there = fgets(line, (int)size, file) != NULL;
    (void)fclose(file);
    line[there ? strcspn(line, "\n") : 0] = '\0';
    return there;
}

/* The kernel's file reads "always [madvise] never": the one in brackets is in force. */
static void read_pages(char *pages, size_t size)
{
    char line[128];
    char *mode = NULL;
    if (read_line("/sys/kernel/mm/transparent_hugepage/enabled", line, sizeof line)) {
        mode = strchr(line, '[');
    }
    if (mode != NULL) {
        mode++;
        mode[strcspn(mode, "]")] = '\0';
    }
    (void)snprintf(pages, size, "%ld bytes, transparent huge pages: %s", sysconf(_SC_PAGESIZE),
                   mode == NULL ? "unknown" : mode);
}
