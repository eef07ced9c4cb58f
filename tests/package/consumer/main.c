/* Builds an index, asks it, saves it, opens it and asks again. */
#include <stdio.h>
#include <stdlib.h>

#include <hunch/hunch.h>

#define KEYS 1000u

static int ask(const hunch_index *index)
{
    for (uint64_t key = 0; key <= 3 * KEYS; key++) {
        size_t want = key == 0 ? 0 : (size_t)((key - 1) / 3 + 1);
        if (hunch_index_lower_bound(index, key) != (want < KEYS ? want : KEYS)) {
            fprintf(stderr, "wrong answer for key %u\n", (unsigned)key);
            return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}

static int save_and_open(const hunch_index *index, const char *path)
{
    hunch_diag diag;
    hunch_index *opened = NULL;
    if (hunch_index_save(index, path, &diag) != HUNCH_OK ||
        hunch_index_open(&opened, path, NULL, &diag) != HUNCH_OK) {
        fprintf(stderr, "%s: %s: %s\n", path, hunch_status_text(diag.status), diag.text);
        return EXIT_FAILURE;
    }
    int result = ask(opened);
    if (hunch_index_validate(opened, &diag) != HUNCH_OK) {
        fprintf(stderr, "%s: %s\n", path, diag.text);
        result = EXIT_FAILURE;
    }
    hunch_index_free(opened);
    return result;
}

int main(int argc, char **argv)
{
    static uint64_t keys[KEYS];
    for (size_t i = 0; i < KEYS; i++) {
        keys[i] = 3 * i;
    }
    if (argc != 2 || hunch_version() != HUNCH_VERSION) {
        fprintf(stderr, "usage: consumer FILE, with headers and library of one version\n");
        return 2;
    }
    hunch_diag diag;
    hunch_index *index = NULL;
    if (hunch_index_build(&index, keys, KEYS, NULL, &diag) != HUNCH_OK) {
        fprintf(stderr, "build: %s\n", diag.text);
        return EXIT_FAILURE;
    }
    int result = ask(index);
    if (result == EXIT_SUCCESS) {
        result = save_and_open(index, argv[1]);
    }
    hunch_index_free(index);
    return result;
}
