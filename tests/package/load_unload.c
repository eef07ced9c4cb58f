/* Loads and unloads the shared library a hundred times, using it each time: the process must stay
 * as it was, in memory, mappings and threads.
 * Usage: load_unload LIBRARY */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hunch/index.h>

#define ROUNDS        100
#define WARM_UP       10
/* What the C library's own caches were seen to take is well below; a leaked index is above. */
#define GROWTH_MAX_KB 128
#define KEYS          4096u

typedef hunch_status build_function(hunch_index **out, const uint64_t *keys, size_t n,
                                    const hunch_index_options *options, hunch_diag *diag);
typedef size_t lower_bound_function(const hunch_index *index, uint64_t key);
typedef void free_function(hunch_index *index);

static bool use_library(const char *path);
static bool use_index(void *library);
static void find(void *library, const char *name, void *function);
static long status_number(const char *name);
static bool is_mapped(const char *path);

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: load_unload LIBRARY\n");
        return 2;
    }
    long before = 0;
    for (int i = 0; i < ROUNDS; i++) {
        if (!use_library(argv[1])) {
            return EXIT_FAILURE;
        }
        if (i == WARM_UP) {
            before = status_number("VmData:");
        }
    }
    long growth = status_number("VmData:") - before;
    if (growth > GROWTH_MAX_KB) {
        fprintf(stderr, "memory grew by %ld kB\n", growth);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

static bool use_library(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return false;
    }
    bool good = use_index(library);
    if (status_number("Threads:") != 1) {
        fprintf(stderr, "the library started a thread\n");
        good = false;
    }
    if (dlclose(library) != 0 || is_mapped(path)) {
        fprintf(stderr, "%s stays loaded after dlclose\n", path);
        good = false;
    }
    return good;
}

static bool use_index(void *library)
{
    static uint64_t keys[KEYS];
    for (size_t i = 0; i < KEYS; i++) {
        keys[i] = 2 * i;
    }
    build_function *build;
    lower_bound_function *lower_bound;
    free_function *free_index;
    find(library, "hunch_index_build", &build);
    find(library, "hunch_index_lower_bound", &lower_bound);
    find(library, "hunch_index_free", &free_index);

    hunch_index *index;
    if (build(&index, keys, KEYS, NULL, NULL) != HUNCH_OK) {
        fprintf(stderr, "the build failed\n");
        return false;
    }
    bool right = lower_bound(index, KEYS + 1) == KEYS / 2 + 1;
    free_index(index);
    return right;
}

/* C has no conversion from dlsym's object pointer to a function's; POSIX promises equal bytes. */
static void find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    if (found == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(EXIT_FAILURE);
    }
    memcpy(function, &found, sizeof(found));
}

/* The number after `name` in what the system says of this process; -1 when it does not. */
static long status_number(const char *name)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long number = -1;
    while (file != NULL && number < 0 && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0) {
            number = strtol(line + strlen(name), NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return number;
}

static bool is_mapped(const char *path)
{
    const char *name = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    FILE *file = fopen("/proc/self/maps", "r");
    char line[4096];
    bool found = false;
    while (file != NULL && !found && fgets(line, sizeof(line), file) != NULL) {
        found = strstr(line, name) != NULL;
    }
    if (file != NULL) {
        fclose(file);
    }
    return found;
}
