/* A text file being written through a stream. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "text_output.h"

#include <stdbool.h>
#include <stdlib.h>

#include "diag.h"
#include "output.h"

hunch_status hunch__text_output_open(struct text_output *out, const char *path, hunch_diag *diag)
{
    *out = (struct text_output){.stream = NULL};
    hunch_status status = hunch__output_open(&out->output, path, NULL, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    out->stream = open_memstream(&out->bytes, &out->n);
    if (out->stream == NULL) {
        hunch__output_abandon(out->output);
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for the text");
    }
    return HUNCH_OK;
}

hunch_status hunch__text_output_finish(struct text_output *text, hunch_diag *diag)
{
    bool failed = ferror(text->stream) != 0;
    failed = fclose(text->stream) != 0 || failed;
    hunch_status status = failed ? hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for the text")
                                 : hunch__output_write(text->output, text->bytes, text->n, 0, diag);
    if (status == HUNCH_OK) {
        status = hunch__output_finish(text->output, diag);
    } else {
        hunch__output_abandon(text->output);
    }
    free(text->bytes);
    return status;
}
