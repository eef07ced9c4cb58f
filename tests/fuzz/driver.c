/* Replays inputs through a fuzz target without libFuzzer: every build keeps the corpus passing.
 *
 *     fuzz_container FILE-OR-FOLDER...
 *
 * Prints how many inputs were run; 2 when there was none, or one cannot be read. */
#define _GNU_SOURCE /* scandir, strdup */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

static size_t run(const char *path);
static size_t run_folder(const char *path);
static size_t run_file(const char *path);
static _Noreturn void give_up(const char *path);

int main(int argc, char **argv)
{
    size_t count = 0;
    for (int i = 1; i < argc; i++) {
        count += run(argv[i]);
    }
    printf("%zu inputs\n", count);
    return count > 0 ? EXIT_SUCCESS : 2;
}

static size_t run(const char *path)
{
    struct stat facts;
    if (stat(path, &facts) != 0) {
        give_up(path);
    }
    return S_ISDIR(facts.st_mode) ? run_folder(path) : run_file(path);
}

/* In the order of the names, so that a failure is the same everywhere. */
static size_t run_folder(const char *path)
{
    struct dirent **entries = NULL;
    size_t count = 0;
    const int n = scandir(path, &entries, NULL, alphasort);
    if (n < 0) {
        give_up(path);
    }
    for (int i = 0; i < n; i++) {
        char name[4096];
        if (entries[i]->d_name[0] != '.') {
            (void)snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
            count += run(name);
        }
        free(entries[i]);
    }
    free(entries);
    return count;
}

static size_t run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        give_up(path);
    }
    const size_t size = (size_t)ftell(file);
    uint8_t *data = malloc(size > 0 ? size : 1);
    rewind(file);
    if (data == NULL || fread(data, 1, size, file) != size) {
        give_up(path);
    }
    (void)fclose(file);
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 1;
}

static _Noreturn void give_up(const char *path)
{
    perror(path);
    exit(2);
}
