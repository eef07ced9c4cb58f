/* Saved choosers from plain and packed files. */
#include "saved.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "input.h"

#define ALIGN      64
#define FIRST_ROOM ((size_t)1 << 16)

/* A file in memory. */
struct contents {
    void *bytes; /* [room], aligned as a container wants it */
    size_t n, room;
};

static hunch_status read_all(struct contents *file, struct input *in, hunch_diag *diag);
static bool grow(struct contents *file);

hunch_status choice__saved_open(hunch_chooser **out, const char *path, hunch_diag *diag)
{
    struct input in;
    struct contents file = {NULL, 0, 0};
    *out = NULL;
    hunch_status status = hunch__input_open(&in, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    status = read_all(&file, &in, diag);
    hunch__input_close(&in);
    if (status == HUNCH_OK) {
        status = hunch_chooser_open_bytes(out, file.bytes, file.n, NULL, diag);
    }
    if (status == HUNCH_OK) {
        status = hunch_chooser_validate(*out, diag);
    }
    if (status != HUNCH_OK) {
        hunch_chooser_free(*out);
        *out = NULL;
    }
    free(file.bytes);
    return status;
}

static hunch_status read_all(struct contents *file, struct input *in, hunch_diag *diag)
{
    for (;;) {
        size_t got;
        if (file->n == file->room && !grow(file)) {
            return hunch__fail(diag, HUNCH_ENOMEM, file->n, "no memory for more than %zu bytes",
                               file->n);
        }
        size_t room = file->room - file->n;
        hunch_status status =
            hunch__input_read(in, (char *)file->bytes + file->n, room, &got, diag);
        file->n += got;
        if (status != HUNCH_OK || got < room) {
            return status;
        }
    }
}

static bool grow(struct contents *file)
{
    size_t room = file->room > 0 ? 2 * file->room : FIRST_ROOM;
    void *bytes = aligned_alloc(ALIGN, room);
    if (bytes == NULL) {
        return false;
    }
    if (file->n > 0) {
        memcpy(bytes, file->bytes, file->n);
    }
    free(file->bytes);
    file->bytes = bytes;
    file->room = room;
    return true;
}
