/* What the sub-commands of hunch-dataset share. */
#ifndef HUNCH_DATASETS_COMMAND_H
#define HUNCH_DATASETS_COMMAND_H

#include <argp.h>
#include <stdint.h>

#include <hunch/status.h>

/* What the process says to the one who called it. */
enum command_exit {
    COMMAND_OK = 0,
    COMMAND_USAGE = 2,      /* wrong use or bad input      */
    COMMAND_ENVIRONMENT = 3 /* missing file, no memory ... */
};

/* The sub-commands: argv[0] names the program and the sub-command. An exit code. */
int hunch__command_classes(int argc, char **argv);
int hunch__command_convert(int argc, char **argv);
int hunch__command_generate(int argc, char **argv);
int hunch__command_info(int argc, char **argv);
int hunch__command_list(int argc, char **argv);
int hunch__command_trace(int argc, char **argv);

/* Say on stderr that `file` failed, and why; the exit code for `status`, which is no success. */
int hunch__command_fail(const char *file, hunch_status status, const hunch_diag *diag);

/* The number that the option `name` was given, or an end with a message. */
uint64_t hunch__command_number(const char *name, const char *value, uint64_t low, uint64_t high,
                               struct argp_state *state);

#endif
