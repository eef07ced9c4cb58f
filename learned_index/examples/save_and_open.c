/* Build an index once, save it, and open it by mmap: nothing is read until it is asked. */
#include <stdio.h>
#include <stdlib.h>

#include <hunch/index.h>

static hunch_status make_file(const char *path, hunch_diag *why);

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "squares.hunch";
    hunch_index *index = NULL;
    hunch_diag why = {.status = HUNCH_OK};

    hunch_status status = make_file(path, &why);
    if (status == HUNCH_OK) {
        /* Whoever does not trust the file has it verified; NULL instead opens it unread. */
        const hunch_index_options careful = {.struct_size = sizeof careful, .verify = 1};
        status = hunch_index_open(&index, path, &careful, &why);
    }
    if (status != HUNCH_OK) {
        fprintf(stderr, "%s: %s: %s\n", path, hunch_status_text(status), why.text);
    } else {
        printf("%zu keys; 50 would be at %zu\n", hunch_index_count(index),
               hunch_index_lower_bound(index, 50));
    }
    hunch_index_free(index);
    return status == HUNCH_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

static hunch_status make_file(const char *path, hunch_diag *why)
{
    uint64_t keys[1000];
    hunch_index *index = NULL;
    for (size_t i = 0; i < 1000; i++) {
        keys[i] = (uint64_t)i * i;
    }
    hunch_status status = hunch_index_build(&index, keys, 1000, NULL, why);
    if (status == HUNCH_OK) {
        status = hunch_index_save(index, path, why);
    }
    hunch_index_free(index); /* before the keys that it borrows go */
    return status;
}
