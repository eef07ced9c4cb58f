/* Writing a key file. */
#include <stdlib.h>

#include "bits.h"
#include "diag.h"
#include "output.h"
#include "sosd.h"

struct sosd_writer {
    struct output *output;
    uint64_t n; /* keys in the file */
};

hunch_status hunch__sosd_write(const char *path, const uint64_t *keys, size_t n, hunch_diag *diag)
{
    struct sosd_writer *w;
    hunch_status status = hunch__sosd_writer_open(&w, path, NULL, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    status = hunch__sosd_writer_add(w, keys, n, diag);
    if (status != HUNCH_OK) {
        hunch__sosd_writer_abandon(w);
        return status;
    }
    return hunch__sosd_writer_finish(w, diag);
}

hunch_status hunch__sosd_writer_open(struct sosd_writer **out, const char *path, const hunch_io *io,
                                     hunch_diag *diag)
{
    *out = NULL;
    if (!hunch__little_endian()) {
        return hunch__fail(diag, HUNCH_EUNSUPPORTED, 0, "the file is little-endian, this host not");
    }
    struct sosd_writer *w = calloc(1, sizeof *w);
    if (w == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for a writer");
    }
    hunch_status status = hunch__output_open(&w->output, path, io, diag);
    if (status == HUNCH_OK) { /* a place for the count, which is not known yet */
        status = hunch__output_write(w->output, &w->n, sizeof w->n, 0, diag);
    }
    if (status != HUNCH_OK) {
        hunch__sosd_writer_abandon(w);
        return status;
    }
    *out = w;
    return HUNCH_OK;
}

hunch_status hunch__sosd_writer_add(struct sosd_writer *w, const uint64_t *keys, size_t n,
                                    hunch_diag *diag)
{
    uint64_t at = sizeof w->n + w->n * sizeof *keys;
    hunch_status status = hunch__output_write(w->output, keys, n * sizeof *keys, at, diag);
    if (status == HUNCH_OK) {
        w->n += n;
    }
    return status;
}

hunch_status hunch__sosd_writer_finish(struct sosd_writer *w, hunch_diag *diag)
{
    hunch_status status = hunch__output_write(w->output, &w->n, sizeof w->n, 0, diag);
    if (status == HUNCH_OK) {
        status = hunch__output_finish(w->output, diag);
        w->output = NULL;
    }
    hunch__sosd_writer_abandon(w);
    return status;
}

void hunch__sosd_writer_abandon(struct sosd_writer *w)
{
    if (w != NULL) {
        hunch__output_abandon(w->output);
        free(w);
    }
}
