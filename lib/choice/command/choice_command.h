/* What the sub-commands of hunch-choice share. */
#ifndef HUNCH_CHOICE_COMMAND_H
#define HUNCH_CHOICE_COMMAND_H

#include <argp.h>
#include <stdint.h>

#include <hunch/choice.h>

struct json_t;

/* What the process says to the one who called it. */
enum command_exit {
    COMMAND_OK = 0,
    COMMAND_NO = 1,         /* the learner of these files cannot be merged */
    COMMAND_USAGE = 2,      /* wrong use or bad input                      */
    COMMAND_ENVIRONMENT = 3 /* missing file, no memory ...                 */
};

/* The sub-commands: argv[0] names the program and the sub-command. An exit code. */
int choice__inspect(int argc, char **argv);
int choice__merge(int argc, char **argv);
int choice__simulate(int argc, char **argv);

/* Say on stderr that `file` failed, and why; the exit code for `status`, which is no success. NULL:
 * what failed is in the text. */
int choice__fail(const char *file, hunch_status status, const hunch_diag *diag);

/* Names and messages quote files, which may hold anything: in `text`, control characters, and
 * whatever is not ASCII where the whole is not UTF-8, become '?'. */
void choice__clean(char *text);

/* Bytes of a name that a chooser keeps, its end included. */
#define CHOICE_NAME_BYTES 32

/* A chooser's name for something, clean, in `out`, which is returned; "" for NULL. */
const char *choice__name(const char *name, char out[CHOICE_NAME_BYTES]);

/* The whole number, or the number, that the option `name` was given, or an end with a message. */
uint64_t choice__number(const char *name, const char *value, uint64_t low, uint64_t high,
                        struct argp_state *state);
double choice__fraction(const char *name, const char *value, struct argp_state *state);

/* Print the object on stdout, a line, and release it; an exit code. NULL: there was no memory. */
int choice__print_json(struct json_t *object);

#endif
