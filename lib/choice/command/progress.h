/* How far it is, on a terminal. */
#ifndef HUNCH_CHOICE_PROGRESS_H
#define HUNCH_CHOICE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* A bar on stderr; the fields are the functions' own. */
struct progress {
    bool on, shown;
    uint64_t begun_ns, drawn_ns;
};

/* `on` when stderr is a terminal; otherwise nothing is ever drawn. */
void choice__progress_begin(struct progress *progress, bool on);

/* Draw, ten times a second at most, that `fraction` in [0, 1] is done; progress is a struct. */
void choice__progress_draw(void *progress, double fraction);

/* Take the bar away. */
void choice__progress_end(struct progress *progress);

#endif
